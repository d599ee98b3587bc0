"""What the office sees: returns while open, nothing else before the seal, results after."""

import io
from urllib.parse import unquote

import openpyxl
from werkzeug.test import TestResponse

from testing.district import WAVE, District, csrf_in


def test_returns_are_live_and_small_groups_hidden(small_district: District) -> None:
    link = small_district.link("parent")
    small_district.send_many(link, 3)
    client = small_district.staff()
    page = client.get("/staff/waves/1").text
    assert "3 / 60（5.0%）" in page
    assert 'http-equiv="refresh"' in page
    links = client.get("/staff/waves/1/links").text
    assert f"https://s.example.edu.cn/s/{link.slug}" in links


def test_results_of_an_open_wave_are_refused_with_what_to_do(small_district: District) -> None:
    small_district.send(small_district.link())
    client = small_district.staff()
    for path in ("results", "results.xlsx", "indices.csv", "items.csv", "ranking.csv", "responses.csv"):
        response = client.get(f"/staff/waves/1/{path}")
        assert response.status_code == 409, path
        assert "还没有封存" in response.text


def test_closing_stops_forms_and_the_seal_opens_results(small_district: District) -> None:
    link = small_district.link("parent")
    small_district.send_many(link, 12)
    client = small_district.staff()
    page = client.get("/staff/waves/1").text
    assert client.post("/staff/waves/1/close", data={"csrf_token": csrf_in(page)}).status_code == 303
    assert small_district.client.get(f"/s/{link.slug}").status_code == 410
    assert "已截止" in client.get("/staff/waves/1").text
    small_district.clock.advance(minutes=11)
    assert "已截止" in client.get("/staff/waves/1").text
    small_district.command("wave", "seal", WAVE)
    page = client.get("/staff/waves/1/results/all").text
    assert "收到 12 份答卷" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/staff/waves/1/results.xlsx").data))
    assert "分类排名表" in book.sheetnames
    ranking = client.get("/staff/waves/1/ranking.csv")
    assert ranking.data.startswith(b"\xef\xbb\xbfwave,category")
    assert file_named(ranking) == "2026秋 排名.csv", "K23: it was ranking.csv"


def file_named(response: TestResponse) -> str:
    return unquote(response.headers["Content-Disposition"].rpartition("''")[2])


def test_the_office_prints_slips_and_the_trail_keeps_the_quantity(sqlite_app, clock) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import text

    district = District(sqlite_app, clock).opened(access={"parent": "code"})
    client = district.staff()
    page = client.get("/staff/waves/1/links").text
    fields = {"csrf_token": csrf_in(page), "school": "0101", "audience": "parent", "count": "25"}
    response = client.post("/staff/waves/1/codes.pdf", data=fields)
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF")
    assert file_named(response) == "2026秋 河东小学 家长 邀请单.pdf"
    assert district.count("invitation") == 25
    silent = client.post("/staff/waves/1/codes.pdf", data=fields)
    assert silent.status_code == 409
    assert "已经印发 25 张，其中 0 张已用" in silent.text, "K4: it voided them without a word"
    assert client.post("/staff/waves/1/codes.pdf", data=fields | {"again": "top_up"}).status_code == 200
    assert district.count("code_batch WHERE voided_at IS NULL") == 2
    assert client.post("/staff/waves/1/codes.pdf", data=fields | {"again": "replace"}).status_code == 200
    assert district.count("code_batch WHERE voided_at IS NULL") == 1
    assert "不需要码" in client.post("/staff/waves/1/codes.pdf", data=fields | {"audience": "teacher"}).text
    with sqlite_app.extensions["database"].read_session() as session:
        details = session.scalars(text("SELECT detail FROM audit_entry WHERE action = 'codes.issue'")).all()
    assert "2026秋 0101 parent 25" in details


def test_a_wave_nobody_answered_says_so(small_district: District) -> None:
    client = small_district.sealed().staff()
    response = client.get("/staff/waves/1/results/all")
    assert response.status_code == 409
    assert "没有收到答卷" in response.text


def test_the_language_is_kept(small_district: District) -> None:
    client = small_district.staff()
    page = client.get("/staff/").text
    assert "需要注意" in page
    fields = {"csrf_token": csrf_in(page), "language": "en", "back": "/staff/"}
    assert client.post("/staff/language", data=fields).headers["Location"] == "/staff/"
    assert "Needs attention" in client.get("/staff/").text


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(small_district: District) -> None:
    client = small_district.staff("sysadmin")
    foreign, missing = client.get("/staff/waves/1"), client.get("/staff/waves/999")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text.replace("/waves/1", "") == missing.text.replace("/waves/999", "")
