"""The roster: rows of a sheet to schools and their enrolment, with every fault by row and column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from survey_app.definition.audiences import AUDIENCES, roster_audiences
from survey_app.definition.categories import Categories, fold
from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.spreadsheet_reader import CellValue, read_sheets
from survey_app.foundation.translation import _, language, render

from .roster_columns import column_label, column_letters, find_heading, parse_audience, wide_audiences

MAX_POPULATION = 100_000
MAX_LENGTHS = {"name": 200, "area": 100, "class_name": 50, "sex": 8}  # as the tables hold them
STANDARD_CODE_DIGITS = 10  # digits of a 学校标识码
PROVINCE_CODES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82)
)  # GB/T 2260
_TOTAL = re.compile(r"(合计|总计|小计|共计)")
_SIGNATURE = re.compile(r"(制表|审核|负责人|填表|填报|说明|备注|注)[^:：]*[:：]")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")

PopulationKey = tuple[str, str, str, str]  # audience, grade, class, sex


@dataclass(slots=True)
class RosterSchool:
    """One school of a roster file and how many people of each kind belong to it."""

    code: str
    name: str
    category: str
    area: str
    populations: dict[PopulationKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellIssue:
    """A fault or a warning about one cell. ``row`` counts from 1; ``column`` as the spreadsheet names it."""

    row: int
    column: Message
    message: Message

    def to_message(self) -> Message:
        return message("第 {row} 行 {column} 列：{what}", row=self.row, column=self.column, what=self.message)


@dataclass(slots=True)
class Roster:
    """What a file says. It may be used only if there are no faults."""

    sheet_name: str = ""
    schools: dict[str, RosterSchool] = field(default_factory=dict)
    errors: list[CellIssue] = field(default_factory=list)
    warnings: list[CellIssue] = field(default_factory=list)

    def audience_populations(self) -> dict[tuple[str, str], int]:
        """(code, audience) to the number of people."""
        totals: Counter[tuple[str, str]] = Counter()
        for school in self.schools.values():
            for (audience, *_rest), population in school.populations.items():
                totals[school.code, audience] += population
        return dict(totals)


def read_roster(path: Path, categories: Categories, missing_glyphs: Callable[[str], str] = lambda _: "") -> Roster:
    """The roster in a file. ``missing_glyphs`` names the characters of a text that posters cannot print.

    Raises :class:`UserError` if no sheet looks like a roster or two do.
    """
    candidates = [(sheet, heading) for sheet in read_sheets(path) if (heading := find_heading(sheet))]
    if not candidates:
        raise UserError(
            message("{file} 里找不到名册的表头", file=path.name),
            message("表头要在前 15 行内，至少有：学校代码、学校名称、类别，以及“对象、人数”或“家长数、教师数、学生数”"),
        )
    if len(candidates) > 1:
        names = ", ".join(sheet.name for sheet, _ in candidates)
        raise user_error("有几个工作表都像名册（{names}），请只留一个", names=names)
    sheet, (heading_row, columns) = candidates[0]
    reader = _RowReader(Roster(sheet.name), columns, categories, missing_glyphs)
    reader.check_heading(heading_row)
    for row_number, row in enumerate(sheet.rows[heading_row + 1 :], start=heading_row + 2):
        reader.row(row_number, row)
    reader.check_code_lengths()
    if not reader.roster.schools and not reader.roster.errors:
        raise user_error("{file} 的表头下面没有学校", file=path.name)
    reader.roster.errors.sort(key=lambda issue: (issue.row, str(issue.column)))
    return reader.roster


def normalize_cell(cell: CellValue) -> str:
    """A cell as text: NFKC, without marks that cannot be seen; whole floats as integers."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    normalized = unicodedata.normalize("NFKC", str(cell))
    return "".join(letter for letter in normalized if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


def strip_invisible(name: str) -> str:
    """A name in its own spelling (full-width brackets stay), without marks that cannot be seen."""
    return "".join(letter for letter in name if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


def _known_audiences() -> str:
    return _("、").join(render(audience.label) for audience in roster_audiences())


class _RowReader:
    """Reads one row after the other into the roster."""

    def __init__(
        self, roster: Roster, columns: dict[str, int], categories: Categories, missing_glyphs: Callable[[str], str]
    ) -> None:
        self.roster = roster
        self.columns = columns
        self.categories = categories
        self.missing_glyphs = missing_glyphs
        self.code_rows: dict[str, int] = {}
        self.row_number = 0
        self.cells: list[CellValue] = []

    def check_heading(self, heading_row: int) -> None:
        if "category" not in self.columns:
            self.roster.errors.append(CellIssue(heading_row + 1, column_label("category"), message("缺少“类别”一列")))

    def row(self, row_number: int, cells: list[CellValue]) -> None:
        self.row_number, self.cells = row_number, cells
        if self._is_skippable():
            return
        errors_before = len(self.roster.errors)
        code, name, category = self._read_code(), self._read_name(), self._read_category()
        populations = self._read_populations(category)
        self._check_lengths()
        if len(self.roster.errors) > errors_before:
            return
        school = self.roster.schools.get(code)
        if school is None:
            school = RosterSchool(code, name, category, self.cell_text("area"))
            self.roster.schools[code] = school
            self.code_rows[code] = row_number
        elif (school.name, school.category) != (name, category) or "audience" not in self.columns:
            self.add_error("code", message("学校代码 {code} 与第 {row} 行重复", code=code, row=self.code_rows[code]))
            return
        for key, population, column in populations:
            if key in school.populations:
                self.add_error(column, message("这一组人数前面已经有了"))
            else:
                school.populations[key] = population

    def _check_lengths(self) -> None:
        for name, limit in MAX_LENGTHS.items():
            if len(self.cell_text(name)) > limit:
                self.add_error(name, message("超过 {limit} 个字", limit=limit))

    def _is_skippable(self) -> bool:
        """Blank rows, totals and signature lines."""
        if not any(self.cell_text(field) for field in self.columns):
            return True
        texts = [normalize_cell(cell) for cell in self.cells]
        if any(_TOTAL.match(fold(text)) for text in texts):
            return True
        has_count = any(self.cell_text(field) for field in (*wide_audiences(), "population"))
        return not has_count and any(_SIGNATURE.match(text) for text in texts)

    def cell(self, field: str) -> CellValue:
        index = self.columns.get(field)
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def cell_text(self, field: str) -> str:
        return normalize_cell(self.cell(field))

    def add_error(self, field: str, text: Message) -> None:
        self.roster.errors.append(self._issue(field, text))

    def add_warning(self, field: str, text: Message) -> None:
        self.roster.warnings.append(self._issue(field, text))

    def _issue(self, field: str, text: Message) -> CellIssue:
        index = self.columns.get(field)
        label = column_label(field)
        column = label if index is None else message("{letters}（{label}）", letters=column_letters(index), label=label)
        return CellIssue(self.row_number, column, text)

    def _read_code(self) -> str:
        code = self.cell_text("code")
        if not code:
            self.add_error("code", message("学校代码是空的"))
        elif not _CODE.match(code):
            self.add_error("code", message("学校代码“{code}”只能含字母、数字、下划线和连字符，最多 32 位", code=code))
        elif isinstance(self.cell("code"), float | int) and code not in self.roster.schools:
            self.add_warning("code", message("学校代码存成了数字，前面的 0 可能已丢失；建议设为文本格式"))
        if len(code) == STANDARD_CODE_DIGITS and code.isdigit() and int(code[2:4]) not in PROVINCE_CODES:
            self.add_warning("code", message("学校标识码 {code} 的第 3、4 位不是省级代码，请核对", code=code))
        return code

    def _read_name(self) -> str:
        raw = self.cell("name")
        name = strip_invisible(str(raw))
        if not name:
            self.add_error("name", message("学校名称是空的（如果是公式，请粘贴为数值）"))
        elif name.startswith(("=", "+", "@")):
            self.add_error("name", message("学校名称像是公式，请改成文字"))
        if name != str(raw).strip():
            self.add_warning("name", message("学校名称里有看不见的字符，已去掉"))
        if self.cell_text("code") not in self.roster.schools:
            self._warn_about_rare_characters(name)
        return name

    def _warn_about_rare_characters(self, name: str) -> None:
        if missing_letters := self.missing_glyphs(name):
            self.add_warning("name", message("海报字体里没有“{letters}”，印出来会是空框", letters=missing_letters))
        elif rare_letters := "".join(letter for letter in name if ord(letter) > 0xFFFF):
            self.add_warning(
                "name", message("生僻字“{letters}”在部分手机和打印机上显示不了，请核对", letters=rare_letters)
            )

    def _read_category(self) -> str:
        word = self.cell_text("category")
        if not word:
            if "category" in self.columns:
                self.add_error("category", message("类别是空的"))
            return ""
        match = self.categories.find(word)
        if match is None:
            known = ", ".join(category.label.in_language(language()) for category in self.categories.all)
            self.add_error("category", message("没有类别“{word}”；可用：{known}", word=word, known=known))
            return ""
        return match.id

    def _read_populations(self, category: str) -> list[tuple[PopulationKey, int, str]]:
        if "audience" in self.columns and "population" in self.columns:
            return self._read_long_population(category)
        populations = []
        for audience in wide_audiences():
            if audience in self.columns and (population := self._read_count(audience)):
                populations.append(((audience, "", "", ""), population, audience))
        return populations

    def _read_long_population(self, category: str) -> list[tuple[PopulationKey, int, str]]:
        word = self.cell_text("audience")
        audience = parse_audience(word)
        if audience is None:
            self.add_error("audience", message("没有对象“{word}”；可用：{known}", word=word, known=_known_audiences()))
            return []
        population = self._read_count("population")
        key = (audience, self._read_grade(category, audience), self.cell_text("class_name"), self.cell_text("sex"))
        return [(key, population, "population")] if population else []

    def _read_grade(self, category: str, audience: str) -> str:
        word = self.cell_text("grade")
        if not word or not category or not AUDIENCES[audience].has_grades:
            return ""
        grade = self.categories.find_grade(category, word)
        if grade is None:
            label = self.categories[category].label.in_language(language())
            self.add_error("grade", message("类别“{category}”没有年级“{word}”", category=label, word=word))
            return ""
        return grade.code

    def _read_count(self, field: str) -> int:
        """A number of people; blank and 0 both mean "not asked"."""
        text = re.sub(r"[人名位]$", "", self.cell_text(field).replace(",", "")).strip()
        if not text or text in ("-", "/", "无"):
            return 0
        if not re.fullmatch(r"-?\d+(\.0+)?", text, re.ASCII):
            self.add_error(field, message("“{text}”不是整数人数", text=self.cell_text(field)))
            return 0
        digits = text.partition(".")[0]
        count = int(digits) if len(digits) < 10 else MAX_POPULATION + 1
        if not 0 <= count <= MAX_POPULATION:
            self.add_error(field, message("人数 {count} 不合理（0 到 {limit}）", count=count, limit=MAX_POPULATION))
            return 0
        return count

    def check_code_lengths(self) -> None:
        """Where most codes have ten digits, another length is a typing error."""
        codes = list(self.roster.schools)
        standard_count = sum(len(code) == STANDARD_CODE_DIGITS for code in codes)
        if standard_count * 2 <= len(codes):
            return
        for code in codes:
            if len(code) != STANDARD_CODE_DIGITS:
                self.row_number = self.code_rows[code]
                self.add_error(
                    "code", message("学校代码“{code}”有 {n} 位，本表其他学校是 10 位", code=code, n=len(code))
                )
