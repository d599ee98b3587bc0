"""An answer through a class link carries the half of the classes of its grade, until the seal, and nothing more."""

import csv
import itertools
import random
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from survey_app.collection.paper_entry import find_paper_link, store_entry
from survey_app.collection.submission_store import Outcome, Submission, insert_batch
from survey_app.definition.answers import read_answers
from survey_app.definition.form import form_for
from survey_app.foundation.clock import local_date
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster import RosterSchool
from survey_app.integrity.class_response import load_class_counts
from survey_app.integrity.verify import verify_wave
from survey_app.reporting.live_counts import count_live
from testing.district import District

CLASS_SIZE = 12
Halves = dict[tuple[int, str, str], list[list[int]]]  # school, grade, half: the answers of each class


def school_with_classes(code: str, classes: int) -> RosterSchool:
    """Parents of six grades with so many classes each, and students of grades 4 to 6."""
    entry = RosterSchool(code, f"第{code}小学", "primary", "")
    for grade, number in itertools.product("123456", range(1, classes + 1)):
        entry.populations["parent", grade, f"{number}班", ""] = CLASS_SIZE
        if grade >= "4":
            entry.populations["student", grade, f"{number}班", ""] = CLASS_SIZE
    entry.populations["teacher", "", "", ""] = 12
    return entry


def rows(district: District, statement: str) -> list[Any]:
    with district.app.extensions["database"].read_session() as session:
        return list(session.execute(text(statement)).all())


def fill_classes(district: District, spread: float, per_class: int = CLASS_SIZE) -> Halves:
    """Every class of parents answers, by the writer that pages use; classes differ by ``spread`` options.

    Returns the answers of each class that was dealt.
    """
    chance = random.Random(7)
    district.send(district.link("parent", "0103", "一年级 1班"))
    answers = rows(district, "SELECT structure_hash, answers FROM response")[0]
    items = len(form_for(district.app.extensions["catalogue"].instrument("compulsory-parent"), "parent").items())
    submissions: list[Submission] = []
    halves: Halves = {}
    links = rows(district, "SELECT id, school_id, grade, half FROM link WHERE audience = 'parent' AND class_name <> ''")
    for link_id, school, grade, half in links:
        level = 2.5 + chance.gauss(0, spread)
        symbols = [min(5, max(1, round(level + chance.gauss(0, 0.8)))) for _ in range(per_class)]
        if half:
            halves.setdefault((school, grade, half), []).append(symbols)
        for symbol in symbols:
            given = str(symbol) * items + answers.answers[items:]
            token, day = secrets.token_bytes(16), district.clock.at.date()
            structure = answers.structure_hash
            submissions.append(
                Submission(1, school, link_id, "parent", structure, token, grade, given, "3", day, half=half)
            )
    with district.app.extensions["database"].raw_transaction(writes=True) as transaction:
        assert set(insert_batch(transaction, submissions)) == {Outcome.STORED}
    return halves


@pytest.fixture
def classes(app, clock) -> District:  # type: ignore[no-untyped-def]
    schools = (school_with_classes("0101", 4), school_with_classes("0102", 5), school_with_classes("0103", 3))
    return District(app, clock).opened(schools)


def test_a_half_has_two_classes_or_there_is_none(classes: District) -> None:
    """Method § 2: where a half would be one class, the bit would be the class; teachers never have one."""
    found = rows(
        classes,
        "SELECT code, audience, grade, half, count(*) FROM link JOIN school ON school.id = school_id "
        "GROUP BY code, audience, grade, half",
    )
    dealt = [row for row in found if row[3]]
    assert {row[4] for row in dealt} == {2, 3}
    assert {row[0] for row in dealt} == {"0101", "0102"}, "three classes a grade are not dealt"
    assert {row[1] for row in dealt} == {"parent", "student"}
    per_grade = Counter((code, audience, grade) for code, audience, grade, half, _ in dealt)
    assert set(per_grade.values()) == {2}, "both halves"


def test_an_answer_carries_the_half_of_its_class_and_not_its_class(classes: District) -> None:
    classes.send(classes.link("parent", class_label="一年级 1班"))
    classes.send(classes.link("parent"))
    classes.send(classes.link("parent", "0103", "一年级 1班"))
    classes.send(classes.link("teacher"))
    (half,) = rows(classes, "SELECT half FROM link WHERE class_name = '1班' AND grade = '1' AND school_id = 1")[0]
    assert half in ("A", "B")
    assert Counter(row[0] for row in rows(classes, "SELECT half FROM response")) == {half: 1, "": 3}


def test_who_holds_the_tables_finds_no_class_by_the_half_before_the_seal_and_no_half_after_it(
    classes: District,
) -> None:
    """The attack: narrow the roll call of a class down to answers of the same school, audience, grade and half."""
    fill_classes(classes, 0.3)
    candidates = "SELECT school_id, audience, grade, half, count(*) FROM response WHERE half <> '' GROUP BY 1, 2, 3, 4"
    before = rows(classes, candidates)
    assert len(before) == 2 * 2 * 6
    assert min(row[4] for row in before) >= 2 * CLASS_SIZE, "an answer is that of two classes at least"
    classes.sealed()
    assert rows(classes, candidates) == []
    assert {row[0] for row in rows(classes, "SELECT half FROM response")} == {""}
    if not classes.app.extensions["database"].is_sqlite:
        assert len(rows(classes, "SELECT DISTINCT xmin::text FROM response")) == 1, "written at once, dealt or not"


def test_what_came_on_paper_or_in_a_table_belongs_to_no_class(app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A school whose links are all of classes: its paper counts for the school and for none of the classes."""
    classes = District(app, clock).opened((school_with_classes("0101", 2),), access={"parent": "class"})
    assert classes.count("link WHERE audience = 'parent' AND class_name = ''") == 0
    database, categories = classes.app.extensions["database"], classes.app.extensions["categories"]
    now = classes.clock.at
    with database.write_session() as session:
        link = find_paper_link(session, 1, "0101", "parent", categories, now)
        assert link is not None
        typed = {"T1": ["5"], "OV1": ["5"], "grade": ["1"]}
        answers, _problems = read_answers(link.form, typed, link.grades, enforce_required=False)
        assert store_entry(session, link, answers, b"p" * 16, now, local_date(now))
    table = tmp_path / "paper.csv"
    table.write_text("school_code,audience,grade,T1,OV1\n" + "0101,parent,1,5,4\n" * 2, "utf-8")
    classes.command("responses", "import", "--wave", classes.wave, str(table))
    with database.read_session() as session:
        wave = wave_by_name(session, classes.wave)
        live = count_live(session, wave, categories, 1)
        by_class = load_class_counts(session, wave.id)
    assert live.by_school[1, "parent"].received == 3
    assert {count.received for count in live.by_link.values()} == {0}
    assert {count for _persons, count in by_class[1, "parent"]} == {0}


def test_of_small_halves_nothing_is_kept(classes: District) -> None:
    """Two classes of four are 8 persons; so nothing is kept of the other half either, be it of three classes."""
    fill_classes(classes, 0.3, per_class=4)
    classes.sealed()
    assert classes.count("class_sums") == 0


def test_what_is_kept_are_sums_of_two_classes_at_least(classes: District) -> None:
    fill_classes(classes, 0.3, per_class=5)
    classes.sealed()
    assert classes.count("class_sums") == 2 * 6 * 2


def correlation(halves: Halves) -> float:
    """Method § 2 written out; a person's score is linear in the one option that was chosen everywhere."""
    excess = expected = 0.0
    variances, shares = [], []
    for school, grade, half in halves:
        if half == "B":
            continue
        means = []
        for name in "AB":
            classes = halves[school, grade, name]
            everybody = np.concatenate(classes)
            sizes, n, variance = np.array([len(members) for members in classes]), len(everybody), everybody.var(ddof=1)
            share = (n - (sizes**2).sum() / n) / (n - 1)
            means.append(everybody.mean())
            excess -= variance / n
            expected += (sizes**2).sum() / n**2 - share / n
            variances.append(variance)
            shares.append(share)
        excess += (means[0] - means[1]) ** 2
    between = max(0.0, excess / expected)
    return float(between / (np.mean(variances) + between * (1 - np.mean(shares))))


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_the_measured_correlation_of_classes_is_in_the_error_of_the_level(
    classes: District, spread: float, tmp_path: Path
) -> None:
    """Method § 2: from the halves, pooled over grades and schools; the assumed value only where there is none.

    In a dimension whose items share one scale, so that scores are linear in the option.
    """
    halves = fill_classes(classes, spread)
    classes.sealed()
    with classes.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, classes.wave)
        assert list(verify_wave(session, wave, classes.app.extensions["categories"])) == []
    table = _results(classes, tmp_path)
    parents = [row for row in table if row["audience"] == "parent" and row["dimension"] == "teaching"]
    assert {"assumed_correlation"} & set("|".join(row["flags"] for row in parents).split("|")) == set()
    measured = {float(row["class_correlation"]) for row in parents}
    assert len(measured) == 1
    assert measured.pop() == pytest.approx(correlation(halves), abs=1e-9)
    exported = classes.command("responses", "export", "--wave", classes.wave).splitlines()
    header = next(line for line in exported if "audience" in line)
    assert not {"half", "class_name"} & ({*table[0]} | {*header.split(",")})


def _results(district: District, folder: Path) -> list[dict[str, str]]:
    path = folder / "results.csv"
    district.command("results", "indices", "--wave", district.wave, "--full", "--out", str(path))
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
