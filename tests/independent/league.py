"""Composites, reliability, ranks with their sets, bands: docs/method.md from “composite” to “between schools”."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import brentq

from .cells import Figure, half_width, satterthwaite, score_interval
from .recompute import OVERALL, Cell, Table, Value, Wave
from .tables import OPEN, CellFigures, cell_row, df

Vector = NDArray[np.float64]
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(600)
LIMIT = 9.0  # standard deviations beyond which nothing counts


@dataclass(frozen=True)
class School:
    """The composite of a school."""

    code: str
    category: str
    share: float | None  # None where no audience may be shown
    figure: Figure | None
    raw: float | None
    raw_corrected: float | None
    flags: frozenset[str]
    main_people: int
    main_n: int
    main_response: float

    @property
    def level(self) -> float | None:
        return 100 * self.figure.level if self.figure else None

    @property
    def is_comparable(self) -> bool:
        return self.share is not None and not self.flags & {"missing_audience", "overcount"}


def composites(wave: Wave, figures: Mapping[tuple[str, str, str], CellFigures]) -> list[School]:
    codes = {cell.school: cell.category for cell in wave.cells.values()}
    return [composite(wave, code, codes[code], figures) for code in codes]


def composite(wave: Wave, code: str, category: str,
              figures: Mapping[tuple[str, str, str], CellFigures]) -> School:  # fmt: skip
    """Weighted over the audiences that may be shown."""
    scheme, flags = wave.scheme, set()
    parts: list[tuple[float, Cell, Figure | None]] = []
    for audience, weight in scheme.weights[category].items():
        cell = wave.cells.get((code, audience))
        if cell is None:
            flags |= {"missing_audience"} if wave.of(category, audience) else set()
            continue
        n = len(cell.valid(OVERALL))
        if n == 0 or (audience != "inspector" and n < scheme.min_n(audience)):
            flags.add("missing_audience")
            continue
        parts.append((weight, cell, part_of_composite(cell, figures)))
        flags |= _flags(cell)
    main = wave.cells.get((code, str(scheme.method["main"])))
    if not parts:
        return School(code, category, None, None, None, None, frozenset(flags), 0, 0, 0.0)
    total = sum(weight for weight, _, _ in parts)
    shares = [(weight / total, cell, one) for weight, cell, one in parts]
    rows = [cell_row(cell, OVERALL) for _, cell, _ in shares]
    raw = [_sum_of_squares(shares, rows, name) for name in ("se", "se_corrected")]
    index = sum(share * float(row["index"] or 0) for (share, _, _), row in zip(shares, rows, strict=True))
    return School(
        code, category, index, _together(shares), raw[0], raw[1], frozenset(flags),
        main.roster.people if main else 0, len(main.valid(OVERALL)) if main else 0,
        (main.response or 0.0) if main else 0.0,
    )  # fmt: skip


def part_of_composite(cell: Cell, figures: Mapping[tuple[str, str, str], CellFigures]) -> Figure | None:
    if cell.audience != "inspector":
        return figures[cell.school, cell.audience, OVERALL].index
    error = float(cell.scheme.method["rater_sd"]) / 100 / math.sqrt(len(cell.valid(OVERALL)))
    share = cell.scores(OVERALL)[1].mean
    return Figure(share, sampling=error, level=error)


def _flags(cell: Cell) -> set[str]:
    if cell.audience == "inspector":
        return {"assumed_rater"}
    response = cell.response or 0.0
    found = {"low_response"} if response < cell.scheme.minimum_response.get(cell.audience, 0.0) else set()
    found |= {"unverified"} if cell.audience in OPEN else set()
    return found | ({"overcount"} if response > 1.05 else set())


def _sum_of_squares(shares: Sequence[tuple[float, Cell, Figure | None]], rows: Sequence[Mapping[str, Value]],
                    name: str) -> float | None:  # fmt: skip
    total = 0.0
    for (share, cell, _), row in zip(shares, rows, strict=True):
        if cell.audience == "inspector":
            continue
        if row.get(name) is None:
            return None
        total += (share * float(row[name] or 0)) ** 2
    return math.sqrt(total)


def _together(shares: Sequence[tuple[float, Cell, Figure | None]]) -> Figure | None:
    parts = [(share, one) for share, _, one in shares if one]
    if len(parts) < len(shares):
        return None
    sampling = [((share * one.sampling) ** 2, one.sampling_df) for share, one in parts]
    level = [((share * one.level) ** 2, one.level_df) for share, one in parts]
    hidden = sum(share * one.hidden for share, one in parts)
    hidden_parts = [(share * one.hidden * hidden, one.hidden_df) for share, one in parts]
    return Figure(
        sum(share * one.share for share, one in parts),
        math.sqrt(sum(part for part, _ in sampling)), satterthwaite(sampling), hidden, satterthwaite(hidden_parts),
        math.sqrt(sum(part for part, _ in level)), satterthwaite(level),
        floor_year=max(share * half_width(one.interval()) for share, one in parts),
        floor_level=max(share * half_width(score_interval(one.share, one.level, one.df_of_level))
                        for share, one in parts),
    )  # fmt: skip


def paule_mandel(values: Vector, errors: Vector) -> tuple[float, float]:
    """τ² and the weighted mean."""

    def mean(tau2: float) -> float:
        weight = 1 / (errors**2 + tau2)
        return float((weight * values).sum() / weight.sum())

    def excess(tau2: float) -> float:
        return float(((values - mean(tau2)) ** 2 / (errors**2 + tau2)).sum() - (len(values) - 1))

    tau2 = positive_root(excess)
    return tau2, mean(tau2)


def positive_root(excess: Callable[[float], float]) -> float:
    """Where a decreasing function is 0; 0 where it begins below."""
    if excess(0.0) <= 0:
        return 0.0
    high = 1.0
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=500))


def composite_rows(wave: Wave, schools: Sequence[School]) -> Table:
    rows: Table = []
    for school in schools:
        kind = [one for one in schools if one.category == school.category and is_ranked(wave, one)]
        row: dict[str, Value] = {
            "school_code": school.code, "school_name": wave.names[school.code], "category": school.category,
            "audience": "composite", "dimension": OVERALL,
            "index": school.share, "se": school.raw, "se_corrected": school.raw_corrected,
            "flags": "|".join(sorted(school.flags)),
        }  # fmt: skip
        if one := school.figure:
            low, high = one.interval()
            row |= {"se_year": 100 * one.year, "df_year": df(one.year_df), "ci_low": 100 * low, "ci_high": 100 * high,
                    "se_level": 100 * one.level, "df_level": df(one.df_of_level)}  # fmt: skip
            if school in kind and len(kind) > 1:
                error = np.array([100 * other.figure.level for other in kind if other.figure])
                tau2, _ = paule_mandel(np.array([rounded(wave, other.share) for other in kind]), error)
                row["reliability"] = tau2 / (tau2 + (100 * one.level) ** 2)
        rows.append(row)
    return rows


def reason(wave: Wave, school: School, errors: Mapping[str, float | None]) -> str:
    """Why a school is not ranked; empty if it is."""
    method = wave.scheme.method
    if school.share is None:
        return "no_composite"
    if "missing_audience" in school.flags:
        return "missing_audience"
    if school.main_n < int(method["rank_from"]):
        return "few_answers"
    if "low_response" in school.flags or school.main_response < float(method["rank_response"]):
        return "low_response"
    if "overcount" in school.flags:
        return "overcount"
    if "unverified" in school.flags and not method["rank_unverified"]:
        return "unverified"
    return "" if errors[school.code] is not None else "no_error"


def is_ranked(wave: Wave, school: School) -> bool:
    return not reason(wave, school, {school.code: school.level})


def ranking_rows(wave: Wave, schools: Sequence[School], of_sampling: bool) -> Table:
    rows: Table = []
    column = "se" if of_sampling else "se_level"
    for category in wave.scheme.weights:
        kind = [school for school in schools if school.category == category]
        errors = {one.code: one.raw if of_sampling else one.level for one in kind}
        ranked = [one for one in kind if not reason(wave, one, errors)]
        figures = _ranked(wave, ranked, [one for one in kind if one.is_comparable], errors)
        for school in kind:
            why = reason(wave, school, errors)
            row: dict[str, Value] = {
                "category": category, "school_code": school.code, "school_name": wave.names[school.code],
                "composite": rounded(wave, school.share),
                column: errors[school.code], "ranked": "false" if why else "true", "reason": why,
            }  # fmt: skip
            rows.append(row | figures.get(school.code, {}))
    return rows


def rounded(wave: Wave, value: float | None) -> float | None:
    if value is None:
        return None
    nine = Decimal(repr(float(value))).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return float(nine.quantize(Decimal(1).scaleb(-int(wave.scheme.method["decimals"])), ROUND_HALF_UP))


def _ranked(wave: Wave, ranked: Sequence[School], comparable: Sequence[School],
            errors: Mapping[str, float | None]) -> dict[str, dict[str, Value]]:  # fmt: skip
    y = np.array([rounded(wave, school.share) for school in ranked])
    se = np.array([float(errors[school.code] or 0.0) for school in ranked])
    found: dict[str, dict[str, Value]] = {}
    if not ranked:
        return found
    expected = expected_ranks(y, se)
    whole = simultaneous_sets(y, se)
    bands = band_letters(comparable, errors) if len(ranked) > 1 else {}
    for at, school in enumerate(ranked):
        low, high = own_set(y, se, at)
        found[school.code] = {
            "rank": 1 + int((y > y[at]).sum()), "rank_low": low, "rank_high": high,
            "rank_low_simultaneous": whole[at][0], "rank_high_simultaneous": whole[at][1],
            "expected_rank": expected[at], "band": bands.get(school.code),
        }  # fmt: skip
    return found


def expected_ranks(y: Vector, se: Vector) -> list[float | None]:
    """By shrunken values; schools without an error tell nothing of τ²."""
    uncertain = se > 0
    if uncertain.sum() < 2:
        return [None] * len(y)
    tau2, mu = paule_mandel(y[uncertain], se[uncertain])
    trust = tau2 / (tau2 + se**2) if tau2 else np.where(uncertain, 0.0, 1.0)
    m, v = trust * y + (1 - trust) * mu, trust * se**2
    result: list[float | None] = []
    for j in range(len(y)):
        others = [k for k in range(len(y)) if k != j]
        result.append(1 + sum(chance_above(m[k] - m[j], math.sqrt(v[k] + v[j])) for k in others))
    return result


def chance_above(difference: float, error: float) -> float:
    """Φ of their quotient; certain where there is no error, and either way where there is no difference either."""
    if error > 0:
        return float(special.ndtr(difference / error))
    return 0.5 if difference == 0 else float(difference > 0)


def own_set(y: Vector, se: Vector, j: int) -> tuple[int, int]:
    """Step down by the exact distribution of the largest difference of one school from the others."""
    p = len(y)
    others = [k for k in range(p) if k != j]
    z = {k: (y[k] - y[j]) / math.hypot(se[k], se[j]) for k in others}
    left = {(k, sign) for k in others for sign in (1, -1)}
    above = below = 0
    while left:
        c = critical(se, j, left)
        settled = {(k, sign) for k, sign in left if sign * z[k] > c}
        if not settled:
            break
        above += sum(sign == 1 for _, sign in settled)
        below += sum(sign == -1 for _, sign in settled)
        left -= settled
    return 1 + above, p - below


def critical(se: Vector, j: int, left: set[tuple[int, int]]) -> float:
    """c with P(max of the tests that are left > c) = 5%."""
    x = NODES * LIMIT
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) * LIMIT * NODE_WEIGHTS

    def covered(c: float) -> float:
        inside = np.ones_like(x)
        for k in {k for k, _ in left}:
            reach = c * math.hypot(se[k], se[j])
            up = normal(reach + se[j] * x, se[k]) if (k, 1) in left else 1.0
            down = normal(-reach + se[j] * x, se[k]) if (k, -1) in left else 0.0
            inside = inside * (up - down)
        return float((density * inside).sum()) - 0.95

    return float(brentq(covered, 0.0, 8.0, xtol=1e-13))


def normal(x: Vector, sd: float) -> Vector:
    return np.asarray(special.ndtr(x / sd) if sd > 0 else (x >= 0).astype(float), float)


def simultaneous_sets(y: Vector, se: Vector) -> list[tuple[int, int]]:
    """Holm over p(p − 1) one-sided tests."""
    p = len(y)
    pairs = [(i, j) for i in range(p) for j in range(p) if i != j]
    chance = [float(special.ndtr(-(y[i] - y[j]) / math.hypot(se[i], se[j]))) for i, j in pairs]
    higher = {pairs[at] for at in holm(chance)}
    return [
        (1 + sum((i, j) in higher for i in range(p)), p - sum((j, i) in higher for i in range(p))) for j in range(p)
    ]


def holm(chance: Sequence[float]) -> list[int]:
    """Which are significant at 5% together."""
    order = sorted(range(len(chance)), key=chance.__getitem__)
    result: list[int] = []
    for step, at in enumerate(order):
        if chance[at] > 0.05 / (len(chance) - step):
            break
        result.append(at)
    return result


def band_letters(comparable: Sequence[School], errors: Mapping[str, float | None]) -> dict[str, str]:
    """Each comparable school against the mean of the other ones; Holm over all of them."""
    sure = [(one, float(one.share or 0), float(error)) for one in comparable if (error := errors[one.code]) is not None]
    z = {}
    for school, share, error in sure:
        others = [(one, other, sd) for one, other, sd in sure if one is not school]
        if people := sum(one.main_people for one, _, _ in others):
            mean = sum(one.main_people / people * other for one, other, _ in others)
            variance = sum((one.main_people / people * sd) ** 2 for one, _, sd in others)
            z[school.code] = (share - mean) / math.sqrt(error**2 + variance)
    codes = list(z)
    clear = {codes[at] for at in holm([2 * float(special.ndtr(-abs(z[code]))) for code in codes])}
    return {code: ("A" if z[code] > 0 else "C") if code in clear else "B" for code in codes}
