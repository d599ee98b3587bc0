"""The number of an official letter, 〔year〕 and number after the sign of the office; each is given once."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import RectificationCase

_NUMBER = re.compile(r"(?P<sign>[^\s〔〕]{1,20})〔(?P<year>20\d\d)〕(?P<number>[1-9]\d{0,3})号")
USUAL_SIGN = "督整"


def check_number(session: Session, text: str) -> str:
    """Return the number as it is printed. Raises :class:`UserError` where it is none, or was given before."""
    text = "".join(text.split()).replace("[", "〔").replace("]", "〕").replace("【", "〔").replace("】", "〕")
    if not _NUMBER.fullmatch(text):
        raise user_error("文号请写成“督整〔2026〕1号”的样子：机关代字、年份、序号")
    known = session.scalar(select(RectificationCase.school_name).where(RectificationCase.document == text))
    if known is not None:
        raise user_error("文号“{document}”已经给了 {school}，请换一个", document=text, school=known)
    return text


def next_number(session: Session, year: int) -> str:
    """Return the number after the highest of this year, with the sign that was used last."""
    given = session.scalars(
        select(RectificationCase.document)
        .where(RectificationCase.document.is_not(None))
        .order_by(RectificationCase.delivered_at, RectificationCase.id)
    )
    sign, highest = USUAL_SIGN, 0
    for text in given:
        match = _NUMBER.fullmatch(text or "")
        if match:
            sign = match["sign"]
            highest = max(highest, int(match["number"])) if int(match["year"]) == year else highest
    return f"{sign}〔{year}〕{highest + 1}号"
