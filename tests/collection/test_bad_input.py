"""Strangers send what they like: it is refused or cleaned, never stored as it is, never a 500."""

import sqlite3

import pytest

from testing.district import District

HOSTILE = [
    {"T1": "7"},  # an unknown code
    {"T1": "yes"},  # a code of another question
    {"T1": ["5", "1"]},  # a repeated field
    {"grade": "10"},  # a grade of another category
    {"T1": "5\x00"},
    {"T1": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
]


@pytest.mark.parametrize("change", HOSTILE, ids=str)
def test_wrong_codes_are_refused(small_district: District, change: dict[str, str | list[str]]) -> None:
    link = small_district.link()
    response = small_district.send(link, small_district.answer(link, change))
    assert response.status_code == 422
    assert small_district.count("response") == small_district.count("submission_receipt") == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 50, "é" * 10, "A" * 5000])
def test_a_token_that_was_not_made_here_stores_nothing(small_district: District, token: str) -> None:
    link = small_district.link()
    response = small_district.send(link, small_district.answer(link, {"_token": token}))
    assert response.status_code == 422
    assert "没有提交" in response.text
    assert small_district.count("response") == 0


def test_a_token_of_another_link_stores_nothing(small_district: District) -> None:
    parent, other = small_district.link("parent"), small_district.link("teacher")
    response = small_district.send(parent, small_district.answer(parent, {"_token": small_district.token(other.slug)}))
    assert response.status_code == 422
    assert small_district.count("response") == 0


def test_too_many_fields_and_too_large_bodies(small_district: District) -> None:
    slug = small_district.link().slug
    many = {f"x{number}": "1" for number in range(900)}
    assert small_district.client.post(f"/s/{slug}", data=many).status_code == 413
    assert small_district.client.post(f"/s/{slug}", data={"C1": "好" * 30_000}).status_code == 413
    assert small_district.client.post(f"/s/{slug}", json={"T1": "5"}).status_code == 413
    assert small_district.client.post(f"/s/{slug}", data=b"", content_type="text/plain").status_code == 413
    assert small_district.count("submission_receipt") == 0


def test_comments_are_cleaned_the_same_on_both_engines(district: District) -> None:
    from sqlalchemy import text

    link = district.link()
    raw = "很好\x00\u202e👍\r\n第二行\x07 ".encode() + b"\xed\xa0\x80"
    fields = district.answer(link)
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode() + b"&C1=" + raw
    response = district.client.post(f"/s/{link.slug}", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    with district.app.extensions["database"].read_session() as session:
        assert session.scalar(text("SELECT text FROM comment")) == "很好👍\n第二行 \ufffd\ufffd\ufffd"


def test_a_long_comment_is_named_and_kept(small_district: District) -> None:
    link = small_district.link()
    response = small_district.send(link, small_district.answer(link, {"C1": "好" * 501}))
    assert response.status_code == 422
    assert "最多 500 字，现在有 501 字" in response.text
    assert "好" * 501 in response.text


@pytest.mark.usefixtures("impatient_database")
def test_a_busy_database_gives_503_and_nothing_is_lost(small_district: District) -> None:
    link = small_district.link()
    fields = small_district.answer(link)
    holder = sqlite3.connect(small_district.app.extensions["database"].path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    response = small_district.send(link, fields)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "没有提交成功" in response.text
    holder.execute("ROLLBACK")
    holder.close()
    assert small_district.send(link, fields).status_code == 303
    assert small_district.count("response") == 1
