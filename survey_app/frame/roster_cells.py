"""One cell of a roster as what it means: text, a code, a name, a number of people."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from survey_app.definition.messages import Message, message
from survey_app.foundation.spreadsheet_reader import CellValue

MAX_POPULATION = 100_000
MAX_EXACT_NUMBER = 10**15  # beyond it a spreadsheet has rounded
STANDARD_CODE_DIGITS = 10  # digits of a 学校标识码
PROVINCE_CODES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82)
)  # GB/T 2260
BLANK_COUNTS = ("", "-", "/", "—", "无")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")


def normalize_cell(cell: CellValue) -> str:
    """A cell as text: NFKC, without marks that cannot be seen; whole floats as integers."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    normalized = unicodedata.normalize("NFKC", str(cell))
    return "".join(letter for letter in normalized if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


def strip_invisible(name: str) -> str:
    """A name in its own spelling (full-width brackets stay), without marks that cannot be seen."""
    return "".join(letter for letter in name if unicodedata.category(letter) not in ("Cf", "Cc")).strip()


def check_kind(cell: CellValue) -> Message | None:
    """What a spreadsheet made of a text that nobody meant: a date, a rounded number, a truth value."""
    if isinstance(cell, date):
        return message("看起来像日期（{text}）：表格软件可能改写了原来的内容。请把单元格设为文本后重新输入",
                       text=cell.isoformat())  # fmt: skip
    if isinstance(cell, bool):
        return message("是逻辑值 {text}，不是文字或数", text=str(cell).upper())
    if isinstance(cell, int | float) and abs(cell) >= MAX_EXACT_NUMBER:
        return message("数字超过 15 位，表格软件已经四舍五入。请把单元格设为文本后重新输入")
    return None


def check_code(code: str) -> Message | None:
    if not code:
        return message("学校代码是空的")
    if not _CODE.match(code):
        return message("学校代码“{code}”只能含字母、数字、下划线和连字符，最多 32 位", code=code)
    return None


def unknown_code(code: str, codes: Collection[str]) -> Message:
    """What is said of a code that is not in a wave, and which one it may have been before its zeros were lost."""
    bare = code.lstrip("0")
    padded = next((known for known in codes if bare and known.lstrip("0") == bare), None)
    if padded is None:
        return message("批次里没有学校代码“{code}”", code=code)
    return message("批次里没有学校代码“{code}”；是否应为 {padded}（前面的 0 丢失了）", code=code, padded=padded)


def parse_count(text: str) -> int | Message:
    """A number of people; blank and 0 both mean "not asked"."""
    digits = re.sub(r"[人名位]$", "", text.replace(",", "")).strip()
    if digits in BLANK_COUNTS:
        return 0
    if not re.fullmatch(r"-?\d+(\.0+)?", digits, re.ASCII):
        return message("“{text}”不是整数人数", text=text)
    whole = digits.partition(".")[0]
    count = int(whole) if len(whole) < 10 else MAX_POPULATION + 1
    if not 0 <= count <= MAX_POPULATION:
        return message("人数 {count} 不合理（0 到 {limit}）", count=count, limit=MAX_POPULATION)
    return count


def looks_like_count(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d[\d,]*(\.\d+)?[人名位]?", text, re.ASCII))
