"""The rule of two people: what one account asks for, another one confirms, once.

Two things stand under it. A change (``change_request``) is made by the confirmation and recorded with both names; a
permission (``approval``) makes nothing: it lets who asked do something, for a day.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import Staff


def require_second_person(asked_by: str, confirmed_by: str | None, who: str) -> None:
    """Raises :class:`UserError` if it was confirmed before, or if ``who`` is the one who asked."""
    if confirmed_by is not None:
        raise user_error("{name} 已经确认过了", name=confirmed_by)
    if asked_by == who:
        raise user_error("自己的申请要由另一个账号确认")


def are_in_one_hand(session: Session, first: str, second: str) -> bool:
    """Whether one of two accounts could be the other's: its password was chosen by a link that the other one gave, or
    gave to who gave it. The program knows accounts, not people: this is shown beside what two of them did.
    """
    givers = {row.username: row.password_from for row in session.execute(select(Staff.username, Staff.password_from))}
    return second in _givers_of(first, givers) or first in _givers_of(second, givers)


def _givers_of(username: str, givers: dict[str, str]) -> set[str]:
    found: set[str] = set()
    while (username := givers.get(username, "")) and username not in found:
        found.add(username)
    return found
