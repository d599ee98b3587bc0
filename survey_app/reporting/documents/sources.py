"""What the report of a school has beside its figures: released comments, and the marks of a year as they were kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.mark_figures import ABSENCE_REASONS
from survey_app.assessment.mark_report import marks_of
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.years import computation_of_wave, load_scheme_version, scheme_versions, year_by_id
from survey_app.comments.queries import comments_purged, released_comments
from survey_app.definition.categories import Categories
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import Wave

from .. import labels
from ..mark_inputs import input_changes, stale_sentence
from ..number_format import NumberFormat
from ..tabular.mark_tables import TOTAL
from ..wave_report import SchoolReport, WaveReport
from .model import Column, Table
from .school_report import SchoolExtras

MarkRows = Sequence[Mapping[str, Any]]


class ExtraSources:
    """Reads what schools get beside their figures; marks only ``with_marks``, for they are released by themselves."""

    def __init__(
        self, session: Session, wave: Wave, report: WaveReport, categories: Categories, now: datetime, *,
        with_marks: bool,
    ) -> None:  # fmt: skip
        self.session, self.wave = session, wave
        self.schools = {school.code: school for school in report.schools}
        self.marks: KeptMarks | None = None
        computation = computation_of_wave(session, wave) if with_marks else None
        year = year_by_id(session, computation.year_id) if computation else None
        if year is None or computation is None:
            return
        version = next(entry for entry in scheme_versions(session, year) if entry.number == computation.scheme_number)
        scheme = load_scheme_version(version, categories)
        name = scheme.title.in_language(language())
        title = _("{year} 考核得分，按“{scheme}”第 {n} 版", year=year.name, scheme=name, n=version.number)
        self.marks = KeptMarks(report, scheme, title, computation.tables["marks"])
        self.marks.note = stale_sentence(input_changes(session, year, computation, now))

    def extras(self, code: str) -> SchoolExtras:
        comments = released_comments(self.session, self.wave, code) if self.wave.sealed_at else []
        texts = tuple(_("{audience}：{text}", audience=labels.audience(comment.audience), text=comment.text)
                      for comment in comments)  # fmt: skip
        purged = comments_purged(self.session, self.wave)
        marks = self.marks.table(self.schools[code]) if self.marks else None
        return SchoolExtras(texts, marks, render(purged) if purged else "")


class KeptMarks:
    """The marks of a year as they were kept, as the table of one school."""

    def __init__(self, report: WaveReport, scheme: Scheme, title: str, rows: MarkRows) -> None:
        self.report, self.scheme, self.title = report, scheme, title
        self.lines = labels.mark_lines(report, marks_of(scheme))
        self.note = ""  # that they do not hold any more, where that is so
        self.rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in rows:
            self.rows.setdefault((row["category"], row["school_code"]), []).append(row)

    def table(self, school: SchoolReport) -> Table | None:
        """The marks of the school, or of its area where areas are ranked; None where it has none."""
        is_area = self.scheme.rules is not None and self.scheme.rules.ranks_areas(school.category)
        rows = self.rows.get((school.category, school.area if is_area else school.code))
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
        notes = (
            self.note and _("注意：{what}。", what=self.note),
            _area_note(school) if is_area else "",
            _other_scheme(self.report.scheme, self.scheme),
        )
        return Table(self.title, columns, tuple(body), "".join(notes))


def _area_note(school: SchoolReport) -> str:
    return _("这一类按片区考核：这是“{area}”的得分，由片区里各校的数字合成。", area=school.area)


def _other_scheme(of_results: Scheme, of_marks: Scheme) -> str:
    """Nothing where one scheme made all figures of the paper; else that there are two, for they need not agree."""
    if of_results.sha256 == of_marks.sha256:
        return ""
    marks, results = (scheme.title.in_language(language()) for scheme in (of_marks, of_results))
    return _("这张表按本年度采用的方案“{marks}”计分；前面的综合得分、名次和等第按“{results}”算，两者的数字不必相同。",
             marks=marks, results=results)  # fmt: skip


def _note(row: Mapping[str, Any]) -> str:
    """Why there is no figure, or what was taken off."""
    reasons = [render(ABSENCE_REASONS[name].sentence) for name in str(row["reason"] or "").split("|")
               if name in ABSENCE_REASONS.ids()]  # fmt: skip
    if row.get("deduction"):
        reasons.append(_("扣 {marks} 分", marks=f"{row['deduction']:g}"))
    return _("；").join(reasons)
