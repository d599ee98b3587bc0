"""Documents in the browser: the office has all, a leader those of the district, a school its own after release."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from survey_app.foundation.extensions import job_worker
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import District

RESULTS = "/staff/waves/1/results"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def office(small_district: District, tmp_path: Path) -> Clerk:
    path = write_answers(small_district, tmp_path / "answers.csv")
    small_district.command("responses", "import", "--wave", small_district.wave, str(path))
    return Clerk(small_district.sealed())


def links_of(page: str) -> list[str]:
    return [link for link in re.findall(r'href="([^"]+)"', page) if link.endswith((".docx", ".pdf"))]


def test_the_pages_lead_to_the_documents(office: Clerk) -> None:
    """An auditor reads them too, and may not ask for the ZIP."""
    links = links_of(office.open(RESULTS))
    assert [link.rpartition("/")[2] for link in links] == ["leader.docx", "leader.pdf", "district.docx", "district.pdf"]
    of_school = links_of(office.open(f"{RESULTS}/school/0101"))
    assert [link.rpartition("/")[2] for link in of_school] == ["report.docx", "report.pdf"]
    for link in (*links, *of_school):
        answer = office.client.get(link)
        assert answer.status_code == 200
        assert answer.mimetype == (WORD if link.endswith("docx") else "application/pdf")
    assert office.district.count("audit_entry WHERE action = 'results.document' AND result = 'done'") == 6
    assert office.client.get(f"{RESULTS}/school/9999/report.pdf").status_code == 404
    assert office.client.get(f"{RESULTS}/school/0101/report.txt").status_code == 404
    auditor = Clerk(office.district, "审计员", "auditor")
    page = auditor.open(RESULTS)
    assert len(links_of(page)) == 4
    assert "做各校报告的 ZIP" not in page
    assert auditor.send("/staff/waves/1/documents").status_code == 404


def test_all_schools_come_as_one_zip_by_a_job_with_progress(office: Clerk) -> None:
    office.open(RESULTS)
    place = office.send("/staff/waves/1/documents").headers["Location"]
    assert office.send("/staff/waves/1/documents").headers["Location"] == place, "asked for twice, made once"
    waiting = office.client.get(place)
    assert "正在做" in waiting.text
    assert re.search(r'aria-current="page">结果<', waiting.text), "it is one of the pages of the results"
    assert waiting.headers["Refresh"] == "3"
    assert office.client.get(f"{place}/file.zip").status_code == 409
    with office.district.app.app_context():
        assert job_worker().run_all() == [("documents", "done")]
    assert "2 所学校" in office.open(place)
    with office.client.get(f"{place}/file.zip") as answer:
        content = answer.data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        folders = ("0101 河东小学", "0201 河东中学")
        assert sorted(archive.namelist()) == sorted(
            f"{folder}/学校报告.{form}" for folder in folders for form in ("docx", "pdf")
        )
        one = office.client.get(f"{RESULTS}/school/0101/report.pdf").data
        assert archive.read("0101 河东小学/学校报告.pdf") == one
    assert f'href="{place}"' in office.open(RESULTS), "the overview leads to the last one"
    folder = office.district.app.extensions["settings"].secrets_dir.parent / "prints"
    for path in folder.glob("*.zip"):
        path.unlink()
    assert "已经删除" in office.open(place)
    assert office.client.get(f"{place}/file.zip").status_code == 409
    assert office.client.get("/staff/waves/1/documents/99").status_code == 404


def test_before_the_seal_there_is_nothing_to_report(small_district: District) -> None:
    clerk = Clerk(small_district)
    clerk.open("/staff/waves/1")
    refused = clerk.send("/staff/waves/1/documents")
    assert refused.status_code == 409
    assert "封存以后才有结果" in refused.text
    for name in ("leader.pdf", "results/school/0101/report.docx"):
        assert clerk.client.get(f"/staff/waves/1/{name}").status_code == 409
