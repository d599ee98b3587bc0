"""Sheet 回收率."""

from survey_app.foundation.translation import _

from .. import labels
from ..flags import participation_flags
from ..wave_report import CellReport, SchoolReport, WaveReport
from .school_columns import SCHOOL_COLUMN_COUNT, school_columns, school_values, sum_of_people
from .writer import CellValue, Formula, SheetColumn, SheetTable, WorkbookWriter


def response_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    columns = [
        *school_columns(),
        SheetColumn(_("名册人数"), "int", 11),
        SheetColumn(_("收到答卷"), "int", 11),
        SheetColumn(_("计入答卷"), "int", 11),
        SheetColumn(_("回收率"), "share", 12),
        SheetColumn(_("参与方式"), "text", 16),
        SheetColumn(_("说明"), "wide", 32),
    ]
    table = SheetTable(writer, _("回收率"), _("回收率"), columns)
    for school in report.schools:
        for cell in school.cells.values():
            table.write_row(_row(report, school, cell))
    last = table.next_row - 1
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
           "max_type": "num", "max_value": 1}  # fmt: skip
    table.sheet.conditional_format(table.first_row, SCHOOL_COLUMN_COUNT + 3, last, SCHOOL_COLUMN_COUNT + 3, bar)
    _write_totals(table, report, last)
    table.finish(freeze_columns=2, last_filtered=last)


def _row(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[CellValue]:
    who = cell.cell
    flags = participation_flags(report, who) - {"unverified"}
    nobody = {"nobody"} if who.received == 0 else set()
    return [
        *school_values(report, school, cell), who.population or None, who.received, who.respondents, who.response_rate,
        labels.access_mode(report.access[who.audience]), labels.flags(flags | nobody),
    ]  # fmt: skip


def _write_totals(table: SheetTable, report: WaveReport, last: int) -> None:
    """The row below the last school: live sums, with the values that they have now."""
    cells = [cell for school in report.schools for cell in school.cells.values()]
    first = SCHOOL_COLUMN_COUNT
    came = (sum(cell.cell.received or 0 for cell in cells), sum(cell.cell.respondents or 0 for cell in cells))
    totals = [
        sum_of_people(table, first, first + 1, last, cells),
        *(
            Formula(f"=SUM({table.column_range(column, None, last)})", value)
            for column, value in enumerate(came, first + 1)
        ),
    ]
    table.write_row([_("合计"), None, None, None, *totals, None, None, None], bold=True, bg_color="#F2F2F2")
