"""What changed since an earlier wave: the same items, options and map only, and never by chance alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.measurement.composite import Composite
from survey_app.measurement.scoring import OVERALL, Scoring
from survey_app.measurement.statistics.change import compare_waves, pair_waves
from survey_app.measurement.statistics.change_verdicts import change_verdicts
from survey_app.measurement.statistics.residual_gain import residual_gains
from survey_app.measurement.statistics.score_intervals import satterthwaite_df
from survey_app.measurement.strata import IndexEstimate

from ..disclosure.figures import PublishableCell
from .models import COMPOSITE, none_if_nan

PublishableCells = Mapping[tuple[int, str], PublishableCell]


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """One school in two waves. ``verdict``: up, down, equivalent or undecided, ``p`` adjusted by Holm for it;
    ``low`` and ``high``: interval of the change. Value added, shrunken and with its interval, in large categories only.
    """

    school: int
    before: float
    after: float
    difference: float
    se: float
    p: float
    verdict: str
    not_lower: bool
    low: float | None = None
    high: float | None = None
    value_added: float | None = None
    value_added_low: float | None = None
    value_added_high: float | None = None
    value_added_se: float | None = None

    @property
    def value_added_sign(self) -> int:
        """1 or −1 where the interval of the value added excludes 0."""
        if self.value_added_low is None or self.value_added_high is None:
            return 0
        return int(self.value_added_low > 0) - int(self.value_added_high < 0)


@dataclass(frozen=True, slots=True)
class AudienceChanges:
    """The schools of one audience (or the composite) that can be compared."""

    audience: str
    changes: tuple[SchoolChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """This wave beside an earlier one. ``incomparable``: audiences whose form changed.

    ``origins``: the names that schools had in the earlier wave, where they had another code; more than one where
    schools were merged, and such a school is compared with nobody.
    """

    earlier: str
    audience_changes: tuple[AudienceChanges, ...]
    incomparable: tuple[str, ...] = ()
    origins: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def changes_of(self, audience: str) -> AudienceChanges | None:
        return next((entry for entry in self.audience_changes if entry.audience == audience), None)


@dataclass(frozen=True, slots=True)
class ComparisonWave:
    """One wave of a comparison; ``scoring`` gives the form of a (school, audience)."""

    cells: PublishableCells
    composites: Mapping[int, Composite]
    scoring: Callable[[int, str], Scoring | None] = field(repr=False)


def build_comparison(
    earlier: str,
    before: ComparisonWave,
    after: ComparisonWave,
    category_by_school: Mapping[int, str],
    origins: Mapping[int, Sequence[int]] | None = None,
) -> Comparison:
    """The comparison of two waves; ``category_by_school`` names the schools of this report.

    ``origins``: the schools of the earlier wave that each of this one comes from, by default itself. A school that was
    merged from several has no earlier figure of its own.
    """
    audiences = list(dict.fromkeys(audience for _, audience in after.cells))
    pairs: dict[str, dict[int, tuple[IndexEstimate, IndexEstimate]]] = {name: {} for name in (COMPOSITE, *audiences)}
    incomparable: dict[str, None] = {}
    for school in category_by_school:
        was = [school] if origins is None else list(origins.get(school, ()))
        if len(was) != 1:
            continue
        same_index = {
            name: _has_same_index(before.scoring(was[0], name), after.scoring(school, name)) for name in audiences
        }
        incomparable |= dict.fromkeys(name for name, same in same_index.items() if same is False)
        for name in audiences:
            cell_pair = (before.cells.get((was[0], name)), after.cells.get((school, name)))
            if same_index[name] and cell_pair[0] is not None and cell_pair[1] is not None:
                pairs[name][school] = (cell_pair[0].overall.index, cell_pair[1].overall.index)
        old, new = before.composites.get(was[0]), after.composites[school]
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
    """Whether a dimension (or OVERALL) has the same items by concept, with the same options and points.

    Faces beside the words are another way to ask: nobody knows yet that children answer them alike.
    """
    if dimension != OVERALL and not (dimension in before.dimensions and dimension in after.dimensions):
        return False
    return _items(before, dimension) == _items(after, dimension)


def _items(scoring: Scoring, dimension: str) -> dict[str, tuple[tuple[str, ...], tuple[float, ...], bool]]:
    items = (scoring.items[number] for number in scoring.item_positions(dimension))
    return {item.concept or item.id: (item.codes, item.points, item.faces) for item in items}


def _school_changes(
    pairs: Mapping[int, tuple[IndexEstimate, IndexEstimate]], category_by_school: Mapping[int, str]
) -> Iterator[SchoolChange]:
    complete_pairs = {school: pair for school, pair in pairs.items() if all(_has_error(index) for index in pair)}
    if not complete_pairs:
        return
    waves = pair_waves(
        [old.points or 0.0 for old, _ in complete_pairs.values()],
        [old.se_level or 0.0 for old, _ in complete_pairs.values()],
        [new.points or 0.0 for _, new in complete_pairs.values()],
        [new.se_level or 0.0 for _, new in complete_pairs.values()],
    )
    result = change_verdicts(waves, [_df_of_change(old, new) for old, new in complete_pairs.values()])
    not_lower = compare_waves(waves).not_lower
    gains = residual_gains(waves, [category_by_school[school] for school in complete_pairs])
    for row, school in enumerate(complete_pairs):
        yield SchoolChange(
            school=school,
            before=float(waves.before[row]),
            after=float(waves.after[row]),
            difference=float(waves.difference[row]),
            se=float(waves.error[row]),
            p=float(result.p_adjusted[row]),
            verdict=str(result.verdict[row]),
            not_lower=bool(not_lower[row]),
            low=none_if_nan(float(result.low[row])),
            high=none_if_nan(float(result.high[row])),
            value_added=none_if_nan(float(gains.gain[row])),
            value_added_low=none_if_nan(float(gains.low[row])),
            value_added_high=none_if_nan(float(gains.high[row])),
            value_added_se=none_if_nan(float(gains.error[row])),
        )


def _df_of_change(old: IndexEstimate, new: IndexEstimate) -> float:
    """Degrees of freedom of a difference of two independent figures (Satterthwaite)."""
    errors = [old.se_level or 0.0, new.se_level or 0.0]
    return satterthwaite_df([error**2 for error in errors], [old.df_level or 1.0, new.df_level or 1.0])


def _has_error(index: IndexEstimate) -> bool:
    return index.points is not None and index.se_level is not None
