"""整改: what the triggers of a year propose, and the ledger of its cases, overdue first."""

import io
from typing import Any

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import latest_computation, list_years
from survey_app.followup.case_steps import SEVERITIES
from survey_app.followup.ledger import CaseFilter, case_line, find_cases, ledger_headings
from survey_app.followup.proposals import CaseProposal, open_proposals
from survey_app.foundation.clock import local_date
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import RELEASED_TO
from survey_app.foundation.translation import _, render
from survey_app.reporting.mark_inputs import figure_changes, stale_sentence
from survey_app.reporting.tabular.csv_writer import text_tables_csv
from survey_app.reporting.xlsx.plain_book import write_table_rows
from survey_app.web.download import download

from ..lookup import XLSX, categories
from .context import severity_choices, state_choices, year_choices, year_of

WORDS = ("year", "state", "severity", "school")
MAX_WORD = 100
PROPOSALS_PER_PAGE = 20  # each with its evidence
MOST_YEARS = 3


def rectification() -> str:
    words, today = _words(), local_date(clock().now())
    with database().read_session() as db:
        page = page_of(find_cases(db, _asked(words), today), request.args.get("page", ""))
        year, proposals = (None, []) if _sees_sent_only() else _proposing_year(db, words.get("year", ""))
        years = year_choices(db)
        lines = [case_line(case, today) for case in page.rows]
    return render_template(
        "admin/rectification/ledger.html", lines=lines, page=page, words=words, years=[("", _("所有年度")), *years],
        has_year=bool(years), year=year, proposals=len(proposals), states=state_choices(only_sent=_sees_sent_only()),
        severities=[("", _("全部")), *severity_choices()],
    )  # fmt: skip


def ledger_file(form: str) -> AnyResponse:
    """What was found, as it is shown, in the order of the page."""
    today = local_date(clock().now())
    with database().read_session() as db:
        rows = [case_line(case, today).cells() for case in find_cases(db, _asked(_words()), today)]
    name = _("整改台账 {date}.{form}", date=today.isoformat(), form=form)
    if form == "csv":
        return download(text_tables_csv([(ledger_headings(), rows)]).encode(), "text/csv", name)
    file = io.BytesIO()
    write_table_rows(file, _("整改台账"), ledger_headings(), rows, _("整改台账"))
    return download(file.getvalue(), XLSX, name)


def rectification_proposals() -> str:
    """What nobody has decided about, with the evidence."""
    words: dict[str, Any] = {name: request.args.get(name, "").strip()[:MAX_WORD] for name in ("severity", "school")}
    with database().read_session() as db:
        year, proposals = _proposing_year(db, request.args.get("year", ""))
        years = year_choices(db)
        kept = latest_computation(db, year) if year else None
        stale = stale_sentence(figure_changes(db, year, kept)) if year else ""
    asked = [
        proposal for proposal in proposals
        if words["severity"] in ("", proposal.severity)
        and (words["school"] in proposal.school_code or words["school"] in proposal.school_name)
    ]  # fmt: skip
    found = page_of(asked, request.args.get("page", ""), PROPOSALS_PER_PAGE)
    lines = [
        (proposal, render(SEVERITIES[proposal.severity].label), render(proposal.subject), render(proposal.findings))
        for proposal in found.rows
    ]
    return render_template(
        "admin/rectification/proposals.html", stale=stale, year=year, years=years, page=found, lines=lines, words=words,
        severities=[("", _("全部")), *severity_choices()],
        address=lambda number: url_for(
            "admin.rectification_proposals", year=year.id if year else "", page=number, **words
        ),
    )  # fmt: skip


def _proposing_year(db: Any, asked: str) -> tuple[AssessmentYear | None, list[CaseProposal]]:
    """The year that is asked for; else the latest in which something waits for a decision."""
    latest = year_of(db, asked)
    for year in [latest] if asked else list_years(db)[:MOST_YEARS]:
        if year is not None and (proposals := open_proposals(db, year, categories())):
            return year, proposals
    return latest, []


def _sees_sent_only() -> bool:
    """Whether drafts and what was declined are none of this reader's business, as they are none of a school's."""
    return g.staff.role in RELEASED_TO


def _asked(words: dict[str, str]) -> CaseFilter:
    return CaseFilter(**words, only_sent=_sees_sent_only())


def _words() -> dict[str, str]:
    """The filters of the address; what is no such state finds nothing rather than everything."""
    return {name: value for name in WORDS if (value := request.args.get(name, "").strip()[:MAX_WORD])}
