"""How a document becomes pages: lines, tables and headings are never torn, and nothing stands alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.reporting.documents.layout import HEIGHT, LEFT, TOP, WIDTH, Page, document_pages
from survey_app.reporting.documents.line_breaks import NEVER_FIRST, NEVER_LAST, break_lines
from survey_app.reporting.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Signatures,
    Table,
)
from survey_app.reporting.documents.slabs import Text, text_length

CHINESE = "学校把重要事情（收费、食堂、招生等）告诉家长的情况，“很好”的占八成，“一般”的占一成半；其余说不清楚。"


def length(text: str) -> float:
    return float(len(text))


def document(*blocks: Block, most_pages: int | None = None) -> Document:
    made_of = datetime(2026, 11, 18, tzinfo=UTC)
    return Document("某校 满意度报告", "2026秋", "测试区教育督导室", "zh", "某校", made_of, blocks, most_pages)


def texts(page: Page) -> list[str]:
    return [shape.text for shape in page if isinstance(shape, Text)]


def long_table(rows: int) -> Table:
    return Table(
        "题目",
        (
            Column("名称"),
            Column("数"),
        ),
        tuple((f"第{n}行", str(n)) for n in range(rows)),
        "表后的说明",
    )


@pytest.mark.parametrize("width", range(6, 30))
def test_no_line_begins_or_ends_with_a_mark_that_must_not_stand_there(width: int) -> None:
    lines = break_lines(CHINESE, width, length)
    assert "".join(lines) == CHINESE
    assert all(len(line) <= width for line in lines)
    assert all(line[0] not in NEVER_FIRST and line[-1] not in NEVER_LAST for line in lines[1:-1])
    assert len(lines[-1]) > 1, "the last line is one lonely character"


@settings(max_examples=40)
@given(st.text("学校abc ，。“”（）123 —", min_size=1, max_size=80), st.integers(3, 20))
def test_breaking_lines_loses_no_character(text: str, width: int) -> None:
    lines = break_lines(text, width, length)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width for line in lines)


def test_a_long_table_repeats_its_heading_on_every_page() -> None:
    pages = document_pages(document(long_table(120)))
    assert len(pages) == 3
    assert all("名称" in texts(page) for page in pages)
    rows = [text for page in pages for text in texts(page) if text.startswith("第") and text.endswith("行")]
    assert rows == [f"第{n}行" for n in range(120)]
    assert [f"第 {n} 页，共 3 页" in texts(page) for n, page in enumerate(pages, start=1)] == [True] * 3


@pytest.mark.parametrize("filled", range(36, 46))
def test_heading_title_and_two_rows_stand_on_one_page_and_so_do_the_last_two(filled: int) -> None:
    before = [Paragraph("一行")] * filled
    pages = [texts(page) for page in document_pages(document(*before, Heading("一、结果"), long_table(60)))]
    (at,) = [number for number, page in enumerate(pages) if "一、结果" in page]
    assert {"一、结果", "题目", "名称", "第0行", "第1行"} <= set(pages[at])
    (end,) = [number for number, page in enumerate(pages) if "表后的说明" in page]
    assert {"第58行", "第59行"} <= set(pages[end])


@pytest.mark.parametrize("filled", range(36, 46))
def test_no_page_begins_or_ends_with_a_single_line_of_a_paragraph(filled: int) -> None:
    paragraph = Paragraph("字" * 200)
    pages = document_pages(document(*[Paragraph("一行")] * filled, paragraph))
    lines = [sum(set(text) == {"字"} for text in texts(page)) for page in pages]
    assert sum(lines) == 5 or sum(lines) == 4
    assert 1 not in lines


@pytest.mark.parametrize("filled", range(34, 46))
def test_nobody_signs_an_empty_sheet(filled: int) -> None:
    pages = document_pages(document(*[Paragraph("一行")] * filled, Signatures(("制表人", "日期"))))
    assert {"制表人：", "日期："} < set(texts(pages[-1]))
    assert texts(pages[-1]).count("一行") >= 3


def test_everything_stands_between_the_margins() -> None:
    wide = Table("", (Column("名称"), Column("说明"), Column("数", True)), ((CHINESE * 3, CHINESE, "12,345.67%"),) * 9)
    pages = document_pages(document(wide, Paragraph(CHINESE * 9)))
    for page in pages:
        for shape in page:
            if isinstance(shape, Text) and "页" not in shape.text and shape.text != "某校":
                assert shape.x >= LEFT - 0.01
                assert shape.x + text_length(shape.text, shape.size, shape.bold) <= LEFT + WIDTH + 0.01
                assert TOP <= shape.y <= TOP + HEIGHT


def test_a_document_that_is_too_long_is_printed_smaller() -> None:
    table = long_table(46)
    assert len(document_pages(document(table))) == 2
    assert len(document_pages(document(table, most_pages=1))) == 1


def test_latin_text_has_latin_quotes() -> None:
    (page,) = document_pages(document(Paragraph("The “good” one"), Paragraph("“好”的")))
    assert 'The "good" one' in texts(page)
    assert "“好”的" in texts(page)


def test_what_the_font_lacks_is_printed_as_near_as_it_can() -> None:
    (page,) = document_pages(document(Paragraph("−2.50，ȳ，𠮷")))
    assert "–2.50，y，□" in texts(page)
