"""New York City's school survey: published scores computed again from the counts of answers."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from survey_app.definition.model import Dimension, Instrument, Item, Scale, ScalePoint, Text
from survey_app.measurement.counts_only import ItemCounts, estimate_from_counts, tally_from_counts
from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.scoring import build_scoring
from survey_app.measurement.tally import TallyCell

# four points; at the items of q4 how often something happens; both have their favourable half at the end
SCALES = {"agree": ("sd", "d", "a", "sa"), "often": ("nev", "rar", "som", "oft")}
DONT_KNOW = "idk"


def schools(reference: Path, name: str) -> list[dict[str, str]]:
    with (reference / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def city_instrument(header: list[str]) -> Instrument:
    """The parents' form of 2016 as one of ours: one dimension of the 23 items that the file counts."""
    items = dict.fromkeys(name.rpartition("_")[0] for name in header if name.startswith("p_q"))
    scales = {
        name: Scale(
            name, tuple(ScalePoint(code, Text(code, code), 100 * at / 3, at >= 2) for at, code in enumerate(codes))
        )
        for name, codes in SCALES.items()
    }
    asked = tuple(
        Item(item, Text(item, item), scales["often" if f"{item}_oft" in header else "agree"], ("parent",))
        for item in items
    )
    dimension = Dimension("par_sat", Text("par_sat", "par_sat"), 1.0, asked)
    title = Text("NYC", "NYC")
    return Instrument("nyc", "2016", title, ("parent",), ("primary",), tuple(scales.values()), (dimension,))


def table_of(school: dict[str, str]) -> Mapping[str, ItemCounts]:
    """Counts by item and option; an item without a number was not counted."""
    found: dict[str, dict[str, float]] = {}
    for name, text in school.items():
        item, _, option = name.rpartition("_")
        if item.startswith("p_q") and text:
            found.setdefault(item, {})["?" if option == DONT_KNOW else option] = float(text)
    return found


def test_parent_satisfaction_2016_is_exact_for_every_school(reference: Path) -> None:
    """par_sat: mean of the items' favourable shares, rounded at both steps."""
    published = schools(reference, "nyc2016_parents.csv")
    scoring = build_scoring(city_instrument(list(published[0])), "parent")
    assert len(published) == 1854
    assert len(scoring.items) == 23
    tally = tally_from_counts(scoring, {TallyCell(at): table_of(school) for at, school in enumerate(published)})
    wrong = {}
    for at, school in enumerate(published):
        cell = estimate_from_counts(tally, at)
        rates = [round_half_up(item.rate, 2) for item in cell.items if item.rate is not None]
        score = round_half_up(sum(rates) / len(rates), 2)
        if score != float(school["par_sat"]):
            wrong[school["dbn"]] = (score, school["par_sat"])
        assert cell.received is None, "the file has no blanks"
        assert cell.estimates[0].flags == {"item_means", "error_bound"}
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
