"""The rows below the heading of a roster, one after the other, into schools and numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories, fold
from survey_app.definition.messages import Message, message
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet
from survey_app.foundation.translation import language

from .roster import CellIssue, PopulationKey, Roster, RosterSchool, SkippedRow
from .roster_cells import (
    PROVINCE_CODES,
    STANDARD_CODE_DIGITS,
    check_code,
    check_kind,
    looks_like_count,
    normalize_cell,
    strip_invisible,
)
from .roster_columns import (
    Heading,
    column_label,
    match_heading,
)
from .roster_counts import read_populations
from .roster_row import RosterRow
from .roster_totals import StatedTotal, total_notes

MAX_LENGTHS = {"name": 200, "area": 100, "school_group": 100, "class_name": 50, "sex": 8}  # as the tables hold them
NOTHING = Message("", {})  # of a cell that is only remembered
_TOTAL = re.compile(r"(合计|总计|小计|共计|汇总|总数)")
_SIGNATURE = re.compile(r"(制表|审核|负责人|填表|填报|联系|说明|备注|注|单位|日期)[^:：]*[:：]")
_EXAMPLE = re.compile(r"[(（]?(示例|举例|例如|样例|例)[)）:：]?")
_UNIT = re.compile(r"[(（]?(单位[:：])?(人|名|所|个|班)[)）]?")
_SECTION = re.compile(r"[(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+[、.．]")


@dataclass(slots=True)
class RosterProgress:
    """What the rows read so far say; shared by the sheets of one import."""

    roster: Roster
    code_cells: dict[str, CellIssue] = field(default_factory=dict)  # where a school first stands; blank messages
    name_cells: dict[str, CellIssue] = field(default_factory=dict)
    count_cells: dict[tuple[str, PopulationKey], CellIssue] = field(default_factory=dict)
    numeric_codes: list[CellIssue] = field(default_factory=list)


def section_category(cells: list[CellValue], categories: Categories) -> str:
    """The category of a row that says nothing else, such as 一、小学 over all columns."""
    texts = {text for cell in cells if (text := normalize_cell(cell))}
    if len(texts) != 1:
        return ""
    category = categories.find(_SECTION.sub("", fold(texts.pop()), count=1))
    return category.id if category else ""


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """A sheet that is read as a roster; ``category`` where the name of the sheet is one."""

    sheet: Sheet
    heading: Heading
    category: str = ""
    number: int = 0
    place: str = ""


class RowReader:
    """Reads one row after the other into the roster."""

    def __init__(
        self, progress: RosterProgress, source: RosterSheet, categories: Categories,
        missing_glyphs: Callable[[str], str],
    ) -> None:  # fmt: skip
        self.progress, self.roster = progress, progress.roster
        self.row = RosterRow(progress.roster, source.sheet, source.heading, source.number, source.place)
        self.categories, self.missing_glyphs = categories, missing_glyphs
        self.totals: list[StatedTotal] = []
        self.section_category = source.category  # from the name of the sheet, or a row such as 一、小学

    def read_all(self) -> None:
        self._check_heading()
        row, before = self.row, self.roster.audience_totals()
        for index in range(row.heading.row + 1, len(row.sheet.rows)):
            row.go_to(index)
            if any(normalize_cell(cell) for cell in row.cells):
                self._read_row()
        self.roster.notes += total_notes(self.totals, before, self.roster.audience_totals())

    def _check_heading(self) -> None:
        for name, first, second in self.row.heading.rivals:
            self.row.add_error_at(
                second,
                message("与 {other} 都像“{label}”，分不清用哪一列。请删去一列，或改它的表头",
                        other=self.row.heading.name_column(first), label=column_label(name)),
            )  # fmt: skip

    def _read_row(self) -> None:
        if self._is_skipped():
            return
        errors_before = len(self.roster.errors)
        code, name, category = self._read_code(), self._read_name(), self._read_category()
        populations = read_populations(self.row, category, self.categories)
        self._check_texts()
        if len(self.roster.errors) > errors_before:
            return
        school = self._school(code, name, category)
        if school is not None:
            for key, population, column in populations:
                self._add_population(school, key, population, column)

    def _school(self, code: str, name: str, category: str) -> RosterSchool | None:
        school = self.roster.schools.get(code)
        if school is None:
            school = self.roster.schools[code] = RosterSchool(
                code, name, category, self.row.cell_text("area"), school_group=self.row.cell_text("school_group")
            )
            self.progress.code_cells[code] = self.row.issue(self.row.columns["code"], column_label("code"), NOTHING)
            self.progress.name_cells[code] = self.row.issue(self.row.columns["name"], column_label("name"), NOTHING)
            return school
        where = self.progress.code_cells[code].where()
        if not self.row.heading.is_long:
            self.row.add_error("code", message("学校代码 {code} 与{where}重复", code=code, where=where))
        elif school.name != name:
            self.row.add_error("name", message("学校代码 {code} 在{where}写作“{other}”，这里写作“{name}”",
                                           code=code, where=where, other=school.name, name=name))  # fmt: skip
        elif school.category != category:
            self.row.add_error("category", message("学校代码 {code} 的类别与{where}不一致", code=code, where=where))
        else:
            return school
        return None

    def _add_population(self, school: RosterSchool, key: PopulationKey, population: int, column: int) -> None:
        known = self.progress.count_cells.get((school.code, key))
        if known is None:
            school.populations[key] = population
            self.progress.count_cells[school.code, key] = self.row.issue_at(column, NOTHING)
        elif not AUDIENCES[key[0]].has_grades and self.row.cell_text("grade"):
            school.populations[key] += population  # teachers by grade: a school has one number of teachers
        else:
            self.row.add_error_at(column, message("这一组人数前面已经有了（{where}）", where=known.where()))

    # What is not a school

    def _is_skipped(self) -> bool:
        texts = [text for cell in self.row.cells if (text := normalize_cell(cell))]
        has_count = any(looks_like_count(normalize_cell(self.row.at(index))) for index in self.row.count_columns())
        skipped = (
            (not any(self.row.cell_text(name) for name in self.row.columns) and not has_count)
            or self._is_total(texts)
            or bool(_EXAMPLE.match(texts[0]))
            or (not has_count and (any(_SIGNATURE.match(text) for text in texts) or self._is_decoration(texts)))
        )  # fmt: skip
        if self._is_total(texts):
            above = self.roster.audience_totals()
            self.totals.append(StatedTotal(self.row.number, self.row.stated_counts(), above))
        if skipped:
            self.roster.skipped.append(SkippedRow(self.row.number, " ".join(dict.fromkeys(texts))[:40], self.row.place))
        return skipped

    def _is_total(self, texts: list[str]) -> bool:
        """A row without a code of its own whose first words say that it adds up the others."""
        code = fold(self.row.cell_text("code"))
        if code and not _TOTAL.match(code):
            return False
        return any(_TOTAL.match(fold(text)) for text in (code, texts[0], self.row.cell_text("name")))

    def _is_decoration(self, texts: list[str]) -> bool:
        """Units below the heading, the heading once more on a new page, or a section such as 一、小学."""
        if all(_UNIT.fullmatch(fold(text)) for text in texts):
            return True
        if match_heading(self.row.index, self.row.cells, self.categories).columns == self.row.columns:
            return True
        if len(set(texts)) > 1:
            return False
        if category := section_category(self.row.cells, self.categories):
            self.section_category = category
        return bool(category) or bool(_SECTION.match(texts[0]))

    # Cells

    # Fields

    def _check_texts(self) -> None:
        for name in ("code", "name", "category", "area", "school_group", "audience", "grade", "class_name", "sex"):
            index = self.row.columns.get(name)
            if index is None:
                continue
            if (self.row.index, index) in self.row.sheet.valueless:
                if name != "name" or self.row.cell_text("name"):  # an empty name has its own sentence
                    self.row.add_error(name, message("单元格是公式，却没有值，或是错误值。请粘贴为数值"))
            elif problem := check_kind(self.row.at(index)):
                self.row.add_error(name, problem)
            if len(self.row.cell_text(name)) > MAX_LENGTHS.get(name, 200):
                self.row.add_error(name, message("超过 {limit} 个字", limit=MAX_LENGTHS.get(name, 200)))

    def _read_code(self) -> str:
        code = self.row.cell_text("code")
        if problem := check_code(code):
            self.row.add_error("code", problem)
        elif isinstance(self.row.at(self.row.columns.get("code")), float | int) and code not in self.roster.schools:
            text = message("学校代码存成了数字，前面的 0 可能已丢失；建议设为文本格式")
            self.progress.numeric_codes.append(self.row.issue(self.row.columns["code"], column_label("code"), text))
        if len(code) == STANDARD_CODE_DIGITS and code.isdigit() and int(code[2:4]) not in PROVINCE_CODES:
            self.row.add_warning("code", message("学校标识码 {code} 的第 3、4 位不是省级代码，请核对", code=code))
        return code

    def _read_name(self) -> str:
        raw = self.row.at(self.row.columns["name"])
        name = strip_invisible(str(raw))
        if not name:
            self.row.add_error("name", message("学校名称是空的（如果是公式，请粘贴为数值）"))
        elif name.startswith(("=", "+", "@")):
            self.row.add_error("name", message("学校名称像是公式，请改成文字"))
        if name != str(raw).strip():
            self.row.add_warning("name", message("学校名称里有看不见的字符，已去掉"))
        if self.row.cell_text("code") not in self.roster.schools:
            self._warn_about_rare_characters("name", name)
        self._warn_about_rare_characters("class_name", self.row.cell_text("class_name"))
        return name

    def _warn_about_rare_characters(self, column: str, text: str) -> None:
        if missing_letters := self.missing_glyphs(text):
            self.row.add_warning(column, message("海报字体里没有“{letters}”，印出来会是空框", letters=missing_letters))
        elif rare_letters := "".join(letter for letter in text if ord(letter) > 0xFFFF):
            self.row.add_warning(
                column, message("生僻字“{letters}”在部分手机和打印机上显示不了，请核对", letters=rare_letters)
            )

    def _read_category(self) -> str:
        word = self.row.cell_text("category")
        if not word:
            if not self.section_category:
                self.row.add_error("category", message("类别是空的"))
            return self.section_category
        match = self.categories.find(word)
        if match is None:
            known = ", ".join(category.label.in_language(language()) for category in self.categories.all)
            self.row.add_error("category", message("没有类别“{word}”；可用：{known}", word=word, known=known))
            return ""
        return match.id
