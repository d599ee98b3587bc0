"""What the report of a school has beside its figures: released comments, and the marks of a year as they were kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.mark_figures import ABSENCE_REASONS
from survey_app.assessment.mark_report import marks_of
from survey_app.assessment.years import computation_of_wave, load_scheme_version, scheme_versions, year_by_id
from survey_app.comments.queries import released_comments
from survey_app.definition.categories import Categories
from survey_app.foundation.translation import _, render
from survey_app.frame.models import Wave

from .. import labels
from ..number_format import NumberFormat
from ..tabular.mark_tables import TOTAL
from ..wave_report import WaveReport
from .model import Column, Table
from .school_report import SchoolExtras

MarkRows = Sequence[Mapping[str, Any]]


class ExtraSources:
    """Reads what schools get beside their figures; marks only ``with_marks``, for they are released by themselves."""

    def __init__(
        self, session: Session, wave: Wave, report: WaveReport, categories: Categories, with_marks: bool
    ) -> None:
        self.session, self.wave, self.report = session, wave, report
        self.year, self.lines = "", dict[str, str]()
        self.rows: dict[str, list[Mapping[str, Any]]] = {}
        computation = computation_of_wave(session, wave) if with_marks else None
        year = year_by_id(session, computation.year_id) if computation else None
        if year is None or computation is None:
            return
        self.year = year.name
        version = next(entry for entry in scheme_versions(session, year) if entry.number == computation.scheme_number)
        self.lines = labels.mark_lines(report, marks_of(load_scheme_version(version, categories)))
        for row in computation.tables["marks"]:
            self.rows.setdefault(row["school_code"], []).append(row)

    def extras(self, code: str) -> SchoolExtras:
        comments = released_comments(self.session, self.wave, code) if self.wave.sealed_at else []
        texts = tuple(_("{audience}：{text}", audience=labels.audience(comment.audience), text=comment.text)
                      for comment in comments)  # fmt: skip
        return SchoolExtras(texts, self._marks(self.rows.get(code, [])))

    def _marks(self, rows: MarkRows) -> Table | None:
        if not rows:
            return None
        format_ = NumberFormat(self.report)
        columns = (Column(_("计分项")), Column(_("满分"), True), Column(_("得分"), True), Column(_("说明")))
        body = []
        for row in rows:
            is_total = row["line"] == TOTAL
            name = _("总分") if is_total else self.lines[row["line"]]
            mark = row["total"] if is_total else row["expected_mark"]
            full = "" if is_total else format_.points(row["share"])
            body.append((name, full, format_.points(mark), _note(row)))
        return Table(_("{year} 考核得分", year=self.year), columns, tuple(body))


def _note(row: Mapping[str, Any]) -> str:
    """Why there is no figure, or what was taken off."""
    reasons = [render(ABSENCE_REASONS[name].sentence) for name in str(row["reason"] or "").split("|")
               if name in ABSENCE_REASONS.ids()]  # fmt: skip
    if row.get("deduction"):
        reasons.append(_("扣 {marks} 分", marks=f"{row['deduction']:g}"))
    return _("；").join(reasons)
