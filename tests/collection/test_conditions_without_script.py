"""A page without scripts shows every question: nothing honest that is answered there is thrown away."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.roster import RosterSchool
from testing.application import make_app
from testing.district import District
from testing.forms import Fields


@pytest.fixture
def optional_gates(database_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[District]:
    """The shipped questionnaires, whose gates are required, as a district that made them optional would have them."""
    folder = tmp_path / "questionnaires"
    shutil.copytree(PROJECT / "questionnaires", folder)
    file = folder / "compulsory-parent.yaml"
    text_of_gates = file.read_text("utf-8")
    assert text_of_gates.count("    required: true\n    options:") == 2
    file.write_text(text_of_gates.replace("    required: true\n    options:", "    options:"), "utf-8")
    app = make_app(database_url, tmp_path, clock, folder)
    yield District(app, clock).opened()
    app.extensions["database"].dispose()


def test_answers_behind_a_gate_that_was_left_out_are_kept_by_asking(optional_gates: District) -> None:
    """R-H5: rated the meals, skipped "does your child eat at school": the gate is asked for, nothing is dropped."""
    district = optional_gates
    link = district.link()
    form = district.answer(link, {"lunch": "", "S4": "1", "after_school": "", "B2": "2"})
    asked = district.send(link, form)
    assert asked.status_code == 422
    assert re.findall(r'href="#i-(\w+)"', asked.text) == ["lunch", "after_school"]
    assert "请先回答这一题：您答了取决于它的题" in asked.text
    assert re.search(r'name="S4" value="1"[^>]* checked', asked.text)
    assert district.send(link, form | {"lunch": "yes", "after_school": "no"}).status_code == 303
    skipped = district.answer(link, {"lunch": "", "S4": "", "after_school": "", "B2": ""})
    assert district.send(link, skipped).status_code == 303
    assert district.count("response") == 2


def test_a_comment_that_was_written_is_kept_whatever_its_condition_says(sqlite_app, clock: ManualClock) -> None:  # type: ignore[no-untyped-def]
    """R-H5: senior parents, all very satisfied, wrote into the visible comment: thanks, and nothing was kept."""
    school = RosterSchool("0101", "河东高中", "senior", "", {("parent", "10", "", ""): 60})
    district = District(sqlite_app, clock).opened((school,), ("senior",))
    link = district.link()
    page = district.client.get(f"/s/{link.slug}").text
    best: Fields = dict.fromkeys(re.findall(r'name="(\w+)" value="5"', page), "5")
    name = re.search(r'<div class="card" id="q-(\w+)"[^>]* data-if="[^"]*any|<div class="card" id="q-(\w+)"', page)
    assert name is not None
    comment = name[1] or name[2]
    assert district.send(link, district.answer(link, best | {comment: "宿舍太挤"})).status_code == 303
    with district.app.extensions["database"].read_session() as session:
        assert session.scalar(text("SELECT text FROM comment")) == "宿舍太挤"


def test_a_school_without_grades_is_not_asked_for_one(sqlite_app, clock: ManualClock) -> None:  # type: ignore[no-untyped-def]
    """C-F13: an empty white card without options stood there, and "next" never found its end."""
    import dataclasses

    district = District(sqlite_app, clock).opened()
    link = district.link()
    district.client.get(f"/s/{link.slug}")
    cache = district.app.extensions["link_cache"]
    cache._links[link.slug] = dataclasses.replace(cache._links[link.slug], grades=())
    page = district.client.get(f"/s/{link.slug}").text
    assert 'id="q-grade"' not in page
    assert '<span id="total">26</span>' in page
    form = district.answer(link)
    assert "grade" not in form
    assert district.send(link, form).status_code == 303


NAMES = """format: 1
id: names
version: "1"
title: {zh: "名称", en: "Names"}
audiences: [parent]
categories: [primary, direct]
background:
  - id: view
    kind: choice
    audiences: [parent]
    text: {zh: "看法", en: "View"}
    options:
      - {code: "en", label: {zh: "英", en: "E"}}
      - {code: "large", label: {zh: "大", en: "L"}}
  - id: device
    kind: choice
    audiences: [parent]
    text: {zh: "设备", en: "Device"}
    options:
      - {code: "shared", label: {zh: "公用", en: "Shared"}}
      - {code: "own", label: {zh: "自己的", en: "Own"}}
scales:
  s:
    points:
      - {code: "2", points: 100, favourable: true, label: {zh: "好", en: "Good"}}
      - {code: "1", points: 0, label: {zh: "差", en: "Bad"}}
dimensions:
  - id: d
    label: {zh: "维度", en: "Dimension"}
    items:
ITEMS
comments:
COMMENTS
"""
PAGE_NAMES = ("submit", "action", "method", "elements", "addEventListener", "querySelectorAll", "reset", "click",
              "lang", "size")  # fmt: skip
PAGE_IDS = ("error", "saved", "clear", "again", "next", "total", "status", "send", "closing")


def with_names(folder: Path) -> Path:
    """A folder with an instrument whose questions are called like things of the page."""
    (folder / "categories.yaml").write_bytes((PROJECT / "questionnaires" / "categories.yaml").read_bytes())
    items = "\n".join(
        f'      - {{id: {name}, text: {{zh: "题 {name}", en: "Item {name}"}}, scale: s}}' for name in PAGE_NAMES
    )
    comments = "\n".join(
        f'  - {{id: {name}, audiences: [parent], max_length: 50, text: {{zh: "意见 {name}", en: "Comment {name}"}}}}'
        for name in PAGE_IDS
    )
    (folder / "names.yaml").write_text(NAMES.replace("ITEMS", items).replace("COMMENTS", comments), "utf-8")
    return folder


@pytest.fixture
def named(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> District:
    app = make_app(sqlite_url, tmp_path, clock, with_names(tmp_path))
    return District(app, clock).opened(instruments=("names",))


def test_questions_may_be_called_like_fields_and_elements_of_the_page(named: District) -> None:
    """C-F2: an option called "en" switched the language, "shared" the device, and ids stood twice."""
    link = named.link()
    page = named.client.get(f"/s/{link.slug}").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    form = named.answer(link, {"view": "en", "device": "shared"})
    response = named.send(link, form)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/s/{link.slug}/thanks"
    again = named.send(link, form | {"submit": "", "view": "large"})
    assert '<html lang="zh-Hans-CN" data-page="form">' in again.text
    named.app.extensions["database"].dispose()
