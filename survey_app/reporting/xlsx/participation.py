"""Sheet 回收率, and how a row of a school × audience begins."""

from survey_app.foundation.translation import _

from .. import labels
from ..tabular.tables import participation_flags
from ..wave_report import CellReport, SchoolReport, WaveReport
from .writer import CellValue, Formula, SheetColumn, SheetTable, WorkbookWriter

SCHOOL_COLUMN_COUNT = 4


def school_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "text", 28),
        SheetColumn(_("类别"), "text", 18),
        SheetColumn(_("对象"), "text", 10),
    ]


def school_values(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[CellValue]:
    category = labels.category(report, school.category)
    return [school.code, school.name, category, labels.audience(cell.estimate.audience)]


def response_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    columns = [
        *school_columns(),
        SheetColumn(_("名册人数"), "int", 11),
        SheetColumn(_("收到答卷"), "int", 11),
        SheetColumn(_("计入答卷"), "int", 11),
        SheetColumn(_("回收率"), "share", 12),
        SheetColumn(_("参与方式"), "text", 16),
        SheetColumn(_("说明"), "wide", 36),
    ]
    table = SheetTable(writer, _("回收率"), _("回收率"), columns)
    people = received = respondents = 0
    for school in report.schools:
        for cell in school.cells.values():
            estimate = cell.estimate
            flags = participation_flags(report, estimate) - {"unverified"}
            nobody = {"nobody"} if estimate.received == 0 else set()
            table.write_row(
                [
                    *school_values(report, school, cell),
                    estimate.population or None,
                    estimate.received,
                    estimate.respondents,
                    estimate.response_rate,
                    labels.access_mode(report.access[estimate.audience]),
                    labels.flags(flags | nobody),
                ]
            )
            people += estimate.population
            received += estimate.received
            respondents += estimate.respondents if estimate.population else 0
    last = table.next_row - 1
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
           "max_type": "num", "max_value": 1}  # fmt: skip
    table.sheet.conditional_format(table.first_row, SCHOOL_COLUMN_COUNT + 3, last, SCHOOL_COLUMN_COUNT + 3, bar)
    totals = [
        Formula(f"=SUM({table.column_range(SCHOOL_COLUMN_COUNT + offset, None, last)})", value)
        for offset, value in enumerate((people, received, sum(_respondents(report))))
    ]
    table.write_row([_("合计"), None, None, None, *totals, None, None, None], bold=True, bg_color="#F2F2F2")
    table.finish(freeze_columns=2)


def _respondents(report: WaveReport) -> list[int]:
    return [cell.estimate.respondents for school in report.schools for cell in school.cells.values()]
