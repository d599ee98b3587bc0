"""A hidden dimension cannot be found by subtracting the shown ones from the whole."""

from dataclasses import replace

from survey_app.measurement.estimate import CellEstimate, Estimate
from survey_app.measurement.rates import Rate
from survey_app.measurement.settings import Method
from survey_app.measurement.strata import Group, Index
from survey_app.reporting.disclosure import is_hidden, masked


def estimate(name: str, n: int, answers: int) -> Estimate:
    group = Group(n, 40, 0.0, 0.0)
    return Estimate(name, n, Index(50.0), Index(50.0), Rate(answers, answers), (group,), group)


def hidden_in(*sizes: int) -> list[str]:
    parts = tuple(estimate(f"d{number}", n, n * 3) for number, n in enumerate(sizes))
    whole = replace(estimate("OVERALL", max(sizes), sum(sizes) * 3))
    cell = CellEstimate(1, "parent", "x", 40, max(sizes), max(sizes), (*parts, whole))
    return [found.dimension for found in masked(cell, Method()).estimates if is_hidden(found)]


def test_one_small_dimension_takes_another_with_it() -> None:
    assert hidden_in(24, 6, 20) == ["d1", "d2"]
    assert hidden_in(24, 20, 15) == []


def test_a_small_cell_is_hidden_as_a_whole() -> None:
    assert hidden_in(6, 6) == ["d0", "d1", "OVERALL"]
