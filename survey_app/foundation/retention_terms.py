"""How long what is about people is kept: a term in months for each kind, with a default and the least there may be."""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime

from survey_app.definition.messages import Message, message

from .errors import user_error

MAX_MONTHS = 1200
KEEP = ""  # in place of a number: nothing goes by itself


@dataclass(frozen=True, slots=True)
class Term:
    """``least``: a term is long enough for whoever contests a result, and for whoever looks into a matter later."""

    key: str
    kind: str
    label: Message
    begins: Message
    default: int
    least: int


_SEAL = message("从封存或让学校看结果（取后者）算起")
ANSWERS = Term("answers_months", "answers", message("答卷和提交回执"), _SEAL, 60, 12)
COMMENTS = Term("comments_months", "comments", message("意见的文字"), _SEAL, 36, 6)
ACCOUNTS = Term("accounts_months", "accounts", message("停用的账号"), message("从停用算起"), 24, 6)
AUDIT = Term("audit_months", "audit", message("操作记录"), message("从记下的时候算起"), 60, 24)
TERMS = {term.key: term for term in (ANSWERS, COMMENTS, ACCOUNTS, AUDIT)}


def check_months(key: str, text: str) -> str:
    """Return the term as a number of months. Raises :class:`UserError`."""
    term, digits = TERMS[key], text.strip()
    if not re.fullmatch(r"[0-9]{1,4}", digits) or not term.least <= int(digits) <= MAX_MONTHS:
        raise user_error(
            "{what}的保留期限写 {least} 到 {most} 之间的月数；留空表示一直保留",
            what=term.label, least=term.least, most=MAX_MONTHS,
        )  # fmt: skip
    return str(int(digits))


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day so many months ago, or the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
