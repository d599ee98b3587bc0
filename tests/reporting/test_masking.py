"""A hidden dimension cannot be found by subtracting the shown ones from the whole."""

from dataclasses import replace

from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.group_sums import GroupSums
from survey_app.measurement.rates import SatisfactionRate
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import IndexEstimate
from survey_app.reporting.disclosure.cells import disclose_cell
from survey_app.reporting.disclosure.figures import DisclosurePolicy, HiddenCell, HiddenDimension, PublishableCell


def estimate(name: str, n: int, answers: int) -> DimensionEstimate:
    group = GroupSums(40, n)
    return DimensionEstimate(
        name, n, IndexEstimate(50.0), IndexEstimate(50.0), SatisfactionRate(answers, answers), (group,), group
    )


def raw_cell(*sizes: int) -> SchoolAudienceEstimate:
    parts = tuple(estimate(f"d{number}", n, n * 3) for number, n in enumerate(sizes))
    whole = replace(estimate("OVERALL", max(sizes), sum(sizes) * 3))
    return SchoolAudienceEstimate(1, "parent", "x", 40, max(sizes), max(sizes), (*parts, whole))


def hidden_in(*sizes: int) -> list[str]:
    cell = raw_cell(*sizes)
    figures = disclose_cell(cell, MeasurementSettings()).dimensions_and_overall
    return [found.dimension for found in figures if isinstance(found, HiddenDimension)]


def test_one_small_dimension_takes_another_with_it() -> None:
    assert hidden_in(24, 6, 20) == ["d1", "d2"]
    assert hidden_in(24, 20, 15) == []


def test_a_small_cell_is_hidden_as_a_whole() -> None:
    assert hidden_in(6, 6) == ["d0", "d1", "OVERALL"]


def test_a_hidden_cell_has_no_figure_to_print() -> None:
    """Only who was there and who came; whatever else is asked of it does not exist."""
    cell = disclose_cell(raw_cell(6, 6), MeasurementSettings())
    assert isinstance(cell, HiddenCell)
    values = {name: getattr(cell, name) for name in dir(cell) if not name.startswith("_")}
    assert set(values) == {
        "school", "audience", "instrument", "population", "received", "respondents", "flags", "response_rate",
        "unscored", "dimension_names", "dimensions_and_overall",
    }  # fmt: skip
    assert all(set(public_names(found)) == {"dimension", "flags"} for found in cell.dimensions_and_overall)


def public_names(value: object) -> list[str]:
    return [name for name in dir(value) if not name.startswith("_")]


def test_the_full_policy_hides_nothing_and_must_be_named() -> None:
    cell = disclose_cell(raw_cell(6, 6), MeasurementSettings(), DisclosurePolicy.FULL)
    assert isinstance(cell, PublishableCell)
    assert cell.overall.n == 6


def test_where_the_whole_is_hidden_no_dimension_is_shown() -> None:
    """Twelve answered one dimension, but only nine enough of the form for an overall index."""
    raw = raw_cell(12, 9)
    overall = replace(raw.estimates[-1], n=9)
    cell = disclose_cell(replace(raw, estimates=(*raw.estimates[:-1], overall)), MeasurementSettings())
    assert isinstance(cell, HiddenCell)


def test_of_a_small_population_not_even_how_many_came_is_read() -> None:
    """K16: the wave page said "fewer than 10, not shown", the results page and the workbook "teachers 4/4 (100 %)"."""
    for came in (0, 4, 6):
        raw = replace(raw_cell(came, came), population=6, received=came, respondents=came, flags=frozenset({"census"}))
        cell = disclose_cell(raw, MeasurementSettings())
        assert isinstance(cell, HiddenCell)
        assert (cell.received, cell.respondents, cell.response_rate, cell.flags) == (None, None, None, frozenset())
    ten = disclose_cell(replace(raw_cell(4, 4), population=10, received=4, respondents=4), MeasurementSettings())
    assert (ten.received, ten.respondents) == (4, 4)
