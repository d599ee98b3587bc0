"""The part of the results about the questionnaires: what the review found and somebody let stand, with the reason."""

from collections.abc import Iterator

from survey_app.foundation.translation import _

from ..accepted_findings import accepted_texts, review_note
from ..wave_report import WaveReport
from .page_block import Heading, PageBlock, TextTable


def review_blocks(report: WaveReport) -> Iterator[PageBlock]:
    """Nothing where no warning was let stand."""
    if not report.accepted:
        return
    headings = (_("问卷"), _("题目"), _("程度"), _("审阅指出"), _("保留的理由"))
    table = TextTable(
        tuple(Heading(text, numeric=False) for text in headings), tuple(map(accepted_texts, report.accepted))
    )
    yield PageBlock("accepted", _("审阅时保留的提醒"), "", table, note=review_note())
