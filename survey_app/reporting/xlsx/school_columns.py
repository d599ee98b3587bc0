"""How a row of a school × audience begins, on every sheet that has one."""

from collections.abc import Iterable

from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import CellReport, SchoolReport, WaveReport
from .writer import CellValue, Formula, SheetColumn, SheetTable

SCHOOL_COLUMN_COUNT = 4


def school_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 22),
        SheetColumn(_("类别"), "wide", 12),
        SheetColumn(_("对象"), "text", 8),
    ]


def school_values(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[CellValue]:
    category = labels.category(report, school.category)
    return [school.code, school.name, category, labels.audience(cell.cell.audience)]


def sum_of_people(table: SheetTable, people: int, received: int, last: int, cells: Iterable[CellReport]) -> Formula:
    """The people of a column of populations down to row ``last``, of those schools only of which it is said who came.

    As on every page: a group too small for that is in no total, neither its answers nor its people.
    """
    people_range, received_range = (table.column_range(column, None, last) for column in (people, received))
    value = sum(cell.cell.population for cell in cells if cell.cell.received is not None)
    return Formula(f'=SUMPRODUCT({people_range},({received_range}<>"")*1)', value)
