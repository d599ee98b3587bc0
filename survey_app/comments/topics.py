"""Topics of comments by sets of keywords, which the office edits; and the names that are covered."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error

from .models import CommentTopic, MaskedName

MAX_TOPICS, MAX_KEYWORDS, MAX_WORD, MAX_TOPIC_NAME = 30, 60, 20, 20
MIN_NAME, MAX_NAME, MAX_NAMES = 2, 30, 5_000


@dataclass(frozen=True, slots=True)
class Topic:
    """``is_red_line``: what a school must not do; such a comment is a lead to be looked into, never a finding."""

    name: str
    keywords: tuple[str, ...]
    is_red_line: bool = False

    def is_in(self, text: str) -> bool:
        """Return whether a text, :func:`fold` ed before, has one of the keywords."""
        return any(keyword in text for keyword in folded_keywords(self.keywords))


DEFAULT_TOPICS = (
    Topic("体罚", ("体罚", "打学生", "打孩子", "打人", "罚站", "罚跪", "扇耳光", "辱骂", "骂学生", "骂孩子"), True),
    Topic("违规补课", ("违规补课", "有偿补课", "收费补课", "校外补课", "办补习班", "假期补课", "周末补课"), True),
    Topic("欺凌", ("欺凌", "霸凌", "欺负", "孤立", "被打", "勒索"), True),
    Topic("收费", ("乱收费", "收费", "强制", "自愿缴", "缴费", "资料费", "班费", "回扣"), True),
    Topic("食品安全", ("食品安全", "食物中毒", "拉肚子", "变质", "发霉", "异物", "虫子", "不卫生", "过期"), True),
    Topic("作业", ("作业", "睡眠", "熬夜", "负担")),
    Topic("食堂", ("食堂", "午餐", "饭菜", "伙食", "配餐")),
    Topic("课后服务", ("课后服务", "延时", "托管")),
    Topic("沟通", ("沟通", "家长会", "家长群", "反映", "回复")),
    Topic("设施", ("操场", "厕所", "教室", "空调", "饮水", "设施", "校车")),
)  # fmt: skip


def fold(text: str) -> str:
    """Return the text as it is compared: wide letters narrow, small, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=256)
def folded_keywords(keywords: tuple[str, ...]) -> tuple[str, ...]:
    """Return them as they are compared; kept, since every comment is compared with the same ones."""
    return tuple(fold(keyword) for keyword in keywords)


def split_words(text: str) -> list[str]:
    """Return the words of a field, each once, in their order; apart by commas of any kind, semicolons or new lines."""
    for mark in "，、；;\n\r\t":
        text = text.replace(mark, ",")
    return list(dict.fromkeys(word for part in text.split(",") if (word := " ".join(part.split()))))


def load_topics(session: Session) -> tuple[Topic, ...]:
    rows = session.scalars(select(CommentTopic).order_by(CommentTopic.position)).all()
    return tuple(Topic(row.name, tuple(row.keywords), row.is_red_line) for row in rows) or DEFAULT_TOPICS


def save_topics(session: Session, topics: Sequence[Topic]) -> None:
    """Replace all topics. Raises :class:`UserError`."""
    if not topics:
        raise user_error("至少要留一个话题")
    if len(topics) > MAX_TOPICS:
        raise user_error("最多 {max} 个话题", max=MAX_TOPICS)
    seen: set[str] = set()
    for topic in topics:
        _check_topic(topic, seen)
        seen.add(topic.name)
    session.execute(delete(CommentTopic))
    session.add_all(
        CommentTopic(name=topic.name, position=number, is_red_line=topic.is_red_line, keywords=list(topic.keywords))
        for number, topic in enumerate(topics)
    )
    session.flush()


def _check_topic(topic: Topic, seen: set[str]) -> None:
    if not topic.name:
        raise user_error("有关键词的话题要有名称")
    if len(topic.name) > MAX_TOPIC_NAME:
        raise user_error("话题名称“{name}”太长，最多 {max} 个字", name=topic.name, max=MAX_TOPIC_NAME)
    if topic.name in seen:
        raise user_error("有两个话题都叫“{name}”", name=topic.name)
    if not topic.keywords:
        raise user_error("话题“{name}”没有关键词", name=topic.name)
    if len(topic.keywords) > MAX_KEYWORDS:
        raise user_error("话题“{name}”最多 {max} 个关键词", name=topic.name, max=MAX_KEYWORDS)
    for word in topic.keywords:
        if not 1 <= len(fold(word)) <= MAX_WORD:
            raise user_error(
                "话题“{name}”的关键词“{word}”要有 1 到 {max} 个字", name=topic.name, word=word, max=MAX_WORD
            )


def load_names(session: Session) -> tuple[str, ...]:
    return tuple(session.scalars(select(MaskedName.name).order_by(MaskedName.name)))


def save_names(session: Session, names: Iterable[str]) -> int:
    """Replace the list of names that are covered; return how many there are. Raises :class:`UserError`."""
    found = sorted(set(names))
    if len(found) > MAX_NAMES:
        raise user_error("最多 {max} 个姓名", max=MAX_NAMES)
    for name in found:
        if not MIN_NAME <= len("".join(name.split())) <= MAX_NAME:
            raise user_error("姓名“{name}”要有 {min} 到 {max} 个字", name=name, min=MIN_NAME, max=MAX_NAME)
    session.execute(delete(MaskedName))
    session.add_all(MaskedName(name=name) for name in found)
    session.flush()
    return len(found)
