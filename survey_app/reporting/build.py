"""Builds the report of a wave from stored tallies and the frozen roster."""

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.categories import Categories
from survey_app.definition.model import AUDIENCES
from survey_app.foundation.errors import refused
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import (
    FrozenInstrument,
    asked_population,
    frozen_instruments,
    frozen_populations,
    frozen_schools,
    waves,
)
from survey_app.integrity.signals_store import kept_signals
from survey_app.integrity.tally_store import count, is_kept, kept
from survey_app.measurement.composite import Component, Composite, composite_of
from survey_app.measurement.estimate import CellEstimate, estimate_cell, with_pooled_variance
from survey_app.measurement.item_distribution import distribution_of
from survey_app.measurement.ranking import Candidate, Ranked, ranking_of
from survey_app.measurement.scoring import Scoring, scoring_for
from survey_app.measurement.strata import Enrolled, Index
from survey_app.measurement.tally import Tally

from . import cache
from .analysis.change import Comparison, Side, compare
from .analysis.district import Evidence, find
from .analysis.signals import readable
from .cache import made_from
from .disclosure import ItemFigures, is_hidden, masked, masked_items
from .wave_report import AudienceInstrument, CellReport, SchoolReport, WaveReport

Cells = dict[tuple[int, str], CellEstimate]


def report(
    session: Session, wave: Wave, categories: Categories, scheme: Scheme, full: bool = False,
    earlier: Wave | None = None,
) -> WaveReport:  # fmt: skip
    """The report, compared with the ``earlier`` wave, by default the last one sealed before this one opened.

    Raises :class:`Refused` before the seal, or if nobody answered.
    """
    if wave.sealed_at is None:
        raise refused(
            "批次“{name}”还没有封存，封存前看不到结果。截止后请运行 flask run-due，或 flask wave close {name} --seal-now",
            name=wave.name,
        )
    earlier = earlier or _sealed_before(session, wave)
    sources = tuple(made_from(session, found) for found in (wave, earlier) if found is not None)

    def build() -> WaveReport:
        before = _Builder(session, earlier, categories, scheme, full) if earlier else None
        return _Builder(session, wave, categories, scheme, full).report(before)

    return cache.kept((sources, scheme.sha256, full, categories.all), build)


def _sealed_before(session: Session, wave: Wave) -> Wave | None:
    found = (other for other in waves(session) if other.sealed_at is not None and other.opens_at < wave.opens_at)
    return next(found, None)


class _Builder:
    def __init__(self, session: Session, wave: Wave, categories: Categories, scheme: Scheme, full: bool) -> None:
        self.session = session
        self.wave = wave
        self.categories = categories
        self.scheme = scheme
        self.full = full
        self.frozen = frozen_instruments(session, wave.id, categories)
        self.schools = frozen_schools(session, wave.id)
        self.populations = frozen_populations(session, wave.id)
        self.signals = kept_signals(session, wave.id)
        self.tallies: dict[tuple[str, str], Tally] = {}

    def report(self, earlier: "_Builder | None" = None) -> WaveReport:
        estimates = self._estimates()
        if not any(cell.received for cell in estimates.values()):
            raise refused("批次“{name}”没有收到答卷，没有可报告的结果", name=self.wave.name)
        composites = self._composites(estimates)
        ranked = self._ranking(estimates, composites)
        evidence = self._evidence(estimates, composites, ranked)
        assert self.wave.sealed_at is not None
        return WaveReport(
            wave=self.wave.name, opens_at=self.wave.opens_at,
            closes_at=self.wave.closed_at or self.wave.closes_at, sealed_at=self.wave.sealed_at,
            access=self.wave.access, manifest_hash=self.wave.manifest_hash or "", scheme=self.scheme,
            categories=tuple(c for c in self.categories.all if any(s.category == c.id for s in self.schools)),
            asked=tuple(self._asked()), full=self.full, dimension_labels=self._dimension_labels(),
            schools=tuple(
                self._school(school, estimates, composites[school.school_id], ranked[school.school_id])
                for school in self.schools
            ),
            findings=find(evidence), comparison=self._comparison(evidence, earlier) if earlier else None,
        )  # fmt: skip

    def _composites(self, estimates: Cells) -> dict[int, Composite]:
        category = {school.school_id: school.category for school in self.schools}
        due = {(category[school], audience) for school, audience in estimates}
        return {school.school_id: self._composite(school, estimates, due) for school in self.schools}

    def _evidence(self, estimates: Cells, composites: dict[int, Composite], ranked: dict[int, Ranked]) -> Evidence:
        category = {school.school_id: school.category for school in self.schools}
        return Evidence(self.scheme, category, estimates, composites, ranked, tuple(self.tallies.values()))

    def _comparison(self, evidence: Evidence, earlier: "_Builder") -> Comparison:
        old = earlier._estimates()
        before = earlier._evidence(old, earlier._composites(old), {})
        return compare(earlier.wave.name, earlier._side(before), self._side(evidence), evidence.category)

    def _side(self, evidence: Evidence) -> Side:
        cells = {(cell.school, cell.audience): cell for cell in evidence.publishable()}

        def scoring(school: int, audience: str) -> Scoring | None:
            found = self._instrument(evidence.category.get(school, ""), audience)
            return None if found is None else self._tally(found, audience).scoring

        return Side(cells, evidence.composites, scoring)

    def _asked(self) -> list[AudienceInstrument]:
        present = {school.category for school in self.schools}
        return [
            AudienceInstrument(category.id, audience, found.instrument, found.structure_hash)
            for category in self.categories.all
            if category.id in present
            for audience in AUDIENCES
            if (found := self._instrument(category.id, audience)) is not None
        ]

    def _dimension_labels(self) -> dict[str, tuple[str, str]]:
        return {
            dimension.id: (dimension.label.zh, dimension.label.en)
            for found in self.frozen
            for dimension in found.instrument.dimensions
        }

    def _instrument(self, category: str, audience: str) -> FrozenInstrument | None:
        fitting = (f for f in self.frozen if category in f.instrument.categories and audience in f.instrument.audiences)
        return next(fitting, None)

    def _tally(self, found: FrozenInstrument, audience: str) -> Tally:
        key = (found.structure_hash, audience)
        if key not in self.tallies:
            method = self.scheme.method
            scoring = scoring_for(
                found.instrument, audience, method.valid_share, method.map, self.scheme.dimension_weights
            )
            if is_kept(self.session, self.wave.id, scoring):
                self.tallies[key] = kept(self.session, self.wave.id, found.structure_hash, scoring)
            else:
                self.tallies[key] = count(self.session, self.wave.id, [(found.structure_hash, scoring)])[0]
        return self.tallies[key]

    def _estimates(self) -> Cells:
        found: Cells = {}
        for category in dict.fromkeys(school.category for school in self.schools):
            for audience in AUDIENCES:
                cells = [cell for school in self.schools if school.category == category
                         and (cell := self._estimate(school, audience)) is not None]  # fmt: skip
                shown = [masked(cell, self.scheme.method) for cell in cells]
                found |= {(cell.school, audience): cell for cell in with_pooled_variance(cells, shown)}
        return found

    def _estimate(self, school: WaveSchool, audience: str) -> CellEstimate | None:
        """None if this audience is not asked at this school."""
        instrument = self._instrument(school.category, audience)
        if instrument is None:
            return None
        tally = self._tally(instrument, audience)
        enrolled = self._enrolled(school, audience, instrument)
        if not enrolled.population and audience != "inspector" and not tally.rows_of(school.school_id):
            return None
        return estimate_cell(tally, school.school_id, enrolled, self.scheme.method)

    def _enrolled(self, school: WaveSchool, audience: str, found: FrozenInstrument) -> Enrolled:
        by_grade = asked_population(
            self.populations.get((school.school_id, audience), {}), found.instrument, self.categories,
            school.category, audience,
        )  # fmt: skip
        order = ["", *(grade.code for grade in self.categories[school.category].grades)]
        return Enrolled(dict(sorted(by_grade.items(), key=lambda entry: order.index(entry[0]))))

    def _component(self, cell: CellEstimate) -> Component:
        overall = cell.overall
        verified = self.wave.access.get(cell.audience) != "open"
        return Component(cell.audience, overall.index, overall.n, cell.response_rate, verified)

    def _composite(self, school: WaveSchool, estimates: Cells, due: set[tuple[str, str]]) -> Composite:
        """An audience that other schools of the category have is missing where it is not even on the roster."""
        components = [
            self._component(estimates[school.school_id, audience])
            if (school.school_id, audience) in estimates
            else Component(audience, Index(), 0, None)
            for audience in AUDIENCES
            if (school.category, audience) in due
        ]
        weights = self.scheme.weights_for(school.category)
        return composite_of(components, weights, self.scheme.minimum_response, self.scheme.method)

    def _ranking(self, estimates: Cells, composites: dict[int, Composite]) -> dict[int, Ranked]:
        main = self.scheme.method.main
        found: dict[int, Ranked] = {}
        for category in dict.fromkeys(school.category for school in self.schools):
            candidates = []
            for school in self.schools:
                if school.category == category:
                    cell = estimates.get((school.school_id, main))
                    candidates.append(
                        Candidate(school.school_id, composites[school.school_id],
                                  self._component(cell) if cell else None, cell.population if cell else 0)
                    )  # fmt: skip
            found |= {line.school: line for line in ranking_of(candidates, self.scheme.method)}
        return found

    def _school(self, school: WaveSchool, estimates: Cells, composite: Composite, ranked: Ranked) -> SchoolReport:
        cells = {
            audience: self._cell(school, estimates[school.school_id, audience])
            for audience in AUDIENCES
            if (school.school_id, audience) in estimates
        }
        return SchoolReport(school.school_id, school.code, school.name, school.category, cells, composite, ranked)

    def _cell(self, school: WaveSchool, estimate: CellEstimate) -> CellReport:
        instrument = self._instrument(school.category, estimate.audience)
        assert instrument is not None
        tally = self._tally(instrument, estimate.audience)
        items = self._items(tally, estimate)
        cell, least = masked(estimate, self.scheme.method), self.scheme.method.least_n(estimate.audience)
        shown = self.full or not is_hidden(cell.overall)
        found = self.signals.get((school.school_id, estimate.audience)) if shown else None
        signals = readable(found, least, self.full) if found else None
        if self.full:
            return CellReport(estimate, tally.scoring, tuple(items), shown, signals)
        return CellReport(cell, tally.scoring, masked_items(items, tally, cell, least), shown, signals)

    def _items(self, tally: Tally, estimate: CellEstimate) -> list[tuple[str, ItemFigures]]:
        counts = tally.counts[tally.rows_of(estimate.school)].sum(axis=0)
        return [
            (item.id, ItemFigures(item.concept, item.codes, found, rate_low=found.rate_low, rate_high=found.rate_high))
            for number, item in enumerate(tally.scoring.items)
            if item.asked and (found := distribution_of(item, counts[number])) is not None
        ]
