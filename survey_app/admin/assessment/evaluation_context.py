"""Inspectors' evaluations as the office's page and its two workbooks show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.accounts.models import Staff
from survey_app.assessment.conflict_kinds import CONFLICT_KINDS
from survey_app.assessment.cross_rating import PROPOSAL_REASONS
from survey_app.assessment.evaluation_overview import EvaluationOverview, InspectorWork, SchoolEvaluations
from survey_app.assessment.inspector_ratings import MIN_CROSSED_RATERS, MIN_CROSSED_SCHOOLS
from survey_app.assessment.models import DeclaredConflict, InspectorEvaluation
from survey_app.foundation.clock import format_local
from survey_app.foundation.paging import Paged, page_of
from survey_app.foundation.translation import _, render

SCHOOLS_PER_PAGE, INSPECTORS_PER_PAGE, MOST_LEFT = 8, 12, 10


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """What one inspector said of a school, in words; ``id`` is 0 where there is nothing to withdraw."""

    id: int
    rater: str
    words: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    name: str
    area: str
    evaluations: tuple[EvaluationLine, ...]
    proposed: str
    reason: str
    needs: str


@dataclass(frozen=True, slots=True)
class InspectorLine:
    """``difference``: how much higher than co-raters, with its error; empty where nobody judged the same schools."""

    staff_id: int
    name: str
    assigned: int
    signed: int
    drafts: int
    shared: int
    difference: str
    is_clear: bool


@dataclass(frozen=True, slots=True)
class ConflictLine:
    id: int
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class EvaluationsPage:
    year_id: int
    year: str
    lead: str
    error: str
    schools: Paged[SchoolLine]
    inspectors: Paged[InspectorLine]
    conflicts: tuple[ConflictLine, ...]
    both: tuple[str, ...]
    left: str
    raters: tuple[tuple[str, str], ...]
    months: tuple[str, ...]


def evaluations_page(
    year_id: int, year: str, overview: EvaluationOverview, months: Sequence[str], number: str, people: str
) -> EvaluationsPage:
    """``number``, ``people``: which page of the schools and of the inspectors."""
    names = {entry.school.code: entry.school.name for entry in overview.schools}
    return EvaluationsPage(
        year_id=year_id, year=year, lead=_lead(overview), error=_error(overview),
        schools=_page(page_of(overview.schools, number, SCHOOLS_PER_PAGE), overview),
        inspectors=page_of([_inspector(work) for work in overview.inspectors], people, INSPECTORS_PER_PAGE),
        conflicts=tuple(_conflict(one, names) for one in overview.conflicts),
        both=tuple(
            _("{school}：签过的 {signed}；导入的 {imported}", school=names.get(code, code), signed=_("、").join(signed),
              imported=_("、").join(imported))
            for code, (signed, imported) in overview.both.items()
        ),
        left=_left(overview, names),
        raters=tuple((str(work.staff.id), work.staff.username) for work in overview.inspectors),
        months=tuple(months),
    )  # fmt: skip


def _page(schools: Paged[SchoolEvaluations], overview: EvaluationOverview) -> Paged[SchoolLine]:
    """The same page in words."""
    rows = tuple(_school(entry, overview) for entry in schools.rows)
    return Paged(rows, schools.page, schools.page_count, schools.total)


def _lead(overview: EvaluationOverview) -> str:
    counts = [entry.signed for entry in overview.schools]
    drafts = sum(len(entry.evaluations) - entry.signed for entry in overview.schools)
    return _(
        "{n} 所学校，两位以上签过的 {two} 所，一位签过的 {one} 所，没有人签过的 {none} 所；另有 {drafts} 份草稿",
        n=len(counts), two=sum(count >= 2 for count in counts), one=counts.count(1), none=counts.count(0),
        drafts=drafts,
    )  # fmt: skip


def _left(overview: EvaluationOverview, names: Mapping[str, str]) -> str:
    """Who began what in the first period and did not sign it."""
    shown = [
        _("{who}（{school}）", who=one.rater, school=names.get(one.school_code, one.school_code))
        for one in overview.left[:MOST_LEFT]
    ]
    more = _("等 {n} 份", n=len(overview.left)) if len(overview.left) > MOST_LEFT else ""
    return _("、").join(shown) + more


def _error(overview: EvaluationOverview) -> str:
    """How exact one inspector's word is, and how that is known."""
    if overview.error is not None:
        return _(
            "一位督学的误差是 {sd} 分，由 {schools} 所几位都评过的学校、{raters} 位督学估计；计分用它",
            sd=f"{overview.error.sd:.1f}", schools=overview.error.schools, raters=overview.error.raters,
        )  # fmt: skip
    return _(
        "几位都评过的学校有 {n} 所。到 {schools} 所、{raters} 位督学时，误差改由它们估计；现在用方案假定的",
        n=overview.crossed, schools=MIN_CROSSED_SCHOOLS, raters=MIN_CROSSED_RATERS,
    )  # fmt: skip


def _school(entry: SchoolEvaluations, overview: EvaluationOverview) -> SchoolLine:
    proposal = entry.proposal
    return SchoolLine(
        entry.school.name, entry.school.area,
        tuple(_evaluation(one, one.id in overview.barred) for one in entry.evaluations),
        _("、").join(proposal.raters) or "—", render(PROPOSAL_REASONS[proposal.reason].sentence),
        _("还没有分派给：{who}", who=_("、").join(proposal.needs_grant)) if proposal.needs_grant else "",
    )  # fmt: skip


def _evaluation(one: InspectorEvaluation, is_barred: bool) -> EvaluationLine:
    if one.signed_at is None:
        return EvaluationLine(0, one.rater, _("草稿，{at} 存", at=format_local(one.saved_at)))
    words = _("{score} 分，{at} 签", score=f"{one.score:.1f}", at=format_local(one.signed_at))
    return EvaluationLine(one.id, one.rater, _("{words}；已声明回避，不计入", words=words) if is_barred else words)


def _inspector(work: InspectorWork) -> InspectorLine:
    effect = work.effect
    difference = f"{effect.difference:+.1f} ± {effect.half_width:.1f}" if effect else ""
    return InspectorLine(
        work.staff.id, work.staff.username, work.assigned, work.signed, work.drafts, work.shared,
        difference, effect is not None and abs(effect.difference) > effect.half_width,
    )  # fmt: skip


def _conflict(one: DeclaredConflict, names: dict[str, str]) -> ConflictLine:
    words = _(
        "{who} 不评 {school}：{why}（{by} {at} 声明）", who=one.rater,
        school=names.get(one.school_code, one.school_code), why=render(CONFLICT_KINDS[one.kind].label),
        by=one.declared_by, at=format_local(one.declared_at),
    )  # fmt: skip
    return ConflictLine(one.id, words, one.note)


def chosen_inspector(overview: EvaluationOverview, staff_id: str) -> Staff | None:
    """The account that a form names; None for anything else."""
    return next((work.staff for work in overview.inspectors if str(work.staff.id) == staff_id), None)
