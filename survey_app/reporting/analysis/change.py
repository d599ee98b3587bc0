"""What changed since an earlier wave: the same items, options and map only, and never by chance alone."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from survey_app.measurement.composite import Composite
from survey_app.measurement.estimate import CellEstimate
from survey_app.measurement.scoring import OVERALL, Scoring
from survey_app.measurement.statistics.change import TwoWaves, changes, two_waves
from survey_app.measurement.statistics.value_added import value_added
from survey_app.measurement.strata import Index

from .models import COMPOSITE

Cells = Mapping[tuple[int, str], CellEstimate]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One school in two waves. ``verdict``: up, down, or unclear; value added only in large categories."""

    school: int
    before: float
    after: float
    difference: float
    se: float
    p: float
    verdict: str
    not_lower: bool
    residual: float | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """The schools of one audience (or the composite) that can be compared."""

    audience: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """This wave beside an earlier one. ``incomparable``: audiences whose form changed."""

    earlier: str
    trends: tuple[Trend, ...]
    incomparable: tuple[str, ...] = ()

    def trend(self, audience: str) -> Trend | None:
        return next((trend for trend in self.trends if trend.audience == audience), None)


@dataclass(frozen=True, slots=True)
class Side:
    """One wave of a comparison; ``scoring`` gives the form of a (school, audience)."""

    cells: Cells
    composites: Mapping[int, Composite]
    scoring: Callable[[int, str], Scoring | None] = field(repr=False)


def compare(earlier: str, before: Side, after: Side, category: Mapping[int, str]) -> Comparison:
    """The comparison of two waves; ``category`` names the schools of this report."""
    audiences = list(dict.fromkeys(audience for _, audience in after.cells))
    pairs: dict[str, dict[int, tuple[Index, Index]]] = {name: {} for name in (COMPOSITE, *audiences)}
    changed: dict[str, None] = {}
    for school in category:
        alike = {name: _alike(before.scoring(school, name), after.scoring(school, name)) for name in audiences}
        changed |= dict.fromkeys(name for name, same in alike.items() if same is False)
        for name in audiences:
            both = (before.cells.get((school, name)), after.cells.get((school, name)))
            if alike[name] and both[0] is not None and both[1] is not None:
                pairs[name][school] = (both[0].overall.index, both[1].overall.index)
        old, new = before.composites.get(school), after.composites[school]
        if old is not None and old.audiences == new.audiences and all(alike.get(name) for name in new.audiences):
            pairs[COMPOSITE][school] = (old.index, new.index)
    trends = (Trend(name, tuple(_lines(found, category))) for name, found in pairs.items())
    return Comparison(earlier, tuple(trend for trend in trends if trend.lines), tuple(changed))


def _alike(before: Scoring | None, after: Scoring | None) -> bool | None:
    """Whether two forms give the same OVERALL index; None if one of the waves has none."""
    if before is None or after is None:
        return None
    return (
        _weights(before) == _weights(after)
        and before.valid_share == after.valid_share
        and all(same_items(before, after, name) for name in after.dimensions)
    )


def _weights(scoring: Scoring) -> dict[str, float]:
    whole = float(scoring.weights.sum())
    return {name: round(float(w) / whole, 9) for name, w in zip(scoring.dimensions, scoring.weights, strict=True)}


def same_items(before: Scoring, after: Scoring, dimension: str) -> bool:
    """Whether a dimension (or OVERALL) has the same items by concept, with the same options and points."""
    if dimension != OVERALL and not (dimension in before.dimensions and dimension in after.dimensions):
        return False
    return _items(before, dimension) == _items(after, dimension)


def _items(scoring: Scoring, dimension: str) -> dict[str, tuple[tuple[str, ...], tuple[float, ...]]]:
    found = (scoring.items[number] for number in scoring.items_of(dimension))
    return {item.concept or item.id: (item.codes, item.points) for item in found}


def _lines(pairs: Mapping[int, tuple[Index, Index]], category: Mapping[int, str]) -> Iterator[ChangeLine]:
    known = {school: pair for school, pair in pairs.items() if all(_is_known(index) for index in pair)}
    if not known:
        return
    waves = two_waves(
        [old.points or 0.0 for old, _ in known.values()], [old.se or 0.0 for old, _ in known.values()],
        [new.points or 0.0 for _, new in known.values()], [new.se or 0.0 for _, new in known.values()],
    )  # fmt: skip
    found = changes(waves)
    residual, score = _added(waves, [category[school] for school in known])
    for at, school in enumerate(known):
        difference = float(waves.difference[at])
        yield ChangeLine(
            school=school, before=float(waves.before[at]), after=float(waves.after[at]), difference=difference,
            se=float(waves.error[at]), p=float(found.p_adjusted[at]),
            verdict=("up" if difference > 0 else "down") if found.changed[at] else "unclear",
            not_lower=bool(found.not_lower[at]), residual=residual[at], score=score[at],
        )  # fmt: skip


def _is_known(index: Index) -> bool:
    return index.points is not None and index.se is not None


def _added(waves: TwoWaves, categories: list[str]) -> tuple[list[float | None], list[float | None]]:
    """Residual and score of each school, None where its category is too small or a school has no sampling error."""
    if (waves.error_before == 0).any() or (waves.error_after == 0).any():
        return [None] * len(categories), [None] * len(categories)
    found = value_added(waves, categories)
    return [_finite(value) for value in found.residual], [_finite(value) for value in found.score]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
