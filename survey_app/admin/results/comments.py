"""What respondents wrote, with names and numbers covered; which of it may be passed on to the schools."""

import io
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.comments.queries import (
    DECISIONS,
    MAX_FOUND,
    OPEN,
    RED_LINE,
    RELEASE,
    WITHHOLD,
    CommentFilter,
    ShownComment,
    comment_page,
    count_comments,
    find_comments,
    load_words,
)
from survey_app.comments.review import review_comments
from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _, render
from survey_app.reporting.tabular.csv_writer import text_tables_csv
from survey_app.reporting.xlsx.plain_book import write_table_rows
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..lookup import XLSX, wave_or_404

WORDS = ("school", "audience", "topic", "text", "state")
MAX_WORD = 100
SEEN, DECISION = "seen-", "decision-"


def comments(wave_id: int) -> str:
    words = _words()
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        page = comment_page(db, wave, CommentFilter(**words), request.args.get("page", ""))
        counts, topics = count_comments(db, wave), load_words(db).topics
    return render_template(
        "admin/results/comments.html", wave=wave.name, wave_id=wave_id, page=page, counts=counts,
        is_cut=page.total == MAX_FOUND and bool(words.get("topic") or words.get("text")), words=words,
        audiences=[("", _("所有对象")), *((each.id, render(each.label)) for each in AUDIENCES)],
        topics=[("", _("所有话题")), (RED_LINE, _("红线线索")), *((topic.name, topic.name) for topic in topics)],
        states=[("", _("全部")), *((state, _state_label(state)) for state in (OPEN, *DECISIONS))],
        labels={state: _state_label(state) for state in (OPEN, *DECISIONS)}, saved=_saved(),
    )  # fmt: skip


def save_review(wave_id: int) -> AnyResponse:
    """What was decided on the page; what looks different meanwhile is left open and said."""
    decisions = {
        name.removeprefix(DECISION): (decision, request.form.get(f"{SEEN}{name.removeprefix(DECISION)}", ""))
        for name, decision in request.form.items()
        if name.startswith(DECISION) and decision
    }
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        outcome = review_comments(db, wave, decisions, g.staff.username, clock().now())
        record_done(db, f"{wave.name} +{outcome.released} -{outcome.withheld}")
    counts = {"released": outcome.released, "withheld": outcome.withheld, "stale": len(outcome.stale)}
    return redirect(_address(wave_id, counts), 303)


def comment_file(wave_id: int) -> AnyResponse:
    """What was found, as it is shown."""
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        rows = [_row(comment) for comment in find_comments(db, wave, CommentFilter(**_words()))]
    content = text_tables_csv([(_headings(), rows)]).encode()
    return download(content, "text/csv", _("{wave} 意见.csv", wave=wave.name))


def comment_book(wave_id: int) -> AnyResponse:
    """The same as a workbook: what people wrote stays text, whatever it begins with."""
    file = io.BytesIO()
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        rows = map(_row, find_comments(db, wave, CommentFilter(**_words())))
        write_table_rows(file, _("意见"), _headings(), rows, _("意见"))
    return download(file.getvalue(), XLSX, _("{wave} 意见.xlsx", wave=wave.name))


def _headings() -> tuple[str, ...]:
    return (_("学校代码"), _("学校名称"), _("对象"), _("题号"), _("意见"), _("话题"), _("红线线索"), _("决定"))


def _address(wave_id: int, counts: dict[str, int]) -> str:
    words: dict[str, Any] = {**_words(), **counts}
    return url_for("admin.comments", wave_id=wave_id, **words)


def _words() -> dict[str, str]:
    """The filters of the address; what is no such state finds nothing rather than everything."""
    return {name: value for name in WORDS if (value := request.args.get(name, "").strip()[:MAX_WORD])}


def _saved() -> dict[str, int]:
    """How many were decided just now, as the address says."""
    texts = {name: request.args.get(name, "") for name in ("released", "withheld", "stale")}
    return {name: int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
            for name, text in texts.items()}  # fmt: skip


def _state_label(state: str) -> str:
    return {OPEN: _("没有审过"), RELEASE: _("可转给学校"), WITHHOLD: _("不转")}[state]


def _row(comment: ShownComment) -> tuple[str, ...]:
    return (
        comment.school_code, comment.school_name, render(AUDIENCES[comment.audience].label), comment.question,
        comment.text, " ".join(comment.topics), " ".join(comment.red_lines), _state_label(comment.state),
    )  # fmt: skip
