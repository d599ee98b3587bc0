"""One item as an estimate is the index of a dimension that has no other item, with all its errors."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.measurement.estimate import estimate_school_audience
from survey_app.measurement.estimate_errors import fit_priors, with_errors
from survey_app.measurement.item_estimates import estimate_items
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import RosterPopulation
from testing.people import one_item

SETTINGS = MeasurementSettings()


@given(st.lists(st.text("123?", min_size=0, max_size=30), min_size=1, max_size=5))
def test_an_item_is_estimated_as_a_dimension_of_this_item_alone(schools: list[str]) -> None:
    tally = sum(
        (one_item({"": signs}, number) for number, signs in enumerate(schools[1:], 1)), one_item({"": schools[0]}, 0)
    )
    item = tally.scoring.items[0].id
    dimension = tally.scoring.dimensions[0]
    alone = [estimate_items(tally, school, 60, [item]) for school in range(len(schools))]
    whole = [
        estimate_school_audience(tally, school, RosterPopulation({"": 60}), SETTINGS) for school in range(len(schools))
    ]
    of_items, of_dimensions = (fit_priors([cell.estimates[0] for cell in cells]) for cells in (alone, whole))
    for one, other in zip(alone, whole, strict=True):
        assert (one.received, one.respondents) == (other.received, other.respondents)
        found = with_errors(one, of_items, SETTINGS, {item: 0.1}, 20).estimates[0]
        expected = with_errors(other, of_dimensions, SETTINGS, {dimension: 0.1}, 20).estimates[0]
        assert (found.dimension, found.n, found.index) == (item, expected.n, expected.index)
        assert found.rate.share == expected.rate.share
