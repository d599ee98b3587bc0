"""What a wave needs on paper: the ZIP for the district, a school's page, slips voided and topped up, a blank form."""

import io
import zipfile
from urllib.parse import unquote

import zxingcpp
from PIL import Image

from survey_app.foundation.extensions import job_worker
from testing.console import Clerk
from testing.district import csrf_in

PAPERS = "/staff/waves/1/papers"


def finished_prints(clerk: Clerk, **fields: object) -> str:
    """The page of a job that was asked for and done; its address."""
    clerk.open(PAPERS)
    place = clerk.send("/staff/waves/1/prints", **fields).headers["Location"]
    assert "正在做" in clerk.open(place)
    with clerk.district.app.app_context():
        assert job_worker().run_all() == [("prints", "done")]
    return place


def test_one_zip_has_a_folder_for_each_school(running: Clerk) -> None:
    """K9, K22, and 20 commands for 20 schools: slips for the whole district at once."""
    place = finished_prints(running, codes=["parent", "student"], reserve="5")
    assert "下载 ZIP" in running.open(place)
    with running.client.get(f"{place}/file.zip") as answer:
        assert answer.mimetype == "application/zip"
        content = answer.data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        text = archive.read("0101 河东小学/发群文字.txt").decode("utf-8-sig")
    for folder in ("0101 河东小学", "0201 河东中学"):
        assert {f"{folder}/海报.pdf", f"{folder}/家长 纸条.pdf", f"{folder}/学生 班级口令.pdf"} <= names
    assert "https://s.example.edu.cn/s/" in text
    assert "000-12345678" in text
    assert running.district.count("invitation") == 126, "60 parents and 5 % in reserve, twice"
    page = running.open(PAPERS)
    assert "各校都已印发" in page
    assert "63 / 0" in page


def test_a_second_zip_voids_nothing(running: Clerk) -> None:
    """K4: printing again voided the slips of a school without asking."""
    finished_prints(running, codes=["parent"], reserve="0")
    running.district.clock.advance(seconds=1)
    finished_prints(running, codes=["parent"], reserve="0")
    assert running.district.count("code_batch WHERE voided_at IS NULL") == 2
    assert running.district.count("code_batch") == 2


def test_the_file_is_gone_after_a_day(running: Clerk) -> None:
    place = finished_prints(running)
    folder = running.district.app.extensions["settings"].secrets_dir.parent / "prints"
    for path in folder.glob("*.zip"):
        path.unlink()
    assert "已经删除" in running.open(place)
    assert running.client.get(f"{place}/file.zip").status_code == 409
    assert running.client.get("/staff/waves/1/prints/99").status_code == 404


def test_a_job_that_cannot_print_says_why(running: Clerk) -> None:
    running.open(PAPERS)
    place = running.send("/staff/waves/1/prints").headers["Location"]
    running.district.sealed()
    with running.district.app.app_context():
        assert job_worker().run_all() == [("prints", "failed")]
    assert "封存之前才能印发" in running.open(place)
    assert running.client.post("/staff/waves/1/prints", data=running.hidden()).status_code in (400, 409)


def test_nothing_is_printed_with_an_address_that_phones_cannot_open(running: Clerk) -> None:
    """K2: posters and slips pointed to the machine itself."""
    running.open("/staff/office")
    running.send("/staff/office", office="督导室", contact="1", address="http://127.0.0.1:8000")
    page = running.open(PAPERS)
    assert "不能用来打印" in page
    token = {"csrf_token": csrf_in(page)}
    refused = running.client.post("/staff/waves/1/prints", data=token)
    assert refused.status_code == 409
    assert "flask" not in refused.text
    assert running.client.get(f"{PAPERS}/0101/posters.pdf").status_code == 409


def test_the_page_of_a_school_prints_voids_and_gives_texts(running: Clerk) -> None:
    page = running.open(f"{PAPERS}/0101")
    assert "发群的文字" in page
    assert "学校代码 0101" in page, "K30: the code had to be typed and no page showed it"
    issued = running.send("/staff/waves/1/codes.pdf", school="0101", audience="parent", count="30", again="")
    assert issued.data.startswith(b"%PDF")
    page = running.open(f"{PAPERS}/0101")
    assert 'data-label="印发">30' in page
    running.open("/staff/waves/1/changes/void?batch=1")
    shown = running.send("/staff/waves/1/changes/void", batch="1", reason="丢了")
    assert "30 张作废，其中 0 张已用" in shown.text
    running.page = shown.text
    assert running.send("/staff/waves/1/changes/void").status_code == 303
    assert "作废" in running.open(f"{PAPERS}/0101")
    running.open("/staff/waves/1/changes/void?batch=1")
    assert running.send("/staff/waves/1/changes/void", batch="1", reason="再一次").status_code == 422
    assert running.send("/staff/waves/1/changes/void", batch="x", reason="y").status_code == 422
    assert running.send("/staff/waves/1/changes/void", batch="1", reason="").status_code == 422


def test_the_roster_says_how_many_slips_where_nobody_does(running: Clerk) -> None:
    """K22: a count was asked, and the roster's was not proposed."""
    running.open(f"{PAPERS}/0101")
    assert running.send("/staff/waves/1/codes.pdf", school="0101", audience="parent", count="", again="").data
    assert running.district.count("invitation") == 60
    for wrong in ("0", "viele", "99999"):
        fields = {"school": "0101", "audience": "parent", "count": wrong, "again": "top_up"}
        assert running.send("/staff/waves/1/codes.pdf", **fields).status_code == 409, wrong


def test_lost_slips_are_replaced_by_a_number_and_the_refusal_leads_back(running: Clerk) -> None:
    """A blank number printed the whole school once more; the page that said so had no way back (C18-4, C18-5)."""
    page = running.open(PAPERS)
    assert "按名册人数" in page, "so many slips are a decision before the printer runs (C18-10)"
    running.open(f"{PAPERS}/0101")
    first = {"school": "0101", "audience": "parent", "count": "5", "again": ""}
    assert running.send("/staff/waves/1/codes.pdf", **first).data.startswith(b"%PDF")
    page = running.open(f"{PAPERS}/0101")
    assert "作废这一批…" in page, "the column of states said 作废 of a batch that is valid (C18-3)"
    assert "有效，再补几张" in page
    fields = running.hidden() | first | {"count": "", "again": "top_up"}
    headers = {"Referer": f"http://localhost{PAPERS}/0101"}
    refused = running.client.post("/staff/waves/1/codes.pdf", data=fields, headers=headers)
    assert refused.status_code == 409
    assert "补印要写张数：这所学校已经印发 5 张" in refused.text
    assert f'href="{PAPERS}/0101"' in refused.text
    assert running.district.count("invitation") == 5


def test_posters_and_blank_forms_are_files_with_names(running: Clerk) -> None:
    """K23: downloads were called parent.pdf."""
    posters = running.client.get(f"{PAPERS}/0101/posters.pdf")
    assert posters.data.startswith(b"%PDF")
    assert "%E6%B2%B3%E4%B8%9C%E5%B0%8F%E5%AD%A6" in posters.headers["Content-Disposition"]
    blank = running.client.get("/staff/waves/1/blank/compulsory-parent/parent.pdf")
    assert blank.data.startswith(b"%PDF")
    for path in (
        f"{PAPERS}/9999", f"{PAPERS}/9999/posters.pdf", "/staff/waves/1/blank/nothing/parent.pdf",
        "/staff/waves/1/blank/compulsory-parent/teacher.pdf",
    ):  # fmt: skip
        assert running.client.get(path).status_code == 404, path


def test_a_code_is_a_picture_that_says_whose_it_is(running: Clerk) -> None:
    """K30: QR codes were SVG only, opened bare; WeChat and Word want PNG."""
    link = running.district.link("teacher")
    address = f"/staff/waves/1/links/{link.slug}.png"
    assert address in running.open(f"{PAPERS}/0101")
    picture = running.client.get(address)
    assert "2026秋 河东小学 教师 二维码.png" in unquote(picture.headers["Content-Disposition"])
    image = Image.open(io.BytesIO(picture.data))
    assert zxingcpp.read_barcodes(image)[0].text == f"https://s.example.edu.cn/s/{link.slug}"
    assert running.client.get("/staff/waves/1/links/nothing1.png").status_code == 404


def test_papers_of_a_draft_and_a_search(running: Clerk) -> None:
    draft = running.start_draft()
    assert "开放以后才有链接可印" in running.open(f"{draft}/papers")
    assert "河东中学" not in running.open(f"{PAPERS}?q=小学")
    assert "没有这样的学校" in running.open(f"{PAPERS}?q=火星")
