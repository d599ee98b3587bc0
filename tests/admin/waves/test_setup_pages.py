"""A new wave in four pages: a draft on the server, questionnaires, ways in, the check, and two clerks at once."""

import pytest

from testing.console import TWO_SCHOOLS, Clerk, roster_csv
from testing.district import WAVE

DATES = {"opens_on": "2026-11-05", "opens_time": "08:00", "closes_on": "2026-11-18", "closes_time": ""}


def finished_draft(clerk: Clerk, name: str = "2026年秋季") -> str:
    """A draft whose four pages were saved as proposed."""
    place = clerk.start_draft(name)
    clerk.open(f"{place}/setup/questionnaires")
    chosen = ["compulsory-parent", "compulsory-teacher", "compulsory-student"]
    assert clerk.send(f"{place}/setup/questionnaires", instrument=chosen).status_code == 303
    clerk.open(f"{place}/setup/ways")
    ways = {"way-parent": "code", "way-teacher": "open", "way-student": "class"}
    assert clerk.send(f"{place}/setup/ways", **ways).status_code == 303
    return place


def test_four_pages_lead_to_an_open_wave(clerk: Clerk) -> None:
    clerk.import_roster()
    place = finished_draft(clerk)
    page = clerk.open(f"{place}/setup/check")
    assert "2026-11-05 08:00（周四）" in page
    assert "2026-11-18 24:00（周三）" in page, "K6: the announced last day was lost"
    assert "1,100" in page
    assert "默认方案只列出、不排名" in page, "K1: what an open link means stood nowhere"
    assert "14 天" in page, "two weeks were 13 days (C18-11)"
    opened = clerk.send(f"{place}/setup/check", accept="1").headers["Location"]
    assert opened == f"{place}?opened=1"
    assert "下一步：印发材料" in clerk.open(opened), "a page of noughts followed (C18-10)"
    assert "回收" in clerk.open(place)
    assert "已经开放过了" in clerk.client.get(f"{place}/setup/check").text
    assert clerk.district.count("link") == 6


def test_the_draft_is_proposed_from_the_roster_and_can_be_ranked(clerk: Clerk) -> None:
    """K1, K7: the README's own example ranked nobody, and kindergartens were silently not asked."""
    clerk.import_roster(roster_csv("0101,河东小学,小学,,600,40,600", "0301,花园幼儿园,幼儿园,,200,20,"))
    place = clerk.start_draft()
    page = clerk.open(f"{place}/setup/questionnaires")
    for name in ("compulsory-parent", "compulsory-teacher", "compulsory-student", "kindergarten"):
        box = page.partition(f'id="instrument-{name}"')[2].partition(">")[0]
        assert "checked" in box, name
    assert "checked" not in page.partition('id="instrument-senior"')[2].partition(">")[0]
    ways = clerk.open(f"{place}/setup/ways")
    assert "checked" in ways.partition('id="way-parent-code"')[2].partition(">")[0]
    assert "一张纸条填一次" in ways


def test_a_hole_is_named_and_must_be_accepted(clerk: Clerk) -> None:
    clerk.import_roster(roster_csv("0101,河东小学,小学,,600,40,600", "0301,花园幼儿园,幼儿园,,200,20,"))
    place = finished_draft(clerk)
    assert "没有问卷" in clerk.open(f"{place}/setup/questionnaires")
    page = clerk.open(f"{place}/setup/check")
    assert "花园幼儿园" in page
    refused = clerk.send(f"{place}/setup/check")
    assert refused.status_code == 422
    assert "我已核对" in refused.text
    assert clerk.send(f"{place}/setup/check", accept="1").status_code == 303


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"name": ""}, "name", "请填写批次名称"),
        ({"name": "很" * 120}, "name", "1 到 100 个字"),
        ({"opens_on": ""}, "opens_on", "请填写开始日期"),
        ({"closes_on": ""}, "closes_on", "请填写截止日期"),
        ({"closes_on": "2026-11-01"}, "closes_on", "截止时间必须晚于开始时间"),
        ({"opens_on": "12月1日"}, "opens_on", "无法识别时间"),
        ({"opens_on": "2025-11-05"}, "opens_on", "开始时间已经过去"),
        ({"opens_on": "0001-01-01"}, "opens_on", "太远"),
        ({"closes_on": "2036-11-18"}, "closes_on", "最长一年"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(clerk: Clerk, fields: dict[str, str], where: str, said: str) -> None:
    """K20: last year's date was found at the opening, and the name was burnt."""
    clerk.open("/staff/waves/new")
    response = clerk.send("/staff/waves/new", **({"name": "秋季"} | DATES | fields))
    assert response.status_code == 422
    assert f'id="{where}-error"' in response.text
    assert said in response.text
    assert clerk.district.count("wave") == 0


def test_a_double_click_makes_one_draft_and_a_taken_name_none(clerk: Clerk) -> None:
    clerk.open("/staff/waves/new")
    first = clerk.send("/staff/waves/new", name="秋季", **DATES)
    second = clerk.send("/staff/waves/new", name="秋季 ", **DATES)
    assert first.headers["Location"] == second.headers["Location"]
    assert clerk.district.count("wave") == 1
    other = clerk.send("/staff/waves/new", name="秋季", **(DATES | {"closes_on": "2026-12-01"}))
    assert "已经有名为" in other.text


def test_basics_can_be_changed_until_it_opens(clerk: Clerk) -> None:
    """K20: a draft could not be edited, renamed or deleted."""
    place = clerk.start_draft()
    clerk.open(f"{place}/setup/basics")
    assert clerk.send(f"{place}/setup/basics", name="冬季", **(DATES | {"closes_time": "18:00"})).status_code == 303
    page = clerk.open(f"{place}/setup/basics")
    assert 'value="18:00"' in page
    assert "冬季" in page
    assert clerk.send(f"{place}/setup/basics", name="", **DATES).status_code == 422
    assert clerk.send(f"{place}/setup/basics", name="冬季", **(DATES | {"opens_on": ""})).status_code == 422
    assert clerk.send(f"{place}/setup/delete").status_code == 303
    assert clerk.district.count("wave") == 0
    assert clerk.client.get(f"{place}/setup/basics").status_code == 404


@pytest.mark.parametrize("where", ["basics", "questionnaires", "ways", "check"])
def test_the_second_of_two_clerks_is_told_what_the_first_did(clerk: Clerk, where: str) -> None:
    clerk.import_roster()
    place = finished_draft(clerk)
    clerk.open(f"{place}/setup/{where}")
    mine = clerk.hidden()
    other = Clerk(clerk.district, "李老师")
    other.open(f"{place}/setup/ways")
    other.send(f"{place}/setup/ways", **{"way-parent": "class", "way-teacher": "open", "way-student": "class"})
    fields = mine | DATES | {"name": "别的名字", "instrument": "compulsory-parent", "way-parent": "open", "accept": "1"}
    late = clerk.client.post(f"{place}/setup/{where}", data=fields)
    assert late.status_code == 409
    assert "李老师" in late.text
    assert "parent=class" in late.text
    assert clerk.district.count("link") == 0
    if where == "check":
        assert "看现在的草稿" in late.text
        return
    assert "您填的还在下面" in late.text, "and it is there: pressed again it is taken"
    chosen = {"basics": 'value="别的名字"', "questionnaires": 'value="compulsory-parent"', "ways": 'value="open"'}
    assert chosen[where] in late.text
    others = {"way-teacher": "open", "way-student": "class"}
    again = clerk.client.post(f"{place}/setup/{where}", data=fields | others | clerk.hidden(late.text))
    assert again.status_code == 303


def test_opening_what_was_not_shown_is_refused(clerk: Clerk) -> None:
    clerk.import_roster()
    place = finished_draft(clerk)
    clerk.open(f"{place}/setup/check")
    shown = clerk.hidden()
    clerk.import_roster(roster_csv("0101,河东小学,小学,东片,900,40,600", "0201,河东中学,初中,西片,500,40,600"))
    refused = clerk.client.post(f"{place}/setup/check", data=shown | {"accept": "1"})
    assert refused.status_code == 422
    assert "名册或问卷在您打开这一页之后变了" in refused.text


def test_nothing_chosen_is_refused(clerk: Clerk) -> None:
    clerk.import_roster(TWO_SCHOOLS)
    place = clerk.start_draft()
    clerk.open(f"{place}/setup/questionnaires")
    assert "请至少选一份问卷" in clerk.send(f"{place}/setup/questionnaires").text
    assert "没有问卷" in clerk.send(f"{place}/setup/questionnaires", instrument="nothing").text
    look = clerk.send(f"{place}/setup/questionnaires", instrument="compulsory-parent", do="look")
    assert look.headers["Location"].endswith("/questionnaires")
    clerk.open(f"{place}/setup/ways")
    assert "请为每类对象选一种参与方式" in clerk.send(f"{place}/setup/ways", **{"way-parent": "magic"}).text


def test_a_draft_with_nobody_to_ask_says_so(clerk: Clerk) -> None:
    place = clerk.start_draft()
    assert "先选问卷" in clerk.open(f"{place}/setup/ways")
    page = clerk.open(f"{place}/setup/check")
    assert "现在没有人会被问到" in page
    assert "名册是空的" in clerk.send(f"{place}/setup/check").text


def test_a_wave_is_made_like_the_last_one(running: Clerk) -> None:
    page = running.open("/staff/waves/new?like=1")
    assert f'<option value="1" selected>{WAVE}</option>' in page
    place = running.start_draft("下一年", like="1")
    ways = running.open(f"{place}/setup/ways")
    assert "checked" in ways.partition('id="way-student-class"')[2].partition(">")[0]
    assert "checked" in ways.partition('id="way-teacher-open"')[2].partition(">")[0]


def test_every_form_can_be_tried_before_opening(clerk: Clerk) -> None:
    clerk.import_roster()
    place = finished_draft(clerk)
    page = clerk.open(f"{place}/trial")
    assert page.count("大字") >= 3
    preview = clerk.client.get("/staff/questionnaires/compulsory-parent/preview/parent?lang=en&size=large")
    assert 'lang="en"' in preview.text
    assert "script-src 'sha256-" in preview.headers["Content-Security-Policy"]
