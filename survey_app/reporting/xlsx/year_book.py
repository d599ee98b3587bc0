"""The year-end book: the workbook of the wave, and before it the marks of the year with live formulas."""

from collections.abc import Sequence
from datetime import datetime

from survey_app.assessment.mark_report import SPREAD_SENTENCE, MarkReport, marks_of
from survey_app.foundation.translation import _, language

from .. import labels
from ..wave_report import WaveReport
from .award_sheets import award_sheet, proposal_sheet
from .mark_parameters import parameter_sheet
from .workbook import write_wave_sheets
from .writer import WorkbookWriter
from .year_marks_sheet import year_marks_sheet


def build_year_book(
    year: str, report: WaveReport, marks: MarkReport, evidence: Sequence[tuple[str, str]], office: str,
    created_at: datetime,
) -> bytes:  # fmt: skip
    """Return the xlsx file. ``evidence``: what the cover says of where the marks come from, with its checksums."""
    report.check_public()
    title = _("{year} 年度学校满意度考核台账", year=year)
    writer = WorkbookWriter(title, office, created_at, report.scheme.settings.decimals)
    _cover(writer, report, marks, evidence)
    parameters = parameter_sheet(writer, report, marks_of(marks.scheme))
    year_marks_sheet(writer, report, marks, parameters)
    award_sheet(writer, report, marks)
    proposal_sheet(writer, report, marks)
    write_wave_sheets(writer, report)
    return writer.to_bytes()


def _cover(writer: WorkbookWriter, report: WaveReport, marks: MarkReport, evidence: Sequence[tuple[str, str]]) -> None:
    scheme = marks.scheme
    lines = [
        (_("组织单位"), writer.office),
        (_("批次"), marks.wave),
        (_("考核方案"), scheme.title.in_language(language())),
        (_("依据文号"), scheme.document or "—"),
        (_("方案校验码"), f"SHA-256 {scheme.sha256}"),
        (_("冻结清单"), f"SHA-256 {report.manifest_hash}"),
        *evidence,
        *((_("提示"), _spread_warning(report, warning.category, warning.reliability, warning.most))
          for warning in marks.warnings),
    ]  # fmt: skip
    sheet = writer.add_sheet(_("年度封面"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 96)
    sheet.merge_range(0, 0, 0, 1, writer.title, writer.format(font_name="黑体", font_size=20, align="center"))
    sheet.set_row(0, 44)
    for row, (name, text) in enumerate(lines, start=1):
        sheet.write_string(row, 0, name, writer.cell_format("wide", font_name="黑体", bg_color="#DCE6F1"))
        sheet.write_string(row, 1, text, writer.cell_format("wide"))


def _spread_warning(report: WaveReport, category: str, reliability: float, most: float) -> str:
    values = {"category": labels.category(report, category), "reliability": reliability, "most": most}
    return _(SPREAD_SENTENCE.template, **values)
