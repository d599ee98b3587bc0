"""The net promoter score against the mean of +100, 0 and −100, which it is."""

import numpy as np
import pytest

from survey_app.measurement.promoters import promoter_score


@pytest.mark.parametrize(("promoters", "passives", "detractors"), [(50, 30, 20), (0, 0, 7), (9, 0, 0), (1, 5, 1)])
def test_the_score_is_a_mean_and_its_error_that_of_a_mean(promoters: int, passives: int, detractors: int) -> None:
    values = np.repeat([100.0, 0.0, -100.0], [promoters, passives, detractors])
    found = promoter_score(promoters, detractors, len(values))
    assert found is not None
    assert found.score == pytest.approx(values.mean())
    assert found.se == pytest.approx(values.std() / np.sqrt(len(values)))


def test_without_answers_there_is_none() -> None:
    assert promoter_score(0, 0, 0) is None
