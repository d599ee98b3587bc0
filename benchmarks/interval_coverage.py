"""How often the printed 95 % statements are true, in districts whose truth is known: intervals and rank sets.

    python benchmarks/interval_coverage.py [--rounds 0.1]

Every school has pupils in six grades; every parent has an opinion, which eight five-point items measure. The truth is
the mean of all parents' scores, answered or not. Who answers is drawn: by chance alone, or so that the odds of
answering are multiplied by 1.1 or 1.25 for each standard deviation of satisfaction. Fixed seed; prints one
markdown table.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from survey_app.measurement.group_sums import GroupSums, collapse_groups, index_group
from survey_app.measurement.respondent_scores import SCORE_ORIGIN
from survey_app.measurement.rounding import round_half_up
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.dispersion import ScaledChiSquarePrior
from survey_app.measurement.statistics.rank_sets import (
    RankSets,
    competition_ranks,
    marginal_rank_sets,
    marginal_rank_sets_holm,
    simultaneous_rank_sets,
)
from survey_app.measurement.statistics.score_intervals import score_interval
from survey_app.measurement.strata import IndexEstimate, Stratum, estimate_index
from survey_app.measurement.two_errors import estimate_two_errors, fit_dispersion_prior

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
END = 1e-9  # scores so near to an end of the scale stand at it
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


def indices(whole: District, answered: NDArray[np.bool_]) -> list[IndexEstimate]:
    """The index of each school as reported, with its errors."""
    cell = whole.school * GRADES + whole.grade
    length = whole.schools * GRADES
    scores = whole.scores[answered]
    columns = (
        np.bincount(cell, minlength=length),
        np.bincount(cell[answered], minlength=length),
        np.bincount(cell[answered], scores - SCORE_ORIGIN, length),
        np.bincount(cell[answered], (scores - SCORE_ORIGIN) ** 2, length),
        np.bincount(cell[answered], scores < END, length),
        np.bincount(cell[answered], scores > 100 - END, length),
    )
    groups = [GroupSums(*(float(value) for value in row)) for row in zip(*columns, strict=True)]
    schools = [groups[start : start + GRADES] for start in range(0, length, GRADES)]
    strata = [collapse_groups(grades, METHOD.min_cell) for grades in schools]
    prior = fit_dispersion_prior([index_group(group) for group in one] for one in strata)
    return [_index(one, sum(grades, GroupSums()), prior) for one, grades in zip(strata, schools, strict=True)]


def _index(strata: list[GroupSums], together: GroupSums, prior: ScaledChiSquarePrior) -> IndexEstimate:
    raw = estimate_index([Stratum(int(one.n), int(one.population), one.score, one.score2) for one in strata])
    rate = together.n / together.population
    errors = estimate_two_errors(
        [index_group(group) for group in strata], index_group(together), prior, rate, METHOD.nonresponse
    )
    return raw.with_errors(errors)


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

    def add(self, whole: District, found: list[IndexEstimate]) -> None:
        points, errors = np.array([(index.points, index.se_level) for index in found], dtype=np.float64).T
        low, high = np.array([(index.low, index.high) for index in found], dtype=np.float64).T
        sampling = [
            score_interval(index.errors.share, index.errors.sampling, index.errors.df_sampling)
            for index in found if index.errors is not None
        ]  # fmt: skip
        corrected = 100 * np.array([(limits.low, limits.high) for limits in sampling]).T
        self.schools += whole.schools
        self.true_spread += float(whole.truth.std())
        self.bias += float((points - whole.truth).sum())
        self.printed += _inside(low, whole.truth, high)
        self.corrected += _inside(corrected[0], whole.truth, corrected[1])
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


def rows(rounds: float) -> Iterator[tuple[str, ...]]:
    for schools, all_districts in DISTRICTS.items():
        districts = max(1, round(all_districts * rounds))
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
    "今年区间（公布）this year",
    "只含抽样误差 sampling only", "名次区间：逐校精确（宽）marginal exact (width)",
    "名次区间：逐校 Holm（宽）marginal Holm", "名次区间：整张榜 Holm（宽）whole list",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=float, default=1.0)
    rounds, started = parser.parse_args().rounds, time.monotonic()
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---|" * len(HEAD))
    for row in rows(rounds):
        print("| " + " | ".join(row) + " |", flush=True)
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
