"""Parts that all documents have: their first and last lines, how figures were made, tables of the pages."""

from collections.abc import Iterable, Iterator, Sequence

from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import SOURCE_LANGUAGE, _, language, render

from .. import labels
from ..html.page import report_notes, unverified_warning
from ..html.page_block import TextTable
from ..method_notes import METHOD_NOTES
from ..wave_report import WaveReport
from .model import Block, Column, Heading, Paragraph, ParagraphStyle, Signatures, Table

HIDDEN = "＊"
SHORT_HASH = 16
CHINESE_DIGITS: tuple[str, ...] = ("", *"一二三四五六七八九")


def period_line(report: WaveReport) -> str:
    """Return which wave it is of, from when to when."""
    return _("{wave}（{opens} — {closes}）", wave=report.wave, opens=format_local(report.opens_at),
             closes=format_local(report.closes_at))  # fmt: skip


def document_footer(report: WaveReport, subject: str) -> str:
    return _("{subject} · {wave}", subject=subject, wave=report.wave)


def numbered(parts: Iterable[tuple[str, Iterable[Block]]]) -> Iterator[Block]:
    """Return the blocks of all parts that have some, each below its heading; parts are counted as an office does."""
    full = [(title, blocks) for title, found in parts if (blocks := list(found))]
    for number, (title, blocks) in enumerate(full, start=1):
        sign = chinese_number(number) if language() == SOURCE_LANGUAGE else str(number)
        yield Heading(_("{number}、{title}", number=sign, title=title))
        yield from blocks


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 as headings are counted: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else f"{CHINESE_DIGITS[tens]}十" if tens else "") + CHINESE_DIGITS[ones]


def hidden_note() -> str:
    """Return what stands for a figure that is missing."""
    return _("“＊”是人数太少或为防反推而不公布，“—”是没有答案。")


def table_from_page(title: str, table: TextTable, note: str = "") -> Table:
    """Return a table of the results pages, cell by cell."""
    columns = tuple(Column(heading.text, heading.numeric) for heading in table.headings)
    return Table(title, columns, table.rows, note)


def closing_blocks(report: WaveReport, methods: Sequence[str]) -> Iterator[Block]:
    """What must be known of the figures, how they were made, of what, and who signs."""
    for sentence in warnings(report):
        yield Paragraph(sentence, ParagraphStyle.BODY)
    for key in methods:
        name, sentence_of_method = METHOD_NOTES[key]
        text = _("{name}：{sentence}", name=render(name), sentence=render(sentence_of_method))
        yield Paragraph(text, ParagraphStyle.NOTE)
    yield Paragraph(evidence(report), ParagraphStyle.NOTE)
    yield Signatures((_("制表人"), _("审核人"), _("负责人"), _("日期")))


def warnings(report: WaveReport) -> Iterator[str]:
    """What a reader must know of the wave as a whole."""
    return (sentence for sentence in (unverified_warning(report), *report_notes(report)) if sentence)


def evidence(report: WaveReport) -> str:
    """Of what the figures were made, so that anybody can make them again."""
    title = report.scheme.title.in_language(language())
    return _("依据：{scheme}，{document}；{received}；封存于 {sealed}；清单校验值 {hash}。", scheme=title,
             document=report.scheme.document or "—", received=labels.received(report),
             sealed=format_local(report.sealed_at), hash=report.manifest_hash[:SHORT_HASH])  # fmt: skip
