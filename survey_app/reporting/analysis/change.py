"""What changed since an earlier wave: the same items, options and map only, and never by chance alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from survey_app.measurement.composite import Composite
from survey_app.measurement.scoring import OVERALL, Scoring
from survey_app.measurement.statistics.change import WavePair, compare_waves, pair_waves
from survey_app.measurement.statistics.value_added import value_added
from survey_app.measurement.strata import IndexEstimate

from ..disclosure.figures import PublishableCell
from .models import COMPOSITE, none_if_nan

PublishableCells = Mapping[tuple[int, str], PublishableCell]


@dataclass(frozen=True, slots=True)
class SchoolChange:
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
    value_added: float | None = None


@dataclass(frozen=True, slots=True)
class AudienceChanges:
    """The schools of one audience (or the composite) that can be compared."""

    audience: str
    changes: tuple[SchoolChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """This wave beside an earlier one. ``incomparable``: audiences whose form changed."""

    earlier: str
    audience_changes: tuple[AudienceChanges, ...]
    incomparable: tuple[str, ...] = ()

    def changes_of(self, audience: str) -> AudienceChanges | None:
        return next((entry for entry in self.audience_changes if entry.audience == audience), None)


@dataclass(frozen=True, slots=True)
class ComparisonWave:
    """One wave of a comparison; ``scoring`` gives the form of a (school, audience)."""

    cells: PublishableCells
    composites: Mapping[int, Composite]
    scoring: Callable[[int, str], Scoring | None] = field(repr=False)


def build_comparison(
    earlier: str, before: ComparisonWave, after: ComparisonWave, category_by_school: Mapping[int, str]
) -> Comparison:
    """The comparison of two waves; ``category_by_school`` names the schools of this report."""
    audiences = list(dict.fromkeys(audience for _, audience in after.cells))
    pairs: dict[str, dict[int, tuple[IndexEstimate, IndexEstimate]]] = {name: {} for name in (COMPOSITE, *audiences)}
    incomparable: dict[str, None] = {}
    for school in category_by_school:
        same_index = {
            name: _has_same_index(before.scoring(school, name), after.scoring(school, name)) for name in audiences
        }
        incomparable |= dict.fromkeys(name for name, same in same_index.items() if same is False)
        for name in audiences:
            cell_pair = (before.cells.get((school, name)), after.cells.get((school, name)))
            if same_index[name] and cell_pair[0] is not None and cell_pair[1] is not None:
                pairs[name][school] = (cell_pair[0].overall.index, cell_pair[1].overall.index)
        old, new = before.composites.get(school), after.composites[school]
        if old is not None and old.audiences == new.audiences and all(same_index.get(name) for name in new.audiences):
            pairs[COMPOSITE][school] = (old.index, new.index)
    audience_changes = (
        AudienceChanges(name, tuple(_school_changes(index_pairs, category_by_school)))
        for name, index_pairs in pairs.items()
    )
    return Comparison(earlier, tuple(trend for trend in audience_changes if trend.changes), tuple(incomparable))


def _has_same_index(before: Scoring | None, after: Scoring | None) -> bool | None:
    """Whether two forms give the same OVERALL index; None if one of the waves has none."""
    if before is None or after is None:
        return None
    return (
        _weights(before) == _weights(after)
        and before.valid_share == after.valid_share
        and all(same_items(before, after, name) for name in after.dimensions)
    )


def _weights(scoring: Scoring) -> dict[str, float]:
    total = float(scoring.weights.sum())
    return {name: round(float(w) / total, 9) for name, w in zip(scoring.dimensions, scoring.weights, strict=True)}


def same_items(before: Scoring, after: Scoring, dimension: str) -> bool:
    """Whether a dimension (or OVERALL) has the same items by concept, with the same options and points."""
    if dimension != OVERALL and not (dimension in before.dimensions and dimension in after.dimensions):
        return False
    return _items(before, dimension) == _items(after, dimension)


def _items(scoring: Scoring, dimension: str) -> dict[str, tuple[tuple[str, ...], tuple[float, ...]]]:
    items = (scoring.items[number] for number in scoring.item_positions(dimension))
    return {item.concept or item.id: (item.codes, item.points) for item in items}


def _school_changes(
    pairs: Mapping[int, tuple[IndexEstimate, IndexEstimate]], category_by_school: Mapping[int, str]
) -> Iterator[SchoolChange]:
    complete_pairs = {school: pair for school, pair in pairs.items() if all(_has_error(index) for index in pair)}
    if not complete_pairs:
        return
    waves = pair_waves(
        [old.points or 0.0 for old, _ in complete_pairs.values()],
        [old.se or 0.0 for old, _ in complete_pairs.values()],
        [new.points or 0.0 for _, new in complete_pairs.values()],
        [new.se or 0.0 for _, new in complete_pairs.values()],
    )
    result = compare_waves(waves)
    residual, score = _value_added(waves, [category_by_school[school] for school in complete_pairs])
    for row, school in enumerate(complete_pairs):
        difference = float(waves.difference[row])
        yield SchoolChange(
            school=school,
            before=float(waves.before[row]),
            after=float(waves.after[row]),
            difference=difference,
            se=float(waves.error[row]),
            p=float(result.p_adjusted[row]),
            verdict=("up" if difference > 0 else "down") if result.changed[row] else "unclear",
            not_lower=bool(result.not_lower[row]),
            residual=residual[row],
            value_added=score[row],
        )


def _has_error(index: IndexEstimate) -> bool:
    return index.points is not None and index.se is not None


def _value_added(waves: WavePair, categories: list[str]) -> tuple[list[float | None], list[float | None]]:
    """Residual and score of each school, None where its category is too small or a school has no sampling error."""
    if (waves.error_before == 0).any() or (waves.error_after == 0).any():
        return [None] * len(categories), [None] * len(categories)
    result = value_added(waves, categories)
    return [none_if_nan(value) for value in result.residual], [none_if_nan(value) for value in result.score]
