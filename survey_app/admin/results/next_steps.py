"""What the office does with the results of a wave: comments, the schools' own results, the year's marks."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from survey_app.comments.queries import comments_purged, count_comments
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _
from survey_app.frame.models import Wave
from survey_app.integrity.change_requests import waiting_requests
from survey_app.integrity.release import RELEASE


@dataclass(frozen=True, slots=True)
class NextStep:
    """What there is to do, how far it is, and the page for it."""

    label: str
    state: str
    address: str
    is_done: bool = False


def next_steps(session: Any, wave: Wave) -> tuple[NextStep, ...]:
    """Return the steps after the seal, in the order in which an office takes them."""
    assessment = NextStep(_("年度考核"), _("方案、得分、评优和整改通知"), url_for("admin.assessment"))
    return (*_comments(session, wave), _release(session, wave), assessment)


def _comments(session: Any, wave: Wave) -> tuple[NextStep, ...]:
    if comments_purged(session, wave) is not None:
        return ()
    counts = count_comments(session, wave)
    if not counts.total:
        return ()
    state = _("{n} 条没有审过，审过的才转给学校", n=f"{counts.open:,}") if counts.open else _("都审过了")
    return (NextStep(_("审意见"), state, url_for("admin.comments", wave_id=wave.id), not counts.open),)


def _release(session: Any, wave: Wave) -> NextStep:
    label, changes = _("让学校看自己的结果"), url_for("admin.changes", wave_id=wave.id)
    if wave.released_at is not None:
        return NextStep(label, _("{when} 起学校看得到", when=format_local(wave.released_at)), changes, True)
    if any(request.kind == RELEASE for request in waiting_requests(session, wave.id)):
        return NextStep(label, _("已经提出，等另一个账号或领导确认"), changes)
    return NextStep(
        label, _("要两个人：一人提出，另一人或领导确认"), url_for("admin.change_release_form", wave_id=wave.id)
    )
