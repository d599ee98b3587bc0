"""How a row of a school × audience begins, on every sheet that has one."""

from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import CellReport, SchoolReport, WaveReport
from .writer import CellValue, SheetColumn

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
