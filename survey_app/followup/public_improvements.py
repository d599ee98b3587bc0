"""你说我改 for everybody: what an office proposes to show, a second person confirms, and one takes back."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.accounts.two_people import require_second_person
from survey_app.assessment.rule_reader import RELEASE_LEVELS
from survey_app.assessment.years import latest_version, load_scheme_version, year_by_id
from survey_app.definition.categories import Categories
from survey_app.foundation.errors import user_error
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import IMPROVEMENTS_LINK, load_switch, save_switch

from .cases import list_steps
from .improvements import DONE, Improvement, list_improvements
from .models import PublicImprovement, RectificationCase
from .public_words import PublicWords, check_public_words

USUAL_MIN_N = 20


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One entry as the page shows it."""

    school_code: str
    school_name: str
    words: PublicWords
    year: int


def propose_entry(
    session: Session, case_id: int, words: PublicWords, categories: Categories, who: str, now: datetime
) -> PublicImprovement:
    """Words to be shown, waiting for a second person; those that waited before are replaced. Raises UserError."""
    case, improvement = _improvement(session, case_id)
    words = words.stripped()
    workers = {case.owner, *(step.who for step in list_steps(session, case))} - set(Role)  # "principal" is no name
    check_public_words(words, public_min_n(session, case, categories), workers)
    entry = session.get(PublicImprovement, case.id)
    if entry is not None and entry.confirmed_at is not None:
        raise user_error("“{said}”已经公开。要改，请先撤下", said=entry.said)
    if entry is None:
        entry = PublicImprovement(case_id=case.id)
        session.add(entry)
    entry.school_code, entry.school_name = case.school_code, case.school_name
    entry.verified_on = improvement.verified
    entry.requested_by, entry.requested_at = who, now
    for name, text in asdict(words).items():
        setattr(entry, name, text)
    session.flush()
    return entry


def confirm_entry(session: Session, case_id: int, digest: str, who: str, now: datetime) -> PublicImprovement:
    """From now on anybody may read it. ``digest``: of the words that the second person has read."""
    entry = session.get(PublicImprovement, case_id)
    if entry is None or digest != words_digest(entry):
        raise user_error("这一条刚刚被改过或撤回了，没有公开。请再读一遍")
    require_second_person(entry.requested_by, entry.confirmed_by, who)
    _improvement(session, case_id)
    entry.confirmed_by, entry.confirmed_at = who, now
    session.flush()
    return entry


def withdraw_entry(session: Session, case_id: int) -> PublicImprovement:
    """Nobody reads it any more; without any entry the form leads nowhere, so it stops leading there."""
    entry = session.get(PublicImprovement, case_id)
    if entry is None:
        raise user_error("这一条已经撤下了")
    session.delete(entry)
    session.flush()
    if not public_entries(session):
        save_switch(session, IMPROVEMENTS_LINK, False)
    return entry


def switch_link(session: Session, is_on: bool) -> None:
    """Whether the form's last page leads to the public page. Raises :class:`UserError` while that has nothing."""
    if is_on and not public_entries(session):
        raise user_error("还没有公开的条目，问卷的致谢页没有可以链接的页面")
    save_switch(session, IMPROVEMENTS_LINK, is_on)


def is_linked(session: Session) -> bool:
    """Whether the form's last page leads to the public page."""
    return load_switch(session, IMPROVEMENTS_LINK)


def words_digest(entry: PublicImprovement) -> str:
    """What a page carries, so that nobody confirms words that he has not read."""
    texts = "\n".join((entry.said, entry.done, entry.said_en, entry.done_en, entry.requested_at.isoformat()))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def proposed_words(session: Session, case_id: int) -> PublicWords:
    """What the office begins with: the words that wait, or those of the case and its reply."""
    entry = session.get(PublicImprovement, case_id)
    if entry is not None:
        return PublicWords(entry.said, entry.done, entry.said_en, entry.done_en)
    _case, improvement = _improvement(session, case_id)
    return PublicWords(improvement.said, improvement.done)


def find_entry(session: Session, case_id: int) -> PublicImprovement | None:
    return session.get(PublicImprovement, case_id)


def list_entries(session: Session) -> list[PublicImprovement]:
    """Those that wait first, then the latest."""
    query = select(PublicImprovement).order_by(
        PublicImprovement.confirmed_at.is_not(None), PublicImprovement.case_id.desc()
    )
    return list(session.scalars(query))


def count_waiting(session: Session) -> int:
    query = select(func.count()).select_from(PublicImprovement).where(PublicImprovement.confirmed_at.is_(None))
    return session.scalar(query) or 0


def public_entries(session: Session, school_code: str = "") -> list[PublicEntry]:
    """What anybody may read, the latest first; what is open again was not done, and is not shown until it is."""
    query = (
        select(PublicImprovement)
        .join(RectificationCase, RectificationCase.id == PublicImprovement.case_id)
        .where(PublicImprovement.confirmed_at.is_not(None), RectificationCase.state.in_(DONE))
        .order_by(PublicImprovement.verified_on.desc(), PublicImprovement.case_id.desc())
    )
    if school_code:
        query = query.where(PublicImprovement.school_code == school_code)
    return [
        PublicEntry(
            entry.school_code, entry.school_name, PublicWords(entry.said, entry.done, entry.said_en, entry.done_en),
            int(entry.verified_on[:4]),
        )
        for entry in session.scalars(query)
    ]  # fmt: skip


def public_min_n(session: Session, case: RectificationCase, categories: Categories) -> int:
    """How few people may be counted in public, by the scheme of the year."""
    year = year_by_id(session, case.year_id)
    rules = load_scheme_version(latest_version(session, year), categories).rules if year is not None else None
    level = rules.release.get(RELEASE_LEVELS[-1]) if rules is not None else None
    return level.min_n if level is not None else USUAL_MIN_N


def _improvement(session: Session, case_id: int) -> tuple[RectificationCase, Improvement]:
    case = session.get(RectificationCase, case_id)
    found = list_improvements(session, case.year_id, case.school_code) if case is not None else []
    improvement = next((one for one in found if one.case_id == case_id), None)
    if case is None or improvement is None:
        raise user_error("这一项还没有核验通过并且销号，不能公开")
    return case, improvement
