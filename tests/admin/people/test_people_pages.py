"""Accounts in the browser: a link instead of a password, a sheet for all principals, an end that can be taken back."""

import re

import pytest
from flask.testing import FlaskClient

from survey_app.accounts.staff import create_staff
from survey_app.accounts.two_people import are_in_one_hand
from testing.console import HEADING, Clerk
from testing.district import District, csrf_in
from tests.web.conftest import form_token

PEOPLE = "/staff/people"
PASSWORD = "vier ungleiche blaue Dinge"


@pytest.fixture
def clerk(small_district: District) -> Clerk:
    return Clerk(small_district)


def new_account(clerk: Clerk, **fields: str) -> str:
    """The address of the link that the page shows."""
    clerk.open(f"{PEOPLE}/new")
    page = clerk.send(f"{PEOPLE}/new", **({"username": "张校长", "role": "principal", "schools": "0101"} | fields)).text
    found = re.findall(r"https://s\.example\.edu\.cn(/staff/welcome/[\w-]+)", page)
    assert len(found) == 1, page
    return str(found[0])


def chosen(client: FlaskClient, link: str, password: str, again: str = "") -> int:
    fields = form_token(client) | {"new": password, "again": again or password}
    return client.post(link, data=fields).status_code


def test_a_new_account_chooses_its_password_by_a_link_that_works_once(clerk: Clerk) -> None:
    link = new_account(clerk)
    person = clerk.district.client
    page = person.get(link)
    assert "用户名：张校长" in page.text
    assert "身份是校长：只看自己的学校" in page.text, "a slip of paper says nothing of it (C18-6)"
    assert person.get(link).status_code == 200, "looking at it uses nothing up"
    assert chosen(person, link, "short") == 422
    assert chosen(person, link, PASSWORD, "another one entirely") == 422
    assert chosen(person, link, PASSWORD) == 303
    welcomed = person.get("/staff/login").text
    assert "密码设好了" in welcomed
    assert 'value="张校长"' in welcomed, "a new principal does not know a user name by heart (C18-6)"
    assert 'value="张校长"' not in person.get("/staff/login").text
    assert chosen(person, link, PASSWORD) == 410
    assert person.get(link).status_code == 410
    login = form_token(person) | {"username": "张校长", "password": PASSWORD}
    assert person.post("/staff/login", data=login).status_code == 303
    home = person.get("/staff/").text
    assert "河东小学" in home
    assert "2026秋" in home, "nothing said that a wave was running (C18-13)"
    assert clerk.district.count("audit_entry WHERE action = 'staff.welcome' AND actor = '张校长'") >= 1
    assert link.rpartition("/")[2] not in str(clerk.district.count("one_time_link"))
    assert clerk.district.count("one_time_link") == 0


def test_a_link_ends_after_seven_days_and_a_new_one_voids_it(clerk: Clerk) -> None:
    first = new_account(clerk)
    clerk.open(f"{PEOPLE}/2")
    second = re.findall(r"(/staff/welcome/[\w-]+)", clerk.send(f"{PEOPLE}/2/link").text)[0]
    nobody = clerk.district.client
    assert nobody.get(first).status_code == 410
    assert nobody.get(second).status_code == 200
    clerk.district.clock.advance(days=7)
    assert nobody.get(second).status_code == 410
    assert "请督导室再给一个" in nobody.get(second).text


def test_a_forgotten_password_ends_all_logins_once_the_new_one_is_chosen(clerk: Clerk) -> None:
    other = clerk.district.staff("auditor", "审计")
    clerk.open(f"{PEOPLE}/2")
    link = re.findall(r"(/staff/welcome/[\w-]+)", clerk.send(f"{PEOPLE}/2/link").text)[0]
    assert other.get("/staff/").status_code == 200
    assert chosen(clerk.district.client, link, PASSWORD) == 303
    assert other.get("/staff/").status_code == 303


def test_an_account_is_disabled_at_once_and_comes_back(clerk: Clerk) -> None:
    other = clerk.district.staff("auditor", "审计")
    clerk.open(f"{PEOPLE}/2")
    assert clerk.send(f"{PEOPLE}/2/disable").status_code == 303
    assert other.get("/staff/").status_code == 303
    page = clerk.open(f"{PEOPLE}/2?done=disabled")
    assert "不能登录" in page
    assert clerk.send(f"{PEOPLE}/2/link").status_code == 409
    assert clerk.send(f"{PEOPLE}/2/enable").status_code == 303
    clerk.open(f"{PEOPLE}/1")
    assert "停用账号" not in clerk.page
    assert clerk.send(f"{PEOPLE}/1/disable").status_code == 409


def test_the_scope_of_an_account_is_changed(clerk: Clerk) -> None:
    new_account(clerk)
    clerk.open(f"{PEOPLE}/2")
    assert clerk.send(f"{PEOPLE}/2/grants", schools="0101，0201", ends_on="2026-12-31").status_code == 303
    page = clerk.open(f"{PEOPLE}/2")
    assert "河东小学、河东中学（… — 2026-12-31）" in page
    refused = clerk.send(f"{PEOPLE}/2/grants", schools="0999")
    assert refused.status_code == 422
    assert "没有学校、片区或集团“0999”" in refused.text
    assert "0999" in refused.text
    assert clerk.send(f"{PEOPLE}/2/grants", schools="", ends_on="31.12.").status_code == 422


def test_an_account_is_found_by_its_name_or_its_school(clerk: Clerk) -> None:
    new_account(clerk)
    new_account(clerk, username="李校长", schools="0201")
    for words, found in (("河东中学", ["李校长"]), ("0101", ["张校长"]), ("校长", ["张校长", "李校长"]), ("无人", [])):
        page = clerk.open(f"{PEOPLE}?q={words}&role=principal")
        assert sorted(re.findall(r"people/\d+\">(\w+)</a>", page)) == sorted(found), words


def test_a_group_lies_across_areas_and_its_principal_sees_all_of_its_schools(clerk: Clerk) -> None:
    """Parallel trees: the area of a school says nothing about its group."""
    rows = ("0101,河东小学,小学,东片,东方集团,600,40,600", "0201,河东中学,初中,西片,东方集团,500,40,600",
            "0301,河西小学,小学,西片,,300,30,300")  # fmt: skip
    assert clerk.import_roster("\n".join((HEADING.replace("片区", "片区,所属集团"), *rows)).encode()).status_code == 303
    assert "东方集团" in clerk.open("/staff/roster?q=东方")
    link = new_account(clerk, role="principal", schools="", group="东方集团")
    person = clerk.district.client
    assert chosen(person, link, PASSWORD) == 303
    person.post("/staff/login", data=form_token(person) | {"username": "张校长", "password": PASSWORD})
    found = [person.get(f"/staff/schools/{code}").status_code for code in ("0101", "0201", "0301")]
    assert found == [200, 200, 404]
    assert clerk.send("/staff/people/2/grants", area="西片", group="").status_code == 303
    found = [person.get(f"/staff/schools/{code}").status_code for code in ("0101", "0201", "0301")]
    assert found == [404, 200, 200]
    assert "没有学校、片区或集团“南方集团”" in clerk.send("/staff/people/2/grants", group="南方集团").text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"username": ""}, "2 到 50 个字"),
        ({"username": "王督导"}, "已经有用户"),
        ({"username": "<b>"}, "只含字母"),
        ({"role": "king"}, "没有角色"),
        ({"schools": ""}, "至少指定一所学校"),
        ({"role": "office"}, "不用指定学校"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(clerk: Clerk, fields: dict[str, str], why: str) -> None:
    clerk.open(f"{PEOPLE}/new")
    response = clerk.send(f"{PEOPLE}/new", **({"username": "张校长", "role": "principal", "schools": "0101"} | fields))
    assert response.status_code == 422
    assert why in response.text
    assert clerk.district.count("staff") == 1


def test_all_principals_get_an_account_and_a_sheet(clerk: Clerk) -> None:
    assert "2 所学校还没有校长账号" in clerk.open(PEOPLE)
    page = clerk.send(f"{PEOPLE}/principals").text
    assert len(set(re.findall(r"/staff/welcome/([\w-]+)", page))) == 2
    assert "河东中学" in page
    assert "还没有校长账号" not in clerk.open(f"{PEOPLE}?role=principal")
    assert clerk.send(f"{PEOPLE}/principals").status_code == 409
    assert clerk.district.count("staff WHERE role = 'principal'") == 2


def test_a_system_administrator_keeps_accounts_and_sees_nothing_else(clerk: Clerk) -> None:
    admin = clerk.district.staff("sysadmin", "管理员")
    assert admin.get(PEOPLE).status_code == 200
    for place in ("/staff/waves", "/staff/results", "/staff/roster", "/staff/audit"):
        assert admin.get(place).status_code == 404, place


def test_commands_do_the_same(small_district: District) -> None:
    made = small_district.app.test_cli_runner().invoke(
        args=["staff", "create", "督学", "--role", "inspector", "--school", "0101"], input=f"{PASSWORD}\n"
    )
    assert made.exit_code == 0, made.output
    link = small_district.command("staff", "link", "督学").strip()
    assert small_district.client.get(link.removeprefix("https://s.example.edu.cn")).status_code == 200
    small_district.command("staff", "disable", "督学")
    assert "没有用户" in small_district.command("staff", "link", "督学", code=1)
    small_district.command("staff", "enable", "督学")
    assert "没有用户" in small_district.command("staff", "enable", "没有", code=1)


def test_two_accounts_of_one_hand_are_marked_where_they_confirm(running: Clerk) -> None:
    """security.md: two people are two accounts; who gave the link of the other is seen before and in the record."""
    running.open(f"{PEOPLE}/new")
    page = running.send(f"{PEOPLE}/new", username="李老师", role="office").text
    link = re.findall(r"(/staff/welcome/[\w-]+)", page)[0]
    second = running.district.client
    assert chosen(second, link, PASSWORD) == 303
    login = form_token(second) | {"username": "李老师", "password": PASSWORD}
    assert second.post("/staff/login", data=login).status_code == 303
    changes = "/staff/waves/1/changes"
    running.open(f"{changes}/correct")
    words = {"instrument": "compulsory-parent", "before": "课堂教学的质量", "after": "课堂教学质量", "reason": "错字"}
    running.page = running.send(f"{changes}/correct", **words).text
    assert running.send(f"{changes}/correct").status_code == 303
    warned = second.get(changes).text
    assert "一个的密码是用另一个给的链接设的" in warned
    place = str(re.findall(r'action="([^"]+/requests/\d+/confirm)"', warned)[0])
    assert second.post(place, data={"csrf_token": csrf_in(warned)}).status_code == 303
    assert "可能是同一个人" in running.open(changes)
    assert "密码用 王督导 给的链接设" in running.open(f"{PEOPLE}/2")


def test_accounts_that_a_third_one_made_are_not_marked(small_district: District) -> None:
    """The recommended way: another department keeps the accounts."""
    with small_district.app.extensions["database"].write_session() as db:
        for name, giver in (
            ("甲甲", ""),
            ("乙乙", "甲甲"),
            ("丙丙", "乙乙"),
            ("丁丁", "甲甲"),
            ("戊戊", "己己"),
            ("己己", "戊戊"),
        ):
            create_staff(db, name, "", "office", small_district.clock.at).password_from = giver
        db.flush()
        assert are_in_one_hand(db, "丙丙", "甲甲"), "through another account"
        assert are_in_one_hand(db, "甲甲", "乙乙")
        assert are_in_one_hand(db, "戊戊", "己己"), "a circle ends"
        assert not are_in_one_hand(db, "乙乙", "丁丁")
        assert not are_in_one_hand(db, "甲甲", "nobody")
