"""The audit as a page, and one's own account."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient

from survey_app.admin.records.audit_labels import ACTIONS
from survey_app.admin.routes import ROUTES
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.settings import PROJECT
from survey_app.inspector.routes import ROUTES as INSPECTOR_ROUTES
from testing.console import Clerk
from testing.district import PASSWORD, csrf_in

DAY = timedelta(days=1)
NEW = "纸船 灯塔 山雀 八月"


def entries_of(page: str) -> int:
    return page.count('<th scope="row">')


def log_in(clerk: Clerk, password: str = PASSWORD) -> FlaskClient:
    """The same person at another computer."""
    client = clerk.district.app.test_client()
    token = {"csrf_token": csrf_in(client.get("/staff/login").text)}
    client.post("/staff/login", data=token | {"username": clerk.name, "password": password})
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/account").status_code == 200


def test_who_did_what_and_with_which_result(clerk: Clerk) -> None:
    """S-M13, promised in operate.md: the trail could only be read in the database."""
    clerk.import_roster()
    clerk.client.get("/staff/waves/99/posters.pdf")
    page = clerk.open("/staff/audit")
    for text in ("登录", "上传名册", "导入名册", "王督导", "打印海报", "没有找到", "记录不能改"):
        assert text in page, text
    assert 'aria-current="page"' in page
    assert "没有找到" not in clerk.open("/staff/audit?action=roster.import")
    assert entries_of(clerk.open("/staff/audit?action=roster.import")) == 1
    assert "打印海报" in clerk.open("/staff/audit?result=other")
    assert entries_of(clerk.open("/staff/audit?actor=nobody")) == 0
    assert "没有这样的记录" in clerk.open("/staff/audit?text=%25")


def test_long_records_come_in_pages_and_nonsense_is_the_nearest_page(clerk: Clerk) -> None:
    for _ in range(60):
        clerk.client.get("/staff/waves/99/posters.pdf")
    assert entries_of(clerk.open("/staff/audit")) == 25
    last = clerk.open("/staff/audit?page=999")
    assert 0 < entries_of(last) < 25
    assert clerk.open("/staff/audit?page=-1&result=nothing&actor=%00x".replace("%00", ""))


def test_every_action_that_is_recorded_has_a_name_in_words() -> None:
    """``key.destroy`` and ``wave.clean`` stood on the page as they are stored."""
    sources = [path.read_text("utf-8") for path in (PROJECT / "survey_app").rglob("*.py")]
    calls = [call for text in sources for call in re.findall(r"add_audit_entry\((.{0,300})", text, re.DOTALL)]
    written = {found[1] for call in calls if (found := re.search(r'"([a-z]+\.[a-z_-]+)"', call))}
    routes = {route.audit for route in (*ROUTES, *INSPECTOR_ROUTES) if route.audit}
    assert len(written) > 25
    assert written | routes <= ACTIONS.keys()


def test_the_days_are_searched_as_the_office_counts_them(clerk: Clerk) -> None:
    """An entry at five in the morning in Beijing is of the day before in UTC."""
    clock = clerk.district.clock
    day = format_local(clock.now())[:10]
    clerk.import_roster()
    assert entries_of(clerk.open(f"/staff/audit?action=roster.import&since={day}&until={day}")) == 1
    assert entries_of(clerk.open(f"/staff/audit?action=roster.import&since={local_date(clock.now()) + DAY}")) == 0
    assert entries_of(clerk.open(f"/staff/audit?action=roster.import&until={local_date(clock.now()) - DAY}")) == 0
    for nonsense in ("since=tomorrow", "since=0001-01-01"):
        assert entries_of(clerk.open(f"/staff/audit?{nonsense}")) == 0, nonsense
    book = clerk.client.get(f"/staff/audit.xlsx?action=roster.import&since={day}")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).active.values)  # type: ignore[union-attr]
    assert [row[:3] for row in rows] == [("时间", "谁", "做了什么"), (rows[1][0], "王督导", "导入名册")]
    assert "format=xlsx" not in clerk.open("/staff/audit"), "one file of all that was found, not of a page"


def test_the_download_has_all_that_was_found_and_is_recorded(clerk: Clerk) -> None:
    clerk.import_roster()
    response = clerk.client.get("/staff/audit.csv?action=roster.import")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["roster.import"]
    assert rows[0]["actor"] == "王督导"
    assert "下载记录" in clerk.open("/staff/audit")


@pytest.mark.parametrize(("role", "status"), [("office", 200), ("auditor", 200), ("sysadmin", 404)])
def test_who_may_read_the_audit(clerk: Clerk, role: str, status: int) -> None:
    reader = Clerk(clerk.district, f"某{role}", role)
    assert reader.client.get("/staff/audit").status_code == status
    assert reader.client.get("/staff/account").status_code == 200


def test_a_password_is_changed_with_the_old_one_and_ends_other_logins(clerk: Clerk) -> None:
    other = log_in(clerk)
    assert is_in(other)
    assert "结束其他登录" in clerk.open("/staff/account")
    done = clerk.send("/staff/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert done.headers["Location"] == "/staff/account?saved=password"
    assert "密码已改" in clerk.open("/staff/account?saved=password")
    assert not is_in(other)
    assert not is_in(log_in(clerk))
    assert is_in(log_in(clerk, NEW))


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"old": "", "new": NEW, "again": NEW}, "old", "请填写现在的密码"),
        ({"old": PASSWORD, "new": "", "again": ""}, "new", "请填写新密码"),
        ({"old": PASSWORD, "new": NEW, "again": "别的"}, "again", "不一样"),
        ({"old": "错的", "new": NEW, "again": NEW}, "old", "现在的密码不对"),
        ({"old": PASSWORD, "new": "1234567890", "again": "1234567890"}, "new", "太容易猜"),
        ({"old": PASSWORD, "new": "长" * 600, "again": "长" * 600}, "new", "128"),
    ],
)
def test_a_wrong_form_says_beside_the_field_what_is_wrong(
    clerk: Clerk, fields: dict[str, str], field: str, sentence: str
) -> None:
    clerk.open("/staff/account")
    response = clerk.send("/staff/account/password", **fields)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert sentence in response.text
    assert NEW not in response.text, "a password is never shown again"


def test_guessing_the_old_password_is_limited_like_a_login(clerk: Clerk) -> None:
    clerk.open("/staff/account")
    answers = [clerk.send("/staff/account/password", old=f"错{n}", new=NEW, again=NEW).text for n in range(8)]
    assert "现在的密码不对" in answers[0]
    assert "尝试次数太多" in answers[-1]


def test_other_logins_are_ended_without_a_new_password(clerk: Clerk) -> None:
    other = log_in(clerk)
    clerk.open("/staff/account")
    assert clerk.send("/staff/account/sessions").status_code == 303
    assert not is_in(other)
    assert "结束其他登录</button>" not in clerk.open("/staff/account")
