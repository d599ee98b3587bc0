"""What a look back says of a case: each item before and after, and whether the difference is more than chance.

By the rules of every other change: errors of the level, Holm over the items of the case, three points that matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.followup.look_backs import look_back_wave, measured_wave
from survey_app.followup.models import RectificationCase
from survey_app.foundation.brief_cache import BriefCache
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import FrozenInstrument, eligible_population
from survey_app.integrity.class_sums_store import ClassEvidence, load_class_evidence
from survey_app.integrity.tally_store import build_scorings, load_tally
from survey_app.measurement.estimate import SchoolAudienceEstimate, estimate_school_audience
from survey_app.measurement.estimate_errors import DispersionPriors, fit_priors, with_errors
from survey_app.measurement.item_estimates import estimate_items
from survey_app.measurement.scoring import ItemScoring
from survey_app.measurement.statistics.change import pair_waves
from survey_app.measurement.statistics.change_verdicts import change_verdicts
from survey_app.measurement.statistics.score_intervals import satterthwaite_df
from survey_app.measurement.strata import IndexEstimate, RosterPopulation
from survey_app.measurement.tally import Tally

from .disclosure.cells import disclose_cell
from .disclosure.figures import DisclosurePolicy, ItemFigures, PublishableItem
from .disclosure.items import disclose_items
from .wave_cells import WaveCells

UNKNOWN = "unknown"
MOST_SCHOOLS = 100  # by code: more tell hardly more of how persons differ, and a page waits for them


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item of a case in both waves; what may not be read in one of them has no difference.

    ``verdict``: up, down, equivalent or undecided; unknown where nothing may be said.
    """

    audience: str
    item: str
    text: Text
    before: ItemFigures
    after: ItemFigures
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class LookBackResult:
    """What the waves of these names say of a case."""

    earlier: str
    later: str
    changes: tuple[ItemChange, ...]
    decimals: int = 2


def look_back_result(
    session: Session, case: RectificationCase, categories: Categories, scheme: Scheme
) -> LookBackResult | None:
    """Return before and after of the items of a case; None until the wave that asks again is sealed."""
    later, earlier = look_back_wave(session, case), measured_wave(session, case)
    if later is None or earlier is None or later.sealed_at is None or earlier.sealed_at is None:
        return None
    items = repr(sorted(case.look_back_items.items()))
    state = (later.id, later.revision, earlier.id, earlier.revision, scheme.sha256)
    key = (str(session.get_bind().url), case.school_code, items, *state)  # type: ignore[union-attr]
    return _results.get_or_make(key, lambda: _compare(session, case, (earlier, later), categories, scheme))


_results: BriefCache[LookBackResult] = BriefCache()  # in a large district the earlier wave takes a second to read


def _compare(
    session: Session, case: RectificationCase, waves: tuple[Wave, Wave], categories: Categories, scheme: Scheme
) -> LookBackResult:
    earlier, later = waves
    pairs = [
        pair for audience, items in case.look_back_items.items()
        for pair in _AudienceItems(session, case.school_code, audience, items, categories, scheme).lines(
            earlier, later
        )
    ]  # fmt: skip
    return LookBackResult(earlier.name, later.name, tuple(_judged(pairs)), scheme.settings.decimals)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A line with the raw figures that its difference is made of, where both may be read."""

    line: ItemChange
    figures: tuple[IndexEstimate, IndexEstimate] | None


@dataclass(frozen=True, slots=True)
class _AudienceItems:
    """The items of one audience of a school."""

    session: Session
    school_code: str
    audience: str
    items: Sequence[str]
    categories: Categories
    scheme: Scheme

    def lines(self, earlier: Wave, later: Wave) -> Iterator[_Pair]:
        """What the earlier wave borrows and how alike its classes are serves both: one school has neither by itself."""
        before, after = self._wave(earlier), self._wave(later)
        if before is None or after is None:
            return
        priors, correlations = before.priors(), before.correlations()
        old, new = (wave.estimates(priors, correlations) for wave in (before, after))
        texts = {item.id: item.text_for_audience(self.audience) for item in before.instrument.instrument.scored_items()}
        shown_before, shown_after = before.shown_points(before.school), after.shown_points(after.school)
        for item in self.items:
            line = ItemChange(self.audience, item, texts[item], shown_before[item], shown_after[item])
            may_be_read = isinstance(line.before, PublishableItem) and isinstance(line.after, PublishableItem)
            is_known = _has_error(old[item]) and _has_error(new[item])
            yield _Pair(line, (old[item], new[item]) if may_be_read and is_known else None)

    def _wave(self, wave: Wave) -> "_WaveItems | None":
        cells = WaveCells(self.session, wave, self.categories, self.scheme, DisclosurePolicy.PUBLIC)
        school = next((one for one in cells.schools if one.code == self.school_code), None)
        instrument = None if school is None else cells.instrument(school.category, self.audience)
        if school is None or instrument is None:
            return None
        shipped = cells.as_shipped() or cells
        tally = load_tally(self.session, wave.id, instrument.structure_hash, shipped.scoring(instrument, self.audience))
        requests = build_scorings(shipped.instruments, shipped.scheme.settings, shipped.scheme.dimension_weights)
        evidence = load_class_evidence(self.session, wave.id, requests)
        return _WaveItems(cells, school, instrument, self.audience, tuple(self.items), tally, evidence)


@dataclass(frozen=True, slots=True)
class _WaveItems:
    """The items of an audience in one wave, counted as shipped: how often each option was chosen is of no scheme."""

    cells: WaveCells
    school: WaveSchool
    instrument: FrozenInstrument
    audience: str
    items: tuple[str, ...]
    tally: Tally
    classes: ClassEvidence

    def shown(self, school: WaveSchool) -> Mapping[str, ItemFigures]:
        """The items of a school as everybody may read them."""
        settings = self.cells.scheme.settings
        roster = RosterPopulation(self._by_grade(school))
        cell = disclose_cell(estimate_school_audience(self.tally, school.school_id, roster, settings), settings)
        min_n = settings.audience_min_n(self.audience)
        return dict(disclose_items(self.tally, cell, min_n, DisclosurePolicy.PUBLIC))

    def shown_points(self, school: WaveSchool) -> Mapping[str, ItemFigures]:
        """The same, with the points of the scheme: which may be read does not hang on them."""
        scoring = self.cells.scoring(self.instrument, self.audience)
        by_id = {item.id: item for item in scoring.items}
        return {
            name: replace(one, distribution=replace(one.distribution, index=_mean(by_id[name], one)))
            if isinstance(one, PublishableItem) else one
            for name, one in self.shown(school).items()
        }  # fmt: skip

    def priors(self) -> DispersionPriors:
        """What the schools of the category tell of how persons differ on each item, as far as it may be read."""
        shown, schools = [], [one for one in self.cells.schools if one.category == self.school.category]
        for school in schools[:MOST_SCHOOLS]:
            readable = {name for name, one in self.shown(school).items() if isinstance(one, PublishableItem)}
            shown += [one for one in self._raw(school).estimates if one.dimension in readable]
        return fit_priors(shown)

    def correlations(self) -> dict[str, float]:
        """How alike persons of a class answer each item: as alike as in its dimension, which is more."""
        schools = [one.school_id for one in self.cells.schools if one.category == self.school.category]
        measured = self.classes.correlations(self.audience, self.instrument.structure_hash, schools)
        return {
            item.id: measured[dimension.id]
            for dimension in self.instrument.instrument.dimensions if dimension.id in measured
            for item in dimension.items
        }  # fmt: skip

    def estimates(self, priors: DispersionPriors, correlations: Mapping[str, float]) -> dict[str, IndexEstimate]:
        raw = self._raw(self.school)
        size = self.classes.class_size(self.school.school_id, self.audience, raw.received, raw.response_rate)
        found = with_errors(raw, priors, self.cells.scheme.settings, correlations, size)
        return {one.dimension: one.index for one in found.estimates}

    def _raw(self, school: WaveSchool) -> SchoolAudienceEstimate:
        points = replace(self.tally, scoring=self.cells.scoring(self.instrument, self.audience))
        return estimate_items(points, school.school_id, sum(self._by_grade(school).values()), self.items)

    def _by_grade(self, school: WaveSchool) -> dict[str, int]:
        by_grade = self.cells.populations.get((school.school_id, self.audience), {})
        return eligible_population(
            by_grade, self.instrument.instrument, self.cells.categories, school.category, self.audience
        )


def _mean(item: ItemScoring, figures: PublishableItem) -> float | None:
    n, counts = figures.distribution.n, figures.distribution.counts
    return sum(count * points for count, points in zip(counts, item.points, strict=True)) / n if n else None


def _judged(pairs: Sequence[_Pair]) -> Iterator[ItemChange]:
    """Every line, with the verdicts of those that may be compared; Holm over all of them."""
    old_and_new = [pair.figures for pair in pairs if pair.figures is not None]
    if not old_and_new:
        yield from (pair.line for pair in pairs)
        return
    old, new = ([figures[number] for figures in old_and_new] for number in range(2))
    waves = pair_waves(_points(old), _errors(old), _points(new), _errors(new))
    result = change_verdicts(waves, [_df_of(*figures) for figures in old_and_new])
    rows = iter(range(len(old_and_new)))
    for pair in pairs:
        if pair.figures is None:
            yield pair.line
            continue
        row = next(rows)
        yield replace(
            pair.line, difference=float(waves.difference[row]), low=float(result.low[row]),
            high=float(result.high[row]), verdict=str(result.verdict[row]),
        )  # fmt: skip


def _points(figures: Sequence[IndexEstimate]) -> list[float]:
    return [figure.points or 0.0 for figure in figures]


def _errors(figures: Sequence[IndexEstimate]) -> list[float]:
    return [figure.se_level or 0.0 for figure in figures]


def _has_error(index: IndexEstimate) -> bool:
    return index.points is not None and index.se_level is not None


def _df_of(old: IndexEstimate, new: IndexEstimate) -> float:
    errors = [old.se_level or 0.0, new.se_level or 0.0]
    return satterthwaite_df([error**2 for error in errors], [old.df_level or 1.0, new.df_level or 1.0])
