"""Deciding which comments may be passed on to their school, one by one, by somebody who read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error
from survey_app.frame.models import Wave

from .models import CommentReview
from .queries import DECISIONS, RELEASE, WITHHOLD, comments_by_key, parse_key

MAX_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """``stale``: comments that somebody else decided about, or whose cover changed, since they were read."""

    released: int
    withheld: int
    stale: tuple[str, ...]


def review_comments(
    session: Session, wave: Wave, decisions: Mapping[str, tuple[str, str]], reviewed_by: str, now: datetime
) -> ReviewOutcome:
    """Keep what was decided: by the comment's key, what and the ``seen`` of the text that was read.

    What was read must be what is kept; a comment that looks different now is left as it is and named in the answer.
    Raises :class:`UserError` for a decision or a comment that does not exist.
    """
    if len(decisions) > MAX_AT_ONCE:
        raise user_error("一次最多审 {max} 条意见", max=MAX_AT_ONCE)
    current = comments_by_key(session, wave, list(decisions))
    counts = dict.fromkeys(DECISIONS, 0)
    stale = []
    for key, (decision, seen) in decisions.items():
        found, parsed = current.get(key), parse_key(key)
        if decision not in DECISIONS or found is None or parsed is None:
            raise user_error("没有这条意见，或没有这样的决定。请刷新页面再审")
        if found.seen != seen:
            stale.append(key)
            continue
        if found.state != decision:
            session.merge(
                CommentReview(
                    wave_id=wave.id, school_id=parsed[0], comment_id=parsed[1], decision=decision, text=found.text,
                    reviewed_by=reviewed_by, reviewed_at=now,
                )
            )  # fmt: skip
            counts[decision] += 1
    session.flush()
    return ReviewOutcome(counts[RELEASE], counts[WITHHOLD], tuple(stale))
