"""Row exports: one row a response, in random order, without what could point to a person.

They tell nothing that the tables of the same report hide; what is left out is decided in :mod:`..disclosure`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.collection.queries import counted
from survey_app.definition.answers import answer_columns, decode_answers
from survey_app.definition.categories import Categories
from survey_app.definition.kinds import Counting, answered_questions, kind_of
from survey_app.definition.model import Instrument, Question
from survey_app.foundation.errors import user_error
from survey_app.foundation.retention_terms import ANSWERS
from survey_app.frame.models import Wave
from survey_app.frame.purge_records import require_kept
from survey_app.frame.queries import FrozenInstrument, frozen_instruments

from ..disclosure.follow_ups import shown_follow_ups
from ..disclosure.responses import (
    Background,
    background_of,
    coarsen_backgrounds,
    count_valid_persons,
    exported_items,
    may_export,
)
from ..wave_report import CellReport, WaveReport

BATCH_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class _ExportedCell:
    """A school × audience with rows: what of its questions may be read, and what is published of each background."""

    school_code: str
    audience: str
    structure_hash: str
    items: frozenset[str]
    backgrounds: dict[Background, Background]


class ResponseExport:
    """The responses of a sealed wave as rows of text; ids are random, so their order is a shuffle."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, report: WaveReport) -> None:
        if wave.sealed_at is None:
            raise user_error("批次“{name}”还没有封存，封存前不能导出答卷", name=wave.name)
        require_kept(session, wave, ANSWERS)
        report.check_public()
        self.session = session
        self.wave = wave
        self.report = report
        self.instruments = frozen_instruments(session, wave.id, categories)
        self.layouts = {frozen.structure_hash: answer_columns(frozen.instrument) for frozen in self.instruments}
        self.backgrounds = {frozen.structure_hash: _public_background(frozen) for frozen in self.instruments}

    def public_instruments(self) -> list[Instrument]:
        """The questionnaires of the wave: what their columns mean is no secret."""
        return [frozen.instrument for frozen in self.instruments]

    def columns(self) -> list[str]:
        """As ``responses import`` reads them: school, audience, background, items, follow-ups."""
        names: dict[str, None] = dict.fromkeys(("school_code", "audience", "grade"))
        for background in self.backgrounds.values():
            names |= dict.fromkeys(background)
        public = [question for frozen in self.instruments for question in public_questions(frozen.instrument)]
        names |= dict.fromkeys(question.id for question in public if is_scored(question))
        names |= {question.id: None for frozen in self.instruments for question in frozen.instrument.follow_up}
        return list(names)

    def rows(self) -> Iterator[list[str]]:
        """School by school, so that memory depends on the largest school; each read twice, counted and written."""
        names = self.columns()
        for school in self.report.schools:
            for audience, cell in school.cells.items():
                min_n = self.report.scheme.settings.audience_min_n(audience)
                if may_export(cell.cell, min_n):
                    exported = self._exported_cell(school.school_id, school.code, cell, min_n)
                    for grade, answers in self._responses(school.school_id, exported):
                        row = self._row(exported, grade, answers)
                        yield [row.get(name, "") for name in names]

    def _exported_cell(self, school: int, code: str, report: CellReport, min_n: int) -> _ExportedCell:
        structure = next(
            entry.structure_hash
            for entry in self.report.audience_instruments
            if (entry.instrument.id, entry.audience) == (report.cell.instrument, report.cell.audience)
        )
        shown = exported_items(report.items) | shown_follow_ups(dict(report.follow_ups))
        cell = _ExportedCell(code, report.cell.audience, structure, shown, {})
        texts: dict[Background, list[str]] = {}
        for grade, answers in self._responses(school, cell):
            texts.setdefault(self._background(cell, grade, self._decode(cell, answers)), []).append(answers)
        valid_persons = {raw: count_valid_persons(report.scoring, found) for raw, found in texts.items()}
        cell.backgrounds.update(coarsen_backgrounds(valid_persons, min_n))
        return cell

    def _responses(self, school: int, cell: _ExportedCell) -> Iterator[tuple[str, str]]:
        query = (
            select(Response.grade, Response.answers)
            .where(
                Response.wave_id == self.wave.id, Response.school_id == school, Response.audience == cell.audience,
                Response.structure_hash == cell.structure_hash, *counted(self.session, self.wave.id),
            )
            .order_by(Response.id)
            .execution_options(yield_per=BATCH_SIZE)
        )  # fmt: skip
        yield from ((row.grade, row.answers) for row in self.session.execute(query))

    def _row(self, cell: _ExportedCell, grade: str, answers: str) -> dict[str, str]:
        codes = self._decode(cell, answers)
        published_grade, *background = cell.backgrounds[self._background(cell, grade, codes)]
        row = {"school_code": cell.school_code, "audience": cell.audience, "grade": published_grade}
        row |= dict(zip(self.backgrounds[cell.structure_hash], background, strict=True))
        return row | {name: codes[name] for name in cell.items}

    def _decode(self, cell: _ExportedCell, answers: str) -> dict[str, str]:
        return decode_answers(answers, self.layouts[cell.structure_hash])

    def _background(self, cell: _ExportedCell, grade: str, codes: dict[str, str]) -> Background:
        return background_of(cell.audience, grade, codes, self.backgrounds[cell.structure_hash])


def _public_background(frozen: FrozenInstrument) -> tuple[str, ...]:
    """The closed questions about the respondent that leave the house (private ones do not)."""
    background = {question.id for question in frozen.instrument.background}
    return tuple(question.id for question in public_questions(frozen.instrument) if question.id in background)


def public_questions(instrument: Instrument) -> tuple[Question, ...]:
    """The questions of the answer string that leave the house."""
    return tuple(question for question in answered_questions(instrument) if not question.private)


def is_scored(question: Question) -> bool:
    return kind_of(question).counting is Counting.SCORED
