"""Every address has one row, the row is what happens, and what has no row is refused."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from survey_app.admin.routes import ROUTES as STAFF_ROUTES
from survey_app.collection.routes import ROUTES as PUBLIC_ROUTES
from survey_app.foundation.roles import OFFICE, RELEASED_TO, RESULT_READERS, SCHOOL_READERS, SCOPED_ROLES, Role
from survey_app.foundation.route import Area, Method, Route, Scope
from survey_app.inspector.routes import ROUTES as INSPECTOR_ROUTES
from testing import made_up_room
from testing.district import District
from testing.staff_pages import address
from tests.web.conftest import audit_of, denials_of, form_token

ROUTES = (*PUBLIC_ROUTES, *STAFF_ROUTES, *INSPECTOR_ROUTES)
WITH_LOGIN = [route for route in ROUTES if route.needs_login]
FORMS = [route for route in ROUTES if route.csrf and route.method is Method.POST]


def made_up_blueprint() -> Blueprint:
    blueprint = Blueprint("invented", __name__)
    blueprint.add_url_rule("/invented/page", "page", lambda: "made up")
    return blueprint


def test_a_blueprint_without_rows_stops_the_start(sqlite_app: Flask) -> None:
    sqlite_app.register_blueprint(made_up_blueprint())
    with pytest.raises(RuntimeError, match=r"invented\.page .*has no route"):
        sqlite_app.extensions["routes"].check()


def test_a_blueprint_without_rows_is_refused_even_if_it_came_after_the_start(sqlite_app: Flask) -> None:
    sqlite_app.register_blueprint(made_up_blueprint())
    response = sqlite_app.test_client().get("/invented/page")
    assert response.status_code == 404
    assert "made up" not in response.text


def test_a_second_address_of_a_known_endpoint_stops_the_start_and_is_refused(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/back-door", "admin.home", methods=["GET"])
    with pytest.raises(RuntimeError, match="back-door"):
        sqlite_app.extensions["routes"].check()
    assert sqlite_app.test_client().get("/back-door").status_code == 404


def test_another_method_at_a_known_address_stops_the_start(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/staff/", "admin.home", methods=["GET", "DELETE"])
    with pytest.raises(RuntimeError, match=r"admin\.home"):
        sqlite_app.extensions["routes"].check()
    assert sqlite_app.test_client().delete("/staff/").status_code == 404


def test_a_row_that_names_nobody_admits_nobody() -> None:
    route = Route(Method.GET, "/x", "x", "y:z")
    assert not any(route.admits(role) for role in (*Role, None))


def test_rows_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="no login is needed"):
        Route(Method.GET, "/x", "x", "y:z", OFFICE, needs_login=False)
    with pytest.raises(ValueError, match="public pages"):
        Route(Method.GET, "/x", "x", "y:z", OFFICE, area=Area.PUBLIC)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (Route(Method.GET, "/staff/odd/<code>", "odd", lambda: "", SCHOOL_READERS), "has no scope"),
        (Route(Method.GET, "/staff/odd/<int:wave_id>", "odd", lambda: "", RESULT_READERS), "has no scope"),
        (Route(Method.GET, "/staff/odd", "odd", lambda: "", SCHOOL_READERS, scope=Scope.SCHOOL), "names no school"),
    ],
)
def test_a_row_for_those_who_see_a_part_says_which_part(sqlite_app: Flask, row: Route, why: str) -> None:
    sqlite_app.extensions["routes"].add(row)
    with pytest.raises(RuntimeError, match=why):
        sqlite_app.extensions["routes"].check()


def test_public_and_staff_addresses_do_not_begin_alike(sqlite_app: Flask) -> None:
    public = Route(Method.GET, "/staff/open", "open", "y:z", needs_login=False, area=Area.PUBLIC)
    with pytest.raises(RuntimeError, match="begin alike"):
        sqlite_app.extensions["routes"].add(public)


def test_a_room_with_a_row_for_the_office_is_for_the_office(
    small_district: District, client_of: Callable[[Role | None], FlaskClient]
) -> None:
    small_district.app.extensions["routes"].add(*made_up_room.routes())
    small_district.app.extensions["routes"].check()
    nobody, auditor, office = (client_of(role) for role in (None, Role.AUDITOR, Role.OFFICE))
    assert nobody.get("/invented/page").headers["Location"] == "/staff/login?next=%2Finvented%2Fpage"
    assert nobody.post("/invented/change").status_code == 401
    assert auditor.get("/invented/page").status_code == 404
    assert auditor.post("/invented/change").status_code == 404
    assert office.get("/invented/page").text == "made up"
    assert office.post("/invented/change", data=form_token(office)).text == "changed"
    assert audit_of(small_district, "invented.page") == [("person-office", "/invented/page", "done")]
    assert audit_of(small_district, "invented.change") == [("person-office", "a made-up thing", "done")]
    assert denials_of(small_district) == {
        ("invented.page", "no login"): 1, ("invented.change", "no login"): 1,
        ("invented.page", "role"): 1, ("invented.change", "role"): 1,
    }  # fmt: skip


def test_nobody_gets_in_without_a_login(small_district: District) -> None:
    client = small_district.app.test_client()
    for route in WITH_LOGIN:
        response = client.open(address(small_district.app, route), method=route.method)
        if route.method is Method.GET:
            assert response.status_code == 303, route.endpoint
            assert response.headers["Location"].startswith("/staff/login?next="), route.endpoint
        else:
            assert response.status_code == 401, route.endpoint
            assert "没有做任何更改" in response.text, route.endpoint
    assert denials_of(small_district) == {(route.endpoint, "no login"): 1 for route in WITH_LOGIN}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_exactly_its_pages(
    small_district: District, client_of: Callable[[Role | None], FlaskClient], role: Role
) -> None:
    client = client_of(role)
    for route in sorted(WITH_LOGIN, key=lambda route: route.endpoint == "admin.logout"):
        response = client.open(address(small_district.app, route), method=route.method)
        if role not in route.roles or is_out_of_scope(route, role):
            assert response.status_code == 404, route.endpoint
            assert "没有这个页面" in response.text
        elif route.method is Method.POST:
            assert response.status_code == 400, f"{route.endpoint}: the form's token is missing"
        else:
            absent = ("<slug>", "<int:upload_id>", "<int:job_id>", "<int:year_id>", "<int:case_id>", "<int:draft_id>",
                      "ion/new", "/schools/<code>/waves/<int:wave_id>/re", "/schools/<code>/waves/<int:wave_id>/me",
                      "/look-back")  # fmt: skip
            names_nothing = any(part in route.address for part in absent)
            assert response.status_code in (200, 409) or (names_nothing and response.status_code == 404), route.endpoint


def is_out_of_scope(route: Route, role: Role) -> bool:
    """Nobody has granted these accounts a school, and no result is released: ``test_scopes.py`` has the others."""
    if role in SCOPED_ROLES:
        return route.scope is not Scope.SELF
    return role in RELEASED_TO and route.scope is Scope.RELEASED


@pytest.mark.parametrize("route", [route for route in ROUTES if route.area is Area.PUBLIC], ids=lambda r: r.endpoint)
def test_public_pages_ask_for_no_login_and_set_no_cookie(small_district: District, route: Route) -> None:
    response = small_district.app.test_client().open(address(small_district.app, route), method=route.method)
    assert response.status_code not in (303, 401)
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_bare_address_says_whose_it_is_and_where_staff_sign_in(small_district: District) -> None:
    """It said that there is no such page, and the clerk's check of the address was to see that (C18-12)."""
    page = small_district.app.test_client().get("/")
    assert page.status_code == 200
    assert "学校满意度测评" in page.text
    assert "咨询：" in page.text
    assert 'href="/staff/"' in page.text
    assert small_district.app.test_client().get("/nothing").status_code == 404


def test_posts_without_the_token_of_a_form_are_refused_and_counted(small_district: District) -> None:
    client = small_district.staff()
    forms = [route for route in FORMS if not route.needs_login or Role.OFFICE in route.roles]
    for route in forms:
        response = client.post(address(small_district.app, route), data={"username": "王督导", "password": "x"})
        assert response.status_code == 400, route.endpoint
        assert "页面已过期" in response.text, route.endpoint
    assert denials_of(small_district) == {(route.endpoint, "csrf"): 1 for route in forms}
    assert client.get("/staff/").status_code == 200


def test_a_row_that_needs_no_form_token_is_not_asked_for_one(small_district: District) -> None:
    """The table decides: the same view with another row."""
    route = Route(Method.POST, "/invented/plain", "invented.plain", made_up_room.page, OFFICE, csrf=False)
    small_district.app.extensions["routes"].add(route)
    assert small_district.staff().post("/invented/plain").text == "made up"


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(small_district: District) -> None:
    client = small_district.staff("sysadmin")
    foreign, missing, unknown = (client.get(path) for path in ("/staff/waves/1", "/staff/waves/999", "/staff/nothing"))
    assert (foreign.status_code, missing.status_code, unknown.status_code) == (404, 404, 404)
    assert foreign.text.replace("/waves/1", "") == missing.text.replace("/waves/999", "")
    assert foreign.text.replace("/waves/1", "") == unknown.text.replace("/nothing", "")
