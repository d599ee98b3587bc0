"""Every endpoint is in the access table, and the table is what happens."""

from typing import Any

import pytest
from flask import Flask

from survey_app.admin.access import ACCESS_TABLE, EVERYBODY, check_access_table
from testing.district import PASSWORD, District, csrf_in

STAFF_PAGES = [name for name, rule in ACCESS_TABLE.items() if name.startswith("admin.") and rule.roles is not EVERYBODY]


def address(app: Flask, endpoint: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    values: dict[str, Any] = {"wave_id": 1, "slug": "nothing1", "table": "indices"}
    with app.test_request_context():
        return str(app.url_for(endpoint, **{name: values[name] for name in rule.arguments}))


def test_an_endpoint_without_a_rule_stops_the_start(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        check_access_table(sqlite_app)


@pytest.mark.parametrize("endpoint", STAFF_PAGES)
def test_nobody_gets_in_without_a_login(small_district: District, endpoint: str) -> None:
    app = small_district.app
    app.config["WTF_CSRF_ENABLED"] = False
    method = next(iter(ACCESS_TABLE[endpoint].methods))
    response = app.test_client().open(address(app, endpoint), method=method)
    assert response.status_code == 303
    assert "/staff/login" in response.headers["Location"]


@pytest.mark.parametrize("role", ["office", "auditor", "sysadmin"])
def test_each_role_reaches_exactly_its_pages(small_district: District, role: str) -> None:
    app = small_district.app
    client = small_district.staff(role)
    app.config["WTF_CSRF_ENABLED"] = False
    pages = [name for name in STAFF_PAGES if name not in ("admin.logout", "admin.close_wave", "admin.issue_codes")]
    for endpoint in [*pages, "admin.close_wave"]:
        rule = ACCESS_TABLE[endpoint]
        response = client.open(address(app, endpoint), method=next(iter(rule.methods)))
        if role in rule.roles:
            assert response.status_code in (200, 303, 409) or endpoint == "admin.code", (endpoint, response.status_code)
        else:
            assert response.status_code == 404, endpoint
            assert "没有这个页面" in response.text


def test_posts_without_csrf_are_refused(small_district: District) -> None:
    client = small_district.staff()
    assert client.post("/staff/waves/1/close").status_code == 400
    assert client.post("/staff/logout").status_code == 400
    assert client.get("/staff/").status_code == 200


def test_guessing_locks_the_account_for_a_while(small_district: District) -> None:
    small_district.staff()
    client = small_district.client
    page = client.get("/staff/login").text
    fields = {"csrf_token": csrf_in(page), "username": "王督导", "password": "wrong password"}
    assert [client.post("/staff/login", data=fields).status_code for _ in range(5)] == [401] * 5
    right = fields | {"password": PASSWORD}
    assert client.post("/staff/login", data=right).status_code == 429
    small_district.clock.advance(minutes=16)
    assert client.post("/staff/login", data=right).status_code == 303


def test_a_login_ends_by_itself_and_a_reloading_page_does_not_keep_it(small_district: District) -> None:
    client = small_district.staff()
    for _ in range(3):
        small_district.clock.advance(minutes=6)
        assert client.get("/staff/waves/1?live=1").status_code == (200 if _ < 2 else 303)
    client = small_district.staff(name="李督导")
    for _ in range(41):
        small_district.clock.advance(minutes=12)
        status = client.get("/staff/").status_code
    assert status == 303, "eight hours are the limit however busy one is"


def test_the_next_page_is_one_of_ours(small_district: District) -> None:
    small_district.staff()
    client = small_district.client
    for target in ("https://evil.example/", "//evil.example/", "/staff//evil.example", "/staff/\\evil"):
        page = client.get("/staff/login").text
        fields = {"csrf_token": csrf_in(page), "username": "王督导", "password": PASSWORD}
        response = client.post("/staff/login", query_string={"next": target}, data=fields)
        assert response.headers["Location"] == "/staff/"


def test_staff_pages_carry_the_headers(small_district: District) -> None:
    response = small_district.staff().get("/staff/")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.headers.get("Set-Cookie", "HttpOnly SameSite=Lax")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
