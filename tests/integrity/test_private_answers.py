"""Answers to private questions are counted once, at the seal, and anew after responses were left out."""

import csv
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from testing.district import WAVE, District
from tests.integrity.test_changes import typed
from tests.integrity.test_exclusions import COPIES, WHY, copied, people_of_two_schools

__all__ = ["copied"]  # the fixture


def stored(district: District) -> Counter[tuple[str, str, str]]:
    """School, audience and code to how many; an empty code: how many answered."""
    statement = text(
        "SELECT code, audience, question, responses, (SELECT s.code FROM school s WHERE s.id = school_id) AS school "
        "FROM private_answer"
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    with district.app.extensions["database"].read_session() as session:
        for row in session.execute(statement):
            assert row.question == "pressed", "no other question is private"
            counts[row.school, row.audience, row.code] += row.responses
    return counts


def expected(rows: list[dict[str, str]]) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        for code in ("", row["pressed"]) if row["pressed"] else ():
            counts[row["school_code"], row["audience"], code] += 1
    return counts


def test_each_answer_is_counted_by_school_and_audience(copied: District, tmp_path: Path) -> None:
    assert copied.count("private_answer") == 0, "nothing is counted before the seal"
    rows = people_of_two_schools(copied, tmp_path)
    with (tmp_path / "copies.csv").open(encoding="utf-8") as file:
        copies = list(csv.DictReader(file))
    copied.sealed()
    assert len(copies) == COPIES
    assert len(expected(rows)) >= 20
    assert stored(copied) == expected([*rows, *copies])


def test_what_two_people_left_out_is_not_counted_any_more(copied: District, tmp_path: Path) -> None:
    copied.sealed()
    assert typed(copied, "wave", "exclude", WAVE, "--file", "2", *WHY, "王督导")[0] == 0
    assert typed(copied, "wave", "confirm", "1", "--user", "李督导")[0] == 0
    assert copied.count("private_answer") == 0, "gone until it was counted anew"
    copied.command("results", "indices", "--wave", WAVE)
    assert stored(copied) == expected(people_of_two_schools(copied, tmp_path))
