"""The files of a roster to one :class:`Roster`: which sheets count, then row after row, then the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.definition.audiences import audience_of_grade_columns, roster_audiences
from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.spreadsheet_reader import MAX_COLUMNS, MAX_ROWS, Sheet, read_sheets
from survey_app.foundation.translation import render

from .roster import ReadSheet, Roster, sort_issues
from .roster_checks import check_roster
from .roster_columns import HEADING_SEARCH_ROWS, Heading, best_heading, column_label, column_letters, count_headings
from .roster_rows import RosterProgress, RosterSheet, RowReader, section_category

GlyphCheck = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """``sheets`` are the names of those to read, if not all; ``parents_by_children`` copies pupils to parents."""

    sheets: tuple[str, ...] = ()
    parents_by_children: bool = False


def read_roster(path: Path, categories: Categories, missing_glyphs: GlyphCheck = lambda _: "") -> Roster:
    """The roster in one file; see :func:`read_rosters`."""
    return read_rosters([path], categories, missing_glyphs)


def read_rosters(
    paths: Sequence[Path],
    categories: Categories,
    missing_glyphs: GlyphCheck = lambda _: "",
    options: ReadingOptions = ReadingOptions(),
) -> Roster:
    """The roster in one or several files. ``missing_glyphs`` names the characters of a text that posters cannot print.

    Raises :class:`UserError` if a file has no sheet that looks like a roster, or several of which only one can count.
    """
    roster = Roster()
    sources = [source for path in paths for source in _choose_sheets(path, categories, options, len(paths) > 1)]
    progress = RosterProgress(roster)
    for number, chosen in enumerate(sources):
        source = replace(chosen, number=number, place=chosen.place if len(sources) > 1 else "")
        RowReader(progress, source, categories, missing_glyphs).read_all()
        roster.sheets.append(_describe(source))
        if source.sheet.has_hidden_rows:
            roster.notes.append(
                message("工作表“{sheet}”有筛选或隐藏的行，它们也读入了；不要的行请删除", sheet=source.sheet.name)
            )
    roster.sheet_name = "、".join(source.sheet.name for source in sources)
    if options.parents_by_children:
        _count_parents_by_children(roster)
    check_roster(progress)
    if not roster.schools and not roster.errors:
        raise user_error("{file} 的表头下面没有学校", file=", ".join(path.name for path in paths))
    roster.errors, roster.warnings = sort_issues(roster.errors), sort_issues(roster.warnings)
    return roster


def _choose_sheets(
    path: Path, categories: Categories, options: ReadingOptions, several_files: bool
) -> list[RosterSheet]:
    """The sheets of a file that are the roster. Raises :class:`UserError` if that cannot be told."""
    sheets = read_sheets(path)
    if options.sheets:
        names = [sheet.name for sheet in sheets]
        if absent := [name for name in options.sheets if name not in names]:
            raise user_error("{file} 里没有（可见的）工作表“{sheet}”；现有：{names}",
                             file=path.name, sheet="、".join(absent), names="、".join(names))  # fmt: skip
        sheets = [sheet for sheet in sheets if sheet.name in options.sheets]
    headings = [(sheet, best_heading(sheet, categories)) for sheet in sheets if not sheet.too_large]
    rosters = [(sheet, heading) for sheet, heading in headings if heading.is_roster]
    if not rosters:
        raise _no_heading_error(path, sheets, [heading for _sheet, heading in headings])
    sources = []
    for sheet, heading in rosters:
        category = categories.find(sheet.name)
        place = f"{path.name} {sheet.name}" if several_files and sheet.name != path.name else sheet.name
        sources.append(RosterSheet(sheet, heading, category.id if category else "", place=place))
    if len(sources) > 1 and not options.sheets and not all(source.category for source in sources):
        listed = ", ".join(source.sheet.name for source in sources)
        raise user_error("有几个工作表都像名册（{names}），请只留一个，其余的删掉或隐藏", names=listed)
    for source in sources:
        if "category" not in source.heading.columns and not source.category and not _has_sections(source, categories):
            raise _no_category_error(path, source)
    return sources


def _has_sections(source: RosterSheet, categories: Categories) -> bool:
    """Whether rows such as 一、小学 tell the category."""
    return any(section_category(row, categories) for row in source.sheet.rows[source.heading.row + 1 :])


def _no_heading_error(path: Path, sheets: Sequence[Sheet], headings: Sequence[Heading]) -> UserError:
    """Says what was found and what is missing (faults X-F17, K11)."""
    messages = [message("{file} 里找不到名册的表头", file=path.name)]
    messages += [
        message("工作表“{sheet}”超过 {rows} 行 × {columns} 列，没有读。请按类别或片区分成几个文件，一次导入",
                sheet=sheet.name, rows=MAX_ROWS, columns=MAX_COLUMNS)
        for sheet in sheets if sheet.too_large
    ]  # fmt: skip
    best = max(headings, key=lambda heading: heading.size, default=None)
    if best is not None and best.size:
        found = "、".join(best.words[index] for index in sorted(best.words))
        messages.append(
            message("第 {row} 行认得的表头：{found}；还缺：{missing}",
                    row=best.row + 1, found=found, missing="、".join(map(render, best.missing())))
        )  # fmt: skip
    messages.append(
        message("表头要在前 {n} 行内，至少有：学校代码、学校名称、类别，以及“对象、人数”或“{counts}”。"
                "可以先下载模板", n=HEADING_SEARCH_ROWS, counts=count_headings())
    )  # fmt: skip
    return UserError(*messages)


def _no_category_error(path: Path, source: RosterSheet) -> UserError:
    return UserError(
        message("{file} 工作表“{sheet}”第 {row} 行的表头里缺少“类别”一列",
                file=path.name, sheet=source.sheet.name, row=source.heading.row + 1),
        message("请加一列“类别”（幼儿园、小学、初中……），或让每类一个工作表、以类别为名"),
    )  # fmt: skip


def _describe(source: RosterSheet) -> ReadSheet:
    heading, counted = source.heading, audience_of_grade_columns().count_label
    columns = tuple(
        (column_letters(index), heading.words[index], column_label(name))
        for name, index in sorted(heading.columns.items(), key=lambda entry: entry[1])
    ) + tuple(
        (column_letters(index), word, message("{label}（按年级）", label=counted))
        for index, word in sorted(heading.grades.items())
    )  # fmt: skip
    unused = tuple(heading.name_column(index) for index in heading.unused)
    ignored = tuple(
        message("{letters}“{word}”", letters=column_letters(index), word=str(cell).strip())
        for index, cell in enumerate(source.sheet.rows[heading.row])
        if str(cell or "").strip() and index not in heading.words
    )
    return ReadSheet(
        source.sheet.name, source.sheet.rows, heading.row, columns, unused, source.sheet.line_numbers, ignored
    )


def _count_parents_by_children(roster: Roster) -> None:
    """One parent per pupil, for schools that state no number of parents."""
    for row in roster_audiences():
        for school in roster.schools.values():
            if not row.counted_like or any(audience == row.id for audience, *_ in school.populations):
                continue
            for (audience, *group), population in list(school.populations.items()):
                if audience == row.counted_like:
                    grade, class_name, sex = group
                    school.populations[row.id, grade, class_name, sex] = population
