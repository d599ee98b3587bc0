"""The words with which comments are sorted and covered: topics by their keywords, and names."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.comments.topics import (
    MAX_TOPICS,
    Topic,
    load_names,
    load_topics,
    save_names,
    save_topics,
    split_words,
)
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _
from survey_app.web.audit import record_done

from ..form_answers import refused_page, sentences, text_of, who_was_it

BLANK_ROWS = 3
MAX_NAMES_TEXT = 200_000
PAGE = "admin/results/comment_words.html"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A line of the form: a topic, or room for one."""

    name: str = ""
    keywords: str = ""
    is_red_line: bool = False


def comment_words() -> str:
    return render_template(PAGE, errors={}, saved=request.args.get("saved", ""), **_page())


def save_comment_topics() -> AnyResponse:
    """All topics at once, unless somebody else changed them since the page was shown."""
    rows = [
        TopicRow(text_of(f"name-{number}"), text_of(f"keywords-{number}"), f"red-{number}" in request.form)
        for number in range(MAX_TOPICS + BLANK_ROWS)
    ]
    rows = [row for row in rows if row.name or row.keywords]
    topics = [Topic(row.name, tuple(split_words(row.keywords)), row.is_red_line) for row in rows]
    try:
        with database().write_session() as db:
            if request.form.get("seen") != _digest_topics(load_topics(db)) and tuple(topics) != load_topics(db):
                return _changed_by_others("comments.topics", rows=rows)
            save_topics(db, topics)
            record_done(db, " ".join(topic.name for topic in topics))
    except UserError as error:
        return refused_page(PAGE, {"name-0": sentences(error)}, **_page(rows=rows))
    return redirect(url_for("admin.comment_words", saved="topics"), 303)


def save_comment_names() -> AnyResponse:
    """The audit says how many names there are, never which."""
    text = request.form.get("names", "")
    if len(text) > MAX_NAMES_TEXT:
        return refused_page(PAGE, {"names": _("名单太长，最多 {max} 个字符", max=MAX_NAMES_TEXT)}, **_page(names=text))
    try:
        with database().write_session() as db:
            words, stored = split_words(text), load_names(db)
            if request.form.get("seen") != _digest(stored) and sorted(set(words)) != sorted(stored):
                return _changed_by_others("comments.names", names=text)
            record_done(db, str(save_names(db, words)))
    except UserError as error:
        return refused_page(PAGE, {"names": sentences(error)}, **_page(names=text))
    return redirect(url_for("admin.comment_words", saved="names"), 303)


def _changed_by_others(action: str, rows: list[TopicRow] | None = None, names: str | None = None) -> AnyResponse:
    notice = " ".join(
        (_("您打开这一页以后改过，没有保存。您填的还在下面，核对后再保存一次就以您的为准。"), who_was_it((action,)))
    )
    return refused_page(PAGE, {"": notice}, **_page(rows, names))


def _page(rows: list[TopicRow] | None = None, names: str | None = None) -> dict[str, object]:
    """The page as it is stored, or with what was typed."""
    with database().read_session() as db:
        topics, stored_names = load_topics(db), load_names(db)
    if rows is None:
        rows = [TopicRow(topic.name, "，".join(topic.keywords), topic.is_red_line) for topic in topics]
    return {
        "rows": [*rows, *[TopicRow()] * BLANK_ROWS], "names": "\n".join(stored_names) if names is None else names,
        "seen_topics": _digest_topics(topics), "seen_names": _digest(stored_names), "name_count": len(stored_names),
    }  # fmt: skip


def _digest_topics(topics: Sequence[Topic]) -> str:
    return _digest([repr((topic.name, topic.keywords, topic.is_red_line)) for topic in topics])


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
