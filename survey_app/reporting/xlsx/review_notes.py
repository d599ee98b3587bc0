"""Sheet 问卷的审阅: only in workbooks of waves whose questionnaires were let stand with warnings."""

from survey_app.foundation.translation import _

from ..accepted_findings import accepted_texts, review_note
from ..wave_report import WaveReport
from .writer import SheetColumn, SheetTable, WorkbookWriter


def review_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """One row a finding that somebody let stand, with the reason."""
    columns = [
        SheetColumn(_("问卷"), "wide", 20), SheetColumn(_("题目"), "wide", 36), SheetColumn(_("程度"), "text", 8),
        SheetColumn(_("审阅指出"), "wide", 42), SheetColumn(_("保留的理由"), "wide", 42),
    ]  # fmt: skip
    table = SheetTable(writer, _("问卷的审阅"), _("问卷的审阅"), columns, [review_note()])
    for one in report.accepted:
        table.write_row(list(accepted_texts(one)))
    table.finish(freeze_columns=1)
