"""整改 in the browser: proposals, the ledger and its files, a case moved on, and what a school and an inspector see."""

import csv
import io
from dataclasses import replace
from urllib.parse import quote

from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.models import Staff
from survey_app.accounts.staff import find_active_staff
from survey_app.assessment.conflicts import declare_conflict, lift_conflict
from survey_app.followup.cases import StepWords, take_step
from survey_app.followup.models import RectificationCase
from survey_app.frame.queries import wave_by_name
from testing.console import Clerk
from testing.district import District
from testing.rectification import CONTENT, delivered_case, open_year, proposal_row
from testing.rectification import office as office_of

PLACE = "/staff/rectification"


def somebody(district: District, role: str, name: str, *codes: str) -> Clerk:
    found = Clerk(district, name, role)
    with district.app.extensions["database"].write_session() as session:
        staff = session.query(Staff).filter_by(username=name).one()
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in codes])
    return found


def cases(district: District, *codes: str) -> None:
    with district.app.extensions["database"].write_session() as session:
        year = open_year(session, district, proposal_row(), proposal_row("watch_list", school_code="0201",
                         school_name="河东中学", category="direct", tipping_odds=None, days=None))  # fmt: skip
        for number, code in enumerate(codes, start=1):
            delivered_case(session, district, year, code, number)


def state_of(district: District, case_id: int) -> str:
    with district.app.extensions["database"].read_session() as session:
        case = session.get(RectificationCase, case_id)
        assert case is not None
        return str(case.state)


def test_a_proposal_becomes_a_case_or_is_declined_with_a_reason(small_district: District) -> None:
    office = Clerk(small_district)
    assert "请先新建考核年度" in office.open(PLACE)
    cases(small_district)
    assert "提请了 2 项，还没有决定" in office.open(PLACE)
    page = office.open(f"{PLACE}/proposals")
    assert "家长中满意的占 72.4%，低于 85% 的标准线" in page
    notice, watched = (f"{PLACE}/new?year=1&proposal={quote(key, safe='')}"
                       for key in ("notice/0101/parent/", "watch_list/0201/parent/"))  # fmt: skip
    office.open(notice)
    words = {"severity": "notice", "source": "dimension", "subject": "家长满意度", "findings": "低于标准线",
             "requirement": "查原因", "owner": "李督学", "days": "20"}  # fmt: skip
    assert "“责任人”要有" in office.send(f"{PLACE}/new", **words | {"owner": ""}).text
    made = office.send(f"{PLACE}/new", **words)
    assert made.headers["Location"].endswith(f"{PLACE}/1")
    assert "已经做了“立案”" in office.send(f"{PLACE}/new", **words).text, "the second of two clerks"
    office.open(watched)
    refused = office.send(f"{PLACE}/new", **words | {"do": "decline", "severity": "watch_list"})
    assert "这一步要有说明" in refused.text
    assert office.send(f"{PLACE}/new", **words | {"do": "decline", "note": "样本太偏"}).status_code == 303
    assert "没有等待决定的提请" in office.open(f"{PLACE}/proposals")
    assert office.client.get(notice).status_code == 404
    page = office.open(f"{PLACE}/1/edit")
    assert office.send(f"{PLACE}/1/edit", **words | {"subject": "家长满意度低"}).status_code == 303
    assert "家长满意度低" in office.open(f"{PLACE}/1")


def test_the_ledger_lists_overdue_cases_first_and_its_files_hold_what_is_shown(small_district: District) -> None:
    cases(small_district, "0101", "0201")
    office = Clerk(small_district)
    office.open(f"{PLACE}/1")
    assert office.send(f"{PLACE}/1/steps/extend", note="等设备", deadline="2027-01-20").status_code == 303
    small_district.clock.advance(days=40)
    office.log_in()
    page = office.open(PLACE)
    assert page.index("河东中学") < page.index("河东小学"), "overdue first"
    for query, schools in (("", ["0201", "0101"]), ("?state=overdue", ["0201"]), ("?school=小学", ["0101"]),
                           ("?severity=ledger", []), ("?state=nonsense", []), ("?year=x", [])):  # fmt: skip
        rows = list(csv.reader(io.StringIO(office.client.get(f"{PLACE}/ledger.csv{query}").text.lstrip("\ufeff"))))
        assert [row[0] for row in rows[1:]] == schools, query
        book = load_workbook(io.BytesIO(office.client.get(f"{PLACE}/ledger.xlsx{query}").data))
        assert [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)] == rows  # type: ignore[union-attr]
    assert "已送达（逾期）" in office.client.get(f"{PLACE}/ledger.csv?state=overdue").text
    assert "没有这样的整改" in office.open(f"{PLACE}?severity=ledger")
    home = office.open("/staff/")
    assert "整改逾期 1 项" in home
    assert f"{PLACE}?state=overdue" in home


def test_a_case_is_moved_on_and_a_stale_page_is_told(small_district: District) -> None:
    cases(small_district, "0101")
    office = Clerk(small_district)
    stale = office.hidden(office.open(f"{PLACE}/1"))
    assert office.send(f"{PLACE}/1/steps/report", note="").status_code == 422
    office.open(f"{PLACE}/1")
    assert office.send(f"{PLACE}/1/steps/report", note="纸质报告已收").status_code == 303
    late = office.client.post(f"{PLACE}/1/steps/extend", data=stale | {"note": "缓", "deadline": "2027-01-01"})
    assert late.status_code == 422
    assert "已经做了“报送”" in late.text
    assert 'value="2027-01-01"' not in late.text or "缓" in late.text
    office.open(f"{PLACE}/1")
    bad = office.send(f"{PLACE}/1/steps/fail", note="登记本是空的", deadline="31.12.")
    assert "请写成 2026-12-31 的样子" in bad.text
    assert "登记本是空的" in bad.text, "what was typed stays"
    for step in ("pass", "close"):
        office.open(f"{PLACE}/1")
        assert office.send(f"{PLACE}/1/steps/{step}").status_code == 303
    page = office.open(f"{PLACE}/1")
    assert page.count("王督导") >= 5
    assert office.send(f"{PLACE}/1/steps/look_back", begins="2027-03-01", ends="2027-03-10").status_code == 303
    assert "2027-03-01 至 2027-03-10" in office.open(f"{PLACE}/1")
    assert office.send(f"{PLACE}/1/steps/fly").status_code == 404
    assert office.client.get(f"{PLACE}/9").status_code == 404
    auditor = Clerk(small_district, "审计", "auditor")
    assert "回头看没有反弹" not in auditor.open(f"{PLACE}/1"), "reads, and does nothing"
    assert "整改：走一步" in office.open("/staff/audit?action=case.step")


def test_what_people_said_and_what_was_done_about_it_is_listed(small_district: District) -> None:
    """你说我改: closed cases of what people said; an inspection is none, nor what is still under way."""
    district = small_district
    with district.app.extensions["database"].write_session() as session:
        year = open_year(session, district)
        wave_by_name(session, district.wave).released_at = district.clock.at
        for number, (source, end) in enumerate(
            (("complaint", "close"), ("inspection", "close"), ("topic", "pass")), start=1
        ):
            content = replace(CONTENT, source=source, subject=f"校服收费{number}")
            case = delivered_case(session, district, year, "0101", number, content)
            for step, note in (("report", f"已退还 {number} 元"), ("pass", "属实"), ("close", "")):
                take_step(session, case.id, step, case.step_count, StepWords(note), office_of(district))
                if step == end:
                    break
    office = Clerk(district)
    page = office.open(f"{PLACE}/improvements")
    assert "河东小学｜您说：校服收费1。我们做了：已退还 1 元" in page
    assert "校服收费2" not in page
    assert "校服收费3" not in page
    rows = list(csv.reader(io.StringIO(office.client.get(f"{PLACE}/improvements.csv").text.lstrip("\ufeff"))))
    assert rows[1:] == [["0101", "河东小学", "校服收费1", "已退还 1 元", "2026-11-02"]]
    book = load_workbook(io.BytesIO(office.client.get(f"{PLACE}/improvements.xlsx?year=1").data))
    assert [list(row) for row in book.active.iter_rows(values_only=True)] == rows  # type: ignore[union-attr]
    assert "还没有这样的整改" in office.open(f"{PLACE}/improvements?school=河东中学")


def test_a_principal_replies_and_an_inspector_verifies(small_district: District) -> None:
    cases(small_district, "0101", "0201")
    principal = somebody(small_district, "principal", "张校长", "0101")
    own, other = "/staff/schools/0101/notices", "/staff/schools/0201/notices"
    assert "食堂卫生" in principal.open("/staff/")
    assert "督整〔2026〕1号" in principal.open(f"{own}/1")
    for path in (other, f"{other}/2", f"{own}/2", f"{own}/2/letter.pdf", f"{other}/2/letter.pdf", PLACE, f"{PLACE}/1",
                 f"{own}/1/verification"):  # fmt: skip
        assert principal.client.get(path).status_code == 404, path
    assert principal.client.get(f"{own}/1/letter.pdf").data.startswith(b"%PDF")

    def reply(do: str, text: str, *files: tuple[str, bytes]) -> str:
        fields = principal.hidden(principal.open(f"{own}/1")) | {"reply": text, "do": do}
        sent = [("files", FileStorage(io.BytesIO(content), name)) for name, content in files]
        boundary, body = encode_multipart(MultiDict([*fields.items(), *sent]))
        content_type = f"multipart/form-data; boundary={boundary}"
        response = principal.client.post(f"{own}/1/reply", data=body, content_type=content_type)
        return str(response.headers.get("Location") or response.text)

    assert "saved=save" in reply("save", "留样柜已订")
    refused = reply("report", "留样柜装好了", ("现场.jpg", b"GIF89a"), ("报告.pdf", b"%PDF-1.7 x" + b"0" * 4_000_000))
    assert "“现场.jpg”不能用" in refused
    assert state_of(small_district, 1) == "delivered", "a reply that lacks a file is not sent"
    page = principal.open(f"{own}/1")
    assert "留样柜装好了" in page, "the draft was kept"
    assert "报告.pdf" in page, "and so was the file that is what it says"
    kept = principal.client.get(f"{own}/1/files/1")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert "saved=report" in reply("report", "留样柜装好了")
    assert "已报送" in principal.open(f"{own}/1")
    assert principal.send(f"{own}/1/files/1/remove").status_code == 422
    inspector = somebody(small_district, "inspector", "李督学", "0101")
    assert "等您核验的整改" in inspector.open("/staff/")
    place = f"{own}/1/verification"
    assert "留样柜装好了" in inspector.open(place)
    assert "请写明情况" in inspector.send(place, decision="fail").text
    assert inspector.send(place, decision="perhaps").status_code == 422
    inspector.open(place)
    with small_district.app.extensions["database"].write_session() as session:
        person = find_active_staff(session, "李督学")
        assert person is not None
        known = declare_conflict(session, person, "0101", "former_school", "", "督导室", small_district.clock.at)
    assert "已声明回避" in inspector.send(place, decision="pass", note="现场看过").text
    with small_district.app.extensions["database"].write_session() as session:
        lift_conflict(session, known.id, "督导室", small_district.clock.at)
    assert inspector.send(place, decision="pass", note="现场看过").status_code == 303
    assert "等督导室销号" in inspector.open(place)
    assert inspector.client.get(f"{other}/2/verification").status_code == 404
    assert inspector.client.get(f"{own}/1/files/1").status_code == 200
    office = Clerk(small_district)
    assert "1 项等销号" in office.open("/staff/")
    assert office.client.get(f"{PLACE}/1/files/1").status_code == 200


def test_a_principal_takes_a_file_away_and_confirms_a_receipt(small_district: District) -> None:
    cases(small_district, "0101")
    principal = somebody(small_district, "principal", "张校长", "0101")
    own = "/staff/schools/0101/notices/1"
    office = Clerk(small_district)
    data = principal.hidden(principal.open(own)) | {"do": "save", "files": (io.BytesIO(b"%PDF-1"), "错的.pdf")}
    assert principal.client.post(f"{own}/reply", data=data, content_type="multipart/form-data").status_code == 303
    assert office.client.get(f"{PLACE}/1/files/1").status_code == 404, "a draft is the school's alone"
    principal.open(own)
    assert principal.send(f"{own}/files/1/remove").status_code == 303
    assert principal.client.get(f"{own}/files/1").status_code == 404
    principal.open(own)
    assert principal.send(f"{own}/reply", do="accept", reply="").status_code == 303
    assert "整改中" in principal.open(own)
    with small_district.app.extensions["database"].write_session() as session:
        case = session.get(RectificationCase, 1)
        assert case is not None
        case.reply_count += 1
    two_tabs = principal.send(f"{own}/reply", do="save", reply="另一个窗口")
    assert two_tabs.status_code == 422
    assert "另一个窗口" in two_tabs.text
