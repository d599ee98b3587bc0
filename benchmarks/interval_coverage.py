"""How often the printed 95 % statements are true, in districts whose truth is known: intervals and rank sets.

    python benchmarks/interval_coverage.py

Every school has pupils in six grades; every parent has an opinion, which eight five-point items measure. The truth is
the mean of all parents' scores, answered or not. Who answers is drawn: by chance alone, or so that the odds of
answering are multiplied by 1.1 or 1.25 for each standard deviation of satisfaction. Fixed seed; prints one
markdown table.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.intervals import student_t_interval
from survey_app.measurement.statistics.rank_sets import (
    RankSets,
    competition_ranks,
    marginal_rank_sets,
    marginal_rank_sets_holm,
    simultaneous_rank_sets,
)
from survey_app.measurement.strata import IndexEstimate, Stratum, collapse_strata, estimate_index
from survey_app.measurement.tally import SCORE_ORIGIN

SEED = 20261101
DISTRICTS = {20: 600, 60: 300, 300: 14}  # schools in a district: districts drawn
SCENARIOS = (  # name, odds of answering per standard deviation of satisfaction, spread of the schools' levels
    ("与满意度无关 · unrelated to satisfaction", 1.0, 0.19),
    ("与满意度轻度相关 · mildly related (odds ×1.1)", 1.1, 0.19),
    ("较明显相关 · more clearly related (odds ×1.25)", 1.25, 0.19),
    ("无关，各校几乎相同 · unrelated, schools nearly equal", 1.0, 0.0),
)
GRADES, ITEMS = 6, 8
CUTS = np.array([-2.1, -1.5, -0.8, 0.2])  # of the latent opinion, between the five options
METHOD = MeasurementSettings()
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """Everybody in it: one score, school and grade a person. ``truth`` is the mean of each school's persons."""

    scores: Floats
    school: Ints
    grade: Ints
    truth: Floats

    @property
    def schools(self) -> int:
        return len(self.truth)


def district(chance: np.random.Generator, schools: int, spread: float) -> District:
    """Schools of about 100 to 1,800 parents (median 450) whose levels have this standard deviation."""
    sizes = np.clip(np.exp(chance.normal(np.log(450), 0.6, schools)), 100, 1800)
    cells = np.maximum(5, chance.poisson(np.repeat(sizes / GRADES, GRADES)))
    cell = np.repeat(np.arange(schools * GRADES), cells)
    school, grade = cell // GRADES, cell % GRADES
    level = chance.normal(0, spread, schools)[school] + chance.normal(0, 0.1, schools * GRADES)[cell]
    opinion = level + chance.normal(0, 0.7, len(cell))
    answers = np.zeros(len(cell))
    for _ in range(ITEMS):
        answers += np.searchsorted(CUTS, opinion + chance.normal(0, 0.7, len(cell)))
    scores = answers * 25 / ITEMS
    truth = np.bincount(school, scores) / np.bincount(school)
    return District(scores, school, grade, truth)


def who_answers(chance: np.random.Generator, whole: District, odds: float) -> NDArray[np.bool_]:
    """A response rate of 35–80 % a school, tilted by satisfaction."""
    rate = chance.uniform(0.35, 0.8, whole.schools)[whole.school]
    satisfaction = (whole.scores - whole.scores.mean()) / whole.scores.std()
    logit = np.log(rate / (1 - rate)) + np.log(odds) * satisfaction
    return np.asarray(chance.random(len(rate)) < 1 / (1 + np.exp(-logit)))


def indices(whole: District, answered: NDArray[np.bool_]) -> list[tuple[IndexEstimate, int]]:
    """The index of each school as reported, and the degrees of freedom of its interval."""
    cell = whole.school * GRADES + whole.grade
    length = whole.schools * GRADES
    distance = whole.scores[answered] - SCORE_ORIGIN
    columns = (
        np.bincount(cell[answered], minlength=length),
        np.bincount(cell, minlength=length),
        np.bincount(cell[answered], distance, length),
        np.bincount(cell[answered], distance**2, length),
    )
    groups = [
        Stratum(int(n), int(people), float(total), float(squares))
        for n, people, total, squares in zip(*columns, strict=True)
    ]
    return [_index(groups[start : start + GRADES]) for start in range(0, length, GRADES)]


def _index(groups: list[Stratum]) -> tuple[IndexEstimate, int]:
    persons = sum(group.n for group in groups)
    strata = (
        collapse_strata(groups, METHOD.min_cell) if persons >= METHOD.stratify_from else [sum(groups[1:], groups[0])]
    )
    return estimate_index(strata), persons - len(strata)


@dataclass(slots=True)
class Coverage:
    """Counts of statements that were true, and how wide the rank sets were."""

    schools: int = 0
    printed: int = 0
    corrected: int = 0
    bias: float = 0.0
    true_spread: float = 0.0
    exact: int = 0
    holm: int = 0
    whole_lists: list[bool] = field(default_factory=list)
    widths: dict[str, float] = field(default_factory=lambda: {"exact": 0.0, "holm": 0.0, "simultaneous": 0.0})

    def add(self, whole: District, found: list[tuple[IndexEstimate, int]]) -> None:
        points, errors = np.array([(index.points, index.se) for index, _ in found], dtype=np.float64).T
        corrected = student_t_interval(
            points, [index.se_corrected or 0.0 for index, _ in found], [df for _, df in found], limits=(0, 100)
        )
        low, high = np.array([(index.low, index.high) for index, _ in found], dtype=np.float64).T
        self.schools += whole.schools
        self.true_spread += float(whole.truth.std())
        self.bias += float((points - whole.truth).sum())
        self.printed += _inside(low, whole.truth, high)
        self.corrected += _inside(corrected.low, whole.truth, corrected.high)
        self._ranks(whole, np.array([round_half_up(value, METHOD.decimals) for value in points]), errors)

    def _ranks(self, whole: District, values: Floats, errors: Floats) -> None:
        true = competition_ranks(whole.truth)
        sets = {
            "exact": marginal_rank_sets(values, errors),
            "holm": marginal_rank_sets_holm(values, errors),
            "simultaneous": simultaneous_rank_sets(values, errors),
        }
        self.exact += _holding(sets["exact"], true)
        self.holm += _holding(sets["holm"], true)
        self.whole_lists.append(_holding(sets["simultaneous"], true) == whole.schools)
        for name, found in sets.items():
            self.widths[name] += float((found.high - found.low + 1).sum())


def _inside(low: Floats, value: Floats, high: Floats) -> int:
    return int(((low <= value) & (value <= high)).sum())


def _holding(sets: RankSets, true: Ints) -> int:
    return int(((sets.low <= true) & (true <= sets.high)).sum())


def rows() -> Iterator[tuple[str, ...]]:
    for schools, districts in DISTRICTS.items():
        for number, (name, odds, spread) in enumerate(SCENARIOS):
            chance = np.random.default_rng([SEED, schools, number])
            found = Coverage()
            for _ in range(districts):
                whole = district(chance, schools, spread)
                found.add(whole, indices(whole, who_answers(chance, whole, odds)))
            width = {kind: total / found.schools for kind, total in found.widths.items()}
            yield (
                str(schools), str(districts), name,
                f"{found.true_spread / districts:.1f}", f"{found.bias / found.schools:+.2f}",
                _share(found.printed, found.schools), _share(found.corrected, found.schools),
                f"{_share(found.exact, found.schools)} ({width['exact']:.1f})",
                f"{_share(found.holm, found.schools)} ({width['holm']:.1f})",
                f"{_share(sum(found.whole_lists), districts)} ({width['simultaneous']:.1f})",
            )  # fmt: skip


def _share(true: int, of: int) -> str:
    return f"{100 * true / of:.1f} %"


HEAD = (
    "学校 schools", "区 districts", "不答与满意度 non-response", "各校真值标准差 true SD", "平均偏差 bias",
    "指数区间（公布）printed interval",
    "指数区间（有限总体校正）corrected", "名次区间：逐校精确（宽）marginal exact (width)",
    "名次区间：逐校 Holm（宽）marginal Holm", "名次区间：整张榜 Holm（宽）whole list",
)  # fmt: skip


def main() -> None:
    started = time.monotonic()
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---|" * len(HEAD))
    for row in rows():
        print("| " + " | ".join(row) + " |", flush=True)
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
