"""What an account is not for does not exist for it: every address of a school, own and foreign, and results."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from survey_app.accounts.grants import Node, NodeKind, granted_codes, replace_grants
from survey_app.accounts.staff import find_active_staff
from survey_app.admin.routes import ROUTES
from survey_app.followup.attachment_folder import attachment_folder
from survey_app.followup.attachments import add_attachment
from survey_app.followup.cases import StepWords, create_case, take_step
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import UserError
from survey_app.foundation.roles import RELEASED_TO, RESULT_READERS, SCOPED_ROLES, Role
from survey_app.foundation.route import Method, Route, Scope
from survey_app.inspector.routes import ROUTES as INSPECTOR_ROUTES
from testing.answers import write_answers
from testing.console import Clerk
from testing.district import District
from testing.printed import docx_lines
from testing.rectification import CONTENT, delivered_case, office, open_year
from testing.rectification import principal as headmaster
from tests.comments.conftest import write_comments
from tests.web.conftest import denials_of, form_token

MAX_CRAWLED = 60
SCOPED = [route for route in (*ROUTES, *INSPECTOR_ROUTES) if route.scope is Scope.SCHOOL]
RELEASED = [route for route in ROUTES if route.scope is Scope.RELEASED]


def granted(district: District, role: Role, *nodes: Node, name: str = "河东校长") -> FlaskClient:
    client = district.staff(str(role), name)
    with district.app.extensions["database"].write_session() as session:
        staff = find_active_staff(session, name)
        assert staff is not None
        replace_grants(session, staff, nodes)
    return client


def place(route: Route, code: str) -> str:
    """The address with a value for each name; of several that are allowed the first."""

    def value(found: re.Match[str]) -> str:
        return found[1].partition(",")[0] if found[1] else {"code": code}.get(found[2], "1")

    return re.sub(r"<(?:int:|any\(([^)]*)\):)?(\w+)>", value, route.address)


@pytest.fixture
def sealed(small_district: District, tmp_path: Path) -> District:
    path = write_answers(small_district, tmp_path / "answers.csv")
    small_district.command("responses", "import", "--wave", small_district.wave, str(path))
    return small_district.sealed()


def asked_to_rectify(district: District) -> None:
    """The first school has a notice, and has replied to it with a file."""
    actor = headmaster(district)
    with district.app.extensions["database"].write_session() as session:
        folder = attachment_folder(session, district.app.extensions["settings"].secrets_dir)
        case = delivered_case(session, district, open_year(session, district))
        add_attachment(session, folder, case.id, "a.pdf", b"%PDF-1.7", actor)
        take_step(session, case.id, "report", case.step_count, StepWords("见附件"), actor)


def released(district: District) -> District:
    """By two of the office, on the page of changes."""
    first, second = Clerk(district, "赵督导"), Clerk(district, "钱督导")
    release = "/staff/waves/1/changes/release"
    first.open(release)
    shown = first.send(release, reason="已审核").text
    assert "看不到别的学校的" in shown
    assert first.client.post(release, data=first.hidden(shown)).status_code == 303
    page = second.open("/staff/waves/1/changes")
    (request,) = re.findall(r"requests/(\d+)/confirm", page)
    assert second.send(f"/staff/waves/1/changes/requests/{request}/confirm").status_code == 303
    return district


def without_address(page: str) -> str:
    """The page, but for the address that the language form leads back to, and the token, which tells the second."""
    return re.sub(r'name="(back|csrf_token)" value="[^"]*"', "", page)


@pytest.mark.parametrize("role", sorted(SCOPED_ROLES))
def test_own_schools_are_there_and_foreign_ones_do_not_exist(sealed: District, role: Role) -> None:
    released(sealed)
    asked_to_rectify(sealed)
    client = granted(sealed, role, Node(NodeKind.SCHOOL, "0101"))
    assert "河东小学" in client.get("/staff/").text
    assert "河东中学" not in client.get("/staff/").text
    nowhere = client.get("/staff/schools/9999")
    for route in SCOPED:
        own, foreign = (client.open(place(route, code), method=route.method) for code in ("0101", "0201"))
        if not route.address.endswith(("posters.pdf", "/sign")):  # no use after the seal; nothing to sign yet
            status = 404 if role not in route.roles else 200 if route.method is Method.GET else 400
            assert own.status_code == status, route.endpoint
        assert foreign.status_code == 404
        assert without_address(foreign.text) == without_address(nowhere.text), route.endpoint
        assert "河东中学".encode() not in own.data
    assert denials_of(sealed)[("admin.school_room", "scope")] == 2


def test_a_principal_reaches_nothing_but_the_own_school_and_account(small_district: District) -> None:
    client = granted(small_district, Role.PRINCIPAL, Node(NodeKind.SCHOOL, "0101"))
    for route in sorted(ROUTES, key=lambda route: route.endpoint == "admin.logout"):
        if route.needs_login:
            status = client.open(place(route, "0101"), method=route.method).status_code
            known = (200, 302, 303, 400, 404) if route.scope in (Scope.SELF, Scope.SCHOOL) else (404,)
            assert status in known, route.endpoint


def test_a_grant_may_be_for_an_area_or_for_a_time(small_district: District) -> None:
    district, today = small_district, local_date(small_district.clock.at)
    with district.app.extensions["database"].write_session() as session:
        session.connection().exec_driver_sql("UPDATE school SET area = '东片' WHERE code = '0101'")
    granted(district, Role.INSPECTOR, Node(NodeKind.AREA, "东片"), name="督学")
    with district.app.extensions["database"].write_session() as session:
        staff = find_active_staff(session, "督学")
        assert staff is not None
        assert granted_codes(session, staff, today) == {"0101"}
        later = today + timedelta(days=3)
        replace_grants(session, staff, [Node(NodeKind.DISTRICT)], begins_on=later, ends_on=later)
        assert granted_codes(session, staff, today) == frozenset()
        assert granted_codes(session, staff, later) == {"0101", "0201"}
        assert granted_codes(session, staff, later + timedelta(days=1)) == frozenset()
        for nodes, days in (([], {}), ([Node(NodeKind.SCHOOL, "9")], {}),
                            ([Node(NodeKind.DISTRICT)], {"begins_on": later, "ends_on": today})):  # fmt: skip
            with pytest.raises(UserError):
                replace_grants(session, staff, nodes, **days)


def test_a_leader_sees_results_once_he_is_asked_and_approves_them(sealed: District) -> None:
    leader = sealed.staff(str(Role.LEADER), "局长")
    for route in RELEASED:
        assert leader.open(place(route, "0101"), method=route.method).status_code == 404, route.endpoint
    assert "2026秋" not in leader.get("/staff/results").text
    clerk = Clerk(sealed, "赵督导")
    release = "/staff/waves/1/changes/release"
    clerk.open(release)
    clerk.client.post(release, data=clerk.hidden(clerk.send(release, reason="请批准").text))
    page = leader.get("/staff/waves/1/results").text
    assert "赵督导" in page
    assert "逐份答卷" not in page, "what he may not open is not offered"
    for route in RELEASED:
        if route.method is Method.GET and route.endpoint != "admin.look_back_page":  # this wave looks back at nothing
            assert leader.get(place(route, "0101")).status_code == 200, route.endpoint
    private = "本栏只供督导室和审计"
    assert private in clerk.client.get("/staff/waves/1/results/all").text
    assert private not in leader.get("/staff/waves/1/results/all").text, "answers to the private question are not his"
    (address,) = re.findall(r'action="(/staff/waves/1/release/\d+)"', page)
    assert leader.post(address, data=form_token(leader)).status_code == 303
    assert sealed.count("wave WHERE released_at IS NOT NULL") == 1
    assert leader.post(address, data=form_token(leader)).status_code == 409, "a second click finds nothing to approve"
    withdraw = "/staff/waves/1/changes/withdraw"
    clerk.open(withdraw)
    assert clerk.client.post(withdraw, data=clerk.hidden(clerk.send(withdraw, reason="有误").text)).status_code == 303
    assert leader.get("/staff/waves/1/results").status_code == 404
    assert {Role.LEADER} == RELEASED_TO


def test_a_leader_reads_notices_once_they_were_sent_and_changes_none(small_district: District) -> None:
    """console.md 1: notices; not what is proposed, declined or was written before the letter went out."""
    leader = small_district.staff(str(Role.LEADER), "局长")
    sent = [route for route in ROUTES if route.scope is Scope.SENT]
    assert {route.roles for route in sent} == {RESULT_READERS}
    assert "还没有送达过整改通知" in leader.get("/staff/rectification").text
    with small_district.app.extensions["database"].write_session() as session:
        draft = create_case(session, open_year(session, small_district), "0201", CONTENT, office(small_district))
        number = draft.id
    for route in sent:
        if "case_id" in route.address:
            assert leader.get(place(route, "0201")).status_code == 404, route.endpoint
    assert "河东中学" not in leader.get("/staff/rectification").text
    assert "河东中学" not in leader.get("/staff/rectification/ledger.csv").text
    assert "提请" not in leader.get("/staff/rectification").text
    with small_district.app.extensions["database"].write_session() as session:
        words = StepWords(document="督整〔2026〕1号")
        case = take_step(session, number, "deliver", 1, words, office(small_district))
        folder = attachment_folder(session, small_district.app.extensions["settings"].secrets_dir)
        add_attachment(session, folder, case.id, "a.pdf", b"%PDF-1.7", headmaster(small_district))
    assert leader.get("/staff/rectification/1/files/1").status_code == 404, "the school's draft is its own"
    with small_district.app.extensions["database"].write_session() as session:
        take_step(session, number, "report", 2, StepWords("已经整改"), headmaster(small_district))
    for route in sent:
        assert leader.get(place(route, "0201")).status_code == 200, route.endpoint
    page = leader.get("/staff/rectification/1").text
    assert "已经整改" in page
    assert '<form method="post" action="/staff/rect' not in page
    assert "已送达 1 份整改通知，1 份还没有销号" in leader.get("/staff/").text
    assert 'href="/staff/rectification"' in leader.get("/staff/").text
    for route in ROUTES:
        if route.address.startswith("/staff/rectification") and Role.LEADER not in route.roles:
            assert leader.open(place(route, "0201"), method=route.method).status_code == 404, route.endpoint


def test_what_a_school_sees_of_itself(sealed: District) -> None:
    principal = granted(sealed, Role.PRINCIPAL, Node(NodeKind.SCHOOL, "0101"))
    assert principal.get("/staff/schools/0101/waves/1/results").status_code == 404, "not before the release"
    assert principal.get("/staff/schools/0101/waves/1/report.pdf").status_code == 404
    assert principal.get("/staff/schools/0101/waves/1/method").status_code == 404
    assert "结果公布后在这里看" in principal.get("/staff/schools/0101").text
    released(sealed)
    page = principal.get("/staff/schools/0101/waves/1/results").text
    assert "综合得分" in page
    assert "仍有疑问，请写明对象和数字，联系" in page, "where to object"
    keys = set(re.findall(r'"/staff/schools/0101/waves/1/method#(how-[\w-]+)"', page))
    method = principal.get("/staff/schools/0101/waves/1/method").text
    assert keys
    assert all(f'id="{key}"' in method for key in keys), "each figure says how it was made"
    assert 'href="#how-' not in page
    for place_of_others in ("/staff/waves/1/results", "/staff/waves/1/results/quality", "results.xlsx"):
        assert place_of_others not in page
    assert principal.get("/staff/schools/0101/waves/1/results?view=items").status_code == 200
    assert "/staff/schools/0101/waves/1/report.pdf" in page
    assert principal.get("/staff/schools/0101/waves/1/report.pdf").data.startswith(b"%PDF")
    assert principal.get("/staff/waves/1/leader.pdf").status_code == 404


def test_counts_stand_still_for_an_hour_so_that_nobody_is_watched(small_district: District) -> None:
    """A principal who reloads must not see a colleague submit."""
    principal = granted(small_district, Role.PRINCIPAL, Node(NodeKind.SCHOOL, "0101"))
    small_district.clock.advance(minutes=1)

    def shown() -> str:
        return principal.get("/staff/schools/0101").text

    assert "0 / 12" in shown()
    small_district.send_many(small_district.link("teacher"), 3)
    assert "0 / 12" in shown()
    small_district.clock.advance(minutes=59)
    principal = granted_again(small_district, "河东校长")
    assert "3 / 12" in shown()


def granted_again(district: District, name: str) -> FlaskClient:
    """The login of an hour ago has ended."""
    clerk = Clerk.__new__(Clerk)
    clerk.district, clerk.name, clerk.client = district, name, district.client
    return clerk.log_in().client


def test_a_school_reads_only_the_comments_that_were_reviewed_for_it(small_district: District, tmp_path: Path) -> None:
    """Issue 11, 4: released only as reviewed; without topics, leads and what was withheld."""
    sealed = released(write_comments(small_district))
    own = "/staff/schools/0101/waves/1/results"
    principal = granted(sealed, Role.PRINCIPAL, Node(NodeKind.SCHOOL, "0101"))
    assert "写给学校的意见" not in principal.get(own).text
    clerk = Clerk(sealed, "周督导")
    page = clerk.open("/staff/waves/1/comments")
    keys = {
        text: re.search(r'name="seen-([^"]+)"', row)[1]  # type: ignore[index]
        for text in ("食堂的饭菜", "作业太多")
        for row in page.split("<tr>")
        if text in row
    }
    fields = {f"decision-{keys['食堂的饭菜']}": "release", f"decision-{keys['作业太多']}": "withhold"}
    assert clerk.send("/staff/waves/1/comments", **fields).status_code == 303
    shown = principal.get(own).text
    assert "写给学校的意见" in shown
    assert "食堂的饭菜里有虫子" in shown
    (report := tmp_path / "report.docx").write_bytes(principal.get(own.replace("results", "report.docx")).data)
    lines = "".join(text for line in docx_lines(report) for text in line)
    assert "食堂的饭菜里有虫子" in lines
    assert "请不要打听是谁写的" in lines
    assert "作业太多" not in lines
    for hidden in ("作业太多", "操场太小", "食品安全", "红线"):
        assert hidden not in shown, hidden
    other = granted(sealed, Role.PRINCIPAL, Node(NodeKind.SCHOOL, "0201"), name="河东中学校长")
    assert other.get(own).status_code == 404
    for role in ("auditor", "office"):
        assert sealed.staff(role, f"看看{role}").get(own).status_code == 200, role
    for path in ("comments", "comments.csv", "results/quality"):
        assert principal.get(f"/staff/waves/1/{path}").status_code == 404, path


def shape(address: str) -> str:
    """Addresses that differ only in a number, a code or the value of a word are alike."""
    return re.sub(r"=[^&]*", "=", re.sub(r"\d+", "N", address))


@pytest.mark.parametrize("role", [Role.LEADER, Role.PRINCIPAL, Role.INSPECTOR, Role.AUDITOR, Role.SYSADMIN])
def test_no_page_offers_what_its_reader_may_not_see(sealed: District, role: Role) -> None:
    """A leader's overview led to the page of quality, which does not exist for leaders."""
    released(sealed)
    nodes = [Node(NodeKind.SCHOOL, "0101")] if role in SCOPED_ROLES else []
    client = granted(sealed, role, *nodes, name="读者")
    waiting, seen = ["/staff/"], set[str]()
    while waiting:
        page = waiting.pop()
        if shape(page) in seen or len(seen) > MAX_CRAWLED:
            continue
        seen.add(shape(page))
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code in (200, 202), page
        if answer.mimetype == "text/html":
            links = (unescape(link) for link in re.findall(r'href="(/staff[^"#]*)', answer.text))
            waiting += [link for link in links if not re.search(r"\.(pdf|docx|xlsx|csv|zip)", link)]
    assert len(seen) > 3
