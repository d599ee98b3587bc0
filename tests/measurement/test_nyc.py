"""New York City's school survey: published scores computed again from the counts of answers."""

import csv
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest

HUNDREDTH = Decimal("0.01")
FAVOURABLE, UNFAVOURABLE = ("_a", "_sa", "_som", "_oft"), ("_sd", "_d", "_nev", "_rar")


def half_up(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def schools(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(school: dict[str, str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Favourable and scored answers of each item; "don't know" (_idk) is neither."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for name, text in school.items():
        item, _, option = name.rpartition("_")
        if not item.startswith("p_q") or not text or f"_{option}" not in FAVOURABLE + UNFAVOURABLE:
            continue
        favourable, scored = found.get(item, (Decimal(0), Decimal(0)))
        answers = Decimal(text)
        found[item] = (favourable + (answers if f"_{option}" in FAVOURABLE else 0), scored + answers)
    return found


def shares(school: dict[str, str]) -> Iterator[Decimal]:
    for favourable, scored in counts(school).values():
        if scored:
            yield half_up(favourable / scored)


def test_parent_satisfaction_2016_is_exact_for_every_school(reference: Path) -> None:
    published = schools(reference, "nyc2016_parents.csv")
    assert len(published) == 1854
    assert len(counts(published[0])) == 23
    wrong = {}
    for school in published:
        items = list(shares(school))
        score = half_up(sum(items, Decimal(0)) / len(items))
        if score != Decimal(school["par_sat"]):
            wrong[school["dbn"]] = (score, school["par_sat"])
    assert not wrong


@pytest.mark.parametrize(
    ("score", "items", "complete_schools"),
    [
        ("aca_p_13", "p_q1j p_q1k p_q1l p_q1m p_q1o p_q1p p_q5b p_q5c p_q9 p_q10a p_q10b", 1731),
        ("com_p_13", "p_q1a p_q1b p_q1c p_q1e p_q1n p_q5a", 1771),
    ],
)
def test_domain_scores_2013_are_means_of_items(reference: Path, score: str, items: str, complete_schools: int) -> None:
    """In 40 schools some items of aca are blank in the file though the city's score used them: left out."""
    published = schools(reference, "nyc2013_parents.csv")
    points = np.array([[float(school[item] or "nan") for item in items.split()] for school in published])
    printed = np.array([float(school[score] or "nan") for school in published])
    complete = np.isfinite(points).all(axis=1)
    assert complete.sum() == complete_schools
    np.testing.assert_allclose(points[complete].mean(axis=1), printed[complete], rtol=0, atol=1e-5)
