"""One value behind all: page, CSV, workbook, Word and PDF say every number of a school alike, hidden ones included.

Every reader below returns figures by what they are of (school, audience, dimension or question, figure), as they are
printed, so that a number that stands in a wrong place is found and not only one that is missing.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from testing.district import District
from testing.printed import docx_lines, pdf_pages

WAVE = "2026秋"
CODES = ("0101", "0102", "0103", "0104", "0201", "0202")
AUDIENCES = {"parent": "家长", "student": "学生", "teacher": "教师"}
AUDIENCE_IDS = {label: name for name, label in AUDIENCES.items()} | {"综合得分": "composite"}
HIDDEN, NOTHING, OVERALL = "＊", "—", "OVERALL"  # tables of files leave both blank
Figures = dict[tuple[str, str, str, str], str]


class Forms:
    """The five forms of a measured wave."""

    def __init__(self, district: District, folder: Path) -> None:
        self.district, self.folder, self.client = district, folder, district.staff()
        for form in ("pdf", "docx"):
            district.command("documents", "school-reports", "--wave", WAVE, "--out", str(folder), "--format", form)
        self.book = folder / "book.xlsx"
        district.command("results", "report", "--wave", WAVE, "--out", str(self.book))
        self.csv = {name: self._csv(name) for name in ("indices", "items", "ranking")}
        instruments = [district.app.extensions["catalogue"].instrument(f"compulsory-{name}") for name in AUDIENCES]
        self.dimensions = {
            dimension.label.in_language("zh"): dimension.id
            for instrument in instruments for dimension in instrument.dimensions
        } | {"总指数": OVERALL}  # fmt: skip

    def _csv(self, name: str) -> list[dict[str, str]]:
        text = self.district.command("results", name, "--wave", WAVE)
        return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))

    def file(self, code: str, form: str) -> Path:
        (path,) = self.folder.glob(f"{code} *.{form}")
        return path


@pytest.fixture(scope="module")
def forms(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Forms:
    return Forms(measured, tmp_path_factory.mktemp("forms"))


def points(value: Any) -> str:
    return NOTHING if value in (None, "") else f"{float(value):.2f}"


def share(value: Any) -> str:
    return NOTHING if value in (None, "") else f"{float(value) * 100:.2f}%"


def count(value: Any) -> str:
    return NOTHING if value in (None, "") else f"{int(value):,}"


def interval(low: Any, high: Any) -> str:
    return NOTHING if low in (None, "") else f"{points(low)}–{points(high)}"


# What is said of dimensions: how many people, index, interval, rate.


def dimensions_in_csv(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for line in forms.csv["indices"]:
        key = (line["school_code"], line["audience"], line["dimension"])
        yield (*key, "index"), points(line["index"])
        yield (*key, "interval"), interval(line["ci_low"], line["ci_high"])
        if line["audience"] != "composite":
            yield (*key, "n"), count(line["n"])
            yield (*key, "rate"), share(line["rate"])


def table_cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", page, re.S)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
            for row in rows]  # fmt: skip


def dimensions_on_the_page(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for code in CODES:
        page = forms.client.get(f"/staff/waves/1/results/school/{code}").text
        for row in table_cells(page):
            if len(row) == 8 and row[0] in AUDIENCE_IDS:
                key = (code, AUDIENCE_IDS[row[0]], forms.dimensions[row[1]])
                yield from zip(((*key, name) for name in ("n", "index", "interval", "rate")), row[2:6], strict=True)


def dimensions_in_the_book(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for row in openpyxl.load_workbook(forms.book, data_only=True)["分维度"].iter_rows(values_only=True):
        if row[0] in CODES:
            key = (str(row[0]), AUDIENCE_IDS[str(row[3])], forms.dimensions[str(row[4])])
            yield (*key, "n"), count(row[5])
            yield (*key, "index"), points(row[6])
            yield (*key, "interval"), interval(row[7], row[8])
            yield (*key, "rate"), share(row[9])


def dimension_row(forms: Forms, code: str, label: str, values: list[str]) -> Figures:
    """A row of a report: an audience alone is its overall index, whose last figure is the mean of its kind."""
    audience, dot, dimension = label.partition("·")
    key = (code, AUDIENCE_IDS[audience], forms.dimensions[dimension] if dot else OVERALL)
    if audience == "综合得分":
        return {(*key, "index"): values[0], (*key, "interval"): values[1]}
    names = ("n", "index", "interval", "rate") if dot else ("n", "index", "interval")
    return {(*key, name): value for name, value in zip(names, values, strict=False)}


LABELS = "|".join(AUDIENCE_IDS)


def dimensions_in_word(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for code in CODES:
        for row in docx_lines(forms.file(code, "docx")):
            if len(row) > 2 and re.fullmatch(rf"({LABELS})(·.+)?", row[0]) and is_about_indices(row[1:]):
                yield from dimension_row(forms, code, row[0], row[1:]).items()


def is_about_indices(values: list[str]) -> bool:
    """Tables of response have other figures, those of questions stand beside a rate."""
    has_none = values[:3] == [HIDDEN] * 3 or values[1:3] == [NOTHING] * 2
    return has_none or any(re.fullmatch(r"\d+\.\d\d–\d+\.\d\d", value) for value in values)


def dimensions_in_the_pdf(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for code in CODES:
        for line in "\n".join(pdf_pages(forms.file(code, "pdf"))).split("\n"):
            label, _space, rest = line.strip().partition(" ")
            if re.fullmatch(rf"({LABELS})(·.+)?", label) and is_about_indices(rest.split()):
                yield from dimension_row(forms, code, label, rest.split()).items()


# What is said of questions: how many answered, and the rate.


def questions_in_csv(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for line in forms.csv["items"]:
        if "follow_up" in line["flags"]:
            continue
        key = (line["school_code"], line["audience"], line["text"])
        is_range = line["flags"] == "range"
        yield (*key, "n"), count(line["n"])
        limits = f"{share(line['rate_low'])}–{share(line['rate_high'])}"
        yield (*key, "rate"), limits if is_range else share(line["rate"])


def questions_in_the_book(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    sheet = openpyxl.load_workbook(forms.book, data_only=True)["题目分布"]
    rows = list(sheet.iter_rows(values_only=True))
    heading = next(row for row in rows if "满意率" in row)
    at = heading.index("满意率")
    for row in rows:
        if row[0] in CODES and row[2] in AUDIENCE_IDS:
            key = (str(row[0]), AUDIENCE_IDS[str(row[2])], str(row[4]))
            yield (*key, "n"), count(row[heading.index("作答")])
            limits = f"{share(row[at + 1])}–{share(row[at + 2])}"
            yield (*key, "rate"), limits if row[at] is None and row[at + 1] is not None else share(row[at])


def questions_in_word(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for code in CODES:
        audience = ""
        for row in docx_lines(forms.file(code, "docx")):
            if len(row) == 1:
                found = re.fullmatch(r"(\w+)的答案", row[0])
                audience = (
                    AUDIENCE_IDS[found[1]]
                    if found
                    else ""
                    if re.match(r"[一二三四五六七八九十]、", row[0])
                    else audience
                )
            elif audience and row[0] != "题目" and len(row) >= 3 and not row[0].startswith("■"):
                yield (code, audience, row[0], "n"), row[1]
                yield (code, audience, row[0], "rate"), row[2]


def questions_in_the_pdf(forms: Forms) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    """Questions of two lines are put together again: the figures of a row follow its name."""
    for code in CODES:
        audience, name = "", ""
        for line in "\n".join(pdf_pages(forms.file(code, "pdf"))).split("\n"):
            found = re.fullmatch(r"(\w+)的答案", line.strip())
            if found or re.match(r"[一二三四五六七八九十]、", line):
                audience, name = (AUDIENCE_IDS[found[1]] if found else ""), ""
                continue
            row = re.fullmatch(r"(.*?) ?([\d,]+|＊|—) ([\d.]+%(?:–[\d.]+%)?|＊|—)(?: ([\d.]+%|—))?", line.strip())
            if audience and row:
                yield (code, audience, name + row[1], "n"), row[2]
                yield (code, audience, name + row[1], "rate"), row[3]
                name = ""
            elif audience and not re.search(r"题目|最[差好]的选项|第 \d+ 页|2026秋", line):
                name += line.strip()


Reader = Callable[[Forms], Iterator[tuple[tuple[str, str, str, str], str]]]


def blank(value: str | None) -> str | None:
    return NOTHING if value in (HIDDEN, "0") else value


def differences(found: Figures, expected: Figures) -> dict[tuple[str, str, str, str], tuple[str | None, str | None]]:
    """What a form says otherwise; that a figure is hidden or that there is none looks the same in a file of rows."""
    return {key: (found.get(key), expected.get(key)) for key in found
            if blank(found.get(key)) != blank(expected.get(key))}  # fmt: skip


@pytest.mark.parametrize(
    "read", [dimensions_on_the_page, dimensions_in_the_book, dimensions_in_word, dimensions_in_the_pdf]
)
def test_every_number_of_a_dimension_is_the_same(forms: Forms, read: Reader) -> None:
    figures, expected = dict(read(forms)), dict(dimensions_in_csv(forms))
    assert differences(figures, expected) == {}
    missing = {key for key in expected if key not in figures and key[1] != "composite"}
    if read in (dimensions_in_word, dimensions_in_the_pdf):
        told = {key for key in missing if blank(expected[key]) != NOTHING}  # of a hidden audience one line is enough
        assert {key[2:] for key in told} <= {(OVERALL, "rate")}
        assert {key for key in expected if key[1] == "composite"} <= set(figures)
    else:
        assert missing == set()
    if read is not dimensions_in_the_book:
        assert sum(value == HIDDEN for value in figures.values()) >= 6, "hidden figures are hidden everywhere"


@pytest.mark.parametrize("read", [questions_in_the_book, questions_in_word, questions_in_the_pdf])
def test_every_number_of_a_question_is_the_same(forms: Forms, read: Reader) -> None:
    figures, expected = dict(read(forms)), dict(questions_in_csv(forms))
    plain = {(*key[:2], key[2].removesuffix("（反向题）"), key[3]): value for key, value in figures.items()}
    assert differences(plain, expected) == {}
    assert {key for key in expected if key not in plain and blank(expected[key]) != NOTHING} == set()
    assert len(expected) > 600


def test_rank_sets_are_the_same_on_page_and_in_reports(forms: Forms) -> None:
    for line in forms.csv["ranking"]:
        if not line["rank_low"]:
            continue
        low, high = line["rank_low"], line["rank_high"]
        sentence = f"名次区间 {low if low == high else f'{low}–{high}'}，"
        code = line["school_code"]
        assert sentence in unescape(forms.client.get(f"/staff/waves/1/results/school/{code}").text)
        assert any(sentence in row[0] for row in docx_lines(forms.file(code, "docx")))
        assert sentence in "".join(pdf_pages(forms.file(code, "pdf"))).replace("\n", "")
