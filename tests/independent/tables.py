"""The three tables of a wave, column for column as docs/method.md names them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .cells import NORMAL, Figure, figure, wilson
from .people import Item
from .recompute import KNOWN, OVERALL, Cell, Table, Value, Wave, correlation, priors

OPEN = {"student"}  # who came by an open link


def df(value: float) -> float:
    return min(value, NORMAL)


@dataclass(frozen=True)
class CellFigures:
    """A dimension of a cell with its errors."""

    index: Figure | None
    rate: Figure | None
    correlation: float
    measured: bool
    rate_share: float | None


def all_figures(wave: Wave) -> dict[tuple[str, str, str], CellFigures]:
    found = {}
    for audience in ("parent", "student", "teacher"):
        wider = [cell for cell in wave.cells.values() if cell.audience == audience]
        for category in ("primary", "direct"):
            cells = wave.of(category, audience)
            for dimension in cells[0].dimensions if cells else ():
                measured = correlation(cells, dimension)
                rho = wave.scheme.correlation(audience) if measured is None else measured
                index_prior = priors(cells, wider, dimension, False)
                rate_prior = priors(cells, wider, dimension, True)
                for cell in cells:
                    around = cell.around(rho)
                    groups, whole = cell.scores(dimension)
                    share, parts, together = cell.rates(dimension)
                    rate = figure(parts, together, rate_prior, around, share) if together else None
                    index = figure(groups, whole, index_prior, around)
                    found[cell.school, audience, dimension] = CellFigures(index, rate, rho, measured is not None, share)
    return found


def index_rows(wave: Wave, figures: Mapping[tuple[str, str, str], CellFigures]) -> Table:
    rows: Table = []
    for cell in wave.cells.values():
        for dimension in cell.dimensions:
            row = cell_row(cell, dimension)
            row |= errors(cell, dimension, figures.get((cell.school, cell.audience, dimension)))
            row["school_name"] = wave.names[cell.school]
            row["flags"] = "|".join(
                sorted(flags(cell, dimension, figures.get((cell.school, cell.audience, dimension))))
            )
            rows.append(row)
    return rows


def cell_row(cell: Cell, dimension: str) -> dict[str, Value]:
    """Counts, indices and raw errors."""
    groups, whole = cell.scores(dimension)
    people, respondents = cell.roster.people, cell.respondents
    items = cell.form.dimension_items(dimension)
    counts = np.array([person.counts(items) for person in cell.ballots]).reshape(-1, 4).sum(axis=0)
    good, scored, bad, unknown = (int(count) for count in counts)
    row: dict[str, Value] = {
        "school_code": cell.school, "category": cell.category, "audience": cell.audience,
        "instrument": cell.form.id, "dimension": dimension, "population": people, "received": len(cell.ballots),
        "respondents": len(respondents), "response_rate": cell.response, "n": whole.n, "strata": len(groups),
        "answers": scored, "favourable": good,
    }  # fmt: skip
    row |= raw_rate(cell, items, good, scored)
    row["dissatisfied_share"] = bad / scored if scored else None
    row["na_share"] = unknown / (scored + unknown) if scored + unknown else None
    if not whole.n:
        return row
    total = sum(group.people for group in groups)
    weights = [group.people / total if total else 1.0 for group in groups]
    row["index"] = 100 * sum(weight * group.mean for weight, group in zip(weights, groups, strict=True))
    row["index_plain"] = 100 * whole.mean
    if whole.n > 1:
        row["se_plain"] = plain = 100 * math.sqrt(whole.variance / whole.n)
        if people:
            row["se_plain_corrected"] = plain * math.sqrt(1 - whole.n / max(people, whole.n))
    if people and all(group.n > 1 for group in groups):
        parts = [weight**2 * group.variance / group.n for weight, group in zip(weights, groups, strict=True)]
        left = [1 - group.n / max(group.people, group.n) for group in groups]
        row["se"] = 100 * math.sqrt(sum(parts))
        row["se_corrected"] = 100 * math.sqrt(sum(part * share for part, share in zip(parts, left, strict=True)))
    return row


def raw_rate(cell: Cell, items: list[Item], good: int, scored: int) -> dict[str, Value]:
    row: dict[str, Value] = {}
    n, people = len(cell.respondents), cell.roster.people
    if scored:
        row["rate_plain"] = rate = good / scored
        counted = [person.counts(items) for person in cell.respondents]
        e = np.array([(f - rate * a) / scored for f, a, _, _ in counted])
        if n > 1:
            row["rate_plain_se"] = error = math.sqrt(n / (n - 1) * float((e**2).sum()))
            if people:
                row["rate_plain_se_corrected"] = error * math.sqrt(1 - n / max(people, n))
    return row


def errors(cell: Cell, dimension: str, found: CellFigures | None) -> dict[str, Value]:
    """Of this year and of the level."""
    row: dict[str, Value] = {}
    if cell.audience == "inspector":
        row["rate"] = cell.rates(dimension)[0]
        if n := len(cell.valid(dimension)):
            row["se_year"] = row["se_level"] = float(cell.scheme.method["rater_sd"]) / math.sqrt(n)
            row["df_year"] = row["df_level"] = NORMAL
        return row
    assert found is not None
    row["rate"] = found.rate_share
    row["class_correlation"] = found.correlation if cell.valid(dimension) else None
    if one := found.index:
        low, high = one.interval()
        row |= {
            "se_year": 100 * one.year, "df_year": df(one.year_df), "ci_low": 100 * low, "ci_high": 100 * high,
            "se_level": 100 * one.level, "df_level": df(one.df_of_level),
        }  # fmt: skip
    if one := found.rate:
        row["rate_se_year"], (row["rate_low"], row["rate_high"]) = one.year, one.interval()
    return row | (satisfied(cell, found.correlation) if dimension == OVERALL else {})


def satisfied(cell: Cell, rho: float) -> dict[str, Value]:
    groups, whole = cell.satisfied()
    if whole is None:
        return {}
    total = sum(group.people for group in groups)
    row: dict[str, Value] = {"satisfied": sum(group.people / total * group.mean for group in groups)}
    if one := figure(groups, whole, KNOWN, cell.around(rho)):
        row["satisfied_se_year"], (row["satisfied_low"], row["satisfied_high"]) = one.year, one.interval()
    item = cell.form.overall
    if item and len(item.options) == 5:
        row["top3"] = top_three(cell, item)
    return row


def top_three(cell: Cell, item: Item) -> float:
    best = sorted((option.points for option in item.options), reverse=True)[2]
    answered = [person for person in cell.ballots if item.id in person.chosen]
    parts = cell.split(cell.grade_groups(OVERALL, answered), answered)
    total = sum(people for people, _ in parts)
    shares = [np.mean([member.chosen[item.id].points >= best for member in members]) for _, members in parts]
    return float(sum(people / total * share for (people, _), share in zip(parts, shares, strict=True)))


def flags(cell: Cell, dimension: str, found: CellFigures | None) -> set[str]:
    result = set()
    n = len(cell.valid(dimension))
    if cell.grade_groups(dimension, cell.valid(dimension)) is None:
        result.add("unstratified")
    if cell.audience == "inspector":
        return result | ({"assumed_rater"} if n else set())
    weighs = n >= int(cell.scheme.method["stratify_from"])
    if n and weighs and cell.roster.has_grades and cell.without_grade(dimension):
        result.add("missing_grade")
    if cell.form.weights.keys() >= {dimension} and cell.form.is_conditional(dimension):
        result.add("conditional")
    people, answered = cell.roster.people, len(cell.respondents)
    result |= {"overcount"} if answered > people else {"census"} if answered == people else set()
    if (cell.response or 0.0) < cell.scheme.minimum_response.get(cell.audience, 0.0):
        result.add("low_response")
    if cell.audience in OPEN:
        result.add("unverified")
    if found and found.index:
        result |= {"borrowed"} if found.index.borrows else set()
    if found and n and not found.measured and cell.audience != "teacher":
        result.add("assumed_correlation")
    return result


def item_rows(wave: Wave) -> Table:
    rows: Table = []
    for cell in wave.cells.values():
        for item in cell.form.asked_items():
            rows.append(item_row(cell, item))
        for question in cell.form.follow_up:
            codes = [option["code"] for option in question["options"]]
            chosen = [person.several[question["id"]] for person in cell.ballots]
            answered = [one for one in chosen if any(one) and one != ["not_shown"]]
            counts = {f"count_{code}": sum(code in one for one in answered) for code in codes}
            where = {"school_code": cell.school, "audience": cell.audience, "item": question["id"]}
            where |= {"instrument": cell.form.id, "text": question["text"]["zh"]}
            rows.append({**where, "n": len(answered), **counts, "flags": "follow_up"})
    return rows


def item_row(cell: Cell, item: Item) -> dict[str, Value]:
    chosen = [person.chosen[item.id] for person in cell.ballots if item.id in person.chosen]
    states = [person.state[item.id] for person in cell.ballots]
    row: dict[str, Value] = {
        "school_code": cell.school, "audience": cell.audience, "instrument": cell.form.id, "item": item.id,
        "text": item.text, "concept": item.concept, "n": len(chosen),
    }  # fmt: skip
    row |= {name: states.count(name) for name in ("na", "blank", "not_shown")}
    row |= {f"count_{option.code}": states.count(option.code) for option in item.options}
    if chosen:
        n, good, bad = len(chosen), sum(o.good for o in chosen), sum(o.bad for o in chosen)
        row |= {"index": float(np.mean([option.points for option in chosen])), "rate": good / n}
        row["rate_low"], row["rate_high"] = wilson(good, n)
        if item.promoter:
            p, d = good / n, bad / n
            row |= {"nps": 100 * (p - d), "nps_se": 100 * math.sqrt((p + d - (p - d) ** 2) / n)}
    return row
