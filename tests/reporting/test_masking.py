"""A hidden dimension cannot be found by subtracting the shown ones from the whole."""

from dataclasses import replace

from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.rates import SatisfactionRate
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate, Stratum
from survey_app.reporting.disclosure import is_hidden, mask_cell


def estimate(name: str, n: int, answers: int) -> DimensionEstimate:
    group = Stratum(n, 40, 0.0, 0.0)
    return DimensionEstimate(
        name, n, IndexEstimate(50.0), IndexEstimate(50.0), SatisfactionRate(answers, answers), (group,), group
    )


def hidden_in(*sizes: int) -> list[str]:
    parts = tuple(estimate(f"d{number}", n, n * 3) for number, n in enumerate(sizes))
    whole = replace(estimate("OVERALL", max(sizes), sum(sizes) * 3))
    cell = SchoolAudienceEstimate(1, "parent", "x", 40, max(sizes), max(sizes), (*parts, whole))
    return [found.dimension for found in mask_cell(cell, MeasurementSettings()).estimates if is_hidden(found)]


def test_one_small_dimension_takes_another_with_it() -> None:
    assert hidden_in(24, 6, 20) == ["d1", "d2"]
    assert hidden_in(24, 20, 15) == []


def test_a_small_cell_is_hidden_as_a_whole() -> None:
    assert hidden_in(6, 6) == ["d0", "d1", "OVERALL"]
