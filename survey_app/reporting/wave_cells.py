"""What the cells of a wave are made of: what it froze, how its answers are scored, and what is known beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app.assessment.schemes import Scheme
from survey_app.definition.categories import Categories
from survey_app.frame.models import Wave
from survey_app.frame.queries import FrozenInstrument, frozen_instruments, frozen_populations, frozen_schools
from survey_app.integrity.class_response import ClassCounts, load_class_counts
from survey_app.integrity.class_sums_store import ClassEvidence, load_class_evidence
from survey_app.integrity.form_sums_store import FormSums, load_form_sums
from survey_app.integrity.private_counts_store import load_private_counts
from survey_app.integrity.signals_store import load_signals
from survey_app.integrity.tally_store import build_scorings, missing_tallies
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import Signals

from .disclosure.figures import DisclosurePolicy, PressedFigures
from .disclosure.pressed import PRESSED_QUESTION, disclose_pressed


class WaveCells:
    """What a wave froze and counted, under a scheme: the source of its cells."""

    def __init__(
        self, session: Session, wave: Wave, categories: Categories, scheme: Scheme, policy: DisclosurePolicy
    ) -> None:
        self.session = session
        self.wave = wave
        self.categories = categories
        self.scheme = scheme
        self.policy = policy
        self.instruments = frozen_instruments(session, wave.id, categories)
        self.schools = frozen_schools(session, wave.id)
        self.populations = frozen_populations(session, wave.id)
        self.private_counts = load_private_counts(session, wave.id)
        self._scorings: dict[tuple[str, str], Scoring] = {}

    def is_counted(self) -> bool:
        """Whether every audience was counted with the settings of the scheme, be it that nobody answered."""
        scorings = build_scorings(self.instruments, self.scheme.settings, self.scheme.dimension_weights)
        return not missing_tallies(self.session, self.wave.id, scorings)

    def instrument(self, category: str, audience: str) -> FrozenInstrument | None:
        candidates = (
            f for f in self.instruments if category in f.instrument.categories and audience in f.instrument.audiences
        )
        return next(candidates, None)

    def scoring(self, instrument: FrozenInstrument, audience: str) -> Scoring:
        """How an instrument is scored for an audience, by the scheme."""
        key = (instrument.structure_hash, audience)
        if key not in self._scorings:
            settings = self.scheme.settings
            self._scorings[key] = build_scoring(
                instrument.instrument,
                audience,
                settings.valid_share,
                settings.map,
                self.scheme.dimension_weights,
                settings.conditional_items,
            )
        return self._scorings[key]

    def pressed(self, school: int, audience: str) -> PressedFigures | None:
        """None where nobody was asked, or hardly anybody answered."""
        counts = self.private_counts.get((school, audience), {}).get(PRESSED_QUESTION)
        return disclose_pressed(counts, self.scheme.settings.audience_min_n(audience), self.policy) if counts else None

    def as_shipped(self) -> "WaveCells | None":
        """Return the wave with answers worth what they are worth as shipped; None if the scheme says the same."""
        shipped = _shipped_scoring(self.scheme)
        if shipped == self.scheme:
            return None
        return WaveCells(self.session, self.wave, self.categories, shipped, self.policy)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known beside the answers; let go when the last cell is made."""

    classes: ClassEvidence
    signals: Mapping[tuple[int, str], Signals]
    class_counts: Mapping[tuple[int, str], ClassCounts]
    form_sums: Mapping[tuple[int, str], FormSums]


def load_evidence(wave: WaveCells) -> Evidence:
    """Return what is known beside the answers of a wave."""
    session, wave_id = wave.session, wave.wave.id
    requests = build_scorings(wave.instruments, wave.scheme.settings, wave.scheme.dimension_weights)
    return Evidence(
        load_class_evidence(session, wave_id, requests),
        load_signals(session, wave_id),
        load_class_counts(session, wave_id),
        load_form_sums(session, wave_id),
    )


def _shipped_scoring(scheme: Scheme) -> Scheme:
    """Return the scheme with answers worth what they are worth as shipped; thresholds and weights are its own."""
    shipped = MeasurementSettings()
    settings = replace(
        scheme.settings, valid_share=shipped.valid_share, map=shipped.map, conditional_items=shipped.conditional_items
    )
    return replace(scheme, settings=settings, dimension_weights={})
