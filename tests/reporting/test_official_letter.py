"""The notice as an official letter: what stands in it, and the sizes that offices expect of Word and PDF."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pypdfium2

from survey_app.followup.letters import NoticeLetter, notice_letter
from survey_app.followup.proposals import open_proposals
from survey_app.reporting.documents.official_letter import letter_docx, letter_pdf
from testing.district import District
from testing.rectification import CONTENT, delivered_case, open_year, proposal_row

LETTER = NoticeLetter(
    "教育督导整改通知书", "督整〔2026〕1号", "河东小学：",
    ("学校满意度测评中，你校存在以下问题：", "问题：食堂卫生。", "食堂留样不全。" * 30, "请于 2026年12月2日 前报送。"),
    "特此通知。", "测试区教育督导室", "2026年11月2日", datetime(2026, 11, 2, 1, 0, tzinfo=UTC),
)  # fmt: skip


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_a_letter_says_what_was_found_and_how_certain_it_is(small_district: District) -> None:
    with small_district.app.extensions["database"].write_session() as session:
        year = open_year(session, small_district, proposal_row())
        found = open_proposals(session, year, small_district.app.extensions["categories"])[0]
        case = delivered_case(session, small_district, year)
        case.findings, case.source = str(found.findings), "dimension"
        letter = notice_letter(session, case, "测试区教育督导室", small_district.clock.at)
        assert (letter.title, letter.document, letter.date) == (
            "教育督导整改通知书",
            "督整〔2026〕1号",
            "2026年11月2日",
        )
        assert letter.addressee == "河东小学："
        text = "".join(letter.paragraphs)
        assert "根据学校满意度测评的结果，你校存在以下问题：" in text
        assert "来自批次“2026秋”的测评" in text
        assert "72.4%，低于 85% 的标准线；已计入误差和多重比较（校正后 p = 0.003）" in text
        assert "请于 2026年12月2日 前报送整改情况" in text
        assert "联系人：李督学" in text
    assert CONTENT.subject in text


def test_the_word_file_has_the_usual_margins_fonts_and_lines() -> None:
    content = letter_docx(LETTER)
    assert content == letter_docx(LETTER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document, styles = (archive.read(f"word/{name}.xml").decode() for name in ("document", "styles"))
    assert 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"' in document, "37, 26, 35, 28 mm"
    assert 'w:eastAsia="仿宋"/><w:sz w:val="32"/>' in styles
    assert 'w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>' in styles
    assert 'w:line="560" w:lineRule="exact"' in styles
    assert 'w:firstLineChars="200" w:firstLine="640"' in styles
    assert 'w:lang w:val="en-US" w:eastAsia="zh-CN"' in styles
    texts = re.findall(r">([^<>]+)</w:t>", document)
    assert (texts[:3], texts[-2:]) == (
        ["教育督导整改通知书", "督整〔2026〕1号", "河东小学："], ["测试区教育督导室", "2026年11月2日"]
    )  # fmt: skip


def test_the_pdf_is_the_same_letter_and_never_leaves_the_date_alone() -> None:
    assert letter_pdf(LETTER) == letter_pdf(LETTER)
    (page,) = pages_of(letter_pdf(LETTER))
    for words in ("教育督导整改通知书", "督整〔2026〕1号", "河东小学：", "特此通知。", "— 1 —"):
        assert words in page, words
    long = NoticeLetter(
        LETTER.title, LETTER.document, LETTER.addressee, ("食堂留样不全。" * 68,), LETTER.closing, LETTER.office,
        LETTER.date, LETTER.made_of,
    )  # fmt: skip
    first, second = pages_of(letter_pdf(long))
    assert "特此通知。" in second, first
    assert "— 2 —" in second
