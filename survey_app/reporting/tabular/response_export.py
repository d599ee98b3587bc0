"""Row exports: one row a response, in random order, without what could point to a person."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.collection.models import Response
from survey_app.definition.answers import Column, columns, decoded
from survey_app.definition.categories import Categories
from survey_app.foundation.errors import refused
from survey_app.frame.models import Wave
from survey_app.frame.queries import FrozenInstrument, frozen_instruments, frozen_schools
from survey_app.measurement.settings import Method
from survey_app.measurement.suppression import hidden_parts

BATCH = 10_000
Cells = dict[tuple[int, str, str], Counter[str]]  # school, audience, structure → responses by grade


class ResponseExport:
    """The responses of a sealed wave as rows of text; ids are random, so their order is a shuffle."""

    def __init__(self, session: Session, wave: Wave, categories: Categories, method: Method) -> None:
        if wave.sealed_at is None:
            raise refused("批次“{name}”还没有封存，封存前不能导出答卷", name=wave.name)
        self.session = session
        self.wave = wave
        self.method = method
        self.frozen = frozen_instruments(session, wave.id, categories)
        self.codes = {school.school_id: school.code for school in frozen_schools(session, wave.id)}
        self.shapes = {found.structure_hash: _public(found) for found in self.frozen}
        self.withheld, self.hidden_grades = self._small_cells()

    def columns(self) -> list[str]:
        """As ``responses import`` reads them: school, audience, background, items."""
        found: dict[str, None] = dict.fromkeys(("school_code", "audience", "grade"))
        for frozen in self.frozen:
            closed = frozen.instrument.closed_background()
            found |= dict.fromkeys(question.id for question in closed if not question.private)
        for frozen in self.frozen:
            found |= dict.fromkeys(item.id for item in frozen.instrument.scored_items())
        return list(found)

    def rows(self) -> Iterator[list[str]]:
        names = self.columns()
        query = (
            select(Response.school_id, Response.audience, Response.structure_hash, Response.grade, Response.answers)
            .where(Response.wave_id == self.wave.id)
            .order_by(Response.school_id, Response.id)
            .execution_options(yield_per=BATCH)
        )
        for school, audience, structure, grade, answers in self.session.execute(query):
            cell = (school, audience, structure)
            if cell in self.withheld:
                continue
            shown = "" if grade in self.hidden_grades.get(cell, ()) else grade
            row = {"school_code": self.codes[school], "audience": audience, "grade": shown}
            row |= self._decoded(structure, answers)
            yield [row.get(name, "") for name in names]

    def _decoded(self, structure: str, answers: str) -> dict[str, str]:
        shape, kept = self.shapes[structure]
        found = decoded(answers, shape)
        return {name: found[name] for name in kept}

    def _small_cells(self) -> tuple[set[tuple[int, str, str]], dict[tuple[int, str, str], set[str]]]:
        """Cells that are left out, and in the others the grades that are blanked."""
        cells: Cells = {}
        query = select(Response.school_id, Response.audience, Response.structure_hash, Response.grade)
        for school, audience, structure, grade in self.session.execute(query.where(Response.wave_id == self.wave.id)):
            cells.setdefault((school, audience, structure), Counter())[grade] += 1
        withheld = {cell for cell, grades in cells.items() if grades.total() < self.method.least_n(cell[1])}
        hidden = {}
        for cell, grades in cells.items():
            names = sorted(grades)
            parts = hidden_parts([grades[name] for name in names], self.method.least_n(cell[1]))
            hidden[cell] = {names[part] for part in parts}
        return withheld, hidden


def _public(found: FrozenInstrument) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The shape of the answer strings, and the questions that leave the house (private ones do not)."""
    shape = columns(found.instrument)
    private = {question.id for question in found.instrument.background if question.private}
    return shape, tuple(dict.fromkeys(column.question for column in shape if column.question not in private))
