"""The form as a respondent's phone gets it."""

import gzip
import re

import pytest
from flask import Flask

from survey_app.collection.assets import CSS, FORM_JS
from survey_app.foundation.clock import ManualClock
from testing.district import District, token_in

FORM_BUDGET = 14 * 1024
THANKS_BUDGET = 4 * 1024
STYLE_BUDGET, SCRIPT_BUDGET = 3 * 1024, 3584


@pytest.mark.parametrize("audience", ["parent", "teacher", "student"])
def test_the_page_is_one_small_document(small_district: District, audience: str) -> None:
    response = small_district.client.get(f"/s/{small_district.link(audience).slug}")
    assert response.status_code == 200
    assert len(gzip.compress(response.data, 6)) <= FORM_BUDGET
    assert not re.findall(r'(?:src|href)="(?!#|/s/)', response.text), "the form asks for other files"
    assert "<symbol" not in response.text, "no scale of these has faces"
    assert "Set-Cookie" not in response.headers
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_faces_stand_beside_the_words_and_say_nothing_to_a_screen_reader(sqlite_app: Flask, clock: ManualClock) -> None:
    """R §3, 3; ux.md: never faces alone. Drawn once and used five times a question, within the budget."""
    district = District(sqlite_app, clock).opened(instruments=("compulsory-student-faces",))
    page = district.client.get(f"/s/{district.link('student').slug}")
    assert len(gzip.compress(page.data, 6)) <= FORM_BUDGET
    assert page.text.count("<symbol") == 5
    face = r'<span><svg class="face" aria-hidden="true" focusable="false"><use xlink:href="#f(\d)" ?/></svg>([^<]+)'
    beside = re.findall(face, page.text)
    assert len(beside) == 5 * 17, "15 of satisfaction, 2 of agreement; none beside don't know, how often, how much"
    assert {words for number, words in beside if number == "4"} == {"非常", "完全"}


def test_style_and_script_keep_their_budgets() -> None:
    assert len(gzip.compress(CSS.encode(), 6)) <= STYLE_BUDGET
    assert len(gzip.compress(FORM_JS.encode(), 6)) <= SCRIPT_BUDGET
    assert not re.search(r"=>|\b(?:let|const|class|async)\b|`|\?\.\w", FORM_JS), "ES5 only"
    assert "gap" not in CSS, "Chrome before 84 and iOS before 14.1 have no gap between flex items"


def test_every_style_and_script_is_named_by_its_hash(small_district: District) -> None:
    import base64
    import hashlib

    response = small_district.client.get(f"/s/{small_district.link().slug}")
    for tag in ("style", "script"):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", response.text, re.S)
        assert len(inline) == 1
        digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_nothing_is_preselected_and_nothing_is_a_matrix(small_district: District) -> None:
    page = small_district.client.get(f"/s/{small_district.link().slug}").text
    assert " checked" not in page
    assert "<table" not in page


def test_a_submission_is_one_row_however_often_it_is_sent(district: District) -> None:
    link = district.link()
    fields = district.answer(link)
    first = district.send(link, fields)
    assert first.status_code == 303
    assert first.headers["Location"].startswith(f"/s/{link.slug}/thanks")
    assert [district.send(link, fields).status_code for _ in range(3)] == [303, 303, 303]
    assert district.count("response") == district.count("submission_receipt") == 1
    thanks = district.client.get(first.headers["Location"])
    assert thanks.status_code == 200
    assert len(gzip.compress(thanks.data)) <= THANKS_BUDGET


def test_a_form_with_gaps_comes_back_with_everything_that_was_typed(small_district: District) -> None:
    link = small_district.link()
    fields = small_district.answer(link, {"C1": "操场很好 <b>&"})
    kept = {name: value for name, value in fields.items() if name not in ("T1", "E1")}
    response = small_district.send(link, kept)
    assert response.status_code == 422
    assert re.search("<title>错误：", response.text)
    assert "还有 2 题需要补答或修改" in response.text
    assert re.findall(r'href="#i-(\w+)">([^<]+)', response.text) == [
        ("T1", "课堂教学的质量：这一题还没有回答"),
        ("E1", "老师公平对待每个学生的情况：这一题还没有回答"),
    ]
    assert "操场很好 &lt;b&gt;&amp;" in response.text
    for name, value in kept.items():
        if not name.startswith("_") and name != "C1":
            assert re.search(rf'name="{name}" value="{value}"[^>]* checked', response.text), name
    assert small_district.count("response") == 0


def test_language_and_size_keep_answers_and_token_without_a_script(small_district: District) -> None:
    link = small_district.link()
    fields = small_district.answer(link)
    english = small_district.send(link, fields | {"_view": "en"})
    assert english.status_code == 200
    assert "The quality of lessons" in english.text
    assert token_in(english.text) == fields["_token"]
    large = small_district.send(link, fields | {"_view": "large", "_lang": "en"})
    assert 'class="large"' in large.text
    assert "The quality of lessons" in large.text
    assert re.search(rf'name="T1" value="{fields["T1"]}"[^>]* checked', large.text)
    assert small_district.count("response") == 0


def test_answers_to_hidden_items_are_dropped(small_district: District) -> None:
    link = small_district.link()
    assert small_district.send(link, small_district.answer(link, {"lunch": "no", "S4": "1"})).status_code == 303
    export = small_district.sealed().command("responses", "export", "--wave", "2026秋")
    assert "S4" in export  # withheld below min_n, so the column is there and no row
    with small_district.app.extensions["database"].read_session() as session:
        from sqlalchemy import text

        answers = session.scalar(text("SELECT answers FROM response"))
    position = [item.id for item in _parent_items(small_district)].index("S4")
    assert answers[position] == "-"


def _parent_items(district: District):  # type: ignore[no-untyped-def]
    return district.app.extensions["catalogue"].instrument("compulsory-parent").scored_items()


def test_a_class_link_knows_its_grade(sqlite_app, clock: ManualClock) -> None:  # type: ignore[no-untyped-def]
    from survey_app.frame.roster import RosterSchool

    school = RosterSchool(
        "0101", "河东小学", "primary", "", {("parent", "4", "1班", ""): 40, ("parent", "5", "1班", ""): 40}
    )
    district = District(sqlite_app, clock).opened((school,))
    link = district.link(class_label="四年级 1班")
    page = district.client.get(f"/s/{link.slug}").text
    assert "四年级 1班" in page
    assert '<input type="hidden" name="grade" value="4">' in page
    assert district.send(link).status_code == 303
    wrong = district.send(link, district.answer(link, {"grade": "5"}))
    assert wrong.status_code == 422


def test_pages_for_links_that_cannot_be_answered(small_district: District, clock: ManualClock) -> None:
    assert small_district.client.get("/s/nothing1").status_code == 404
    assert "没有这个问卷地址" in small_district.client.get("/s/nothing1").text
    clock.advance(days=-1)
    waiting = small_district.client.get(f"/s/{small_district.link().slug}")
    assert waiting.status_code == 403
    assert "2026-11-02 09:00" in waiting.text
    clock.advance(days=12)
    closed = small_district.client.get(f"/s/{small_district.link().slug}")
    assert closed.status_code == 410
    assert "2026-11-12 09:00" in closed.text


def test_opened_before_the_end_and_sent_within_ten_minutes_counts(district: District, clock: ManualClock) -> None:
    link = district.link()
    clock.advance(days=10, minutes=-5)
    early, late = district.answer(link), district.answer(link)
    clock.advance(minutes=14)
    assert district.client.post(f"/s/{link.slug}", data=early).status_code == 303
    clock.advance(minutes=2)
    assert district.client.post(f"/s/{link.slug}", data=late).status_code == 410
    assert district.client.post(f"/s/{link.slug}", data=early).status_code == 303, "a repeat still gets its answer"
    assert district.count("response") == 1


def test_a_repeat_is_answered_after_the_seal_too(district: District) -> None:
    link = district.link()
    fields = district.answer(link)
    district.send(link, fields)
    district.sealed()
    assert district.client.post(f"/s/{link.slug}", data=fields).status_code == 303
    assert district.client.post(f"/s/{link.slug}", data=fields | {"_token": "x"}).status_code == 410
    assert district.count("response") == 1
