"""How the two errors behave where errors usually fail: near the ceiling, by size, in classes, in uneven strata.

    python benchmarks/two_errors.py [--rounds 0.1]

Fixed seeds; prints markdown tables. ``--rounds`` scales how many districts are drawn (1 takes some minutes).
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from survey_app.measurement.class_sums import ClassSums, HalfCell
from survey_app.measurement.statistics.category_model import deleted_residuals
from survey_app.measurement.statistics.change import pair_waves
from survey_app.measurement.statistics.change_verdicts import ChangeVerdict, change_verdicts
from survey_app.measurement.statistics.class_correlation import mean_group_size
from survey_app.measurement.statistics.score_intervals import Limits
from survey_app.measurement.two_errors import PersonGroup, TwoErrors, estimate_two_errors, fit_dispersion_prior

SEED = 20261127
HUGE = 10**9
Floats = NDArray[np.float64]
Row = tuple[str, ...]


def person_group(scores: Floats, population: int = HUGE) -> PersonGroup:
    """Persons from their scores 0–1."""
    variance = float(scores.var(ddof=1)) if len(scores) > 1 and np.ptp(scores) > 1e-12 else 0.0
    low, high = float((scores < 1e-9).sum()), float((scores > 1 - 1e-9).sum())
    return PersonGroup(len(scores), population, float(scores.mean()), variance, low, high)


def near_the_top(chance: np.random.Generator, n: int, top: float) -> Floats:
    """Persons of whom a share stands at the top; the others are means of eight items spread below it."""
    below = np.floor(chance.beta(4, 1.6, n) * 32) / 32
    return np.where(chance.random(n) < top, 1.0, below)


def percent(true: int, of: int) -> str:
    return f"{100 * true / max(of, 1):.1f} %"


def beside(limits: Limits, value: float) -> tuple[bool, bool]:
    """Whether the interval lies wholly above, or wholly below, the truth."""
    return limits.low > value, limits.high < value


def ceiling(rounds: float) -> Iterator[Row]:
    yield ("在满分的人 at the top", "n", "学校 schools", "区间高于真值 above", "低于 below", "含真值 cover")
    for top in (0.0, 0.6, 0.85):
        truth = float(near_the_top(np.random.default_rng(1), 10**6, top).mean())
        for n in (10, 20, 40, 100):
            for cells in (2, 12):
                yield _ceiling_row(top, truth, n, cells, max(1, int(4800 / cells * rounds)))


def _ceiling_row(top: float, truth: float, n: int, cells: int, districts: int) -> Row:
    chance, above, below = np.random.default_rng([SEED, n, cells, int(100 * top)]), 0, 0
    for _ in range(districts):
        groups = [[person_group(near_the_top(chance, n, top))] for _ in range(cells)]
        for figure in _estimates(groups):
            over, under = beside(figure.level_interval(), truth)
            above, below = above + over, below + under
    total = cells * districts
    return (
        f"{top:.0%}", str(n), str(cells), percent(above, total), percent(below, total),
        percent(total - above - below, total),
    )  # fmt: skip


def _estimates(cells: list[list[PersonGroup]]) -> Iterator[TwoErrors]:
    prior = fit_dispersion_prior(cells)
    for groups in cells:
        largest = max(groups, key=lambda group: group.n)
        found = estimate_two_errors(groups, largest, prior, 1.0)
        if found is not None:
            yield found


def uneven_strata(rounds: float) -> Iterator[Row]:
    yield ("在满分的人 at the top", "学校 schools", "含真值 cover (N 300/60/60, n 5/60/60)")
    for top in (0.0, 0.3, 0.6, 0.85):
        truth = float(near_the_top(np.random.default_rng(1), 10**6, top).mean())
        for cells in (2, 12):
            chance, inside, total = np.random.default_rng([SEED, cells, int(100 * top)]), 0, 0
            for _ in range(max(1, int(3600 / cells * rounds))):
                drawn = [
                    [person_group(near_the_top(chance, n, top), size) for size, n in ((300, 5), (60, 60), (60, 60))]
                    for _ in range(cells)
                ]
                for figure in _estimates(drawn):
                    total, inside = total + 1, inside + (not any(beside(figure.level_interval(), truth)))
            yield f"{top:.0%}", str(cells), percent(inside, total)


def selection_by_size(rounds: float) -> Iterator[Row]:
    yield ("学校人数 people", "不答 missing", "赔率 odds", "含真值 cover, nonresponse 1.1", "1.25")
    for size in (60, 450, 1800):
        for missing in (0.1, 0.3, 0.6):
            for odds in (1.0, 1.1, 1.25):
                yield _selection_row(size, missing, odds, max(10, int(1500 * rounds)))


def _selection_row(size: int, missing: float, odds: float, schools: int) -> Row:
    chance = np.random.default_rng([SEED, size, int(100 * missing), int(100 * odds)])
    inside = {1.1: 0, 1.25: 0}
    for _ in range(schools):
        everybody = np.clip(np.round(chance.normal(0.8, 0.17, size) * 32) / 32, 0, 1)
        z = (everybody - everybody.mean()) / everybody.std()
        logit = math.log((1 - missing) / missing) + math.log(odds) * z
        persons = person_group(everybody[chance.random(size) < 1 / (1 + np.exp(-logit))], size)
        prior = fit_dispersion_prior([[persons]])
        for allowance in inside:
            found = estimate_two_errors([persons], persons, prior, persons.n / size, allowance)
            assert found is not None
            inside[allowance] += not any(beside(found.year_interval(), float(everybody.mean())))
    return str(size), f"{missing:.0%}", f"{odds}", *(percent(count, schools) for count in inside.values())


def classes(rounds: float) -> Iterator[Row]:
    yield ("班内相关 correlation", "估计 estimate (SD)", "水平区间含真值 level cover", "未变而称变化 false changes")
    for rho in (0.0, 0.05, 0.1, 0.2):
        chance, found, inside, total, wrong = np.random.default_rng([SEED, int(100 * rho)]), [], 0, 0, 0
        for _ in range(max(2, int(100 * rounds))):
            waves = [_wave(chance, rho) for _ in range(2)]
            found += [correlation for correlation, _ in waves]
            for _, figures in waves:
                inside += sum(not any(beside(figure.level_interval(), 0.8)) for figure in figures)
                total += len(figures)
            before, after = ([(100 * one.share, 100 * one.level) for one in figures] for _, figures in waves)
            verdicts = [
                change_verdicts(pair_waves([a[0]], [a[1]], [b[0]], [b[1]]), relevant=1e-9).verdict[0]
                for a, b in zip(before, after, strict=True)
            ]
            wrong += sum(verdict in (ChangeVerdict.UP, ChangeVerdict.DOWN) for verdict in verdicts)
        estimate = f"{np.mean(found):.3f} ({np.std(found):.3f})"
        yield str(rho), estimate, percent(inside, total), percent(wrong, total // 2)


def _wave(chance: np.random.Generator, rho: float) -> tuple[float, list[TwoErrors]]:
    """Twenty schools of three grades of six classes; the correlation found and the figures of the schools."""
    rows, sizes, cells, schools = [], {}, [], []
    for school in range(20):
        groups: list[PersonGroup] = []
        counts: list[int] = []
        for grade in range(3):
            size = chance.integers(8, 36, 6)
            label = np.repeat(np.arange(6), size)
            opinion = chance.normal(0, rho**0.5, 6)[label] + chance.normal(0, (1 - rho) ** 0.5, len(label))
            scores = 80 + 8 * opinion
            groups.append(person_group(scores / 100, 240))
            counts.extend(size)
            for half, name in enumerate("AB"):
                members, cell = label % 2 == half, HalfCell(school, str(grade), name)
                distance = scores[members] - 50
                cells.append(cell)
                rows.append([[members.sum(), distance.sum(), (distance**2).sum()]])
                sizes[cell] = tuple(int(one) for one in size[half::2])
        schools.append((groups, mean_group_size(counts)))
    found = ClassSums(("OVERALL",), tuple(cells), np.array(rows, dtype=np.float64)).correlation("OVERALL", sizes)
    correlation = 0.0 if found is None else found.correlation
    prior = fit_dispersion_prior([groups for groups, _ in schools])
    figures = [estimate_two_errors(groups, groups[0], prior, 1.0, 1.0, size, correlation) for groups, size in schools]
    return correlation, [figure for figure in figures if figure is not None]


def outliers(rounds: float) -> Iterator[Row]:
    yield ("学校 schools", "95 % 线外 beyond 95 %", "99.8 %")
    for p in (5, 7, 10, 20):
        chance, fired, alarms, districts = np.random.default_rng([SEED, p]), 0, 0, max(20, int(60_000 / p * rounds))
        for _ in range(districts):
            errors = chance.uniform(0.7, 2.0, p)
            zone = deleted_residuals(80 + chance.normal(0, 4, p) + chance.normal(0, errors), errors).zone()
            fired, alarms = fired + int((zone != 0).sum()), alarms + int((np.abs(zone) == 2).sum())
        yield str(p), percent(fired, p * districts), f"{100 * alarms / (p * districts):.2f} %"


TABLES: tuple[Callable[[float], Iterator[Row]], ...] = (ceiling, uneven_strata, selection_by_size, classes, outliers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=float, default=1.0)
    rounds, started = parser.parse_args().rounds, time.monotonic()
    for table in TABLES:
        for number, row in enumerate(table(rounds)):
            print("| " + " | ".join(row) + " |", flush=True)
            if number == 0:
                print("|" + "---|" * len(row))
        print()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
