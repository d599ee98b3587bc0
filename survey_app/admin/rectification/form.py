"""A case is opened, from a proposal or without one, and its words are changed until the letter goes out."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.case_steps import SEVERITIES, CaseState
from survey_app.followup.cases import (
    Actor,
    CaseContent,
    StepTaken,
    StepWords,
    case_made_now,
    create_case,
    edit_case,
    find_case,
    take_step,
)
from survey_app.followup.proposals import CaseProposal, find_proposal
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _
from survey_app.web.audit import record_done

from ..form_answers import number_of, refused_page, sentences, typed, whole_number
from ..lookup import categories
from .context import severity_choices, source_choices, year_choices, year_of

FIELDS = ("severity", "source", "subject", "findings", "requirement", "owner", "days")
MAX_KEY = 160


def actor() -> Actor:
    """Who is logged in, now."""
    return Actor(g.staff.username, g.staff.role, clock().now())


def number_seen() -> int:
    """The last step that the page knew of; no number is none."""
    return number_of("seen")


def new_case() -> str:
    with database().read_session() as db:
        year = year_of(db, request.args.get("year", ""))
        key = request.args.get("proposal", "")[:MAX_KEY]
        proposal = find_proposal(db, year, categories(), key) if year and key else None
        years = year_choices(db)
    if year is None or (key and proposal is None):
        abort(404)
    values = _proposed(proposal) | {"year": str(year.id), "proposal": key}
    return render_template("admin/rectification/form.html", **_page(values, years), errors={})


def _proposed(proposal: CaseProposal | None) -> dict[str, str]:
    """What the form begins with. The words of a letter are Chinese, whatever language the office reads."""
    blank = {
        "school": "", "severity": "notice", "source": "inspection", "subject": "", "findings": "", "owner": "",
        "days": str(SEVERITIES["notice"].days), "note": "",
        "requirement": "查找原因，制定整改措施，明确责任人和完成时间，报送整改情况并附佐证材料。",
    }  # fmt: skip
    if proposal is None:
        return blank
    return blank | {
        "school": proposal.school_code, "severity": proposal.severity, "source": proposal.source,
        "subject": str(proposal.subject)[:200], "findings": str(proposal.findings), "days": str(proposal.days),
    }  # fmt: skip


def _page(values: dict[str, str], years: list[tuple[str, str]], case_id: int | None = None) -> dict[str, object]:
    return {
        "values": values, "years": years, "case_id": case_id, "severities": severity_choices(),
        "sources": source_choices(),
    }  # fmt: skip


def open_case() -> AnyResponse:
    """A case is made; with ``do=decline`` it is at once not pursued, with the reason."""
    values = typed(*FIELDS, "school", "year", "proposal", "note")
    try:
        with database().write_session() as db:
            year = year_of(db, values["year"])
            if year is None:
                raise user_error("请选一个考核年度")
            content, proposal = _content(values), values["proposal"][:MAX_KEY] or None
            same = None if proposal else case_made_now(db, year, values["school"], content, actor())
            case = same or create_case(db, year, values["school"], content, actor(), proposal)
            if same is None and request.form.get("do") == "decline":
                take_step(db, case.id, "decline", case.step_count, StepWords(values["note"]), actor())
            case_id = case.id
            record_done(db, f"{year.name} #{case.id} {case.school_code} {case.subject} → {case.state}")
    except UserError as error:
        with database().read_session() as db:
            years = year_choices(db)
        return refused_page("admin/rectification/form.html", {"": sentences(error)}, **_page(values, years))
    return redirect(url_for("admin.rectification_case", case_id=case_id), 303)


def edit_form(case_id: int) -> AnyResponse | str:
    with database().read_session() as db:
        case = find_case(db, case_id)
        if case is None:
            abort(404)
        if case.state != CaseState.PROPOSED:
            return redirect(url_for("admin.rectification_case", case_id=case_id))
        values = {name: str(getattr(case, name)) for name in FIELDS}
        values |= {"school": case.school_code, "seen": str(case.step_count), "year": str(case.year_id)}
    return render_template("admin/rectification/form.html", **_page(values, [], case_id), errors={})


def save_case(case_id: int) -> AnyResponse:
    values = typed(*FIELDS, "school", "seen")
    try:
        with database().write_session() as db:
            if find_case(db, case_id) is None:
                abort(404)
            case = edit_case(db, case_id, number_seen(), _content(values), actor())
            record_done(db, f"#{case.id} {case.school_code} {case.subject}")
    except UserError as error:
        if isinstance(error, StepTaken):  # who has read what the colleague did may save once more
            with database().read_session() as db:
                now = find_case(db, case_id)
            values["seen"] = str(now.step_count) if now is not None else values["seen"]
        return refused_page("admin/rectification/form.html", {"": sentences(error)}, **_page(values, [], case_id))
    return redirect(url_for("admin.rectification_case", case_id=case_id), 303)


def _content(values: dict[str, str]) -> CaseContent:
    days = whole_number(values["days"])
    if days is None:
        raise user_error("“{what}”要写整数", what=_("期限（天）"))
    return CaseContent(
        values["severity"], values["source"], values["subject"], values["findings"], values["requirement"],
        values["owner"], days,
    )  # fmt: skip
