"""Evaluations and the monthly meeting as sheets: one row an evaluation, one a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey_app.assessment.evaluation_forms import answers_in_words, instrument_for, score_of
from survey_app.assessment.evaluation_overview import evaluation_overview
from survey_app.assessment.evaluations import signed_form, visit_days, year_evaluations
from survey_app.assessment.models import AssessmentYear, InspectorEvaluation
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.followup.case_steps import STEPS
from survey_app.followup.ledger import OPEN, CaseFilter, case_line, find_cases, ledger_headings, verifications_of
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.roles import Role
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import WaveSchool
from survey_app.frame.queries import frozen_schools, wave_by_id
from survey_app.reporting.xlsx.text_tables import ShownTable

FINDINGS_BETWEEN = "\n"


def visit_months(session: Any, year: AssessmentYear) -> tuple[str, ...]:
    """The months of visits, the latest first."""
    days = visit_days(session, year) + [
        local_date(step.at) for step, _case in verifications_of(session, year.id, Role.INSPECTOR)
    ]
    return tuple(sorted({f"{day:%Y-%m}" for day in days}, reverse=True))


@dataclass(frozen=True, slots=True)
class EvaluationForms:
    """With which form each evaluation is read: as it was signed, a draft with that of the library."""

    categories: Categories
    library: Sequence[Instrument]

    def form(self, session: Any, one: InspectorEvaluation, school: WaveSchool | None) -> Instrument | None:
        signed = signed_form(session, one, self.categories)
        return signed or (instrument_for(self.library, school.category) if school else None)


def evaluation_tables(session: Any, year: AssessmentYear, forms_of: EvaluationForms) -> list[ShownTable]:
    """A sheet of evaluations with their dimensions, and one of every answer that was signed."""
    everything = year_evaluations(session, year)
    places = {wave_id: _schools(session, wave_id) for wave_id in {one.wave_id for one in everything}}
    forms = {one.id: forms_of.form(session, one, places[one.wave_id].get(one.school_code)) for one in everything}
    labels: dict[str, str] = {}
    for form in forms.values():
        labels |= {d.id: d.label.in_language(language()) for d in form.dimensions} if form else {}
    headings = [
        _("学校代码"), _("学校"), _("片区"), _("督学"), _("批次"), _("到校"), _("状态"), _("得分"), *labels.values(),
        _("签名时间"), _("撤回时间"), _("撤回人"), _("撤回的原因"), _("发现的问题"),
    ]  # fmt: skip
    is_numeric = [False] * 7 + [True] * (1 + len(labels)) + [False] * 5
    rows, answers = [], []
    for one in everything:
        school, form = places[one.wave_id].get(one.school_code), forms[one.id]
        names = [one.school_code, school.name if school else "", school.area if school else ""]
        scores = score_of(form, one.answers).dimensions if form and one.signed_at else {}
        wave = wave_by_id(session, one.wave_id)
        rows.append([
            *names, one.rater, wave.name if wave else "", one.visited_on.isoformat(), _state(one),
            f"{one.score:.2f}" if one.score is not None else "",
            *[f"{scores[name]:.2f}" if name in scores else "" for name in labels],
            _moment(one.signed_at), _moment(one.withdrawn_at), one.withdrawn_by or "", one.withdrawn_for,
            findings_of(form, one),
        ])  # fmt: skip
        answers += [[*names, one.rater, _moment(one.signed_at), *pair] for pair in _answers(form, one)]
    asked = [_("学校代码"), _("学校"), _("片区"), _("督学"), _("签名时间"), _("题目"), _("答案")]
    return [
        ShownTable(_("评价"), headings, is_numeric, rows),
        ShownTable(_("答案"), asked, [False] * len(asked), answers),
    ]


def meeting_tables(
    session: Any, year: AssessmentYear, forms_of: EvaluationForms, month: str, now: datetime
) -> list[ShownTable]:
    """Visits of a month with what was found, a line for each inspector, and what is still to be put right."""
    visits = _visits_of(session, year, forms_of, month)
    rows = [(v.day, v.rater, v.school, v.kind, v.state, v.score, v.findings) for v in visits]
    people = []
    for work in evaluation_overview(session, year, now).inspectors:
        own = [visit for visit in visits if visit.rater == work.staff.username]
        counts = (work.assigned, len({visit.code for visit in own}), len(own), sum(bool(v.findings) for v in own))
        people.append([work.staff.username, *map(str, counts)])
    today = local_date(now)
    cases = find_cases(session, CaseFilter(year=str(year.id), state=OPEN), today)
    return [
        ShownTable(
            _("到校和发现的问题"),
            [_("到校"), _("督学"), _("学校"), _("做什么"), _("状态"), _("得分"), _("发现的问题")],
            [False] * 5 + [True, False], rows,
        ),
        ShownTable(
            _("按督学"), [_("督学"), _("分派的学校"), _("本月到校的学校"), _("到校次数"), _("写了问题的")],
            [False, True, True, True, True], people,
        ),
        ShownTable(
            _("未销号的整改"), ledger_headings(), [False] * len(ledger_headings()),
            [case_line(case, today).cells() for case in cases],
        ),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody was at a school: for an evaluation, or to verify what was put right."""

    day: str
    rater: str
    code: str
    school: str
    kind: str
    state: str
    score: str
    findings: str


def _visits_of(session: Any, year: AssessmentYear, forms_of: EvaluationForms, month: str) -> list[Visit]:
    visits = []
    evaluations = [one for one in year_evaluations(session, year)
                   if not one.withdrawn_at and f"{one.visited_on:%Y-%m}" == month]  # fmt: skip
    places = {wave_id: _schools(session, wave_id) for wave_id in {one.wave_id for one in evaluations}}
    for one in evaluations:
        school = places[one.wave_id].get(one.school_code)
        visits.append(
            Visit(
                one.visited_on.isoformat(), one.rater, one.school_code, school.name if school else one.school_code,
                _("评价"), _state(one), f"{one.score:.1f}" if one.score is not None else "",
                findings_of(forms_of.form(session, one, school), one),
            )
        )  # fmt: skip
    for step, case in verifications_of(session, year.id, Role.INSPECTOR):
        day = local_date(step.at)
        if f"{day:%Y-%m}" == month:
            words = f"{case.subject}{_('：')}{step.note}" if step.note else case.subject
            label = render(STEPS[step.step].label)
            visits.append(
                Visit(day.isoformat(), step.who, case.school_code, case.school_name, _("核验整改"), label, "", words)
            )
    return sorted(visits, key=lambda visit: (visit.day, visit.rater, visit.code, visit.kind))


def findings_of(form: Instrument | None, one: InspectorEvaluation) -> str:
    """What was written of what has to be put right: the texts of the form. A draft is nobody's yet but its writer's."""
    names = [comment.id for comment in form.comments] if form and one.signed_at else []
    return FINDINGS_BETWEEN.join(text for name in names if (text := " ".join(one.answers.get(name, ())).strip()))


def _answers(form: Instrument | None, one: InspectorEvaluation) -> list[tuple[str, str]]:
    """Each question of what was signed in words, with its answer in words."""
    if form is None or one.signed_at is None:
        return []
    return answers_in_words(form, one.answers, language(), with_texts=False)


def _state(one: InspectorEvaluation) -> str:
    return _("已撤回") if one.withdrawn_at else _("已签") if one.signed_at else _("草稿")


def _moment(moment: datetime | None) -> str:
    return format_local(moment) if moment else ""


def _schools(session: Any, wave_id: int) -> dict[str, WaveSchool]:
    return {school.code: school for school in frozen_schools(session, wave_id)}
