"""Issue 10, "Bad input": odd schemes and odd districts, from the file through the seal to page, tables and workbook.

Defined, flagged, or refused with line and column; never a NaN, never an error page.
"""

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.roster import RosterSchool
from testing.application import START, make_app
from testing.district import District, school, written
from testing.instruments import TINY
from testing.processes import cpu_seconds
from testing.published import ended, imported, published
from testing.time import seal_by_time

GRADE_QUESTION = """background:
  - {id: grade, kind: grade, text: {zh: 孩子的年级, en: Grade of the child}}
"""
ITEMS = ("A1", "A2", "A3", "B1", "B2", "OV1")
TWO = (school("0101", "河东小学"), school("0102", "河西小学"))
SCHEME = """format: 1
id: odd
title: {zh: 少见方案, en: An odd scheme}
method:
  rank_unverified: 首年试行开放链接
  METHOD
categories:
  primary: {parent: 100}
minimum_response: {parent: 0.3}
"""


@pytest.fixture
def fresh(tmp_path: Path, migrated: Path) -> Iterator[District]:
    """An application with the tiny questionnaire and a scheme of its own."""
    (tmp_path / "survey.db").write_bytes(migrated.read_bytes())
    shutil.copytree(PROJECT / "questionnaires", tmp_path / "questionnaires")
    shutil.copy(TINY / "disclosure.yaml", tmp_path / "questionnaires")
    app = make_app(f"sqlite:///{tmp_path / 'survey.db'}", tmp_path, ManualClock(START), tmp_path / "questionnaires")
    yield District(app, app.extensions["clock"])
    app.extensions["database"].dispose()


def scheme(home: Path, method: str) -> Path:
    """The scheme that commands and pages of this application use."""
    return written(home / "questionnaires" / "assessment" / "default.yaml", SCHEME.replace("METHOD", method))


def answered(district: District, home: Path, schools: tuple[RosterSchool, ...], people: int = 24) -> District:
    """A sealed wave: parents of every school, who differ."""
    chance = random.Random(5)
    rows = []
    for entry in schools:
        good = 2 + int(entry.code) % 5
        who = {"school_code": entry.code, "audience": "parent"}
        rows += [who | {item: chance.choices("321", [good, 2, 1])[0] for item in ITEMS} for _person in range(people)]
    imported(district.opened(schools, ("disclosure",)), home, rows)
    return ended(district)


REFUSED = {
    "people who are satisfied answer less": ("nonresponse: 0.5", 6, "“nonresponse”应当是 1 到 10 之间的数"),
    "a correlation above 1": ("class_correlation: {parent: 1.5}", 6, "“parent”应当是 0 到 1 之间的数"),
    "a correlation that is no number": ("class_correlation: {parent: .nan}", 6, "“parent”应当是 0 到 1 之间的数"),
    "inspectors without an error": ("rater_sd: 0", 6, "“rater_sd”应当是 0.01 到 50 之间的数"),
    "an infinite error": ("rater_sd: .inf", 6, "“rater_sd”应当是 0.01 到 50 之间的数"),
    "classes of nobody": ("class_size: 0", 6, "“class_size”应当是 1 到 10000 之间"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_faulty_scheme_is_refused_with_line_and_column(fresh: District, tmp_path: Path, name: str) -> None:
    method, line, sentence = REFUSED[name]
    answered(fresh, tmp_path, TWO)
    path = scheme(tmp_path, method)
    for command in (("scheme", "check", str(path)), ("results", "indices", "--wave", fresh.wave)):
        said = fresh.command(*command, code=1)
        assert sentence in said
        assert f"default.yaml:{line}:" in said
    page = fresh.staff().get("/staff/waves/1/results/all")
    assert page.status_code == 409
    assert f"default.yaml 第 {line} 行第" in page.text
    assert sentence in page.text
    assert str(tmp_path) not in page.text, "where files lie is nobody's business"


EXTREME = {
    "no selection at all": "nonresponse: 1",
    "extreme selection": "nonresponse: 10",
    "classes are one person": "class_correlation: {parent: 1}",
    "classes do not matter": "class_correlation: {parent: 0}",
    "the largest classes": "class_size: 10000",
    "inspectors hardly differ": "rater_sd: 0.01",
}


@pytest.mark.parametrize("name", EXTREME)
def test_the_furthest_values_of_a_scheme_give_figures(fresh: District, tmp_path: Path, name: str) -> None:
    scheme(tmp_path, EXTREME[name])
    found = published(answered(fresh, tmp_path, TWO), tmp_path)
    overall = [row for row in found.indices if row["dimension"] == "OVERALL"]
    assert len(overall) == 4, "parents and composite of two schools"
    for row in overall:
        assert 0 <= float(row["ci_low"]) < float(row["index"]) < float(row["ci_high"]) <= 100
        assert float(row["se_level"]) > 0


def test_two_schools_without_an_earlier_wave(fresh: District, tmp_path: Path) -> None:
    """Two are ranked; what needs more schools, or a wave before, is not there and nothing stands for it."""
    scheme(tmp_path, "decimals: 2")
    found = published(answered(fresh, tmp_path, TWO), tmp_path)
    composites = [row for row in found.indices if row["audience"] == "composite"]
    assert [row["flags"] for row in composites] == ["unverified", "unverified"]
    assert all(row["index"] and row["se_level"] for row in composites)
    assert not re.search("与“[^”]+”相比", found.page)
    position = [str(value) for key, value in found.workbook.items() if key[0] == "学校位置" and value is not None]
    assert "河东小学" in position


def test_everybody_alike_everywhere(fresh: District, tmp_path: Path) -> None:
    """Nothing to borrow: the largest dispersion is taken, said, and nobody is told from anybody."""
    scheme(tmp_path, "decimals: 2")
    schools = tuple(school(f"01{at:02}", f"第{at}小学") for at in range(1, 6))
    who = [{"school_code": entry.code, "audience": "parent"} for entry in schools for _person in range(24)]
    imported(fresh.opened(schools, ("disclosure",)), tmp_path, [row | dict.fromkeys(ITEMS, "3") for row in who])
    found = published(ended(fresh), tmp_path)
    parents = [row for row in found.indices if row["audience"] == "parent" and row["dimension"] == "OVERALL"]
    assert {row["index"] for row in parents} == {"100.0"}
    assert all(float(row["ci_low"]) < 95 and row["ci_high"] == "100.0" for row in parents)
    assert {"borrowed"} <= found.flags()
    ranking = [line.split(",") for line in found.tables.splitlines() if line.startswith("2026秋,primary,01")]
    assert [(row[8], row[9], row[10]) for row in ranking] == [("1", "1", "5")] * 5


def with_classes(code: str, classes: int, grades: str = "12") -> RosterSchool:
    entry = RosterSchool(code, f"第{code}小学", "primary", "")
    for grade in grades:
        for number in range(1, classes + 1):
            entry.populations["parent", grade, f"{number}班", ""] = 15
    return entry


def through_class_links(district: District, per_class: int, halves: tuple[str, ...]) -> District:
    """Parents send the form of their class's link, in the classes of these halves."""
    with district.app.extensions["database"].read_session() as session:
        statement = text("SELECT slug, half FROM link WHERE audience = 'parent' AND class_name <> ''")
        half = {row.slug: row.half for row in session.execute(statement)}
    assert set(half.values()) >= set(halves)
    for number, link in enumerate(link for link in district.links if half.get(link.slug) in halves):
        district.send_many(link, per_class, seed=100 * number)
    return ended(district)


CLASSES = {
    "one class a grade": (1, ("",)),
    "three classes a grade: nothing is dealt": (3, ("",)),
    "all who answered are in classes of one half": (4, ("A",)),
    "both halves, and too few pairs of them": (4, ("A", "B")),
}


@pytest.mark.parametrize("name", CLASSES)
def test_classes_of_which_nothing_can_be_learnt(fresh: District, tmp_path: Path, name: str) -> None:
    """The correlation is the assumed one, and says so; the classes' own sizes still count."""
    classes, halves = CLASSES[name]
    scheme(tmp_path, "decimals: 2")
    form = tmp_path / "questionnaires" / "disclosure.yaml"
    form.write_text(form.read_text("utf-8") + GRADE_QUESTION, "utf-8")
    schools = (with_classes("0101", classes), with_classes("0102", classes))
    found = published(through_class_links(fresh.opened(schools, ("disclosure",)), 7, halves), tmp_path)
    parents = [row for row in found.indices if row["audience"] == "parent" and row["dimension"] == "OVERALL"]
    assert len(parents) == 2
    for row in parents:
        assert "assumed_correlation" in row["flags"].split("|")
        assert row["class_correlation"] == "0.05"
        assert float(row["se_level"]) > float(row["se"]) * 0.9, "classes never make the error of the level smaller"


def test_a_form_without_a_grade_is_stored_through_a_class_link(fresh: District) -> None:
    """The halves are of grades; a form that asks no grade was refused by the database, and the ballot was lost."""
    fresh.opened((with_classes("0101", 4),), ("disclosure",))
    for link in (link for link in fresh.links if link.class_label):
        assert fresh.send(link).status_code == 303
    with fresh.app.extensions["database"].read_session() as session:
        assert set(session.execute(text("SELECT grade, half FROM response"))) == {("", "")}
    assert (fresh.wave, "sealed") in seal_by_time(fresh)


@pytest.mark.parametrize("count", [320, pytest.param(1000, marks=pytest.mark.long)])
def test_hundreds_of_schools(fresh: District, tmp_path: Path, count: int) -> None:
    """Rank sets by Holm beyond three hundred, said so; nothing overflows and every school has its line."""
    scheme(tmp_path, "decimals: 2")
    schools = tuple(school(f"{at:04}", f"第{at}小学") for at in range(1, count + 1))
    started = cpu_seconds()
    found = published(answered(fresh, tmp_path, schools, people=20), tmp_path)
    seconds = cpu_seconds() - started
    assert len({row["school_code"] for row in found.indices}) == count
    assert "Holm" in found.sentences()
    ranking = [line.split(",") for line in found.tables.splitlines() if line.startswith("2026秋,primary,")]
    ranks = [int(row[8]) for row in ranking]
    assert min(ranks) == 1
    assert len(ranks) == count
    assert all(1 <= int(row[9]) <= int(row[8]) <= int(row[10]) <= count for row in ranking)
    assert seconds < 240, "twenty on the machine of the trials"
