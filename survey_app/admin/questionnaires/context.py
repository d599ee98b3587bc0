"""Questionnaires as their pages show them: titles, counts, the checker's words, who is asked with what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.authoring.review.file_review import PlacedFinding
from survey_app.authoring.review.finding import SEVERITY_LABELS, Severity
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import structure_hash
from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.model import Instrument
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, language_name, render
from survey_app.frame.instrument_uploads import CheckedInstrument, UsedVersion
from survey_app.frame.wave_drafts import CoverageMatrix

MAX_REASON = 200


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
    errors: int = 0  # of the review: what has to be mended before a wave
    warnings: int = 0


def questionnaire_rows(checked: list[CheckedInstrument], categories: Categories) -> list[QuestionnaireRow]:
    return [_row(entry, categories) for entry in checked]


def _row(entry: CheckedInstrument, categories: Categories) -> QuestionnaireRow:
    issues, instrument = tuple(map(render, entry.issues)), entry.instrument
    if instrument is None:
        return QuestionnaireRow(entry.id, entry.id, "", "", "", 0, issues)
    labels = "、".join(categories[name].label.in_language(language()) for name in instrument.categories)
    if len(instrument.categories) > 1 and {entry.id for entry in categories.all} <= set(instrument.categories):
        labels = _("全部")
    audiences = "、".join(render(AUDIENCES[name].label) for name in instrument.audiences)
    waiting = [placed.finding.severity for placed in entry.findings if placed.finding.accepted is None]
    return QuestionnaireRow(
        entry.id, title_of(instrument), instrument.version, labels, audiences, len(list(instrument.questions())),
        issues, waiting.count(Severity.ERROR), waiting.count(Severity.WARNING),
    )  # fmt: skip


def title_of(instrument: Instrument) -> str:
    return instrument.title.in_language(language())


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What the review says of one question, and what to do; ``accepted`` is the reason in the file.

    ``field``: under which a reason for keeping it is typed; empty where it must be mended, or is only a hint.
    """

    severity: str
    label: str
    place: str
    text: str
    message: str
    suggestion: str
    accepted: str
    field: str


def review_lines(entry: CheckedInstrument) -> tuple[ReviewLine, ...]:
    """The findings in the order of the review: what has to be mended first."""
    texts = {question.id: question.text for question in entry.instrument.questions()} if entry.instrument else {}
    return tuple(
        ReviewLine(
            placed.finding.severity.value, render(SEVERITY_LABELS[placed.finding.severity]),
            _("第 {line} 行", line=placed.position.line),
            _text_beside(texts.get(placed.finding.subject), render(placed.finding.message)),
            render(placed.finding.message), render(placed.finding.suggestion), placed.finding.accepted or "",
            reason_field(placed) if asks_reason(placed) else "",
        )
        for placed in entry.findings
    )  # fmt: skip


def reason_field(placed: PlacedFinding) -> str:
    """The name under which a reason is typed. It has the line, so that a reason does not follow a number of a question
    to another question.
    """
    return f"accept.{placed.position.line}.{placed.finding.rule}.{placed.finding.subject}"


def asks_reason(placed: PlacedFinding) -> bool:
    """Whether somebody should say why it stays: a hint asks for no answer, and what must be mended hears none."""
    finding = placed.finding
    return finding.may_be_accepted and (finding.severity is not Severity.HINT or bool(finding.accepted))


def said_reasons(findings: Iterable[PlacedFinding], typed: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The reasons that were typed beside findings which may be accepted."""
    return {
        (one.finding.subject, one.finding.rule): typed[name].strip()[:MAX_REASON]
        for one in findings
        if one.finding.may_be_accepted and (name := reason_field(one)) in typed
    }


def _text_beside(text: Text | None, said: str) -> str:
    """The question, unless what is said of it repeats it."""
    words = text.in_language(language()) if text else ""
    return "" if words in said else words


@dataclass(frozen=True, slots=True)
class QuestionnaireCard:
    """One questionnaire: its forms to try by (audience, its name), its languages, and the waves that used it."""

    row: QuestionnaireRow
    forms: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # dimension, (id, text)
    versions: tuple[tuple[UsedVersion, bool], ...]  # and whether its questions are those of the file
    review: tuple[ReviewLine, ...] = ()


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
        review_lines(entry),
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
