"""The rows below the heading of a roster, one after the other, into schools and numbers."""

import re
from collections.abc import Callable, Iterator
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
    parse_count,
    strip_invisible,
)
from .roster_columns import (
    COLUMN_LABELS,
    Heading,
    column_label,
    column_letters,
    known_audiences,
    match_heading,
    parse_audience,
    wide_audiences,
)

MAX_LENGTHS = {"name": 200, "area": 100, "class_name": 50, "sex": 8}  # as the tables hold them
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
        self.sheet, self.heading, self.columns = source.sheet, source.heading, source.heading.columns
        self.categories, self.missing_glyphs = categories, missing_glyphs
        self.sheet_number, self.place = source.number, source.place
        self.section_category = source.category  # from the name of the sheet, or a row such as 一、小学
        self.row_index = source.heading.row
        self.cells: list[CellValue] = []

    def read_all(self) -> None:
        self._check_heading()
        for index in range(self.heading.row + 1, len(self.sheet.rows)):
            self.row_index, self.cells = index, self.sheet.rows[index]
            if any(normalize_cell(cell) for cell in self.cells):
                self._read_row()

    def _check_heading(self) -> None:
        for name, first, second in self.heading.rivals:
            self._add_error_at(
                second,
                message("与 {other} 都像“{label}”，分不清用哪一列。请删去一列，或改它的表头",
                        other=self.heading.name_column(first), label=column_label(name)),
            )  # fmt: skip

    def _read_row(self) -> None:
        if self._is_skipped():
            return
        errors_before = len(self.roster.errors)
        code, name, category = self._read_code(), self._read_name(), self._read_category()
        populations = self._read_populations(category)
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
            school = self.roster.schools[code] = RosterSchool(code, name, category, self.cell_text("area"))
            self.progress.code_cells[code] = self._issue(self.columns["code"], column_label("code"), NOTHING)
            self.progress.name_cells[code] = self._issue(self.columns["name"], column_label("name"), NOTHING)
            return school
        where = self.progress.code_cells[code].where()
        if not self.heading.is_long:
            self.add_error("code", message("学校代码 {code} 与{where}重复", code=code, where=where))
        elif school.name != name:
            self.add_error("name", message("学校代码 {code} 在{where}写作“{other}”，这里写作“{name}”",
                                           code=code, where=where, other=school.name, name=name))  # fmt: skip
        elif school.category != category:
            self.add_error("category", message("学校代码 {code} 的类别与{where}不一致", code=code, where=where))
        else:
            return school
        return None

    def _add_population(self, school: RosterSchool, key: PopulationKey, population: int, column: int) -> None:
        known = self.progress.count_cells.get((school.code, key))
        if known is None:
            school.populations[key] = population
            self.progress.count_cells[school.code, key] = CellIssue(
                self.row_number, self._column_name(column), NOTHING, self.sheet_number, self.place
            )
        elif not AUDIENCES[key[0]].has_grades and self.cell_text("grade"):
            school.populations[key] += population  # teachers by grade: a school has one number of teachers
        else:
            self._add_error_at(column, message("这一组人数前面已经有了（{where}）", where=known.where()))

    # What is not a school

    def _is_skipped(self) -> bool:
        texts = [text for cell in self.cells if (text := normalize_cell(cell))]
        has_count = any(looks_like_count(normalize_cell(self._at(index))) for index in self._count_columns())
        skipped = (
            (not any(self.cell_text(name) for name in self.columns) and not has_count)
            or self._is_total(texts)
            or bool(_EXAMPLE.match(texts[0]))
            or (not has_count and (any(_SIGNATURE.match(text) for text in texts) or self._is_decoration(texts)))
        )  # fmt: skip
        if skipped:
            self.roster.skipped.append(SkippedRow(self.row_number, " ".join(dict.fromkeys(texts))[:40], self.place))
        return skipped

    def _is_total(self, texts: list[str]) -> bool:
        """A row without a code of its own whose first words say that it adds up the others."""
        code = fold(self.cell_text("code"))
        if code and not _TOTAL.match(code):
            return False
        return any(_TOTAL.match(fold(text)) for text in (code, texts[0], self.cell_text("name")))

    def _is_decoration(self, texts: list[str]) -> bool:
        """Units below the heading, the heading once more on a new page, or a section such as 一、小学."""
        if all(_UNIT.fullmatch(fold(text)) for text in texts):
            return True
        if match_heading(self.row_index, self.cells, self.categories).columns == self.columns:
            return True
        if len(set(texts)) > 1:
            return False
        if category := section_category(self.cells, self.categories):
            self.section_category = category
        return bool(category) or bool(_SECTION.match(texts[0]))

    # Cells

    @property
    def row_number(self) -> int:
        return self.sheet.row_number(self.row_index)

    def _at(self, index: int | None) -> CellValue:
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def cell_text(self, name: str) -> str:
        return normalize_cell(self._at(self.columns.get(name)))

    def _count_columns(self) -> list[int]:
        names = ("population",) if self.heading.is_long else wide_audiences()
        return [*(self.columns[name] for name in names if name in self.columns), *self.heading.grades]

    def add_error(self, name: str, text: Message) -> None:
        self.roster.errors.append(self._issue(self.columns.get(name), column_label(name), text))

    def add_warning(self, name: str, text: Message) -> None:
        self.roster.warnings.append(self._issue(self.columns.get(name), column_label(name), text))

    def _add_error_at(self, index: int, text: Message) -> None:
        self.roster.errors.append(
            CellIssue(self.row_number, self._column_name(index), text, self.sheet_number, self.place)
        )

    def _column_name(self, index: int) -> Message:
        name = next((name for name, column in self.columns.items() if column == index), None)
        label = (
            column_label(name) if name in COLUMN_LABELS else message("{word}", word=self.heading.words.get(index, ""))
        )
        return message("{letters}（{label}）", letters=column_letters(index), label=label)

    def _issue(self, index: int | None, label: Message, text: Message) -> CellIssue:
        column = label if index is None else message("{letters}（{label}）", letters=column_letters(index), label=label)
        return CellIssue(self.row_number, column, text, self.sheet_number, self.place)

    # Fields

    def _check_texts(self) -> None:
        for name in ("code", "name", "category", "area", "audience", "grade", "class_name", "sex"):
            index = self.columns.get(name)
            if index is None:
                continue
            if (self.row_index, index) in self.sheet.valueless:
                if name != "name" or self.cell_text("name"):  # an empty name has its own sentence
                    self.add_error(name, message("单元格是公式，却没有值，或是错误值。请粘贴为数值"))
            elif problem := check_kind(self._at(index)):
                self.add_error(name, problem)
            if len(self.cell_text(name)) > MAX_LENGTHS.get(name, 200):
                self.add_error(name, message("超过 {limit} 个字", limit=MAX_LENGTHS.get(name, 200)))

    def _read_code(self) -> str:
        code = self.cell_text("code")
        if problem := check_code(code):
            self.add_error("code", problem)
        elif isinstance(self._at(self.columns.get("code")), float | int) and code not in self.roster.schools:
            text = message("学校代码存成了数字，前面的 0 可能已丢失；建议设为文本格式")
            self.progress.numeric_codes.append(self._issue(self.columns["code"], column_label("code"), text))
        if len(code) == STANDARD_CODE_DIGITS and code.isdigit() and int(code[2:4]) not in PROVINCE_CODES:
            self.add_warning("code", message("学校标识码 {code} 的第 3、4 位不是省级代码，请核对", code=code))
        return code

    def _read_name(self) -> str:
        raw = self._at(self.columns["name"])
        name = strip_invisible(str(raw))
        if not name:
            self.add_error("name", message("学校名称是空的（如果是公式，请粘贴为数值）"))
        elif name.startswith(("=", "+", "@")):
            self.add_error("name", message("学校名称像是公式，请改成文字"))
        if name != str(raw).strip():
            self.add_warning("name", message("学校名称里有看不见的字符，已去掉"))
        if self.cell_text("code") not in self.roster.schools:
            self._warn_about_rare_characters("name", name)
        self._warn_about_rare_characters("class_name", self.cell_text("class_name"))
        return name

    def _warn_about_rare_characters(self, column: str, text: str) -> None:
        if missing_letters := self.missing_glyphs(text):
            self.add_warning(column, message("海报字体里没有“{letters}”，印出来会是空框", letters=missing_letters))
        elif rare_letters := "".join(letter for letter in text if ord(letter) > 0xFFFF):
            self.add_warning(
                column, message("生僻字“{letters}”在部分手机和打印机上显示不了，请核对", letters=rare_letters)
            )

    def _read_category(self) -> str:
        word = self.cell_text("category")
        if not word:
            if not self.section_category:
                self.add_error("category", message("类别是空的"))
            return self.section_category
        match = self.categories.find(word)
        if match is None:
            known = ", ".join(category.label.in_language(language()) for category in self.categories.all)
            self.add_error("category", message("没有类别“{word}”；可用：{known}", word=word, known=known))
            return ""
        return match.id

    def _read_populations(self, category: str) -> list[tuple[PopulationKey, int, int]]:
        if self.heading.is_long:
            return self._read_long_population(category)
        populations = [
            ((audience, "", "", ""), population, self.columns[audience])
            for audience in wide_audiences()
            if audience in self.columns and (population := self._read_count(self.columns[audience]))
        ]
        by_grade = list(self._read_grade_counts(category))
        total = next((population for (audience, *_), population, _index in populations if audience == "student"), 0)
        if by_grade and total:
            grade_sum = sum(population for _key, population, _index in by_grade)
            if grade_sum != total:
                self.add_error(
                    "student", message("学生数 {total} 与各年级之和 {sum} 不一致", total=total, sum=grade_sum)
                )
            populations = [entry for entry in populations if entry[0][0] != "student"]
        return [*populations, *by_grade]

    def _read_grade_counts(self, category: str) -> Iterator[tuple[PopulationKey, int, int]]:
        """The columns 一年级 … 六年级 of a statistics form: pupils of each grade."""
        for index, word in self.heading.grades.items():
            population = self._read_count(index)
            if not population or not category:
                continue
            grade = self.categories.find_grade(category, word)
            if grade is None:
                label = self.categories[category].label.in_language(language())
                self._add_error_at(index, message("类别“{category}”没有年级“{word}”", category=label, word=word))
            else:
                yield ("student", grade.code, "", ""), population, index

    def _read_long_population(self, category: str) -> list[tuple[PopulationKey, int, int]]:
        word = self.cell_text("audience")
        audience = parse_audience(word)
        column = self.columns["population"]
        if audience is None:
            self.add_error("audience", message("没有对象“{word}”；可用：{known}", word=word, known=known_audiences()))
            return []
        population = self._read_count(column)
        key = (audience, self._read_grade(category, audience), self.cell_text("class_name"), self.cell_text("sex"))
        return [(key, population, column)] if population else []

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

    def _read_count(self, index: int) -> int:
        """A number of people; a cell whose number cannot be known is an error, never "nobody"."""
        if (self.row_index, index) in self.sheet.valueless:
            self._add_error_at(index, message("单元格是公式，却没有值，或是错误值。请粘贴为数值"))
            return 0
        text = normalize_cell(self._at(index))
        if text and (self.row_index, index) in self.sheet.merged:
            self._add_error_at(index, message("人数单元格是合并的，分不清每一行各是多少。请拆开合并，逐行填写"))
            return 0
        if problem := check_kind(self._at(index)):
            self._add_error_at(index, problem)
            return 0
        count = parse_count(text)
        if isinstance(count, int):
            return count
        self._add_error_at(index, count)
        return 0
