"""Each audience reads the questionnaire in its own words: on the form, on paper, on the poster, in the report."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from survey_app.collection.context import form_context
from survey_app.collection.preview import preview_page
from survey_app.definition.form import form_for
from survey_app.definition.languages import Text
from survey_app.foundation.translation import use_language
from testing.instruments import CATEGORIES, tiny

INSTRUMENT = tiny("audience_wording")


def words_of(audience: str, language: str) -> list[str]:
    with use_language(language):
        page = form_context(form_for(INSTRUMENT, audience), (), {}, ())
    sections = [text for section in page.sections for text in (section.label, section.lead) if text]
    return [page.title, page.intro, *sections]


def test_the_form_speaks_to_its_reader() -> None:
    """R §2, general 1 and 5: cards were bare noun phrases, and pupils read the words of officials."""
    assert words_of("student", "zh") == ["说说我的学校", "同学，你好", "我的老师", "你对这些满意吗？"]
    assert words_of("student", "en") == ["About my school", "Hello", "My teachers", "How happy are you with …"]
    assert words_of("teacher", "zh") == ["学校问卷", "老师，您好", "师德师风", "您对下列各方面满意吗？"]
    assert words_of("parent", "en") == [
        "A school questionnaire", "Good day", "Teacher conduct", "How satisfied are you with …",
    ]  # fmt: skip


def test_the_question_stands_once_in_the_heading_that_names_the_section(sqlite_app: Flask) -> None:
    """R §2, general 1: said once per section, and by the name of the section also to a screen reader."""
    with sqlite_app.app_context():
        page = preview_page(INSTRUMENT, "student", CATEGORIES, "zh", "normal").decode()
    assert page.count("你对这些满意吗？") == 1
    heading = page[page.index('<h2 id="s1">') : page.index("</h2>", page.index('<h2 id="s1">'))]
    assert "我的老师" in heading
    assert "你对这些满意吗？" in heading
    assert 'aria-labelledby="s1"' in page
    for words in ("你满意吗", "有人要求你怎样回答吗", "你想说的话"):
        assert words in page
    assert page.count("只算要写的作业") == 1
    for words in ("您满意吗", "有人要求您", "您的建议", "师德师风"):
        assert words not in page


@pytest.mark.parametrize(
    ("question", "words", "tag"), [("A2", "只算书面作业", "fieldset"), ("C1", "不要写姓名", "textarea")]
)
def test_small_print_stands_below_its_question_and_describes_it(
    sqlite_app: Flask, question: str, words: str, tag: str
) -> None:
    """A line such as "written homework only" is seen below the question and read out with it."""
    with sqlite_app.app_context():
        page = preview_page(INSTRUMENT, "parent", CATEGORIES, "zh", "normal").decode()
    assert f'id="h-{question}">{words}</p>' in page
    described = re.findall(rf'<{tag}[^>]*aria-describedby="([^"]*)"', page)
    assert sum(f"h-{question}" in ids.split() for ids in described) == 1
    for ids in described:
        assert all(f'id="{name}"' in page for name in ids.split())
    assert 'id="h-A1"' not in page


def test_an_introduction_keeps_its_lines(sqlite_app: Flask) -> None:
    """C-F16: line breaks in ``intro`` vanished on the form."""
    instrument = replace(INSTRUMENT, intro=Text.of(zh="第一行\n第二行", en="One\nTwo"), intro_for={})
    with sqlite_app.app_context():
        page = preview_page(instrument, "teacher", CATEGORIES, "zh", "normal").decode()
    assert '<p class="box intro">第一行\n第二行</p>' in page
    assert re.search(r"\.box\.intro\s*\{\s*white-space:\s*pre-line", page), "the style keeps what the file breaks"
    assert re.search(r"legend,\s*\.ask\s*\{[^}]*white-space:\s*pre-line", page), "and that of questions too"
