"""Between schools: means of category and district, inequality, outliers, shrinkage, the 85% line, chances of places."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special, stats

from .cells import Figure, Persons, Surroundings, figure, quantile, satterthwaite, score_limits
from .league import (
    LIMIT,
    NODE_WEIGHTS,
    NODES,
    School,
    Vector,
    part_of_composite,
    paule_mandel,
    positive_root,
)
from .recompute import KNOWN, OVERALL, Cell, Wave
from .tables import CellFigures


@dataclass(frozen=True)
class Figured:
    """A school's figure on its way into a mean or a funnel."""

    code: str
    category: str
    people: int
    figure: Figure


def figured(wave: Wave, figures: Mapping[tuple[str, str, str], CellFigures], schools: Sequence[School],
            audience: str) -> list[Figured]:  # fmt: skip
    """Who may be shown of an audience, or the comparable composites."""
    if audience == "composite":
        return [
            Figured(one.code, one.category, one.main_people, one.figure)
            for one in schools if one.is_comparable and one.figure
        ]  # fmt: skip
    found = []
    for (code, who), cell in wave.cells.items():
        one = part_of_composite(cell, figures) if who == audience and cell.valid(OVERALL) else None
        if one and OVERALL not in cell.hidden_dimensions:
            found.append(Figured(code, cell.category, cell.roster.people, one))
    return found


def mean_of(some: Sequence[Figured]) -> dict[str, float]:
    """Weighted by people: Σ N·I/ΣN with the errors of this year."""
    total = sum(one.people for one in some)
    shares = [(one.people / total, one.figure) for one in some]
    sampling = [((share * one.sampling) ** 2, one.sampling_df) for share, one in shares]
    hidden = sum(share * one.hidden for share, one in shares)
    parts = [(share * one.hidden * hidden, one.hidden_df) for share, one in shares]
    together = Figure(
        sum(share * one.share for share, one in shares), math.sqrt(sum(part for part, _ in sampling)),
        satterthwaite(sampling), hidden, satterthwaite(parts),
    )  # fmt: skip
    low, high = together.interval()
    return {"mean": 100 * together.share, "error": 100 * together.year, "low": 100 * low, "high": 100 * high}


@dataclass(frozen=True)
class Position:
    """Where a school lies among the others of its category."""

    t: float
    zone: int  # 1 beyond 95%, 2 beyond 99.8%, with the sign of t
    trust: float
    shrunken: float


def positions(some: Sequence[Figured], category: str) -> dict[str, Position]:
    """Against the others; a category of fewer than six schools borrows τ² and its degrees of freedom from all."""
    kind = [one for one in some if one.category == category]
    y, se = _figures(kind)
    p = len(kind)
    pooled, freedom = pooled_between(some)
    borrows = p < 6 and freedom > p - 2
    if p < 3:
        return {}
    tau2, mu = paule_mandel(y, se)
    if borrows:
        tau2, mu = pooled, float((y / (se**2 + pooled)).sum() / (1 / (se**2 + pooled)).sum())
    found = {}
    for j, one in enumerate(kind):
        rest = np.arange(p) != j
        apart, centre = paule_mandel(y[rest], se[rest]) if not borrows else (pooled, math.nan)
        weight = 1 / (se[rest] ** 2 + apart)
        centre = float((weight * y[rest]).sum() / weight.sum())
        t = float((y[j] - centre) / math.sqrt(se[j] ** 2 + apart + 1 / weight.sum()))
        tail = 2 * float(stats.t.sf(abs(t), max(freedom, p - 2) if borrows else p - 2))
        zone = (2 if tail < 0.002 else 1 if tail < 0.05 else 0) * (1 if t > 0 else -1)
        trust = tau2 / (tau2 + se[j] ** 2)
        found[one.code] = Position(t, zone, trust, trust * y[j] + (1 - trust) * mu)
    return found


def _figures(some: Sequence[Figured]) -> tuple[Vector, Vector]:
    return np.array([100 * one.figure.share for one in some]), np.array([100 * one.figure.level for one in some])


def pooled_between(some: Sequence[Figured]) -> tuple[float, int]:
    """τ² of all categories, each about its own mean, with Σ(p − 1) degrees of freedom."""
    groups = [_figures([one for one in some if one.category == name]) for name in {one.category for one in some}]
    freedom = sum(len(y) - 1 for y, _ in groups)

    def excess(tau2: float) -> float:
        total = -float(freedom)
        for y, se in groups:
            weight = 1 / (se**2 + tau2)
            total += float((weight * (y - (weight * y).sum() / weight.sum()) ** 2).sum())
        return total

    return positive_root(excess), freedom


def inequality(some: Sequence[Figured]) -> float:
    """Coefficient of variation between schools, beyond what the errors explain; schools count alike."""
    y, se = _figures(some)
    return math.sqrt(max(0.0, float(y.var(ddof=1) - (se**2).mean()))) / float(y.mean())


@dataclass(frozen=True)
class Verdict:
    """On the promised share: whether it is met, how many answers would decide, what selectivity would tip it."""

    share: float
    verdict: str
    needed: int | None
    odds: float | None
    is_bound: bool = False  # nearly all chose one option of the overall item: only a bound is said, and judged


def verdict(cell: Cell, found: CellFigures, line: float = 0.85) -> Verdict | None:
    """By satisfied persons; where the form has no overall item, by the rate."""
    groups, whole = cell.satisfied()
    around = cell.around(found.correlation)
    judged, n = found.rate, len(cell.respondents)
    limit = bound(cell, groups) if whole is not None else None
    if whole is not None:
        if limit is not None:
            groups, whole = [replace(group, mean=limit) for group in groups], replace(whole, mean=limit)
        judged, n = figure(groups, whole, KNOWN, around), whole.n
    if judged is None:
        return None
    low, high = judged.interval()
    share = judged.share
    said = "met" if low >= line else "not met" if high < line else "undecided"
    needed = None
    if said == "undecided" and abs(share - line) >= 1e-9:
        needed = would_decide(judged, n, cell.roster.people, math.log(around.nonresponse), line)
    return Verdict(share, said, needed, tipping(judged, around, line), limit is not None)


def would_decide(judged: Figure, n: int, people: int, kappa: float, line: float) -> int | None:
    """The least number of answers whose interval ends at the line, found by counting up."""
    if n >= people or judged.sampling == 0:
        return None
    z2 = quantile(math.inf) ** 2

    def person(m: int) -> float:
        centre = (judged.share + z2 / m / 2) / (1 + z2 / m)
        return centre * (1 - centre)

    deff = judged.sampling**2 / person(n) / (1 / n - 1 / people)
    for m in range(n + 1, people):
        variance = person(m) * (deff * (1 / m - 1 / people) + (kappa * (1 - m / people)) ** 2)
        low, high = score_limits(judged.share, math.sqrt(z2 * variance))
        if low >= line or high < line:
            return m
    return people


def bound(cell: Cell, groups: Sequence[Persons]) -> float | None:
    """What is said of satisfied persons where nearly all chose one option."""
    item = cell.form.overall
    assert item is not None
    counts = Counter(person.state[item.id] for person in cell.ballots if item.id in person.chosen)
    (code, most), n = counts.most_common(1)[0], sum(counts.values())
    usual = 0.95 if n >= 20 else 0.90
    if most < usual * n - 1e-9:
        return None
    people = sum(group.people for group in groups)
    share = sum(group.people / people * group.mean for group in groups)
    if any(option.code == code and option.good for option in item.options):
        return min(usual, math.floor(share * 20 + 1e-9) / 20)
    return max(1 - usual, math.ceil(share * 20 - 1e-9) / 20)


def tipping(judged: Figure, around: Surroundings, line: float) -> float | None:
    """By what a standard deviation must multiply the odds of answering for the verdict to fall."""
    low, high = score_limits(judged.share, quantile(judged.sampling_df) * judged.sampling)
    distance = low - line if low >= line else line - high
    if distance <= 0:
        return None
    if around.response >= 1:
        return math.inf
    return math.exp(distance / ((1 - around.response) * judged.sd))


def chances(y: Vector, se: Vector, q: int) -> list[float]:
    """Of each school to be among the first q: Poisson–binomial, averaged over its own value."""
    tau2, mu = paule_mandel(y, se)
    trust = tau2 / (tau2 + se**2)
    m, v = trust * y + (1 - trust) * mu, trust * se**2
    result = []
    for j in range(len(y)):
        x = m[j] + math.sqrt(v[j]) * NODES * LIMIT
        density = np.exp(-((NODES * LIMIT) ** 2) / 2) / math.sqrt(2 * math.pi) * LIMIT * NODE_WEIGHTS
        above = np.zeros((len(y), len(x)))  # how many others lie above, by number
        above[0] = 1.0
        for k in range(len(y)):
            if k != j:
                p = special.ndtr((m[k] - x) / math.sqrt(v[k]))
                above[1:] = above[1:] * (1 - p) + above[:-1] * p
                above[0] = above[0] * (1 - p)
        result.append(float((density * above[:q].sum(axis=0)).sum()))
    return result
