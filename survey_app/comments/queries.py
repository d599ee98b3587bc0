"""Reading comments: only after the seal, only of groups that are large enough, never without their cover.

A search looks at what is shown. Whoever searches for a name or a number that is covered finds nothing, so that no
answer tells that it was there.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select
from sqlalchemy.orm import Session

from survey_app.collection.models import Comment
from survey_app.definition.messages import Message
from survey_app.foundation.errors import user_error
from survey_app.foundation.paging import Paged
from survey_app.foundation.retention_terms import COMMENTS
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.purge_records import purge_sentence, require_kept
from survey_app.integrity.models import StoredSignals

from .masking import mask
from .models import CommentReview
from .topics import Topic, fold, folded_keywords, load_names, load_topics

MIN_RESPONDENTS = 10  # of a school and audience, before anything that they wrote is shown
PAGE_SIZE = 20
MAX_FOUND = 1_000  # by words; who finds more looks for something narrower, or takes the file
BATCH = 1_000
ANY_BLANKS = "[ \n\r\t\u3000]*"  # perhaps between the letters of a word
OPEN, RELEASE, WITHHOLD = "open", "release", "withhold"
DECISIONS = (RELEASE, WITHHOLD)
RED_LINE = "*"  # in place of a topic's name: every topic that is a red line


@dataclass(frozen=True, slots=True)
class CommentFilter:
    """What is looked for; an empty word looks for everything. ``school``: its code or a part of its name."""

    school: str = ""
    audience: str = ""
    topic: str = ""
    text: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as it may be read. ``seen`` changes with the text and with what was decided about it."""

    key: str
    school_code: str
    school_name: str
    audience: str
    question: str
    text: str
    topics: tuple[str, ...]
    red_lines: tuple[str, ...]
    state: str
    reviewed_by: str
    seen: str


@dataclass(frozen=True, slots=True)
class CommentWords:
    """The lists with which comments are covered and sorted."""

    names: tuple[str, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class CommentCounts:
    """How many there are, and what became of them. ``hidden``: written in groups that are too small to be shown."""

    total: int
    released: int
    withheld: int
    hidden: int

    @property
    def open(self) -> int:
        return self.total - self.released - self.withheld


def load_words(session: Session) -> CommentWords:
    return CommentWords(load_names(session), load_topics(session))


def comment_page(session: Session, wave: Wave, wanted: CommentFilter, page_text: str) -> Paged[ShownComment]:
    """Return one page of what was found; the nearest one where there is no such page. Raises :class:`UserError`."""
    _require_readable(session, wave)
    words = load_words(session)
    query = _query(wave, wanted, words)
    if _looks_at_text(wanted):
        found = list(islice(_matching(session, query, wanted, words), MAX_FOUND))
        pages, page = _page_number(len(found), page_text)
        rows = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return Paged(tuple(rows), page, pages, len(found))
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages, page = _page_number(total, page_text)
    lines = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Paged(tuple(_shown(row, words) for row in lines), page, pages, total)


def find_comments(session: Session, wave: Wave, wanted: CommentFilter) -> Iterator[ShownComment]:
    """Everything that was found, as it is shown. Raises :class:`UserError`."""
    _require_readable(session, wave)
    words = load_words(session)
    return _matching(session, _query(wave, wanted, words), wanted, words)


def released_comments(session: Session, wave: Wave, school_code: str) -> list[ShownComment]:
    """What was reviewed and may be passed on to a school: nothing else of what was written about it.

    Nothing once comments were purged: the page of the school says so, :func:`comments_purged`.
    """
    if comments_purged(session, wave) is not None:
        return []
    found = find_comments(session, wave, CommentFilter(school=school_code, state=RELEASE))
    return [comment for comment in found if comment.school_code == school_code]


def comments_purged(session: Session, wave: Wave) -> Message | None:
    """Return under which term and when comments went; None while they are there."""
    return purge_sentence(session, wave, COMMENTS)


def count_comments(session: Session, wave: Wave) -> CommentCounts:
    """Raises :class:`UserError` before the seal."""
    _require_readable(session, wave)
    everything = session.scalar(select(func.count()).select_from(Comment).where(Comment.wave_id == wave.id)) or 0
    shown = _query(wave, CommentFilter(), CommentWords((), ())).order_by(None).subquery()
    groups = session.execute(select(shown.c.decision, func.count().label("size")).group_by(shown.c.decision))
    counts: dict[str | None, int] = {group.decision: group.size for group in groups}
    total = sum(counts.values())
    return CommentCounts(total, counts.get(RELEASE, 0), counts.get(WITHHOLD, 0), everything - total)


def comments_by_key(session: Session, wave: Wave, keys: list[str]) -> dict[str, ShownComment]:
    """Return those of these that are shown; what is unknown, hidden or of another wave is left out."""
    _require_readable(session, wave)
    words = load_words(session)
    wanted = [parsed for key in keys if (parsed := parse_key(key))]
    if not wanted:
        return {}
    query = _query(wave, CommentFilter(), words).where(
        or_(*(and_(Comment.school_id == school, Comment.id == comment) for school, comment in wanted))
    )
    return {shown.key: shown for shown in (_shown(row, words) for row in session.execute(query))}


def parse_key(key: str) -> tuple[int, bytes] | None:
    """Return school and id of a comment as forms name it; None for what is no such name."""
    school, _mark, comment = key.partition("-")
    if not (school.isascii() and school.isdecimal() and len(school) < 10 and len(comment) == 32):
        return None
    try:
        return int(school), bytes.fromhex(comment)
    except ValueError:
        return None


def _require_readable(session: Session, wave: Wave) -> None:
    require_kept(session, wave, COMMENTS)
    if wave.sealed_at is None:
        raise user_error("批次“{name}”还没有封存，封存前看不到意见。截止一天后自动封存", name=wave.name)


def _query(wave: Wave, wanted: CommentFilter, words: CommentWords) -> Any:
    """Comments of groups that are large enough. By their random ids: no order says when one was written."""
    groups = (
        select(StoredSignals.school_id, StoredSignals.audience)
        .where(StoredSignals.wave_id == wave.id)
        .group_by(StoredSignals.school_id, StoredSignals.audience)
        .having(func.sum(StoredSignals.responses) >= MIN_RESPONDENTS)
        .subquery()
    )
    review = and_(
        CommentReview.wave_id == Comment.wave_id, CommentReview.school_id == Comment.school_id,
        CommentReview.comment_id == Comment.id,
    )  # fmt: skip
    query = (
        select(
            Comment.school_id, Comment.id, Comment.audience, Comment.question, Comment.text, WaveSchool.code,
            WaveSchool.name, CommentReview.decision, CommentReview.text.label("reviewed_text"),
            CommentReview.reviewed_by,
        )
        .join(groups, and_(groups.c.school_id == Comment.school_id, groups.c.audience == Comment.audience))
        .join(WaveSchool, and_(WaveSchool.wave_id == Comment.wave_id, WaveSchool.school_id == Comment.school_id))
        .outerjoin(CommentReview, review)
        .where(Comment.wave_id == wave.id, *_conditions(wanted, words))
    )  # fmt: skip
    return query.order_by(WaveSchool.code, Comment.audience, Comment.id)


def _conditions(wanted: CommentFilter, words: CommentWords) -> Iterator[ColumnElement[bool]]:
    if wanted.school:
        yield or_(WaveSchool.code == wanted.school, WaveSchool.name.contains(wanted.school, autoescape=True))
    if wanted.audience:
        yield Comment.audience == wanted.audience
    if wanted.state == OPEN:
        yield CommentReview.decision.is_(None)
    elif wanted.state:
        yield CommentReview.decision == wanted.state
    for searched in _searched_words(wanted, words):
        if not searched:
            yield false()
        elif all(ord(letter) > 127 for word in searched for letter in word):  # others may be written wide or large
            yield Comment.text.regexp_match("|".join(ANY_BLANKS.join(map(re.escape, word)) for word in searched))


def _searched_words(wanted: CommentFilter, words: CommentWords) -> Iterator[list[str]]:
    """Of each group one word must be there: the database looks first, so that few comments need to be covered."""
    if wanted.text:
        yield [fold(wanted.text)]
    if wanted.topic:
        topics = [topic for topic in words.topics if wanted.topic == topic.name or _is_lead(topic, wanted)]
        yield [keyword for topic in topics for keyword in folded_keywords(topic.keywords)]


def _is_lead(topic: Topic, wanted: CommentFilter) -> bool:
    return wanted.topic == RED_LINE and topic.is_red_line


def _looks_at_text(wanted: CommentFilter) -> bool:
    return bool(wanted.topic or wanted.text)


def _matching(session: Session, query: Any, wanted: CommentFilter, words: CommentWords) -> Iterator[ShownComment]:
    """What the database found, looked through once more as it is shown."""
    searched = fold(wanted.text)
    groups = list(_searched_words(wanted, words))
    with session.execute(query.execution_options(yield_per=BATCH)) as rows:  # a reader may stop before the end
        for row in rows:
            raw = fold(row.text) if groups else ""
            if not all(any(word in raw for word in group) for group in groups):
                continue  # what is not in the text is not in the covered one; covering takes longer than looking
            shown = _shown(row, words)
            if _fits(shown, wanted.topic, searched):
                yield shown


def _fits(shown: ShownComment, topic: str, searched: str) -> bool:
    if searched and searched not in fold(shown.text):
        return False
    return bool(shown.red_lines) if topic == RED_LINE else not topic or topic in shown.topics


def _shown(row: Row[Any], words: CommentWords) -> ShownComment:
    """A released comment is shown as it was reviewed; names that were listed since are covered, too."""
    text = mask(row.reviewed_text if row.decision == RELEASE else row.text, words.names)
    folded = fold(text)
    topics = [topic for topic in words.topics if topic.is_in(folded)]
    state = row.decision or OPEN
    return ShownComment(
        key=f"{row.school_id}-{row.id.hex()}", school_code=row.code, school_name=row.name, audience=row.audience,
        question=row.question, text=text, topics=tuple(topic.name for topic in topics),
        red_lines=tuple(topic.name for topic in topics if topic.is_red_line), state=state,
        reviewed_by=row.reviewed_by or "", seen=hashlib.sha256(f"{state}\n{text}".encode()).hexdigest()[:16],
    )  # fmt: skip


def _page_number(total: int, page_text: str) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE_SIZE))
    return pages, min(max(1, int(page_text)), pages) if page_text.isdecimal() and len(page_text) < 9 else 1
