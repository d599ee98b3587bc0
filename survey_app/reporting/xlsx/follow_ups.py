"""Sheet 追问: only in workbooks of waves that asked follow-ups."""

from survey_app.definition.kinds import kind_of
from survey_app.definition.model import BackgroundQuestion
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language

from .. import labels
from ..disclosure.figures import FollowUpFigures, PublishableFollowUp
from ..wave_report import WaveReport
from .writer import CellValue, SheetColumn, SheetTable, WorkbookWriter


def follow_up_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """One row a school × audience × option: who answered, how many chose it, and their share."""
    columns = [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 18),
        SheetColumn(_("对象"), "text", 8),
        SheetColumn(_("题号"), "text", 8),
        SheetColumn(_("追问"), "wide", 30),
        SheetColumn(_("选项代码"), "text", 8),
        SheetColumn(_("选项"), "wide", 20),
        SheetColumn(_("作答"), "int", 7),
        SheetColumn(_("选了"), "int", 7),
        SheetColumn(_("占作答"), "share", 7),
        SheetColumn(_("说明"), "wide", 22),
    ]
    table = SheetTable(writer, _("追问"), _("追问"), columns)
    questions = {
        (entry.category, entry.audience, question.id): question
        for entry in report.audience_instruments
        for question in entry.instrument.follow_up
    }
    for school in report.schools:
        for audience, cell in school.cells.items():
            for name, figures in cell.follow_ups:
                question = questions[school.category, audience, name]
                start: list[CellValue] = [school.code, school.name, labels.audience(audience)]
                for row in _rows(question, audience, figures):
                    table.write_row([*start, *row])
    table.finish(freeze_columns=2)


def _rows(question: BackgroundQuestion, audience: str, figures: FollowUpFigures) -> list[list[CellValue]]:
    words = with_school(question.text_for_audience(audience).in_language(language()), _("这所学校"))
    rows: list[list[CellValue]] = []
    for number, option in enumerate(kind_of(question).options(question, ())):
        row: list[CellValue] = [question.id, words, option.code, option.label.in_language(language())]
        if isinstance(figures, PublishableFollowUp):
            row += [figures.n, figures.counts[number], figures.shares[number], ""]
        else:
            row += [None, None, None, _("人数太少、几乎一致或防止反推，不公布")]
        rows.append(row)
    return rows
