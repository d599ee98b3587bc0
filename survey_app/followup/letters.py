"""The letter of a case: what an official notice says, sentence by sentence. How it is drawn is not known here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from survey_app.assessment.years import wave_of, year_by_id
from survey_app.definition.messages import message
from survey_app.foundation.clock import local_date

from .case_steps import OF_ITEMS, SEVERITIES, SOURCES
from .models import RectificationCase

OF_SURVEY = frozenset({"item", "dimension", "topic"})


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """A letter; ``document`` is its number, with an empty place before it was given. Its language is Chinese."""

    title: str
    document: str
    addressee: str
    paragraphs: tuple[str, ...]
    closing: str
    office: str
    date: str
    made_of: datetime


def notice_letter(session: Session, case: RectificationCase, office: str, now: datetime) -> NoticeLetter:
    """Return the letter as it was sent, or would be sent today."""
    sent_at = case.delivered_at or now
    kind, source = SEVERITIES[case.severity], SOURCES[case.source]
    return NoticeLetter(
        str(kind.letter),
        case.document or str(message("〔{year}〕　　号", year=local_date(sent_at).year)),
        f"{case.school_name}：",
        (
            str(source.opening),
            str(message("问题：{subject}", subject=_sentence(case.subject))),
            *_lines(case.findings),
            *_measured(session, case),
            str(message("要求：{requirement}", requirement=_sentence(case.requirement))),
            _answer(case, local_date(sent_at) + timedelta(days=case.days)),
            *_look_back(case),
        ),
        str(message("特此通知。")),
        office,
        chinese_date(local_date(sent_at)),
        sent_at,
    )


def _answer(case: RectificationCase, deadline: date) -> str:
    """``deadline``: the first one; an extension does not alter a letter that was sent."""
    by = chinese_date(deadline)
    if not SEVERITIES[case.severity].needs_reply:
        return str(message("请于 {date} 前与我室联系，说明情况。联系人：{owner}。", date=by, owner=case.owner))
    return str(
        message(
            "请于 {date} 前报送整改情况，并附佐证材料（登录测评系统，在本校的“整改通知”里填写）。联系人：{owner}。",
            date=by, owner=case.owner,
        )
    )  # fmt: skip


def _look_back(case: RectificationCase) -> tuple[str, ...]:
    """What a measurement found can be measured again."""
    if case.source not in OF_ITEMS:
        return ()
    return (str(message("整改以后，我室可以用同样的题目再测评一次（回头看），与这一次比较。")),)


def _measured(session: Session, case: RectificationCase) -> tuple[str, ...]:
    """Which wave the figures are of."""
    year = year_by_id(session, case.year_id) if case.source in OF_SURVEY else None
    wave = wave_of(session, year) if year else None
    return (str(message("以上数字来自批次“{wave}”的测评。", wave=wave.name)),) if wave else ()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _sentence(text: str) -> str:
    """The text with a stop at its end, on one line."""
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？", ".", "；")) else f"{text}。"


def chinese_date(day: date) -> str:
    """A date as official letters write it.

    >>> chinese_date(date(2026, 3, 8))
    '2026年3月8日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
