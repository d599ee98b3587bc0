"""What needs two accounts: one asks and says why, another confirms, and for a day the first may do it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import REASON_LENGTH, Approval
from .two_people import require_second_person

REQUEST_LASTS = timedelta(days=7)
CONFIRMATION_LASTS = timedelta(days=1)


def request_approval(
    session: Session, action: str, subject: str, reason: str, asked_by: str, now: datetime
) -> Approval:
    """Store the request. Raises :class:`UserError` without a reason, or if the same account asked already."""
    reason = " ".join(reason.split())
    if not reason:
        raise user_error("请写明用途")
    if len(reason) > REASON_LENGTH:
        raise user_error("用途最多 {max} 个字", max=REASON_LENGTH)
    if any(approval.asked_by == asked_by for approval in current_approvals(session, action, subject, now)):
        raise user_error("您已经申请过，还没有过期，不必再申请")
    approval = Approval(
        action=action, subject=subject, reason=reason, asked_by=asked_by, asked_at=now, expires_at=now + REQUEST_LASTS
    )
    session.add(approval)
    session.flush()
    return approval


def current_approvals(session: Session, action: str, subject: str, now: datetime) -> list[Approval]:
    """Return what was asked for and has not expired, confirmed or not, the oldest first."""
    query = select(Approval).where(
        Approval.action == action, Approval.subject == subject, Approval.expires_at > now
    )  # fmt: skip
    return list(session.scalars(query.order_by(Approval.id)))


def confirm_approval(
    session: Session, approval_id: int, action: str, subject: str, confirmed_by: str, now: datetime
) -> Approval:
    """Confirm what another account asked for. Raises :class:`UserError` if there is none or it is one's own."""
    approvals = current_approvals(session, action, subject, now)
    approval = next((approval for approval in approvals if approval.id == approval_id), None)
    if approval is None:
        raise user_error("没有这个申请，或者它已经过期。请对方重新申请")
    require_second_person(approval.asked_by, approval.confirmed_by, confirmed_by)
    approval.confirmed_by, approval.confirmed_at = confirmed_by, now
    approval.expires_at = now + CONFIRMATION_LASTS
    session.flush()
    return approval


def confirmed_approval(session: Session, action: str, subject: str, asked_by: str, now: datetime) -> Approval | None:
    """Return what allows this account to do it now, or None."""
    approvals = current_approvals(session, action, subject, now)
    return next((found for found in approvals if found.asked_by == asked_by and found.confirmed_by), None)
