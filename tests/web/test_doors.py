"""What comes in from outside: other sites, characters that break things, names of files, headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from survey_app.foundation.clock import ManualClock
from survey_app.web.cross_site import is_cross_site
from survey_app.web.download import MAX_NAME, file_name
from testing.district import District
from tests.web.conftest import denials_of, form_token

BASE, HOST = "https://s.example.edu.cn", "s.example.edu.cn"


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": BASE}, False),
        ({"Origin": f"{BASE}:8443"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "https://s.example.edu.cn.evil.example"}, True),
        ({"Origin": "https://[evil"}, True),
        ({"Origin": ""}, True),
    ],
)
def test_what_the_browser_says_about_the_sender_decides(
    small_district: District, headers: dict[str, str], is_refused: bool
) -> None:
    """S-Low: a POST from another site was stored."""
    link = small_district.link("parent")
    fields = small_district.answer(link)
    small_district.clock.advance(seconds=30)
    response = small_district.client.post(f"/s/{link.slug}", data=fields, headers=headers, base_url=BASE)
    assert response.status_code == (403 if is_refused else 303)
    assert small_district.count("response") == (0 if is_refused else 1)
    if is_refused:
        assert "这个请求来自别的网站" in response.text
        assert "Set-Cookie" not in response.headers
        assert denials_of(small_district) == {("collection.submit", "cross site"): 1}


def test_a_proxy_may_hide_port_and_name() -> None:
    headers = Headers({"Origin": BASE})
    assert not is_cross_site(headers, "10.0.0.21:8000", BASE)
    assert not is_cross_site(headers, f"{HOST}:8443", "http://127.0.0.1:8000")
    assert is_cross_site(headers, "10.0.0.21:8000", "http://127.0.0.1:8000")


def test_another_site_cannot_act_for_the_office_even_with_a_token(small_district: District) -> None:
    client = small_district.staff()
    token = form_token(client)
    response = client.post("/staff/waves/1/close", data=token, headers={"Sec-Fetch-Site": "same-site"})
    assert response.status_code == 403
    assert small_district.count("wave WHERE closed_at IS NULL") == 1


@pytest.mark.parametrize("path", ["/s/%00", "/s/a%0Ab", "/s/%E2%80%A8", "/staff/waves/1/links/%00.svg"])
def test_an_address_with_characters_that_cannot_be_seen_is_no_address(district: District, path: str) -> None:
    """S-Low: on PostgreSQL ``/s/%00`` was a false alarm, "database not available"."""
    client = district.staff() if path.startswith("/staff") else district.client
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["school=%00", "link=a&link=b%00"])
def test_a_field_with_a_nul_is_refused_on_both_engines(district: District, query: str) -> None:
    client = district.staff()
    assert client.get(f"/staff/waves/1/posters.pdf?{query}").status_code == 400


def test_a_name_with_a_nul_does_not_reach_the_database(district: District) -> None:
    client = district.app.test_client()
    fields = form_token(client) | {"username": "a\0b", "password": "wrong"}
    assert client.post("/staff/login", data=fields).status_code == 400


@pytest.fixture
def office_with_odd_names(sqlite_app: Flask, clock: ManualClock) -> FlaskClient:
    """The wave's name has a line break, a path and a quote in it."""
    district = District(sqlite_app, clock).opened(access={"parent": "code"})
    with sqlite_app.extensions["database"].engine.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET name = ?", ("秋\r\nX-Bad: 1/../\"'\u202eb",))
    return district.staff()


@pytest.mark.parametrize("path", ["posters.pdf?school=0101", "codes.pdf"])
def test_no_name_breaks_the_header_of_a_download(office_with_odd_names: FlaskClient, path: str) -> None:
    """S-Low: a wave's name may contain a line break, and its posters were a 500."""
    client = office_with_odd_names
    fields = form_token(client) | {"school": "0101", "audience": "parent", "count": "3"}
    address = f"/staff/waves/1/{path}"
    response = client.post(address, data=fields) if path == "codes.pdf" else client.get(address)
    assert response.status_code == 200
    assert "X-Bad" not in response.headers
    disposition = response.headers["Content-Disposition"]
    assert not set("\r\n/\\") & set(disposition.removeprefix("attachment; "))


@pytest.mark.parametrize(
    ("name", "safe"),
    [("2026 秋 结果.xlsx", "2026 秋 结果.xlsx"), ("a\r\nb.csv", "a_b.csv"), ("../../x.pdf", "_.._x.pdf"),
     ('a:b*c?"<>|.pdf', "a_b_c_.pdf"), ("x" * 300 + ".xlsx", "x" * MAX_NAME + ".xlsx"), ("\u202efdp.exe", "_fdp.exe")],
)  # fmt: skip
def test_names_of_files_can_be_written_everywhere(name: str, safe: str) -> None:
    assert file_name(name) == safe


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


@pytest.mark.parametrize("path", ["/staff/", "/staff/login", "/staff/nothing", "/s/nothing1", "/nothing", "/s/%00"])
def test_every_answer_carries_the_headers(small_district: District, path: str) -> None:
    headers = small_district.staff().get(path, base_url=BASE).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == ("same-origin" if path.startswith("/staff") else "no-referrer")


def test_http_is_not_told_to_be_strict(small_district: District) -> None:
    assert "Strict-Transport-Security" not in small_district.client.get("/staff/login").headers


def test_the_page_for_an_unknown_address_may_use_its_own_style(small_district: District) -> None:
    response = small_district.client.get("/nothing")
    assert "<style>" in response.text
    assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]


def test_files_with_style_are_found_and_nothing_above_them(small_district: District) -> None:
    client = small_district.client
    with client.get("/static/staff.css") as response:
        assert response.mimetype == "text/css"
    for path in ("/static/../__init__.py", "/static/%2e%2e/__init__.py", "/static/nothing.css"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE"])
def test_other_methods_do_not_exist(small_district: District, method: str) -> None:
    for path in ("/staff/", "/s/nothing1", "/static/staff.css"):
        assert small_district.client.open(path, method=method).status_code == 405
