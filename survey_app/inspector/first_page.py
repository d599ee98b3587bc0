"""What the first page shows. A part is a function of the session, the account and the moment; what is added to
``FIRST_PAGE`` stands below the rest.
"""

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.assessment.conflicts import conflict_with
from survey_app.assessment.evaluations import assigned_schools, current_period, own_evaluations
from survey_app.assessment.models import InspectorEvaluation
from survey_app.assessment.stranded_drafts import stranded_drafts
from survey_app.followup.ledger import cases_to_verify
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.translation import _, render
from survey_app.frame.models import WaveSchool

from .parts import Line, Part


def evaluation_part(session: Session, staff: Staff, now: datetime) -> Part:
    """The schools of the year that the account is for: what is begun, then what waits, then what is done."""
    period = current_period(session, now)
    if period is None:
        return Part(_("评价学校"), "", (), _("督导室还没有建考核年度，现在没有要评的学校。"))
    own = own_evaluations(session, staff, period)
    schools = assigned_schools(session, staff, period, now)
    lines = [
        _line(school, own.get(school.code), conflict_with(session, staff, school.code) is not None)
        for school in schools
    ]
    signed = sum(1 for one in own.values() if one.signed_at and one.school_code in {s.code for s in schools})
    lead = _("{year}，{wave}：{n} 所学校，已签 {signed} 所", year=period.year.name, wave=period.wave.name,
             n=len(schools), signed=signed)  # fmt: skip
    return Part(
        _("评价学校"), lead, tuple(line for _order, line in sorted(lines, key=lambda pair: pair[0])),
        _("这个账号现在没有指定学校，或者不在有效期内。请联系督导室。"),
    )  # fmt: skip


def _line(school: WaveSchool, own: InspectorEvaluation | None, is_barred: bool) -> tuple[int, Line]:
    """The line with its place in the order."""
    address = url_for("inspector.evaluation", code=school.code)
    if own is not None and own.signed_at is not None:
        note = _("{score} 分，{at} 签", score=f"{own.score:.1f}", at=format_local(own.signed_at))
        return 2, Line(school.name, _("已签"), note, address)
    if is_barred:
        return 3, Line(school.name, _("回避"), _("您不评这所学校"), address)
    if own is not None:
        return 0, Line(school.name, _("草稿"), _("{at} 存", at=format_local(own.saved_at)), address, _("继续填"))
    return 1, Line(school.name, _("未评"), school.area, address, _("开始评价"))


def verification_part(session: Session, staff: Staff, now: datetime) -> Part:
    """What schools have reported and nobody has verified."""
    codes = granted_codes(session, staff, local_date(now))
    lines = [
        Line(
            case.school_name, _("已报送"), case.subject,
            url_for("inspector.verification", code=case.school_code, case_id=case.id), _("去核验"),
        )
        for case in cases_to_verify(session, codes)
    ]  # fmt: skip
    return Part(_("核验整改"), "", tuple(lines), _("没有等您核验的整改。"))


def stranded_part(session: Session, staff: Staff, now: datetime) -> Part:
    """Drafts that cannot be gone on with in their place; nothing where there are none."""
    lines = [
        Line(
            one.school.name, _("没有签"), _("{reason}；{advice}", reason=render(one.reason), advice=render(one.advice)),
            url_for("inspector.draft", draft_id=one.draft.id), _("看填过的"),
        )
        for one in stranded_drafts(session, staff, now)
    ]  # fmt: skip
    return Part(_("没有签的草稿"), _("填过的都在，不计入考核。"), tuple(lines))


FIRST_PAGE: tuple[Callable[[Session, Staff, datetime], Part], ...] = (evaluation_part, stranded_part, verification_part)
