"""Figures that scipy, statsmodels or exact fractions gave for small data of our own (``scripts/make_test_data.py``)."""

import csv

import numpy as np
import pytest

from scripts.make_test_data import DATA, P_VALUES, SCHOOLS, STRATA, figures, ratings
from survey_app.measurement.statistics import design_based, intervals, multiplicity, reliability, shrinkage
from survey_app.measurement.statistics.sampling import sample_design


def computed() -> dict[str, float]:
    """The same by the product's own modules."""
    people = np.array(ratings(), float)
    sample = [(name, size, len(values), value) for name, (size, values) in STRATA.items() for value in values]
    names, sizes, counts, values = zip(*sample, strict=True)
    design = sample_design(np.array(sizes) / np.array(counts), strata=names, population=sizes)
    mean = design_based.estimate_mean(design, values)
    share, few = intervals.wilson(37, 52), intervals.clopper_pearson(3, 52)
    schools, errors = [index for index, _ in SCHOOLS], [error for _, error in SCHOOLS]
    effects = {"dl": shrinkage.der_simonian_laird(schools, errors), "pm": shrinkage.paule_mandel(schools, errors)}
    return {
        "alpha": reliability.alpha(people),
        "average-correlation": reliability.average_correlation(people),
        "standardized-alpha": reliability.standardized_alpha(people),
        "stratified-mean": mean.value,
        "stratified-se": mean.error,
        "wilson-37-of-52-low": float(share.low),
        "wilson-37-of-52-high": float(share.high),
        "clopper-pearson-3-of-52-low": float(few.low),
        "clopper-pearson-3-of-52-high": float(few.high),
        **{f"{name}-tau2": found.tau2 for name, found in effects.items()},
        **{f"{name}-mean": found.mean for name, found in effects.items()},
        **{f"holm-{number}": float(value) for number, value in enumerate(multiplicity.holm_adjust(P_VALUES))},
    }


def test_our_modules_give_what_others_give() -> None:
    with (DATA / "figures.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}
    found = computed()
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-8), name


def test_the_file_is_what_the_script_makes() -> None:
    with (DATA / "figures.csv").open(encoding="utf-8", newline="") as file:
        stored = {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}
    assert stored == pytest.approx({name: float(value) for name, value, _how in figures()}, rel=1e-12)
