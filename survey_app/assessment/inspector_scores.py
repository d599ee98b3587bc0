"""Scores that inspectors gave, from an office's table: one row an evaluation, with person and date, all or nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet, read_sheets
from survey_app.frame.roster_cells import normalize_cell, strip_invisible, unknown_code

from .models import AssessmentYear, InspectorScore

CODE, INSPECTOR, DAY, SCORE = "学校代码", "责任督学", "日期", "得分"
MAX_FAULTS, MAX_NAME = 50, 80


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation: 0 to 100, of a school, by a person, on a day."""

    school_code: str
    inspector: str
    rated_on: date
    score: float


@dataclass(frozen=True, slots=True)
class InspectorMean:
    """What a school's inspectors say together: each counts once, however often they came."""

    points: float
    inspectors: int


def is_inspector_table(path: Path) -> bool:
    """Return whether the table names inspectors; then it is one of evaluations."""
    sheet = _first_sheet(path)
    return sheet is not None and INSPECTOR in _headings(sheet)


def read_inspector_scores(path: Path, codes: Collection[str]) -> tuple[Evaluation, ...]:
    """Return the evaluations. Raises :class:`UserError` with every fault."""
    sheet = _first_sheet(path)
    headings = _headings(sheet) if sheet else []
    missing = [name for name in (CODE, INSPECTOR, DAY, SCORE) if name not in headings]
    if sheet is None or missing:
        raise user_error("{file} 第 1 行没有这些列：{columns}", file=path.name, columns="、".join(missing))
    faults: list[Message] = []
    found: dict[tuple[str, str, date], Evaluation] = {}
    for number, row in enumerate(sheet.rows[1:], start=1):
        cells = dict(zip(headings, row, strict=False))
        if not any(normalize_cell(cell) for cell in row):
            continue
        line, problems = sheet.row_number(number), list(_problems(cells, codes))
        faults += [
            message("第 {row} 行“{column}”：{what}", row=line, column=name, what=what) for name, what in problems
        ]
        if not problems:
            entry = _evaluation(cells)
            key = entry.school_code, entry.inspector, entry.rated_on
            if key in found:
                faults.append(message("第 {row} 行：同一位督学同一天对同一所学校评了两次", row=line))
            found[key] = entry
    if faults:
        raise UserError(*faults[:MAX_FAULTS])
    if not found:
        raise user_error("{file} 里没有评分", file=path.name)
    return tuple(found.values())


def _problems(cells: Mapping[str, CellValue], codes: Collection[str]) -> Iterator[tuple[str, Message]]:
    code = normalize_cell(cells.get(CODE, ""))
    if code not in codes:
        yield CODE, unknown_code(code, codes)
    if not 0 < len(strip_invisible(str(cells.get(INSPECTOR, "")))) <= MAX_NAME:
        yield INSPECTOR, message("要写督学的姓名")
    if _day(cells.get(DAY, "")) is None:
        yield DAY, message("“{value}”不是日期，请写成 2026-11-27", value=normalize_cell(cells.get(DAY, "")))
    if _score(cells.get(SCORE, "")) is None:
        yield SCORE, message("“{value}”不是 0 到 100 的数", value=normalize_cell(cells.get(SCORE, "")))


def _evaluation(cells: Mapping[str, CellValue]) -> Evaluation:
    day, score = _day(cells[DAY]), _score(cells[SCORE])
    assert day is not None
    assert score is not None
    return Evaluation(normalize_cell(cells[CODE]), strip_invisible(str(cells[INSPECTOR])), day, score)


def _day(cell: CellValue) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = normalize_cell(cell).replace("/", "-").replace(".", "-")
    try:
        return date(*map(int, text.split("-"))) if text.count("-") == 2 else None
    except ValueError:
        return None


def _score(cell: CellValue) -> float | None:
    try:
        value = float(normalize_cell(cell))
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None


def _first_sheet(path: Path) -> Sheet | None:
    return next((sheet for sheet in read_sheets(path) if sheet.rows), None)


def _headings(sheet: Sheet) -> list[str]:
    return [normalize_cell(cell) for cell in sheet.rows[0]]


def keep_inspector_scores(
    session: Session, year: AssessmentYear, file_name: str, evaluations: Sequence[Evaluation], imported_by: str,
    now: datetime,
) -> None:  # fmt: skip
    """Keep them beside those that are there, with who imported them when."""
    session.add_all(
        InspectorScore(
            year_id=year.id, school_code=entry.school_code, inspector=entry.inspector, rated_on=entry.rated_on,
            score=entry.score, file_name=file_name[:200], imported_by=imported_by, imported_at=now,
        )
        for entry in evaluations
    )  # fmt: skip
    session.flush()


def list_inspector_scores(session: Session, year: AssessmentYear) -> list[InspectorScore]:
    """The earliest import first."""
    query = select(InspectorScore).where(InspectorScore.year_id == year.id).order_by(InspectorScore.id)
    return list(session.scalars(query))


def score_ratings(scores: Sequence[InspectorScore]) -> dict[str, dict[str, float]]:
    """Return what each inspector says of a school, by code and name: the mean of his visits.

    What was imported later for the same person, day and school replaces what was there: that is a correction. Scores of
    somebody who has left stay: they were given in office.
    """
    latest = {(entry.school_code, entry.inspector, entry.rated_on): entry.score for entry in scores}
    visits: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (code, inspector, _), score in latest.items():
        visits[code][inspector].append(score)
    return {code: {name: sum(own) / len(own) for name, own in people.items()} for code, people in visits.items()}


def rating_means(ratings: Mapping[str, Mapping[str, float]]) -> dict[str, InspectorMean]:
    """Return by school code the mean over its inspectors; each counts once."""
    return {code: InspectorMean(sum(own.values()) / len(own), len(own)) for code, own in ratings.items() if own}
