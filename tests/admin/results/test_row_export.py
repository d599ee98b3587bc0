"""The answers as rows leave the house through two people or the command line, and small groups are followed nowhere."""

import csv
import io
import re

import pytest
from sqlalchemy import text

from survey_app.foundation.clock import ManualClock
from testing.district import District, csrf_in, school

PAGE = "/staff/waves/1/responses"
FILE = "/staff/waves/1/responses.csv"


@pytest.fixture
def answered(small_district: District) -> District:
    small_district.send_many(small_district.link("parent"), 12)
    return small_district.sealed()


def audit_of(district: District) -> list[str]:
    with district.app.extensions["database"].read_session() as session:
        rows = session.execute(text("SELECT actor, action, result FROM audit_entry WHERE action LIKE 'responses.%'"))
        return [" ".join(row) for row in rows]


def test_one_account_asks_another_confirms_and_the_first_downloads(answered: District, clock: ManualClock) -> None:
    """S4: office and auditor got all rows with one click."""
    first, second = answered.staff(name="甲督导"), answered.staff(name="乙督导")
    refusal = first.get(FILE)
    assert refusal.status_code == 409
    assert "由另一个账号确认" in refusal.text
    token = csrf_in(first.get(PAGE).text)
    assert "请写明用途" in first.post(f"{PAGE}/request", data={"csrf_token": token, "reason": " "}).text
    assert first.post(f"{PAGE}/request", data={"csrf_token": token, "reason": "复核指数"}).status_code == 303
    assert "不必再申请" in first.post(f"{PAGE}/request", data={"csrf_token": token, "reason": "再来"}).text
    own = first.post(f"{PAGE}/1/confirm", data={"csrf_token": token})
    assert "要由另一个账号确认" in own.text
    assert first.get(FILE).status_code == 409
    page = second.get(PAGE).text
    assert "复核指数" in page
    assert second.post(f"{PAGE}/1/confirm", data={"csrf_token": csrf_in(page)}).status_code == 303
    assert second.get(FILE).status_code == 409, "who confirms has not asked"
    rows = list(csv.DictReader(io.StringIO(first.get(FILE).text.lstrip("\ufeff"))))
    assert len(rows) == 12
    clock.advance(hours=6)
    clock.advance(hours=18, minutes=1)
    later = answered.staff(name="丙督导")
    assert "复核指数" not in later.get(PAGE).text, "a confirmation lasts a day"
    trail = audit_of(answered)
    assert [line for line in trail if line.endswith("done")] == [
        "甲督导 responses.request done", "乙督导 responses.confirm done", "甲督导 responses.export done",
    ]  # fmt: skip
    assert sum("refused" in line for line in trail) == 6


def test_an_auditor_may_ask_and_not_confirm(answered: District) -> None:
    auditor = answered.staff("auditor", "审计员")
    token = csrf_in(auditor.get(PAGE).text)
    assert auditor.post(f"{PAGE}/request", data={"csrf_token": token, "reason": "核对"}).status_code == 303
    other = answered.staff("auditor", "审计二")
    page = other.get(PAGE).text
    assert f"{PAGE}/1/confirm" not in page
    assert other.post(f"{PAGE}/1/confirm", data={"csrf_token": csrf_in(page)}).status_code == 404


def test_small_groups_are_followed_on_no_page(sqlite_app, clock: ManualClock) -> None:  # type: ignore[no-untyped-def]
    """S-M6: the wave page hid six teachers, the links page of the same wave showed how many came; classes too."""
    entry = school("0101", "河东小学", teachers=6)
    entry.populations.pop(("parent", "1", "", ""))
    entry.populations["parent", "1", "一班", ""] = 6
    entry.populations["parent", "1", "二班", ""] = 25
    entry.populations["parent", "1", "三班", ""] = 30
    district = District(sqlite_app, clock).opened((entry, school("0102", "河西小学", teachers=20)))
    for label, count in (("一年级 一班", 2), ("一年级 二班", 5), ("一年级 三班", 7)):
        district.send_many(district.link("parent", class_label=label), count)
    district.send_many(district.link("teacher"), 3)
    district.send_many(district.link("teacher", "0102"), 4)
    client = district.staff()
    shown = link_counts(client.get("/staff/waves/1/links").text)
    assert shown["河东小学", "教师", ""] == "少于 10 人，不显示"
    assert shown["河东小学", "家长", "一年级 一班"] == "少于 10 人，不显示"
    assert shown["河东小学", "家长", "一年级 二班"] == "防推算，不显示", "or the first class is the rest of the sum"
    assert shown["河东小学", "家长", "一年级 三班"] == "7"
    assert shown["河西小学", "教师", ""] == "4"
    page = client.get("/staff/waves/1").text
    assert "14 / 111" in page
    assert "4 / 20（20.0%）" in page, "the total of the teachers leaves the hidden school out"
    assert district.command("wave", "show", "2026秋").splitlines()[1].endswith("\t18"), "14 parents, 4 teachers"


def link_counts(page: str) -> dict[tuple[str, str, str], str]:
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)[1:]:
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        found[cells[0], cells[1], cells[2]] = cells[-1]
    return found
