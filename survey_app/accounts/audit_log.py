"""Reading the audit: who did what, when, with which result; newest first, never more at once than a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from survey_app.foundation.clock import parse_local, parse_local_end
from survey_app.foundation.errors import UserError
from survey_app.foundation.paging import PAGE_SIZE, Paged

from .audit import DONE, SHOWN
from .models import AuditEntry

BATCH = 1_000
RESULTS = ("done", "refused", "other")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; an empty word looks for everything. ``result``: one of :data:`RESULTS`; the days are local.

    What is no day finds nothing rather than everything.
    """

    actor: str = ""
    action: str = ""
    text: str = ""
    result: str = ""
    since: str = ""
    until: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.actor:
            yield AuditEntry.actor == self.actor
        if self.action:
            yield AuditEntry.action == self.action
        if self.since:
            yield _is_within(self.since, AuditEntry.at.__ge__, parse_local)
        if self.until:
            yield _is_within(self.until, AuditEntry.at.__lt__, parse_local_end)
        if self.text:
            yield AuditEntry.detail.contains(self.text, autoescape=True)
        if self.result == "done":
            yield AuditEntry.result.in_((DONE, SHOWN))
        elif self.result == "refused":
            yield AuditEntry.result.startswith("refused")
        elif self.result == "other":
            yield AuditEntry.result.not_in((DONE, SHOWN))
            yield AuditEntry.result.not_like("refused%")


def _is_within(
    day: str, compare: Callable[[datetime], ColumnElement[bool]], read: Callable[[str], datetime]
) -> ColumnElement[bool]:
    try:
        return compare(read(day))
    except (UserError, OverflowError):
        return false()


def audit_page(session: Session, wanted: AuditFilter, page_text: str) -> Paged[AuditEntry]:
    """Return one page of what was found; the nearest one where there is no such page."""
    conditions = tuple(wanted.conditions())
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    page_count = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, int(page_text)), page_count) if page_text.isdecimal() and len(page_text) < 9 else 1
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
    rows = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Paged(tuple(rows), page, page_count, total)


def audit_entries(session: Session, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Everything that was found, newest first, read in batches."""
    query = select(AuditEntry).where(*wanted.conditions()).order_by(AuditEntry.id.desc())
    return iter(session.scalars(query.execution_options(yield_per=BATCH)))


def audit_words(session: Session) -> tuple[list[str], list[str]]:
    """Who is in the audit, and which actions: what can be chosen from."""
    actors = session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor))
    actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    return list(actors), list(actions)
