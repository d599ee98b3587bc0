"""The second table of the method: computed with R 4.2.2 (survey, metafor, limma, psych, mlmRev) or printed."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from survey_app.measurement.marks import MARK_FUNCTIONS, Threshold
from survey_app.measurement.statistics.category_model import deleted_residuals, shrunken_means
from survey_app.measurement.statistics.class_correlation import mean_group_size
from survey_app.measurement.statistics.design_based import design_effect_of_mean, estimate_mean, jackknife_error
from survey_app.measurement.statistics.dispersion import fit_prior
from survey_app.measurement.statistics.rank_probabilities import expected_ranks, probability_of_first
from survey_app.measurement.statistics.raters import rater_agreement
from survey_app.measurement.statistics.sampling import sample_design
from survey_app.measurement.statistics.score_intervals import (
    korn_graubard_interval,
    logit_interval,
    newcombe_difference,
    satterthwaite_df,
    t_quantile,
)
from survey_app.measurement.statistics.shrinkage import der_simonian_laird, paule_mandel
from survey_app.measurement.statistics.variance_components import components_from_mean_squares

INSECT_SPRAYS = (
    (10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13), (11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13),
    (0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4), (3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4),
    (3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4), (11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13),
)  # fmt: skip
WARP_BREAKS = (
    (26, 30, 54, 25, 70, 52, 51, 26, 67), (18, 21, 29, 17, 12, 18, 35, 30, 36), (36, 21, 24, 18, 10, 43, 28, 15, 26),
    (27, 14, 29, 19, 29, 31, 41, 20, 44), (42, 26, 19, 16, 39, 28, 21, 39, 29), (20, 21, 24, 17, 13, 15, 15, 16, 28),
)  # fmt: skip
CHICK_WEIGHTS = (
    (179, 160, 136, 227, 217, 168, 108, 124, 143, 140),
    (309, 229, 181, 141, 260, 203, 148, 169, 213, 257, 244, 271),
    (243, 230, 248, 327, 329, 250, 193, 271, 316, 267, 199, 171, 158, 248),
    (423, 340, 392, 339, 341, 226, 320, 295, 334, 322, 297, 318),
    (325, 257, 303, 315, 380, 153, 263, 242, 206, 344, 258),
    (368, 390, 379, 260, 404, 318, 352, 359, 216, 222, 283, 332),
)
SLEEP = (
    (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
Rows = list[dict[str, str]]


def rows_of(reference: Path, name: str) -> Rows:
    with (reference / "published" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(rows: Rows, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


def test_welch_by_satterthwaite() -> None:
    first, second = (np.array(group) for group in SLEEP)
    parts = [group.var(ddof=1) / len(group) for group in (first, second)]
    df, error = satterthwaite_df(parts, [9, 9]), sum(parts) ** 0.5
    difference = first.mean() - second.mean()
    assert difference / error == pytest.approx(-1.860813, abs=1e-6)
    assert df == pytest.approx(17.776474, abs=1e-6)
    assert 2 * stats.t.sf(abs(difference / error), df) == pytest.approx(0.0793941, abs=1e-7)
    limits = difference - t_quantile(df) * error, difference + t_quantile(df) * error
    assert limits == pytest.approx((-3.365483, 0.205483), abs=1e-6)


def test_satterthwaite_of_a_stratified_sample(reference: Path) -> None:
    rows = rows_of(reference, "apistrat.csv")
    total = sum({row["stype"]: float(row["fpc"]) for row in rows}.values())
    parts, corrected, df = [], [], []
    for stratum in ("E", "M", "H"):
        members = [row for row in rows if row["stype"] == stratum]
        value, population = column(members, "api00"), float(members[0]["fpc"])
        part = (population / total) ** 2 * value.var(ddof=1) / len(value)
        parts.append(part)
        corrected.append(part * (1 - len(value) / population))
        df.append(len(value) - 1)
    assert sum(parts) ** 0.5 == pytest.approx(9.536132, abs=1e-6)
    assert satterthwaite_df(parts, df) == pytest.approx(125.467002, abs=1e-6)
    assert satterthwaite_df(corrected, df) == pytest.approx(124.630771, abs=1e-6)


def test_raters_of_shrout_and_fleiss() -> None:
    found = rater_agreement(RATINGS)
    expected = (0.165742, 0.289764, 0.714841, 0.442797, 0.620051, 0.909316)
    assert (*found.single, *found.average) == pytest.approx(expected, abs=1e-6)
    mean_squares = (found.targets, found.raters, found.residual)
    assert mean_squares == pytest.approx((11.241667, 32.486111, 1.019444), abs=1e-6)
    assert found.error_variance == pytest.approx(found.rater_variance + 1.019444, abs=1e-6)


@pytest.mark.parametrize(
    ("groups", "df", "value"),
    [
        (INSECT_SPRAYS, 3.150220909, 7.922503197),
        (WARP_BREAKS, 5.770186705, 85.489270),
        (CHICK_WEIGHTS, np.inf, 2983.213802),
    ],
    ids=["InsectSprays", "warpbreaks", "chickwts"],
)
def test_prior_of_variances_as_limma(groups: tuple[tuple[float, ...], ...], df: float, value: float) -> None:
    found = fit_prior([np.var(group, ddof=1) for group in groups], [len(group) - 1 for group in groups])
    assert found.df == pytest.approx(df, rel=1e-8)
    assert found.value == pytest.approx(value, rel=1e-8)


def test_moderated_variances_as_limma() -> None:
    variances = [np.var(group, ddof=1) for group in INSECT_SPRAYS]
    prior = fit_prior(variances, [11] * 6)
    moderated = [prior.moderate(float(variances[row]), 11)[0] for row in (0, 4, 5)]
    assert moderated == pytest.approx((19.077980, 4.095882, 31.775073), abs=1e-6)


def test_deleted_residuals_as_metafor(reference: Path) -> None:
    rows = rows_of(reference, "bcg_logrr.csv")
    value, error = column(rows, "yi"), np.sqrt(column(rows, "vi"))
    trials = [3, 6, 7, 11]
    quick = deleted_residuals(value, error, method="dl").t[trials]
    assert quick == pytest.approx((-1.602499, -1.293462, 1.632254, 1.289078), abs=1e-6)
    steady = deleted_residuals(value, error).t[trials]
    assert steady == pytest.approx((-1.385578, -1.301750, 1.424112, 1.298290), abs=2e-6)
    assert paule_mandel(value, error).tau2 == pytest.approx(0.318068, abs=1e-6)


def test_cluster_errors_as_survey(reference: Path) -> None:
    rows = rows_of(reference, "apiclus1.csv")
    value, weight, district = column(rows, "api00"), column(rows, "pw"), [row["dnum"] for row in rows]
    corrected = sample_design(weight, clusters=district, population=column(rows, "fpc"))
    plain = sample_design(weight, clusters=district)
    assert estimate_mean(corrected, value).error == pytest.approx(23.542241, abs=1e-6)
    assert design_effect_of_mean(corrected, value) == pytest.approx(9.34587, abs=1e-5)
    assert estimate_mean(plain, value).error == pytest.approx(23.779011, abs=1e-6)
    assert design_effect_of_mean(plain, value) == pytest.approx(9.5348, abs=1e-4)
    assert mean_group_size(list({name: district.count(name) for name in district}.values())) == pytest.approx(
        21.655738, abs=1e-6
    )
    assert jackknife_error(plain, value) == pytest.approx(26.59416, abs=1e-5)


def test_intervals_of_a_share_in_a_cluster_sample(reference: Path) -> None:
    rows = rows_of(reference, "apiclus1.csv")
    is_wide = [float(row["sch.wide"] == "Yes") for row in rows]
    design = sample_design(column(rows, "pw"), clusters=[row["dnum"] for row in rows])
    found, df = estimate_mean(design, is_wide), len({row["dnum"] for row in rows}) - 1
    assert found.value == pytest.approx(0.874317, abs=1e-6)
    logit = logit_interval(found.value, found.error, df)
    assert (logit.low, logit.high) == pytest.approx((0.823218, 0.91222), abs=1e-6)
    beta = korn_graubard_interval(found.value, found.error, len(rows), df)
    assert (beta.low, beta.high) == pytest.approx((0.823119, 0.91508), abs=5e-6)


def test_components_of_math_achieve() -> None:
    found = components_from_mean_squares(408.219857, 39.141634, 44.886690)
    assert (found.between, found.icc) == pytest.approx((8.222442, 0.173601), abs=1e-6)


def test_expected_ranks_of_pisa(reference: Path) -> None:
    rows = rows_of(reference, "pisa2018_math_ranks.csv")
    name = [row["jurisdiction"] for row in rows]
    value, error = column(rows, "math_score"), column(rows, "math_se")
    effects = der_simonian_laird(value, error)
    assert (effects.tau2, effects.mean) == pytest.approx((773.437843, 487.032659), abs=1e-6)
    shrunken = shrunken_means(value, error, effects)
    variance = shrunken.reliability * error**2
    ranks = expected_ranks(shrunken.mean, variance)
    assert ranks.sum() == pytest.approx(741)
    by_name = dict(zip(name, ranks, strict=True))
    found = [by_name[place] for place in ("Japan", "Netherlands", "United Kingdom")]
    assert found == pytest.approx((1.528234, 4.193560, 14.080124), abs=1e-6)
    first = dict(zip(name, probability_of_first(shrunken.mean, variance, 5), strict=True))
    likely = [first[place] for place in ("Netherlands", "Poland", "Switzerland")]
    assert likely == pytest.approx((0.929173, 0.534586, 0.460678), abs=1e-6)
    half = dict(zip(name, probability_of_first(shrunken.mean, variance, 13), strict=True))
    assert half["United Kingdom"] == pytest.approx(0.467238, abs=1e-6)
    for q in (1, 5, 13):
        assert probability_of_first(shrunken.mean, variance, q).sum() == pytest.approx(q, abs=1e-6)


def test_expected_ranks_of_bcg(reference: Path) -> None:
    rows = rows_of(reference, "bcg_logrr.csv")
    value, error = column(rows, "yi"), np.sqrt(column(rows, "vi"))
    effects = der_simonian_laird(value, error)
    shrunken = shrunken_means(-value, error, der_simonian_laird(-value, error))
    variance = effects.tau2 / (effects.tau2 + error**2) * error**2
    ranks = expected_ranks(shrunken.mean, variance)[[3, 9, 1, 7]]
    assert ranks == pytest.approx((2.241915, 3.248999, 3.351364, 12.330410), abs=1e-6)


@pytest.mark.parametrize(
    ("value", "error", "mark"),
    [(80, 2, 5.714286), (94, 2, 9.601259), (95, 2, 9.772033), (61, 3, 0.503631), (97, 1, 9.997574)],
)
def test_expected_threshold_marks(value: float, error: float, mark: float) -> None:
    assert MARK_FUNCTIONS["threshold"] is Threshold
    assert Threshold(zero_at=60, full_at=95).expected(value, error, 10) == pytest.approx(mark, abs=1e-6)


def test_difference_of_shares_as_newcombe() -> None:
    limits = newcombe_difference((56, 70), (48, 80))
    assert (float(limits.low), float(limits.high)) == pytest.approx((0.0524315, 0.3338727), abs=1e-6)


def test_holm_over_all_pairs_is_hardly_wider_than_tukey() -> None:
    """Twenty schools: qtukey(.95, 20, ∞)/√2 = 3.544 against 3.649 of Bonferroni over 380 one-sided tests."""
    tukey = stats.studentized_range.ppf(0.95, 20, np.inf)
    assert tukey == pytest.approx(5.011689, abs=1e-4)
    assert stats.norm.isf(0.05 / 2 / 190) == pytest.approx(3.649, abs=1e-3)
    assert tukey / 2**0.5 == pytest.approx(3.544, abs=1e-3)
