"""Workbooks about a roster: the template that an office fills in, and its own sheet back with what is wrong."""

from datetime import date

from survey_app.definition.audiences import audience_of_grade_columns, roster_audiences
from survey_app.definition.categories import Categories
from survey_app.foundation.spreadsheet_reader import CellValue
from survey_app.foundation.translation import _, language, render
from survey_app.frame.roster import CellIssue, ReadSheet, Roster
from survey_app.frame.roster_columns import COLUMN_LABELS, count_headings

from .plain_book import PlainBook

TEMPLATE_COLUMNS = ("code", "name", "category", "area", "school_group", "audience", "grade", "class_name", "population")
WIDTHS = {"code": 16, "name": 28, "category": 20, "area": 14, "school_group": 14, "audience": 10, "grade": 12,
          "class_name": 12, "population": 10}  # fmt: skip
TEXT_COLUMNS = ("code", "name", "area", "school_group", "class_name")
TEMPLATE_ROWS = 5000
MAX_SHEET_NAME = 31


def roster_template(categories: Categories) -> bytes:
    """A sheet to fill in, with lists to choose from, and a sheet that explains the columns."""
    book = PlainBook(_("名册模板"))
    tag = language()
    sheet = book.add_sheet(_("名册"))
    sheet.write_headings([render(COLUMN_LABELS[name]) for name in TEMPLATE_COLUMNS],
                         [WIDTHS[name] for name in TEMPLATE_COLUMNS])  # fmt: skip
    for index, name in enumerate(TEMPLATE_COLUMNS):
        if name in TEXT_COLUMNS:
            sheet.keep_text(index, WIDTHS[name])
    sheet.add_choices(TEMPLATE_COLUMNS.index("category"), TEMPLATE_ROWS,
                      [category.label.in_language(tag) for category in categories.all])  # fmt: skip
    sheet.add_choices(
        TEMPLATE_COLUMNS.index("audience"), TEMPLATE_ROWS, [render(row.label) for row in roster_audiences()]
    )
    sheet.add_whole_numbers(TEMPLATE_COLUMNS.index("population"), TEMPLATE_ROWS)
    notes = book.add_sheet(_("填写说明"))
    notes.write_headings([_("要点"), _("说明")], [16, 90])
    for topic, text in _template_notes(categories, tag):
        notes.write_row([topic, text])
    return book.to_bytes()


def _template_notes(categories: Categories, tag: str) -> list[tuple[str, str]]:
    counted = render(audience_of_grade_columns().count_label)
    notes = [
        (_("一行是什么"), _("一所学校的一类对象（可再分年级、班级）。同一对象要么全部写年级、班级，要么都不写")),
        (_("学校代码"), _("文本，前面的 0 要保留；各年用同一代码，才能比较")),
        (_("对象"), _audience_note()),
        (_("年级"), _("问卷只问部分年级时必须写，否则各年级的人都会算作应答人数")),
        (_("人数"), _("整数；空白或 0 表示不调查这类对象")),
        (
            _("也可以"),
            _("一校一行，列为{counts}；或{counted}按一年级、二年级……分列", counts=count_headings(), counted=counted),
        ),
    ]
    for category in categories.all:
        grades = _("、").join(grade.label.in_language(tag) for grade in category.grades) or "—"
        notes.append((category.label.in_language(tag), _("年级：{grades}", grades=grades)))
    return notes


def _audience_note() -> str:
    """The audiences that a roster counts, and which of them are written without a grade."""
    rows = roster_audiences()
    names = _("、").join(
        _("{audience}（按孩子计）", audience=render(row.label)) if row.answers_per_child else render(row.label)
        for row in rows
    )
    without_grade = _("、").join(render(row.label) for row in rows if not row.has_grades)
    return _("{names}。不写年级的：{without_grade}", names=names, without_grade=without_grade or "—")


def workbook_with_problems(roster: Roster) -> bytes:
    """The sheets that were read, each with a column 问题 in front that says what is wrong in the row."""
    book = PlainBook(_("名册里的问题"))
    used_names: set[str] = set()
    for number, sheet in enumerate(roster.sheets):
        _write_sheet(book, sheet, [issue for issue in roster.errors if issue.sheet == number],
                     [issue for issue in roster.warnings if issue.sheet == number], used_names)  # fmt: skip
    return book.to_bytes()


def _write_sheet(
    book: PlainBook, sheet: ReadSheet, errors: list[CellIssue], warnings: list[CellIssue], used_names: set[str]
) -> None:
    target = book.add_sheet(_unused_name(sheet.name, used_names))
    texts: dict[int, list[str]] = {}
    for issue in errors:
        texts.setdefault(issue.row, []).append(_("错误：") + _problem(issue))
    for issue in warnings:
        texts.setdefault(issue.row, []).append(_("提醒：") + _problem(issue))
    error_rows = {issue.row for issue in errors}
    target.set_widths([50])
    for index, row in enumerate(sheet.rows):
        number = sheet.row_number(index)
        heading = _("问题") if index == sheet.heading_row else ""
        problem = "；".join(texts.get(number, [])) or heading
        target.write_row(
            [problem, *map(_cell, row)], is_marked=number in error_rows, is_bold=index == sheet.heading_row
        )


def _problem(issue: CellIssue) -> str:
    return f"{render(issue.column)} {render(issue.message)}"


def _cell(cell: CellValue) -> str | int | float | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell


def _unused_name(name: str, used: set[str]) -> str:
    """A sheet name that Excel accepts."""
    plain = "".join("_" if letter in "[]:*?/\\" else letter for letter in name).strip("'")[: MAX_SHEET_NAME - 3] or "_"
    candidate, number = plain, 1
    while candidate.casefold() in used:
        number += 1
        candidate = f"{plain}{number}"
    used.add(candidate.casefold())
    return candidate
