"""``flask results documents``: a report says what page, table and workbook say, and nothing that is hidden."""

import csv
import io
import re
from pathlib import Path

import pytest

from testing.district import District
from testing.printed import pdf_pages
from testing.workbooks import cells

WAVE = "2026秋"
AUDIENCES = {"parent": "家长", "student": "学生", "teacher": "教师"}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


@pytest.fixture(scope="module")
def folder(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("documents")
    measured.command("results", "documents", "--wave", WAVE, "--out", str(out))
    return out


@pytest.fixture(scope="module")
def indices(measured: District) -> list[dict[str, str]]:
    return rows_of(measured.command("results", "indices", "--wave", WAVE))


def report_of(folder: Path, code: str) -> str:
    (path,) = folder.glob(f"{code} *.pdf")
    return "\n".join(pdf_pages(path))


def test_every_school_has_a_report_of_two_to_four_pages(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == [
        "0101 河东小学.pdf", "0102 河西小学.pdf", "0103 河南小学.pdf", "0104 河北小学.pdf",
        "0201 河东中学.pdf", "0202 河西中学.pdf",
    ]  # fmt: skip
    for path in files:
        pages = pdf_pages(path)
        assert 2 <= len(pages) <= 4
        assert all(f"第 {number} 页，共 {len(pages)} 页" in page for number, page in enumerate(pages, start=1))
        assert "制表人" in pages[-1]
        assert "审核人" in pages[-1]
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_wave_gives_the_same_bytes(measured: District, folder: Path, tmp_path: Path) -> None:
    measured.clock.advance(minutes=5)
    measured.command("results", "documents", "--wave", WAVE, "--out", str(tmp_path), "--school", "0101")
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == (folder / path.name).read_bytes()


def test_every_index_of_the_tables_stands_in_the_report_beside_its_name(
    folder: Path, indices: list[dict[str, str]]
) -> None:
    compared = 0
    for code in ("0101", "0202"):
        text = report_of(folder, code)
        for line in indices:
            if line["school_code"] != code or not line["index"]:
                continue
            figures = [f"{float(line[name]):.2f}" for name in ("index", "ci_low", "ci_high")]
            if line["audience"] != "composite":
                figures.append(line["n"])
            assert find_row(text, figures), (line["audience"], line["dimension"], figures)
            compared += 1
    assert compared > 25


def find_row(text: str, figures: list[str]) -> bool:
    """Whether a line of the report has these figures."""
    return any(all(figure in row.replace("–", " ").split() for figure in figures) for row in text.split("\n"))


def test_hidden_figures_are_not_in_a_report(measured: District, folder: Path) -> None:
    full = rows_of(measured.command("results", "indices", "--wave", WAVE, "--full"))
    for code, audience in (("0103", "teacher"), ("0202", "parent")):
        text = report_of(folder, code)
        assert "“＊”是人数太少" in text
        assert re.search(rf"{AUDIENCES[audience]}[^\n]*＊", text)
        secret = [f"{float(line['index']):.2f}" for line in full
                  if (line["school_code"], line["audience"]) == (code, audience)]  # fmt: skip
        rows = [row for row in text.split("\n") if row.startswith(AUDIENCES[audience])]
        assert secret
        assert [(figure, row) for figure in secret for row in rows if figure in row] == []


def test_the_rates_of_the_questions_are_those_of_the_workbook(measured: District, folder: Path, tmp_path: Path) -> None:
    items = rows_of(measured.command("results", "items", "--wave", WAVE))
    book_path = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", WAVE, "--out", str(book_path))
    book = {value for value in cells(book_path, values=True).values() if isinstance(value, int | float)}
    text = report_of(folder, "0101")
    compared = 0
    for line in items:
        if line["school_code"] == "0101" and line["rate"] and not line["flags"]:
            rate = float(line["rate"])
            assert find_row(text, [line["n"], f"{rate * 100:.2f}%"]), line["item"]
            assert any(abs(rate - value) < 1e-9 for value in book), line["item"]
            compared += 1
    assert compared > 40


def test_an_unknown_school_is_named(measured: District, tmp_path: Path) -> None:
    told = measured.command("results", "documents", "--wave", WAVE, "--out", str(tmp_path), "--school", "9999", code=1)
    assert "批次“2026秋”里没有代码为 9999 的学校" in told
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_english_throughout(measured: District, tmp_path: Path) -> None:
    measured.command(
        "results", "documents", "--wave", WAVE, "--out", str(tmp_path), "--school", "0101", "--lang", "en"
    )  # fmt: skip
    (path,) = tmp_path.iterdir()
    pages = pdf_pages(path)
    assert 2 <= len(pages) <= 4
    chinese = set(re.findall(r"[\u4e00-\u9fff]{2,}", "\n".join(pages)))
    assert chinese <= {"河东小学", "测试区教育督导室", "秋", "测督", "首年试行开放链接"}, chinese
