"""The same figures by statsmodels and SciPy: somebody else's program on drawn data."""

import numpy as np
import pytest
from scipy import stats

from survey_app.measurement.statistics.change import pair_waves
from survey_app.measurement.statistics.change_verdicts import change_verdicts
from survey_app.measurement.statistics.intervals import wilson
from survey_app.measurement.statistics.multiplicity import benjamini_hochberg_adjust, holm_adjust
from survey_app.measurement.statistics.score_intervals import newcombe_difference, satterthwaite_df, score_limits
from survey_app.measurement.statistics.shrinkage import der_simonian_laird, paule_mandel
from survey_app.measurement.two_errors import BINOMIAL, PersonGroup, estimate_two_errors

sm_proportion = pytest.importorskip(
    "statsmodels.stats.proportion", reason="SECOND ORACLE NOT ASKED: statsmodels is not installed"
)


@pytest.fixture
def chance() -> np.random.Generator:
    """The same numbers for each test, whichever ran before."""
    return np.random.default_rng(42)


def test_wilson_intervals() -> None:
    for n in (10, 85, 1200):
        for s in (0, 1, n // 3, n):
            low, high = sm_proportion.proportion_confint(s, n, method="wilson")
            ours = score_limits(s / n, stats.norm.ppf(0.975) ** 2 / n)
            assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-12)
            assert (float(wilson(s, n).low), float(wilson(s, n).high)) == pytest.approx((low, high), abs=1e-12)


def test_satisfied_persons_of_one_group_are_wilsons() -> None:
    persons = PersonGroup(40, 10**9, 0.9, 0.09 * 40 / 39, 4, 36)
    found = estimate_two_errors([persons], persons, BINOMIAL, 1.0)
    assert found is not None
    limits = found.year_interval()
    assert (limits.low, limits.high) == pytest.approx(
        sm_proportion.proportion_confint(36, 40, method="wilson"), abs=1e-6
    )


def test_difference_of_shares() -> None:
    low, high = sm_proportion.confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
    ours = newcombe_difference((56, 70), (48, 80))
    assert (float(ours.low), float(ours.high)) == pytest.approx((low, high), abs=1e-9)


def test_adjusted_p_values(chance: np.random.Generator) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = chance.random(30) ** 3
    assert holm_adjust(p) == pytest.approx(multitest.multipletests(p, method="holm")[1])
    assert benjamini_hochberg_adjust(p) == pytest.approx(multitest.multipletests(p, method="fdr_bh")[1])


@pytest.mark.parametrize("spread", [0.0, 10.0], ids=["no difference between schools", "schools differ"])
def test_between_variance(chance: np.random.Generator, spread: float) -> None:
    """A variance is not negative: where moments say less than 0, ours is 0 and statsmodels may print it as it is."""
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    error = chance.uniform(0.5, 3, 15)
    value = 80 + chance.normal(0, spread, 15) + chance.normal(0, error) * (1 if spread else 0.5)
    for ours, method in ((der_simonian_laird(value, error), "chi2"), (paule_mandel(value, error), "iterated")):
        theirs = meta.combine_effects(value, error**2, method_re=method)
        assert ours.tau2 == pytest.approx(max(theirs.tau2, 0), rel=1e-5)
        assert (ours.tau2 > 0) == (spread > 0)
        mean = theirs.mean_effect_re if spread else theirs.mean_effect_fe
        assert ours.mean == pytest.approx(mean, rel=1e-7)


def test_welch_and_equivalence(chance: np.random.Generator) -> None:
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    before, after = chance.normal(80, 9, 60), chance.normal(80.5, 12, 90)
    parts = [before.var(ddof=1) / 60, after.var(ddof=1) / 90]
    df = satterthwaite_df(parts, [59, 89])
    found = change_verdicts(pair_waves([before.mean()], [parts[0] ** 0.5], [after.mean()], [parts[1] ** 0.5]), df=df)
    welch = stats.ttest_ind(after, before, equal_var=False)
    assert found.p_value[0] == pytest.approx(welch.pvalue, rel=1e-6)
    interval = welch.confidence_interval()
    assert (found.low[0], found.high[0]) == pytest.approx((interval.low, interval.high), rel=1e-6)
    tost = weightstats.ttost_ind(after, before, -3, 3, usevar="unequal")[0]
    assert found.p_equivalent[0] == pytest.approx(tost, rel=1e-6)
