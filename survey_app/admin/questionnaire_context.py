"""Questionnaires as their pages show them: titles, counts, the checker's words, who is asked with what."""

from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import structure_hash
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, language_name, render
from survey_app.frame.instrument_uploads import CheckedInstrument, UsedVersion
from survey_app.frame.wave_drafts import CoverageMatrix


@dataclass(frozen=True, slots=True)
class QuestionnaireRow:
    """``title`` is the id where the file has faults."""

    id: str
    title: str
    version: str
    categories: str
    audiences: str
    questions: int
    issues: tuple[str, ...]


def questionnaire_rows(checked: list[CheckedInstrument], categories: Categories) -> list[QuestionnaireRow]:
    return [_row(entry, categories) for entry in checked]


def _row(entry: CheckedInstrument, categories: Categories) -> QuestionnaireRow:
    issues, instrument = tuple(map(render, entry.issues)), entry.instrument
    if instrument is None:
        return QuestionnaireRow(entry.id, entry.id, "", "", "", 0, issues)
    labels = "、".join(categories[name].label.in_language(language()) for name in instrument.categories)
    audiences = "、".join(render(AUDIENCES[name].label) for name in instrument.audiences)
    return QuestionnaireRow(
        entry.id, title_of(instrument), instrument.version, labels, audiences, len(list(instrument.questions())), issues
    )


def title_of(instrument: Instrument) -> str:
    return instrument.title.in_language(language())


@dataclass(frozen=True, slots=True)
class QuestionnaireCard:
    """One questionnaire: its forms to try by (audience, its name), its languages, and the waves that used it."""

    row: QuestionnaireRow
    forms: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # dimension, (id, text)
    versions: tuple[tuple[UsedVersion, bool], ...]  # and whether its questions are those of the file


def questionnaire_card(
    entry: CheckedInstrument, versions: list[UsedVersion], categories: Categories
) -> QuestionnaireCard:
    instrument = entry.instrument
    if instrument is None:
        return QuestionnaireCard(_row(entry, categories), (), (), (), tuple((used, False) for used in versions))
    structure = structure_hash(instrument)
    return QuestionnaireCard(
        _row(entry, categories),
        tuple((name, render(AUDIENCES[name].label)) for name in instrument.audiences),
        tuple((tag, language_name(tag)) for tag in instrument.languages),
        tuple(
            (
                dimension.label.in_language(language()),
                tuple(
                    (item.id, with_school(item.text.in_language(language()), _("这所学校"))) for item in dimension.items
                ),
            )
            for dimension in instrument.dimensions
        ),
        tuple((used, used.structure_hash == structure) for used in versions),
    )


@dataclass(frozen=True, slots=True)
class MatrixPageCell:
    titles: tuple[str, ...]
    schools: int
    people: int
    state: str  # asked, hole, conflict, nobody


@dataclass(frozen=True, slots=True)
class MatrixPage:
    audiences: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[MatrixPageCell, ...]], ...]
    holes: int


def matrix_page(matrix: CoverageMatrix, categories: Categories) -> MatrixPage:
    """Category × audience in words."""
    rows = []
    for category, schools, cells in matrix.rows:
        shown = tuple(
            MatrixPageCell(
                tuple(map(title_of, cell.instruments)), cell.schools, cell.people,
                "conflict" if cell.is_conflict else "hole" if cell.is_hole
                else "asked" if cell.instruments else "nobody",
            )
            for cell in cells
        )  # fmt: skip
        rows.append((categories[category].label.in_language(language()), schools, shown))
    return MatrixPage(tuple(render(AUDIENCES[name].label) for name in matrix.audiences), tuple(rows), matrix.holes())
