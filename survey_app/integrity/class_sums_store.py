"""What is kept of the halves of classes, and how alike the persons of a class answered as far as that tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.collection.queries import count_receipts_by_link
from survey_app.distribution.models import Link
from survey_app.frame.queries import frozen_classes
from survey_app.measurement.class_sums import HALVES, ClassSums, HalfCell, cells_that_serve, class_sums_of
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.class_correlation import mean_group_size
from survey_app.measurement.tally import Tally

from .answer_reader import ScoredInstrument
from .models import StoredClassSums

MIN_SHARE_BY_CLASS = 0.5  # of the ballots of a school: with fewer through class links, their sizes are no class sizes


@dataclass(frozen=True, slots=True)
class ClassEvidence:
    """Ballots by class (from the roll call), persons by class (from the roster), and the sums of halves."""

    ballots: Mapping[tuple[int, str], Mapping[HalfCell | None, tuple[int, ...]]] = field(default_factory=dict)
    roster: Mapping[tuple[int, str], tuple[int, ...]] = field(default_factory=dict)
    sums: Mapping[tuple[str, str], ClassSums] = field(default_factory=dict)

    def class_size(self, school: int, audience: str, received: int, response_rate: float | None) -> float | None:
        """Return Σm²/Σm of the classes that answered; of the roster × response without them; None without classes."""
        by_class = [size for sizes in self.ballots.get((school, audience), {}).values() for size in sizes]
        if by_class and sum(by_class) >= MIN_SHARE_BY_CLASS * received:
            return mean_group_size(by_class)
        sizes = self.roster.get((school, audience), ())
        rate = 1.0 if response_rate is None else min(1.0, response_rate)
        return max(1.0, mean_group_size(sizes) * rate) if sizes else None

    def correlations(self, audience: str, structure_hash: str, schools: Iterable[int]) -> dict[str, float]:
        """Return the measured correlation of persons of one class by dimension, pooled over these schools."""
        members = set(schools)
        sums = self.sums.get((audience, structure_hash))
        if sums is None:
            return {}
        sums = sums.only(cell for cell in sums.cells if cell.school in members)
        sizes = {
            cell: by_class
            for school in members
            for cell, by_class in self.ballots.get((school, audience), {}).items()
            if cell is not None
        }
        pooled = {dimension: sums.correlation(dimension, sizes) for dimension in sums.dimensions}
        return {dimension: one.correlation for dimension, one in pooled.items() if one is not None}


def save_class_sums(
    session: Session, wave_id: int, requests: Sequence[ScoredInstrument], counts: Sequence[Mapping[str, Tally]]
) -> None:
    """Keep the sums of the halves that can tell something; of fewer persons than are shown nothing is kept."""
    ballots = _ballots_by_class(session, wave_id)
    rows = []
    for (structure_hash, scoring), by_half in zip(requests, counts, strict=True):
        tallies = [(half, by_half[half]) for half in HALVES if half in by_half]
        if not tallies:
            continue
        sums = class_sums_of(tallies)
        sizes = {
            cell: by_class
            for (_school, audience), by_cell in ballots.items()
            if audience == scoring.audience
            for cell, by_class in by_cell.items()
            if cell is not None
        }
        sums = sums.only(cells_that_serve(sums, sizes, MeasurementSettings().audience_min_n(scoring.audience)))
        rows += [
            {
                "wave_id": wave_id, "school_id": cell.school, "audience": scoring.audience,
                "structure_hash": structure_hash, "grade": cell.grade, "half": cell.half,
                "sums": sums.sums[row].astype("<f8").tobytes(),
            }
            for row, cell in enumerate(sums.cells)
        ]  # fmt: skip
    if rows:
        session.execute(insert(StoredClassSums), rows)


def load_class_evidence(session: Session, wave_id: int, requests: Sequence[ScoredInstrument]) -> ClassEvidence:
    """What is known of the classes of a sealed wave."""
    roster: dict[tuple[int, str], tuple[int, ...]] = {}
    sizes: dict[tuple[int, str, str, str], int] = {}
    for row in frozen_classes(session, wave_id):
        name = (row.school_id, row.audience, row.grade, row.class_name)
        sizes[name] = sizes.get(name, 0) + row.population
    for (school, audience, _grade, _class), size in sizes.items():
        roster[school, audience] = (*roster.get((school, audience), ()), size)
    return ClassEvidence(_ballots_by_class(session, wave_id), roster, _load_sums(session, wave_id, requests))


def _ballots_by_class(session: Session, wave_id: int) -> dict[tuple[int, str], dict[HalfCell | None, tuple[int, ...]]]:
    """Ballots of each class link, by school and audience, then by half (None where nothing was dealt)."""
    received = count_receipts_by_link(session, wave_id)
    links = select(Link.id, Link.school_id, Link.audience, Link.grade, Link.half).where(
        Link.wave_id == wave_id, Link.class_name != ""
    )
    result: dict[tuple[int, str], dict[HalfCell | None, tuple[int, ...]]] = {}
    for link_id, school, audience, grade, half in session.execute(links.order_by(Link.id)):
        if link_id not in received:
            continue
        by_cell = result.setdefault((school, audience), {})
        cell = HalfCell(school, grade, half) if half else None
        by_cell[cell] = (*by_cell.get(cell, ()), received[link_id])
    return result


def _load_sums(
    session: Session, wave_id: int, requests: Sequence[ScoredInstrument]
) -> dict[tuple[str, str], ClassSums]:
    dimensions = {
        (scoring.audience, structure_hash): scoring.dimensions_and_overall() for structure_hash, scoring in requests
    }
    by_instrument: dict[tuple[str, str], dict[HalfCell, bytes]] = {}
    columns = (StoredClassSums.school_id, StoredClassSums.audience, StoredClassSums.structure_hash,
               StoredClassSums.grade, StoredClassSums.half, StoredClassSums.sums)  # fmt: skip
    for row in session.execute(select(*columns).where(StoredClassSums.wave_id == wave_id)):
        cell = HalfCell(row.school_id, row.grade, row.half)
        by_instrument.setdefault((row.audience, row.structure_hash), {})[cell] = row.sums
    result = {}
    for key, sums in by_instrument.items():
        cells = tuple(sorted(sums))
        values = np.frombuffer(b"".join(sums[cell] for cell in cells), "<f8").astype(np.float64)
        result[key] = ClassSums(dimensions[key], cells, values.reshape(len(cells), len(dimensions[key]), 3))
    return result
