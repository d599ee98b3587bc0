"""Raters who did not all judge the same: published tables, what is known of made-up ones, and what cannot be told."""

import math

import numpy as np
import pytest

from survey_app.measurement.statistics.crossed_raters import crossed_ratings
from survey_app.measurement.statistics.raters import rater_agreement

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
# Hemmerle & Hartley (1973), as SAS/STAT prints it with PROC VARCOMP: two factors, 16 values, no two cells alike.
HEMMERLE = (
    (1, 1, 237), (1, 1, 254), (1, 1, 246), (1, 2, 178), (1, 2, 179), (2, 1, 208), (2, 1, 178), (2, 1, 187),
    (2, 2, 146), (2, 2, 145), (2, 2, 141), (3, 1, 186), (3, 1, 183), (3, 2, 142), (3, 2, 125), (3, 2, 136),
)  # fmt: skip


def test_a_table_without_blanks_gives_the_analysis_of_shrout_and_fleiss() -> None:
    """ICC(2,1) of their table is 0.29 (1979, table 4)."""
    targets, raters = np.indices(SHROUT_FLEISS.shape)
    found = crossed_ratings(targets.ravel().tolist(), raters.ravel().tolist(), SHROUT_FLEISS.ravel())
    complete = rater_agreement(SHROUT_FLEISS)
    assert found.single == pytest.approx(0.289764, abs=1e-6)
    assert found.rater_variance == pytest.approx(complete.rater_variance)
    assert found.residual_variance == pytest.approx(1.019444, abs=1e-6)
    assert found.df_residual == 15
    assert (found.crossed_targets, found.crossed_raters) == (6, 4)


def test_a_published_table_with_unequal_cells() -> None:
    """SAS: b after a 11448 on 1 df, expected 7.8 Var(b) + error; a·b 299.041026 and error 786.333333 on 12 df."""
    a, b, values = zip(*HEMMERLE, strict=True)
    found = crossed_ratings(a, b, values)
    residual = (299.041026 + 786.333333) / 12
    assert found.residual_variance == pytest.approx(residual, abs=1e-6)
    assert found.rater_variance == pytest.approx((11448 - residual) / 7.8, rel=2e-5)
    mean_squares = found.rater_variance * 7.8 + residual
    error = found.rater_variance + residual
    df = error**2 / ((mean_squares / 7.8) ** 2 / 1 + ((1 - 1 / 7.8) * residual) ** 2 / 12)
    assert found.df_error == pytest.approx(df)


def test_a_strict_rater_is_told_from_a_rater_of_weak_schools() -> None:
    """Y goes to weak schools only, and judges as Z does; X takes three points off everywhere."""
    level = {"a": 90, "b": 80, "c": 70, "d": 40, "e": 30, "f": 20}
    rows = [(school, "X", points - 3) for school, points in level.items()]
    rows += [(school, "Y", level[school]) for school in "def"] + [(school, "Z", level[school]) for school in "abc"]
    found = crossed_ratings(*zip(*rows, strict=True))
    differences = {effect.rater: effect.difference for effect in found.effects}
    assert differences == pytest.approx({"X": -3, "Y": 1.5, "Z": 1.5}), "against the mean of the others"
    assert {effect.rater: effect.shared for effect in found.effects} == {"X": 6, "Y": 3, "Z": 3}
    assert [effect.error for effect in found.effects] == pytest.approx([0, 0, 0], abs=1e-9)


def test_variances_are_found_again_whatever_is_missing() -> None:
    chance, found = np.random.default_rng(14), []
    for _ in range(150):
        levels, severities = chance.normal(0, 8, 24), chance.normal(0, 5, 7)
        rows = [
            (school, rater, levels[school] + severities[rater] + chance.normal(0, 3))
            for school in range(24)
            for rater in chance.choice(7, chance.integers(1, 4), replace=False)
        ]
        one = crossed_ratings(*zip(*rows, strict=True))
        found.append((one.target_variance, one.rater_variance, one.residual_variance))
    means, errors = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(len(found))
    assert (np.abs(means - (64, 25, 9)) < 4 * errors).all(), means


def test_who_shares_no_school_has_no_severity_and_groups_are_compared_within() -> None:
    rows = [("a", "P", 50), ("a", "Q", 54), ("b", "P", 60), ("b", "Q", 66), ("c", "R", 10), ("c", "S", 30),
            ("d", "R", 20), ("d", "S", 42), ("e", "T", 99)]  # fmt: skip
    found = crossed_ratings(*zip(*rows, strict=True))
    effects = {effect.rater: effect for effect in found.effects}
    assert effects["P"].difference == pytest.approx(-5)
    assert effects["S"].difference == pytest.approx(21)
    assert math.isnan(effects["T"].difference)
    assert effects["T"].shared == 0
    assert found.crossed_raters == 4


def test_what_cannot_be_told_is_refused() -> None:
    for rows, words in (
        ([("a", "P", 1.0), ("b", "Q", 2.0)], "No target was judged by two"),
        ([("a", "P", 1.0), ("a", "Q", 2.0)], "Nothing is left over"),
    ):
        with pytest.raises(ValueError, match=words):
            crossed_ratings(*zip(*rows, strict=True))
    with pytest.raises(ValueError, match="differ in length"):
        crossed_ratings("ab", "PQ", [1.0])


def test_raters_who_agree_more_than_chance_leave_no_variance_of_raters() -> None:
    rows = [(school, rater, 50 + 10 * school + (school + rater) % 2) for school in range(6) for rater in range(2)]
    found = crossed_ratings(*zip(*rows, strict=True))
    assert found.rater_variance == 0
    assert found.error_variance == found.residual_variance > 0
    assert found.df_error == found.df_residual == 5
