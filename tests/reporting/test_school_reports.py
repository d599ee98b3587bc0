"""``flask documents``: a report says what page, table and workbook say, and nothing that is hidden."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from testing.district import District
from testing.printed import W, docx_lines, docx_part, pdf_pages

WAVE = "2026秋"
AUDIENCES = {"parent": "家长", "student": "学生", "teacher": "教师"}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


@pytest.fixture(scope="module")
def folder(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("documents")
    for form in ("pdf", "docx"):
        measured.command("documents", "school-reports", "--wave", WAVE, "--out", str(out), "--format", form)
    return out


def report_of(folder: Path, code: str) -> str:
    (path,) = folder.glob(f"{code} *.pdf")
    return "\n".join(pdf_pages(path))


def test_every_school_has_a_report_of_two_to_four_pages(folder: Path) -> None:
    files = sorted(folder.glob("*.pdf"))
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


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_wave_gives_the_same_bytes(measured: District, folder: Path, tmp_path: Path, form: str) -> None:
    measured.clock.advance(minutes=5)
    options = ("--wave", WAVE, "--out", str(tmp_path), "--school", "0101", "--format", form)
    measured.command("documents", "school-reports", *options)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == (folder / path.name).read_bytes()


def test_word_says_what_the_pdf_says(folder: Path) -> None:
    """One model, two writers: every number of a row stands in one line of the other."""
    for path in folder.glob("*.docx"):
        pdf = "\n".join(pdf_pages(path.with_suffix(".pdf")))
        rows = [line for line in docx_lines(path) if len(line) > 2]
        assert len(rows) > 60
        for row in rows:
            assert find_row(pdf, figures_of(row)), row


def test_a_word_file_is_chinese_and_tears_nothing(folder: Path) -> None:
    path = next(folder.glob("0101 *.docx"))
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert 'w:eastAsia="宋体"' in texts["word/styles.xml"]
    assert 'w:eastAsia="黑体"' in texts["word/styles.xml"]
    assert 'w:eastAsia="zh-CN"' in texts["word/styles.xml"]
    assert "<w:widowControl/>" in texts["word/styles.xml"]
    body = docx_part(path, "word/document.xml")
    rows = list(body.iter(f"{W}tr"))
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    for table in list(body.iter(f"{W}tbl"))[:-1]:
        first = next(table.iter(f"{W}tr"))
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        grid = len(list(table.iter(f"{W}gridCol")))
        assert grid <= 63, "Word opens no table with more columns"
        for row in table.iter(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc")]
            assert sum(1 if span is None else int(span.get(f"{W}val", "0")) for span in spans) == grid
    assert "PAGE" in texts["word/footer1.xml"]
    assert "NUMPAGES" in texts["word/footer1.xml"]


@pytest.mark.parametrize(("kind", "least", "most"), [("leader-page", 1, 1), ("district-report", 3, 10)])
def test_leaders_and_committee_have_a_document_of_their_own(
    measured: District, tmp_path: Path, kind: str, least: int, most: int
) -> None:
    """The district of these tests is smaller than one in use, so its report is shorter than six pages."""
    for form in ("pdf", "docx"):
        measured.command("documents", kind, "--wave", WAVE, "--out", str(tmp_path), "--format", form)
    (pdf,) = tmp_path.glob("*.pdf")
    pages = pdf_pages(pdf)
    assert least <= len(pages) <= most
    assert "负责人" in pages[-1]
    (word,) = tmp_path.glob("*.docx")
    text = "\n".join(pages)
    for row in docx_lines(word):
        assert find_row(text, figures_of(row)), row


def test_a_document_is_of_a_wave_or_of_a_year(measured: District, tmp_path: Path) -> None:
    measured.command("documents", "leader-page", "--out", str(tmp_path), code=2)
    measured.command("documents", "leader-page", "--wave", WAVE, "--year", "2026", "--out", str(tmp_path), code=2)
    assert "2026" in measured.command("documents", "leader-page", "--year", "2026", "--out", str(tmp_path), code=1)


def figures_of(row: list[str]) -> list[str]:
    """The numbers of a row, with both limits of an interval."""
    return [part for text in row[1:] if re.fullmatch(r"[\d.,%–]+", text) for part in text.split("–")]


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


def test_an_unknown_school_is_named(measured: District, tmp_path: Path) -> None:
    told = measured.command(
        "documents", "school-reports", "--wave", WAVE, "--out", str(tmp_path), "--school", "9999", code=1
    )
    assert "批次“2026秋”里没有代码为 9999 的学校" in told
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_english_throughout(measured: District, tmp_path: Path) -> None:
    measured.command(
        "documents", "school-reports", "--wave", WAVE, "--out", str(tmp_path), "--school", "0101", "--lang", "en"
    )  # fmt: skip
    (path,) = tmp_path.iterdir()
    pages = pdf_pages(path)
    assert 2 <= len(pages) <= 4
    chinese = set(re.findall(r"[\u4e00-\u9fff]{2,}", "\n".join(pages)))
    assert chinese <= {"河东小学", "测试区教育督导室", "秋", "测督", "首年试行开放链接"}, chinese
