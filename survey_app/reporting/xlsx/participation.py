"""Sheet 回收率, and how a row of a school × audience begins."""

from survey_app.foundation.translation import _, say

from .. import labels
from ..tabular.tables import participation_flags
from ..wave_report import CellReport, SchoolReport, WaveReport
from .writer import Book, Column, Formula, Table, Value

START = 4


def start_columns() -> list[Column]:
    return [
        Column(_("学校代码"), "code", 13), Column(_("学校名称"), "text", 28), Column(_("类别"), "text", 18),
        Column(_("对象"), "text", 10),
    ]  # fmt: skip


def start(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[Value]:
    category = labels.category(report, school.category)
    return [school.code, school.name, category, labels.audience(cell.estimate.audience)]


def response_sheet(book: Book, report: WaveReport) -> None:
    columns = [
        *start_columns(), Column(_("名册人数"), "int", 11), Column(_("收到答卷"), "int", 11),
        Column(_("计入答卷"), "int", 11), Column(_("回收率"), "share", 12), Column(_("参与方式"), "text", 16),
        Column(_("说明"), "wide", 36),
    ]  # fmt: skip
    table = Table(book, _("回收率"), _("回收率"), columns)
    people = received = respondents = 0
    for school in report.schools:
        for cell in school.cells.values():
            estimate = cell.estimate
            flags = participation_flags(report, estimate) - {"unverified"}
            nobody = {"nobody"} if estimate.received == 0 else set()
            table.row([
                *start(report, school, cell), estimate.population or None, estimate.received, estimate.respondents,
                estimate.response_rate, say(labels.ACCESS[report.access[estimate.audience]]),
                labels.flags(flags | nobody),
            ])  # fmt: skip
            people += estimate.population
            received += estimate.received
            respondents += estimate.respondents if estimate.population else 0
    last = table.next_row - 1
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
           "max_type": "num", "max_value": 1}  # fmt: skip
    table.sheet.conditional_format(table.first_row, START + 3, last, START + 3, bar)
    totals = [
        Formula(f"=SUM({table.cells(START + at, None, last)})", value)
        for at, value in enumerate((people, received, sum(_respondents(report))))
    ]
    table.row([_("合计"), None, None, None, *totals, None, None, None], bold=True, bg_color="#F2F2F2")
    table.finish(freeze_columns=2)


def _respondents(report: WaveReport) -> list[int]:
    return [cell.estimate.respondents for school in report.schools for cell in school.cells.values()]
