"""The Excel workbook of a wave: eleven sheets drawn from one report, more for follow-ups and for warnings let stand."""

from datetime import datetime

from survey_app.foundation.translation import _

from ..wave_report import WaveReport
from .cover import cover_sheet, method_sheet
from .details import dimension_sheet, item_sheet
from .findings import group_sheet, item_analysis_sheet, school_position_sheet
from .follow_ups import follow_up_sheet
from .participation import response_sheet
from .quality import quality_sheet
from .ranking import ranking_sheet
from .review_notes import review_sheet
from .summary import summary_sheet
from .writer import WorkbookWriter


def build_workbook(report: WaveReport, office: str, created_at: datetime) -> bytes:
    """The workbook as an xlsx file."""
    report.check_public()
    writer = WorkbookWriter(
        _("{wave} 学校满意度测评结果", wave=report.wave), office, created_at, report.scheme.settings.decimals
    )
    write_wave_sheets(writer, report)
    return writer.to_bytes()


def write_wave_sheets(writer: WorkbookWriter, report: WaveReport) -> None:
    """Write the sheets of a wave: the results, then how they were made."""
    cover_sheet(writer, report)
    summary_sheet(writer, report)
    ranking_sheet(writer, report)
    dimension_sheet(writer, report)
    item_sheet(writer, report)
    if report.has_follow_ups:
        follow_up_sheet(writer, report)
    response_sheet(writer, report)
    if report.shows_private:
        quality_sheet(writer, report)
    if report.accepted:
        review_sheet(writer, report)
    group_sheet(writer, report)
    school_position_sheet(writer, report)
    item_analysis_sheet(writer, report)
    method_sheet(writer, report)
