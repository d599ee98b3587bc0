"""Nothing that identifies is kept, printed or sent anywhere."""

import logging
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from survey_app.collection import submission_writer
from survey_app.distribution.code_format import new_class_code
from testing.district import District

ALLOWED = {
    "response": {
        "wave_id",
        "school_id",
        "id",
        "audience",
        "structure_hash",
        "grade",
        "answers",
        "response_speed",
        "half",
        "imported_file",
    },
    "comment": {"wave_id", "school_id", "id", "audience", "question", "text"},
    "submission_receipt": {"wave_id", "school_id", "submission_hash", "link_id", "day", "code_hash"},
    "invitation": {"wave_id", "school_id", "code_hash", "batch_id"},
}
CANARY = "金丝雀7431"


def test_the_tables_have_exactly_these_columns_and_no_keys_to_each_other(district: District) -> None:
    inspector = inspect(district.app.extensions["database"].engine)
    for table, columns in ALLOWED.items():
        assert {column["name"] for column in inspector.get_columns(table)} == columns, table
        assert inspector.get_foreign_keys(table) == [], table


def test_what_a_respondent_sends_is_in_no_log_and_no_error_page(
    district: District, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    link = district.link()
    headers = {"User-Agent": CANARY.encode().decode("latin-1"), "X-Forwarded-For": "203.0.113.77"}
    form = district.answer(link, {"C1": CANARY, "_code": CANARY})
    assert district.client.post(f"/s/{link.slug}", data=form, headers=headers).status_code == 303
    assert CANARY not in caplog.text

    def broken(*_: object) -> None:
        raise RuntimeError("the store is broken")

    monkeypatch.setattr(submission_writer, "insert_batch", broken)
    district.app.testing = False
    district.app.config["PROPAGATE_EXCEPTIONS"] = False
    second = district.answer(link, {"C1": CANARY})
    answer = district.client.post(f"/s/{link.slug}", data=second, headers=headers)
    assert answer.status_code == 500
    for where in (answer.text, caplog.text):
        assert CANARY not in where
        assert "203.0.113.77" not in where
        assert str(second["_token"]) not in where
    for path in tmp_path.rglob("*"):
        if path.is_file() and ".db" not in path.name:
            assert CANARY.encode() not in path.read_bytes(), path


def test_the_address_of_who_answers_or_guesses_a_code_is_in_no_file(app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """S-M3, the form's promise: slots of the limits were an unkeyed hash of the address and the moment."""
    district = District(app, clock).opened(access={"parent": "open", "student": "class"})
    address = "203.0.113.77"
    pages = {audience: district.link(audience) for audience in ("parent", "student")}
    for audience, link in pages.items():
        form = district.answer(link, {"_code": new_class_code()})
        sent = district.client.post(f"/s/{link.slug}", data=form, environ_base={"REMOTE_ADDR": address})
        assert sent.status_code == {"parent": 303, "student": 422}[audience]
    assert "答卷里不记姓名、手机号和网络地址" in district.client.get(f"/s/{pages['parent'].slug}").text
    district.app.extensions["database"].dispose()
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.name == "limits.bin" and any(content[32:]) for path, content in written.items()), "it was counted"
    forms = (address.encode(), sha256(address.encode()).digest()[:8], sha256(ip_address(address).packed).digest()[:8])
    for path, content in written.items():
        assert not [form for form in forms if form in content], path


def test_a_row_that_the_table_refuses_is_not_quoted_in_the_error(district: District) -> None:
    statement = text("INSERT INTO response VALUES (1, 1, :id, 'teacher', 'h', '4', :answers, '3', '', 0)")
    with (
        pytest.raises(Exception, match="constraint") as caught,
        district.app.extensions["database"].write_session() as session,
    ):
        session.execute(statement, {"id": b"x" * 16, "answers": "SECRET"})
    assert "parameters hidden" in str(caught.value)


def test_the_thank_you_page_is_the_same_for_everybody(small_district: District) -> None:
    link = small_district.link()
    pages = set()
    for seed in range(3):
        response = small_district.send(link, seed=seed)
        pages.add(small_district.client.get(response.headers["Location"]).text)
        assert "Set-Cookie" not in response.headers
    assert len(pages) == 1


def test_teachers_are_asked_no_background(small_district: District) -> None:
    link = small_district.link("teacher")
    assert 'name="grade"' not in small_district.client.get(f"/s/{link.slug}").text
    small_district.send(link, small_district.answer(link, {"grade": "4"}))
    with small_district.app.extensions["database"].read_session() as session:
        assert session.scalar(text("SELECT grade FROM response")) == ""
