"""Changes of an open wave in the browser: numbers first, a reason, a record, and the second clerk is told."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from testing.console import Clerk

CHANGES = "/staff/waves/1/changes"


def change(clerk: Clerk, kind: str, **fields: Any) -> TestResponse:
    """Both steps; the page before the change is kept in ``clerk.page``."""
    clerk.open(f"{CHANGES}/{kind}")
    shown = clerk.send(f"{CHANGES}/{kind}", **fields)
    assert shown.status_code == 200, shown.text
    clerk.page = shown.text
    return clerk.send(f"{CHANGES}/{kind}")


def test_the_end_is_moved_after_saying_what_will_happen(running: Clerk) -> None:
    """K5: the most frequent wish of all, and there was neither a command nor a page for it."""
    done = change(running, "extend", closes_on="2026-11-20", reason="学校放假")
    assert "2026-11-12 09:00 → 2026-11-20 24:00（周五）" in running.page
    assert done.headers["Location"] == f"{CHANGES}?done=extend"
    page = running.open(done.headers["Location"])
    assert "已完成并记录：延长收集" in page
    assert "学校放假" in page
    assert "2026-11-12 09:00 → 2026-11-20 24:00" in page, "the record said only the old end, and at 00:00 (C18-8)"
    assert "换海报和发群的文字" in page
    assert "2026-11-20 24:00" in running.open("/staff/waves/1")


def test_looking_at_a_change_changes_nothing(running: Clerk) -> None:
    running.open(f"{CHANGES}/extend")
    running.send(f"{CHANGES}/extend", closes_on="2026-11-20", reason="学校放假")
    assert running.district.count("manifest_record") == 0
    assert running.district.count("audit_entry WHERE action = 'wave.extend' AND result = 'shown'") == 1
    assert running.district.count("audit_entry WHERE action = 'wave.extend' AND result = 'done'") == 0
    assert "2026-11-12 09:00" in running.open("/staff/waves/1")


def test_a_change_needs_a_reason_and_a_sensible_moment(running: Clerk) -> None:
    running.open(f"{CHANGES}/extend")
    assert "请写明理由" in running.send(f"{CHANGES}/extend", closes_on="2026-11-20").text
    past = running.send(f"{CHANGES}/extend", closes_on="2026-10-01", reason="x")
    assert past.status_code == 422
    assert "已经过去" in past.text
    assert 'value="x"' in past.text, "what was typed is still there"
    assert "请填写截止日期" in running.send(f"{CHANGES}/extend", reason="x").text


def test_the_second_of_two_clerks_is_told_what_the_first_did(running: Clerk) -> None:
    running.open(f"{CHANGES}/extend")
    mine = running.hidden()
    other = Clerk(running.district, "李老师")
    change(other, "extend", closes_on="2026-11-30", reason="下雪停课")
    late = running.client.post(
        f"{CHANGES}/extend", data=mine | {"closes_on": "2026-11-15", "reason": "周末", "confirmed": "1"}
    )
    assert late.status_code == 409
    assert "李老师" in late.text
    assert "下雪停课" in late.text
    assert "2026-11-30 24:00" in running.open("/staff/waves/1")


def test_a_double_click_changes_once(running: Clerk) -> None:
    change(running, "extend", closes_on="2026-11-20", reason="学校放假")
    again = running.send(f"{CHANGES}/extend")
    assert again.status_code == 409
    assert running.district.count("manifest_record") == 1


def test_closing_shows_figures_first_and_can_be_taken_back(running: Clerk) -> None:
    """K5: closing was two clicks without a figure, and for ever."""
    running.open(f"{CHANGES}/close")
    shown = running.send(f"{CHANGES}/close")
    assert "家长：收到 0 / 120" in shown.text
    assert "原定 2026-11-12 09:00 截止" in shown.text
    assert "/staff/waves/1/close" in shown.text
    running.page = shown.text
    assert running.send("/staff/waves/1/close").status_code == 303
    assert "重新开放" in running.open("/staff/waves/1")
    assert running.client.get(f"{CHANGES}/extend").status_code == 409
    done = change(running, "reopen", closes_on="2026-11-20", reason="点错了")
    assert done.status_code == 303
    assert "进行中" in running.open("/staff/waves/1")


def test_a_forgotten_school_is_added(running: Clerk) -> None:
    """K10: a school could not join a running wave."""
    page = running.open(f"{CHANGES}/add-school")
    assert "河东小学" not in page, "only schools that are not in the wave"
    running.district.forget_school()
    running.open(f"{CHANGES}/add-school")
    assert running.send(f"{CHANGES}/add-school", school="", reason="x").status_code == 422
    assert running.send(f"{CHANGES}/add-school", school="0101", reason="x").status_code == 422
    change(running, "add-school", school="0103", reason="漏了")
    assert "得到 3 个链接（家长、教师、学生）" in running.page
    assert "河西小学" in running.open("/staff/waves/1")
    page = running.open(f"{CHANGES}/add-school")
    assert "只写这一所的 Excel 就行" in page, "an empty list of schools said nothing (C18-1)"


def test_a_wrong_number_of_people_is_amended(running: Clerk) -> None:
    """K10: a wrong head count could not be amended."""
    assert "选这所学校" in running.open(f"{CHANGES}/amend")
    page = running.open(f"{CHANGES}/amend?school=0101")
    assert "家长 一年级：现在 10 人" in page
    fields = {"school": "0101", "group": "parent/1/", "population": "12", "reason": "写错了"}
    shown = running.send(f"{CHANGES}/amend", **fields)
    assert "10 → 12 人" in shown.text
    running.page = shown.text
    assert running.send(f"{CHANGES}/amend").status_code == 303
    assert "10 → 12" in running.open(CHANGES)
    running.open(f"{CHANGES}/amend?school=0101")
    for wrong in ({"population": "0"}, {"population": "很多"}, {"group": "x"}, {"school": "9999"}):
        assert running.send(f"{CHANGES}/amend", **(fields | wrong)).status_code == 422, wrong


def test_a_school_is_paused_and_goes_on(running: Clerk) -> None:
    change(running, "pause", school="0101", audience="teacher", reason="链接外传")
    assert "暂停 1 个链接" in running.page
    link = running.district.link("teacher")
    assert running.district.client.get(f"/s/{link.slug}").status_code != 200
    change(running, "resume", school="0101", audience="", reason="查清了")
    assert running.district.client.get(f"/s/{link.slug}").status_code == 200
    running.open(f"{CHANGES}/pause")
    assert running.send(f"{CHANGES}/pause", school="", audience="", reason="x").status_code == 422


def test_a_misprint_is_corrected_by_two_people(running: Clerk) -> None:
    """K10: a typo in a question could not be corrected."""
    link = running.district.link("teacher")
    page = running.district.client.get(f"/s/{link.slug}").text
    found = re.search(r"您对[^<“]{6,20}", page)
    assert found
    words = found[0][:6]
    done = change(
        running, "correct", instrument="compulsory-teacher", before=words, after=words + "（改）", reason="错字"
    )
    assert "改动" in running.page
    page = running.open(done.headers["Location"])
    assert "等待第二个人确认" in page
    assert "还没有生效，要另一个人确认" in page, "it said that it was done (C18-7)"
    assert "确认更正" not in page, "nobody confirms alone"
    assert "给同事建一个账号" in page, "the only account of an office could not go on (C18-7)"
    assert "等待第二个人确认" in running.open("/staff/")
    other = Clerk(running.district, "李老师")
    assert "确认更正" in other.open(CHANGES)
    place = re.search(r'action="([^"]+/requests/\d+/confirm)"', other.page)
    assert place
    assert other.send(place[1]).status_code == 303
    record = other.open(CHANGES)
    assert f"{words}（改）" in record, "the record says what was changed"
    assert "compulsory-teacher" not in record.partition("<h2>记录</h2>")[2], "and calls the form by its title (C18-8)"
    assert words + "（改）" in running.district.client.get(f"/s/{link.slug}").text
    twice = other.send(place[1])
    assert twice.status_code == 409
    assert "已经确认过了" in twice.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"before": "没有这句话", "after": "x"}, "里没有"),
        ({"before": "", "after": "x"}, "请写出要改的文字"),
        ({"before": "的", "after": "的", "instrument": "nothing"}, "请选择问卷"),
    ],
)
def test_words_that_are_not_there_are_not_corrected(running: Clerk, fields: dict[str, str], said: str) -> None:
    running.open(f"{CHANGES}/correct")
    response = running.send(f"{CHANGES}/correct", **({"instrument": "compulsory-teacher", "reason": "x"} | fields))
    assert response.status_code == 422
    assert said in response.text


def test_only_possible_changes_are_offered(running: Clerk) -> None:
    assert "提前截止" in running.open(CHANGES)
    running.district.sealed()
    page = running.open(CHANGES)
    assert "提前截止" not in page.partition("不能再改的")[0]
    assert "封存以后" in page
    assert running.client.get(f"{CHANGES}/amend").status_code == 409
    assert running.client.get("/staff/waves/99/changes").status_code == 404
    draft = running.start_draft()
    assert "什么都可以直接改" in running.open(f"{draft}/changes")


def test_an_auditor_reads_the_record_and_changes_nothing(running: Clerk) -> None:
    change(running, "extend", closes_on="2026-11-20", reason="学校放假")
    auditor = Clerk(running.district, "审计", "auditor")
    assert "学校放假" in auditor.open(CHANGES)
    assert auditor.client.get(f"{CHANGES}/extend").status_code == 404
