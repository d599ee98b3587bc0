"""The roster: rows of a sheet to schools and their enrolment, with every fault by row and column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from survey_app.definition.categories import Categories, plain
from survey_app.definition.messages import Message, message
from survey_app.foundation.errors import Refused, refused
from survey_app.foundation.spreadsheet_reader import Cell, read_sheets

from .roster_columns import LABELS, WIDE, audience_named, column_letters, find_heading

MAX_POPULATION = 100_000
LONGEST = {"name": 200, "area": 100, "class_name": 50, "sex": 8}  # as the tables hold them
STANDARD_CODE = 10  # digits of a 学校标识码
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82)
)  # GB/T 2260
_TOTAL = re.compile(r"(合计|总计|小计|共计)")
_SIGNATURE = re.compile(r"(制表|审核|负责人|填表|填报|说明|备注|注)[^:：]*[:：]")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")

Key = tuple[str, str, str, str]  # audience, grade, class, sex


@dataclass(slots=True)
class RosterSchool:
    """One school of a roster file and how many people of each kind belong to it."""

    code: str
    name: str
    category: str
    area: str
    populations: dict[Key, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A fault or a warning about one cell. ``row`` counts from 1; ``column`` as the spreadsheet names it."""

    row: int
    column: Message
    message: Message

    def sentence(self) -> Message:
        return message("第 {row} 行 {column} 列：{what}", row=self.row, column=self.column, what=self.message)


@dataclass(slots=True)
class Roster:
    """What a file says. It may be used only if there are no faults."""

    sheet: str = ""
    schools: dict[str, RosterSchool] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    def audience_populations(self) -> dict[tuple[str, str], int]:
        """(code, audience) to the number of people."""
        found: Counter[tuple[str, str]] = Counter()
        for school in self.schools.values():
            for (audience, *_), population in school.populations.items():
                found[school.code, audience] += population
        return dict(found)


def read_roster(path: Path, categories: Categories, lacks_glyph: Callable[[str], str] = lambda _: "") -> Roster:
    """The roster in a file. ``lacks_glyph`` names the characters of a text that posters cannot print.

    Raises :class:`Refused` if no sheet looks like a roster or two do.
    """
    found = [(sheet, heading) for sheet in read_sheets(path) if (heading := find_heading(sheet))]
    if not found:
        raise Refused(
            message("{file} 里找不到名册的表头", file=path.name),
            message("表头要在前 15 行内，至少有：学校代码、学校名称、类别，以及“对象、人数”或“家长数、教师数、学生数”"),
        )
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, _ in found)
        raise refused("有几个工作表都像名册（{names}），请只留一个", names=names)
    sheet, (heading_row, columns) = found[0]
    reader = _RowReader(Roster(sheet.name), columns, categories, lacks_glyph)
    reader.check_heading(heading_row)
    for number, row in enumerate(sheet.rows[heading_row + 1 :], start=heading_row + 2):
        reader.row(number, row)
    reader.check_code_lengths()
    if not reader.roster.schools and not reader.roster.faults:
        raise refused("{file} 的表头下面没有学校", file=path.name)
    reader.roster.faults.sort(key=lambda remark: (remark.row, str(remark.column)))
    return reader.roster


def visible(cell: Cell) -> str:
    """A cell as text: NFKC, without marks that cannot be seen; whole floats as integers."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    folded = unicodedata.normalize("NFKC", str(cell))
    return "".join(letter for letter in folded if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


def spelled(name: str) -> str:
    """A name in its own spelling (full-width brackets stay), without marks that cannot be seen."""
    return "".join(letter for letter in name if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


class _RowReader:
    """Reads one row after the other into the roster."""

    def __init__(
        self, roster: Roster, columns: dict[str, int], categories: Categories, lacks_glyph: Callable[[str], str]
    ) -> None:
        self.roster = roster
        self.columns = columns
        self.categories = categories
        self.lacks_glyph = lacks_glyph
        self.code_rows: dict[str, int] = {}
        self.number = 0
        self.cells: list[Cell] = []

    def check_heading(self, heading_row: int) -> None:
        if "category" not in self.columns:
            self.roster.faults.append(Remark(heading_row + 1, LABELS["category"], message("缺少“类别”一列")))

    def row(self, number: int, cells: list[Cell]) -> None:
        self.number, self.cells = number, cells
        if self._is_no_entry():
            return
        before = len(self.roster.faults)
        code, name, category = self._code(), self._name(), self._category()
        populations = self._populations(category)
        self._check_lengths()
        if len(self.roster.faults) > before:
            return
        school = self.roster.schools.get(code)
        if school is None:
            school = RosterSchool(code, name, category, self.text("area"))
            self.roster.schools[code] = school
            self.code_rows[code] = number
        elif (school.name, school.category) != (name, category) or "audience" not in self.columns:
            self.fault("code", message("学校代码 {code} 与第 {row} 行重复", code=code, row=self.code_rows[code]))
            return
        for key, population, column in populations:
            if key in school.populations:
                self.fault(column, message("这一组人数前面已经有了"))
            else:
                school.populations[key] = population

    def _check_lengths(self) -> None:
        for name, limit in LONGEST.items():
            if len(self.text(name)) > limit:
                self.fault(name, message("超过 {limit} 个字", limit=limit))

    def _is_no_entry(self) -> bool:
        """Blank rows, totals and signature lines."""
        if not any(self.text(field) for field in self.columns):
            return True
        texts = [visible(cell) for cell in self.cells]
        if any(_TOTAL.match(plain(text)) for text in texts):
            return True
        counted = any(self.text(field) for field in (*WIDE, "population"))
        return not counted and any(_SIGNATURE.match(text) for text in texts)

    def cell(self, field: str) -> Cell:
        index = self.columns.get(field)
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def text(self, field: str) -> str:
        return visible(self.cell(field))

    def fault(self, field: str, text: Message) -> None:
        self.roster.faults.append(self._remark(field, text))

    def warn(self, field: str, text: Message) -> None:
        self.roster.warnings.append(self._remark(field, text))

    def _remark(self, field: str, text: Message) -> Remark:
        index = self.columns.get(field)
        label = LABELS[field]
        column = label if index is None else message("{letters}（{label}）", letters=column_letters(index), label=label)
        return Remark(self.number, column, text)

    def _code(self) -> str:
        code = self.text("code")
        if not code:
            self.fault("code", message("学校代码是空的"))
        elif not _CODE.match(code):
            self.fault("code", message("学校代码“{code}”只能含字母、数字、下划线和连字符，最多 32 位", code=code))
        elif isinstance(self.cell("code"), float | int) and code not in self.roster.schools:
            self.warn("code", message("学校代码存成了数字，前面的 0 可能已丢失；建议设为文本格式"))
        if len(code) == STANDARD_CODE and code.isdigit() and int(code[2:4]) not in PROVINCES:
            self.warn("code", message("学校标识码 {code} 的第 3、4 位不是省级代码，请核对", code=code))
        return code

    def _name(self) -> str:
        raw = self.cell("name")
        name = spelled(str(raw))
        if not name:
            self.fault("name", message("学校名称是空的（如果是公式，请粘贴为数值）"))
        elif name.startswith(("=", "+", "@")):
            self.fault("name", message("学校名称像是公式，请改成文字"))
        if name != str(raw).strip():
            self.warn("name", message("学校名称里有看不见的字符，已去掉"))
        if self.text("code") not in self.roster.schools:
            self._warn_of_rare(name)
        return name

    def _warn_of_rare(self, name: str) -> None:
        if missing := self.lacks_glyph(name):
            self.warn("name", message("海报字体里没有“{letters}”，印出来会是空框", letters=missing))
        elif rare := "".join(letter for letter in name if ord(letter) > 0xFFFF):
            self.warn("name", message("生僻字“{letters}”在部分手机和打印机上显示不了，请核对", letters=rare))

    def _category(self) -> str:
        word = self.text("category")
        if not word:
            if "category" in self.columns:
                self.fault("category", message("类别是空的"))
            return ""
        found = self.categories.named(word)
        if found is None:
            known = ", ".join(category.label.zh for category in self.categories.all)
            self.fault("category", message("没有类别“{word}”；可用：{known}", word=word, known=known))
            return ""
        return found.id

    def _populations(self, category: str) -> list[tuple[Key, int, str]]:
        if "audience" in self.columns and "population" in self.columns:
            return self._long_population(category)
        found = []
        for audience in WIDE:
            if audience in self.columns and (population := self._count(audience)):
                found.append(((audience, "", "", ""), population, audience))
        return found

    def _long_population(self, category: str) -> list[tuple[Key, int, str]]:
        word = self.text("audience")
        audience = audience_named(word)
        if audience is None:
            self.fault("audience", message("没有对象“{word}”；可用：家长、教师、学生", word=word))
            return []
        population = self._count("population")
        key = (audience, self._grade(category, audience), self.text("class_name"), self.text("sex"))
        return [(key, population, "population")] if population else []

    def _grade(self, category: str, audience: str) -> str:
        word = self.text("grade")
        if not word or not category or audience == "teacher":
            return ""
        grade = self.categories.grade_named(category, word)
        if grade is None:
            self.fault("grade", message("类别“{category}”没有年级“{word}”",
                                        category=self.categories[category].label.zh, word=word))  # fmt: skip
            return ""
        return grade.code

    def _count(self, field: str) -> int:
        """A number of people; blank and 0 both mean "not asked"."""
        text = re.sub(r"[人名位]$", "", self.text(field).replace(",", "")).strip()
        if not text or text in ("-", "/", "无"):
            return 0
        if not re.fullmatch(r"-?\d+(\.0+)?", text, re.ASCII):
            self.fault(field, message("“{text}”不是整数人数", text=self.text(field)))
            return 0
        digits = text.partition(".")[0]
        count = int(digits) if len(digits) < 10 else MAX_POPULATION + 1
        if not 0 <= count <= MAX_POPULATION:
            self.fault(field, message("人数 {count} 不合理（0 到 {limit}）", count=count, limit=MAX_POPULATION))
            return 0
        return count

    def check_code_lengths(self) -> None:
        """Where most codes have ten digits, another length is a typing error."""
        codes = list(self.roster.schools)
        standard = sum(len(code) == STANDARD_CODE for code in codes)
        if standard * 2 <= len(codes):
            return
        for code in codes:
            if len(code) != STANDARD_CODE:
                self.number = self.code_rows[code]
                self.fault("code", message("学校代码“{code}”有 {n} 位，本表其他学校是 10 位", code=code, n=len(code)))
