"""Signals of careless or made-up answers: hand cases, and honest forms that must not be flagged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from survey_app.measurement.statistics.careless_responding import (
    is_straightlined,
    longstring,
    mahalanobis,
    response_speed_counts,
)
from survey_app.measurement.statistics.duplicate_responses import count_duplicate_responses, has_varied_answers

ANSWERS = arrays(np.int8, st.tuples(st.integers(1, 8), st.integers(1, 9)), elements=st.integers(-1, 4))


def longest_by_hand(row: list[int]) -> int:
    answered, best, run = [code for code in row if code >= 0], 0, 0
    for position, code in enumerate(answered):
        run = run + 1 if position and code == answered[position - 1] else 1
        best = max(best, run)
    return best


@given(ANSWERS)
def test_longstring_agrees_with_counting(answers: np.ndarray) -> None:
    assert longstring(answers).tolist() == [longest_by_hand(row) for row in answers.tolist()]


@given(ANSWERS)
def test_all_alike_means_one_run_over_everything(answers: np.ndarray) -> None:
    answered = (answers >= 0).sum(axis=1)
    assert is_straightlined(answers).tolist() == ((longstring(answers) == answered) & (answered > 1)).tolist()


def test_distances_use_the_items_answered() -> None:
    covariance = np.array([[2.0, 1.0], [1.0, 2.0]])
    found = mahalanobis([[3.0, 3.0], [3.0, np.nan], [np.nan, np.nan]], [1.0, 1.0], covariance)
    np.testing.assert_allclose(found.d_squared, [8 / 3, 2.0, np.nan])
    np.testing.assert_allclose(found.p_value[:2], [special.chdtrc(2, 8 / 3), special.chdtrc(1, 2.0)])
    assert found.item_counts.tolist() == [2, 1, 0]


def test_distances_need_covariances_that_can_be_inverted() -> None:
    with pytest.raises(ValueError, match="singular"):
        mahalanobis([[1.0, 1.0]], [0.0, 0.0], [[1.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="items differ"):
        mahalanobis([[1.0, 1.0]], [0.0], [[1.0]])


def honest(persons: int, draw: np.random.Generator) -> np.ndarray:
    """Twenty items on five options: one satisfaction a person, an item's own part, many at the top."""
    own = draw.normal(1.0, 1.0, (persons, 1)) + draw.normal(0, 0.8, (persons, 20))
    return np.asarray(np.clip(np.round(4 - own.clip(0)), 0, 4), dtype=np.int8)


def test_copied_forms_are_found_and_honest_ones_are_not() -> None:
    draw = np.random.default_rng(7)
    clean, stuffed = honest(200, draw), honest(200, draw)
    stuffed[180:] = stuffed[has_varied_answers(stuffed)][:4].repeat(5, axis=0)
    top = np.full((40, 20), 4, dtype=np.int8)
    found = count_duplicate_responses(
        np.concatenate([clean, stuffed, top]), ["clean"] * 200 + ["stuffed"] * 200 + ["top"] * 40
    )
    assert found.schools.tolist() == ["clean", "stuffed", "top"]
    assert found.observed[1] >= 20
    assert found.p_value[1] == pytest.approx(1 / 200)
    assert (found.varied_responses[2], found.observed[2], found.p_value[2]) == (0, 0, 1.0)
    assert found.p_value[0] > 0.05


def test_few_honest_schools_are_flagged() -> None:
    """Thirty honest schools of 120 forms: no more than one at p ≤ .02."""
    draw = np.random.default_rng(9)
    answers = np.concatenate([honest(120, draw) for _ in range(30)])
    found = count_duplicate_responses(answers, np.repeat([f"{i:02}" for i in range(30)], 120), max_permutations=49)
    assert (found.p_value <= 0.02).sum() <= 1


def test_schools_in_which_one_hand_filled_in_a_tenth_are_found() -> None:
    draw = np.random.default_rng(12)
    found = []
    for _ in range(30):
        forms = honest(120, draw)
        models = forms[has_varied_answers(forms)][:3]
        forms[:12] = np.resize(models, (12, forms.shape[1]))
        found.append(count_duplicate_responses(forms, ["a"] * 120).p_value[0] <= 0.02)
    assert sum(found) >= 24, "at least four in five"


@given(ANSWERS)
def test_varied_forms_by_counting(answers: np.ndarray) -> None:
    for row, varied in zip(answers.tolist(), has_varied_answers(answers), strict=True):
        given_answers = [code for code in row if code >= 0]
        others = len(given_answers) - max((given_answers.count(code) for code in given_answers), default=0)
        assert varied == (others > 0 and 5 * others >= len(given_answers))


def test_order_of_forms_and_other_schools_do_not_matter() -> None:
    draw = np.random.default_rng(8)
    answers = draw.integers(0, 3, (60, 3)).astype(np.int8)
    school = np.repeat(["a", "b"], 30)
    order = draw.permutation(60)
    found, moved = count_duplicate_responses(answers, school), count_duplicate_responses(answers[order], school[order])
    alone = count_duplicate_responses(answers[:30], school[:30])
    np.testing.assert_array_equal(found.expected, moved.expected)
    np.testing.assert_array_equal(found.p_value, moved.p_value)
    assert alone.expected[0] == found.expected[0]


def test_no_forms_no_schools() -> None:
    assert len(count_duplicate_responses(np.empty((0, 5), dtype=np.int8), []).observed) == 0


def test_unknown_marks_have_no_pace() -> None:
    assert response_speed_counts(["1", "2", "3", "-", "-"], "123").tolist() == [1, 1, 1]
    assert response_speed_counts([], "123").tolist() == [0, 0, 0]


@given(st.integers(1, 7), st.integers(0, 10**6))
def test_distances_with_blanks_are_those_of_the_items_answered(items: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores = draw.normal(size=(9, items))
    covariance = np.cov(draw.normal(size=(40, items)), rowvar=False).reshape(items, items)
    scores[draw.random(scores.shape) < 0.4] = np.nan
    found = mahalanobis(scores, np.zeros(items), covariance)
    for row, squared in zip(scores, found.d_squared, strict=True):
        known = np.isfinite(row)
        part = row[known] @ np.linalg.solve(covariance[np.ix_(known, known)], row[known]) if known.any() else np.nan
        np.testing.assert_allclose(squared, part, rtol=1e-7, atol=1e-9)


def test_ending_early_changes_no_small_p_value() -> None:
    draw = np.random.default_rng(5)
    for copies in (0, 1, 3, 6):
        forms = honest(150, draw)
        forms[150 - 2 * copies :] = forms[has_varied_answers(forms)][:copies].repeat(2, axis=0)
        early, whole = (count_duplicate_responses(forms, ["a"] * 150, stop_after=number) for number in (10, 200))
        assert min(early.p_value[0], 0.05) == pytest.approx(min(whole.p_value[0], 0.05))


def test_answers_must_be_codes() -> None:
    for method in (longstring, is_straightlined):
        with pytest.raises(ValueError, match="whole numbers"):
            method([[1.0, 2.0]])
    with pytest.raises(ValueError, match="name the school"):
        count_duplicate_responses([[1, 2]], [])
