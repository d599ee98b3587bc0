"""What is printed for a wave, as its pages show it: by school, how many codes are out, used and left."""

import math
from dataclasses import dataclass
from typing import Any

from survey_app.collection.code_batches import BatchSummary, list_batches, schools_with_links, slips_from_roster
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.distribution.slips import SLIPS_A_PAGE
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import language, render
from survey_app.frame.access_modes import coded_audiences
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_schools


@dataclass(frozen=True, slots=True)
class CodeCount:
    """Codes of a school × audience that are valid: printed and used."""

    printed: int
    used: int


@dataclass(frozen=True, slots=True)
class PaperRow:
    """``codes`` by audience; None where the audience is not asked at this school."""

    code: str
    name: str
    category: str
    codes: dict[str, CodeCount | None]


@dataclass(frozen=True, slots=True)
class CodedAudience:
    """``unprinted``: schools that have no valid code for it yet; ``slips``: one for each of their people, if any."""

    id: str
    label: str
    unprinted: tuple[str, ...]
    slips: int = 0

    @property
    def pages(self) -> int:
        return math.ceil(self.slips / SLIPS_A_PAGE)


def coded_rows(session: Any, wave: Wave, categories: Categories) -> tuple[CodedAudience, ...]:
    live = {(batch.school_code, batch.audience) for batch in _live(list_batches(session, wave))}
    rows = []
    for audience in coded_audiences(wave.access):
        if codes := schools_with_links(session, wave, audience):
            unprinted = tuple(code for code in codes if (code, audience) not in live)
            slips = slips_from_roster(session, wave, audience, set(unprinted), categories)
            rows.append(CodedAudience(audience, render(AUDIENCES[audience].label), unprinted, slips))
    return tuple(rows)


def paper_rows(session: Any, wave: Wave, categories: Categories) -> list[PaperRow]:
    counts: dict[tuple[str, str], CodeCount] = {}
    for batch in _live(list_batches(session, wave)):
        key = (batch.school_code, batch.audience)
        before = counts.get(key, CodeCount(0, 0))
        counts[key] = CodeCount(before.printed + batch.printed, before.used + batch.used)
    audiences = [audience for audience in coded_audiences(wave.access) if schools_with_links(session, wave, audience)]
    asked = {audience: set(schools_with_links(session, wave, audience)) for audience in audiences}
    return [
        PaperRow(
            school.code, school.name, categories[school.category].label.in_language(language()),
            {
                name: counts.get((school.code, name), CodeCount(0, 0)) if school.code in asked[name] else None
                for name in audiences
            },
        )
        for school in frozen_schools(session, wave.id)
    ]  # fmt: skip


def _live(batches: list[BatchSummary]) -> list[BatchSummary]:
    return [batch for batch in batches if batch.voided_at is None]


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    id: int
    audience: str
    group: str
    printed: int
    used: int
    issued: str
    voided: str


def printed_batches(session: Any, wave: Wave, code: str) -> list[PrintedBatch]:
    """What was printed when for a school, the latest first."""
    return [
        PrintedBatch(
            batch.batch_id, render(AUDIENCES[batch.audience].label), f"{batch.grade} {batch.class_name}".strip(),
            batch.printed, batch.used, format_local(batch.issued_at),
            format_local(batch.voided_at) if batch.voided_at else "",
        )
        for batch in reversed(list_batches(session, wave, code))
    ]  # fmt: skip
