"""The second pass by hand: which forms show which signal, and how many of them."""

from dataclasses import replace

import numpy as np
from scipy import special

from survey_app.measurement.signals import (
    ItemCovariance,
    ItemPatternBuilder,
    SchoolResponses,
    count_signals,
    decode_responses,
)
from testing.people import scoring

# Four items of d, one of e, the overall item: six signs of answers, then the pace.
HAND = [
    "111111" + "1",  # fast; one run over everything, alike, and the best throughout
    "333333" + "2",  # quick; alike, not the best
    "122231" + "3",  # a run of three, half of the six items
    "12.223" + "3",  # the blank is stepped over: again a run of three
    "123123" + "-",  # imported, without a pace
    "123123" + "3",  # its twin
    "1?????" + "3",  # one answer: neither alike nor the best throughout
    "......" + "1",  # received only: counted nowhere
    "??????" + "1",
]


def matrix(rows: list[str]) -> np.ndarray:
    return np.array([list(row.encode()) for row in rows], dtype=np.uint8)


def test_signals_of_nine_responses() -> None:
    forms = decode_responses(scoring(), 5, matrix(HAND))
    assert set(forms.codes.ravel().tolist()) == {-1, 0, 1, 2}
    ((school, found),) = count_signals(scoring(), [forms], None)
    assert school == 5
    assert (found.responses, found.timed_responses, found.speeding_1s, found.speeding_2s) == (7, 6, 1, 1)
    assert (found.longstring, found.straightlined, found.top_option_only) == (4, 2, 1)
    assert (found.outliers, found.duplicates) == (None, 2)
    assert found.expected is not None
    assert 0 < found.p_value <= 1


def test_nobody_gives_no_signals() -> None:
    nobody = decode_responses(scoring(), 5, matrix(["......1"]))
    ((_school, found),) = count_signals(scoring(), [nobody], pattern_of([nobody]))
    assert (
        found.responses,
        found.timed_responses,
        found.longstring,
        found.duplicates,
        found.outliers,
        found.p_value,
    ) == (0, 0, 0, 0, None, 1.0)
    assert list(count_signals(scoring(), [], None)) == []


def pattern_of(schools: list[SchoolResponses]) -> ItemCovariance | None:
    builder = ItemPatternBuilder()
    for forms in schools:
        builder.add_codes(forms.school, forms.codes)
    return builder.build()


def honest(school: int, persons: int, draw: np.random.Generator, items: int = 6) -> SchoolResponses:
    felt = draw.normal(0.5, 0.7, (persons, 1)) + draw.normal(0, 0.6, (persons, items))
    return SchoolResponses(school, np.clip(np.round(2 - felt), 0, 4).astype(np.int64), np.full(persons, "3"))


def with_blanks(forms: SchoolResponses, draw: np.random.Generator, share: float = 0.1) -> SchoolResponses:
    return SchoolResponses(
        forms.school, np.where(draw.random(forms.codes.shape) < share, -1, forms.codes), forms.response_speeds
    )


def test_far_forms_are_those_of_the_formula_school_by_school() -> None:
    draw = np.random.default_rng(3)
    schools = [honest(school, 200, draw) for school in (1, 2, 3)]
    schools[1].codes[:3] = [0, 4, 0, 4, 0, 4]
    schools = [with_blanks(forms, draw) for forms in schools]
    pattern = pattern_of(schools)
    assert pattern is not None
    assert pattern.items.tolist() == list(range(6))
    found = dict(count_signals(scoring(), schools, pattern))
    for forms in schools:
        scores = np.where(forms.codes >= 0, forms.codes, np.nan).astype(float)
        away = scores - np.nanmean(scores, axis=0)
        far = 0
        for row in away:
            known = np.isfinite(row)
            if known.any():
                squared = row[known] @ np.linalg.inv(pattern.covariance[np.ix_(known, known)]) @ row[known]
                far += special.chdtrc(known.sum(), squared) < 0.001
        assert found[forms.school].outliers == far
    assert (found[2].outliers or 0) >= 3
    assert (found[1].outliers or 0) + (found[3].outliers or 0) <= 2


def test_items_that_tell_nothing_are_left_out_of_the_pattern() -> None:
    draw = np.random.default_rng(4)
    forms = honest(1, 200, draw, items=7)
    forms.codes[:, 2] = 1  # everybody alike
    forms.codes[:, 4] = forms.codes[:, 0]  # asked twice
    forms.codes[:100, 5], forms.codes[100:, 6] = -1, -1  # never shown together
    pattern = pattern_of([forms])
    assert pattern is not None
    assert pattern.items.tolist() == [0, 1, 3, 5]
    assert pattern_of([honest(1, 20, draw)]) is None, "too few persons"
    assert pattern_of([]) is None


def test_schools_in_one_batch_are_those_alone() -> None:
    draw = np.random.default_rng(6)
    schools = [honest(school, int(draw.integers(1, 60)), draw) for school in range(12)]
    pattern = pattern_of(schools)
    together = dict(count_signals(scoring(), schools, pattern))
    assert together == {
        forms.school: dict(count_signals(scoring(), [forms], pattern))[forms.school] for forms in schools
    }


def test_a_reverse_item_counts_the_other_way_for_the_best_only() -> None:
    plain = scoring()
    turned = replace(plain, items=(replace(plain.items[0], points=plain.items[0].points[::-1]), *plain.items[1:]))
    forms = decode_responses(turned, 1, matrix(["3111113", "1111113"]))
    ((_school, found),) = count_signals(turned, [forms], None)
    assert (found.top_option_only, found.straightlined) == (1, 1)
