"""Marks, deductions and facts from an office's table: one row a school, all or nothing, every fault by its cell."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet, read_sheets
from survey_app.frame.models import WaveSchool
from survey_app.frame.roster_cells import normalize_cell, unknown_code

from .mark_figures import MarkImport
from .models import AssessmentYear, ImportedMarks
from .schemes import Scheme

CODE_COLUMNS = ("学校代码", "school_code")
NAME_COLUMNS = ("学校名称", "school_name")
DEDUCTION_COLUMNS = {"整改逾期次数": "rectification_overdue", "整改未通过次数": "rectification_failed"}
FACT_COLUMNS = {"未销号通知": "notice_open"}
MAX_FAULTS = 50
Schools = dict[str, dict[str, float]]


def read_mark_table(path: Path, scheme: Scheme, codes: Collection[str]) -> Schools:
    """Return by school code what each column says. Raises :class:`UserError` with every fault."""
    sheet = next((sheet for sheet in read_sheets(path) if sheet.rows), None)
    if sheet is None:
        raise user_error("{file} 里没有内容", file=path.name)
    headings = [str(cell).strip() for cell in sheet.rows[0]]
    code_column = next((number for number, name in enumerate(headings) if name in CODE_COLUMNS), None)
    if code_column is None:
        raise user_error("{file} 第 1 行没有“学校代码”这一列", file=path.name)
    columns = known_columns(scheme)
    faults = [
        message("第 1 行：方案里没有“{column}”这一列；可用：{known}", column=name, known="、".join(columns))
        for name in headings
        if name and name not in (*columns, *CODE_COLUMNS, *NAME_COLUMNS)
    ]
    schools: Schools = {}
    for number, row in enumerate(sheet.rows[1:], start=1):
        faults += _read_row(sheet, number, row, headings, code_column, columns, codes, schools)
    if faults:
        raise UserError(*faults[:MAX_FAULTS])
    if not schools:
        raise user_error("{file} 里没有学校", file=path.name)
    return schools


def unit_codes(scheme: Scheme, schools: Iterable[WaveSchool]) -> tuple[str, ...]:
    """What the column 学校代码 may hold: codes of schools, names of areas where a category is made of those."""
    rules = scheme.rules
    codes = (s.area if rules is not None and rules.ranks_areas(s.category) else s.code for s in schools)
    return tuple(dict.fromkeys(codes))


def known_columns(scheme: Scheme) -> tuple[str, ...]:
    """The columns that the scheme has a use for."""
    marks = scheme.rules.marks if scheme.rules else None
    external = [line.source.argument for line in marks.lines if line.source.kind == "external"] if marks else []
    return (*external, *DEDUCTION_COLUMNS, *FACT_COLUMNS)


def _read_row(
    sheet: Sheet, number: int, row: Sequence[CellValue], headings: Sequence[str], code_column: int,
    columns: Sequence[str], codes: Collection[str], schools: Schools,
) -> Iterator[Message]:  # fmt: skip
    """Yield what is wrong with a row; what is right stands in ``schools`` afterwards."""
    if not any(normalize_cell(cell) for cell in row):
        return
    line, code = sheet.row_number(number), normalize_cell(row[code_column]) if code_column < len(row) else ""
    if code not in codes:
        yield message("第 {row} 行：{what}", row=line, what=unknown_code(code, codes))
        return
    if code in schools:
        yield message("第 {row} 行：学校“{code}”已经出现过", row=line, code=code)
        return
    schools[code] = {}
    for name, text in zip(headings, map(normalize_cell, row), strict=False):
        if name in columns and text:
            value = _number(text, name in FACT_COLUMNS)
            if value is None or (name not in FACT_COLUMNS and name in DEDUCTION_COLUMNS and not _is_count(value)):
                yield message("第 {row} 行“{column}”：“{value}”不是要填的数", row=line, column=name, value=text)
            else:
                schools[code][name] = value


def _number(text: str, is_fact: bool) -> float | None:
    if is_fact:
        return {"是": 1.0, "有": 1.0, "1": 1.0, "否": 0.0, "无": 0.0, "0": 0.0}.get(text)
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= 1_000_000 else None


def _is_count(value: float) -> bool:
    return value >= 0 and value.is_integer()


def keep_import(
    session: Session, year: AssessmentYear, file_name: str, schools: Schools, imported_by: str, now: datetime
) -> ImportedMarks:
    """Keep a table with its person and date."""
    entry = ImportedMarks(
        year_id=year.id, file_name=file_name[:200], schools=schools, imported_by=imported_by, imported_at=now
    )
    session.add(entry)
    session.flush()
    return entry


def combine_imports(imports: Sequence[ImportedMarks]) -> MarkImport:
    """All tables of a year as one; a later cell overrides an earlier one, an empty one does not."""
    cells: Schools = {}
    for entry in imports:
        for code, columns in entry.schools.items():
            cells.setdefault(code, {}).update(columns)
    special = {*DEDUCTION_COLUMNS, *FACT_COLUMNS}
    return MarkImport(
        {code: {name: value for name, value in row.items() if name not in special} for code, row in cells.items()},
        {code: {kind: int(row[name]) for name, kind in DEDUCTION_COLUMNS.items() if name in row}
         for code, row in cells.items()},
        {code: frozenset(fact for name, fact in FACT_COLUMNS.items() if row.get(name)) for code, row in cells.items()},
    )  # fmt: skip


def with_ledger(imported: MarkImport, ledger: MarkImport) -> MarkImport:
    """Return what counts: for a school with a case in the ledger of the year the ledger, for others what was imported.

    Never the sum of both: an office that kept its ledger in a table and goes on here would take points off twice.
    """
    return MarkImport(
        imported.external, {**imported.deductions, **ledger.deductions}, {**imported.facts, **ledger.facts}
    )
