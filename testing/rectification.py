"""A year with proposals, and cases of it: what the tests of rectification begin with."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.scheme_text import set_value
from survey_app.assessment.years import (
    adopt_scheme,
    create_year,
    keep_computation,
    list_years,
    load_scheme_version,
    save_scheme,
)
from survey_app.followup.cases import Actor, CaseContent, StepWords, create_case, take_step
from survey_app.followup.models import RectificationCase
from survey_app.foundation.settings import PROJECT
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.mark_inputs import mark_inputs
from testing.district import District

YEAR = "2026年度"
CONTENT = CaseContent(
    "notice", "inspection", "食堂卫生", "食堂留样不全，家长反映集中。", "建立留样登记，逐日检查。", "李督学", 30
)


def proposal_row(kind: str = "notice", **changes: Any) -> dict[str, Any]:
    """A proposal as the tables of marks keep it."""
    row = {
        "wave": "2026秋", "kind": kind, "category": "primary", "school_code": "0101", "school_name": "河东小学",
        "audience": "parent", "item": "", "value": 0.7235, "limit": 0.85, "p": 0.0031, "tipping_odds": 1.62, "days": 30,
    }  # fmt: skip
    return row | changes


def open_year(session: Session, district: District, *proposals: dict[str, Any]) -> AssessmentYear:
    """A year of the open wave; with proposals where marks would have been computed."""
    now, categories = district.clock.at, district.app.extensions["categories"]
    text = (PROJECT / "questionnaires" / "assessment" / "county-four-evaluators.yaml").read_text("utf-8")
    year = create_year(session, YEAR, wave_by_name(session, district.wave), None, "王督导", now)
    save_scheme(session, year, set_value(text, ("document",), "县督〔2026〕1号"), "s.yaml", categories, "王督导", now)
    version = adopt_scheme(session, year, categories, "王督导", now)
    if proposals:
        tables: dict[str, list[dict[str, Any]]] = {
            "ranking": [],
            "marks": [],
            "awards": [],
            "warnings": [],
            "proposals": list(proposals),
        }
        inputs = mark_inputs(session, year, load_scheme_version(version, categories), now)
        keep_computation(session, year, load_scheme_version(version, categories), tables, inputs, "王督导", now)
    return year


def office(district: District) -> Actor:
    return Actor("王督导", "office", district.clock.at)


def principal(district: District) -> Actor:
    return Actor("张校长", "principal", district.clock.at)


def inspector(district: District) -> Actor:
    return Actor("李督学", "inspector", district.clock.at)


def delivered_case(
    session: Session, district: District, year: AssessmentYear, code: str = "0101", number: int = 1,
    content: CaseContent = CONTENT,
) -> RectificationCase:  # fmt: skip
    """A case of a school whose letter went out now."""
    case = create_case(session, year, code, content, office(district))
    return take_step(
        session, case.id, "deliver", case.step_count, StepWords(document=f"督整〔2026〕{number}号"), office(district)
    )


def closed_case(
    session: Session, district: District, code: str = "0101", item: str = "T1", audience: str = "parent",
    last: str = "close",
) -> RectificationCase:  # fmt: skip
    """A case of a trigger's proposal about an item (or all of an audience) that went its way up to a step."""
    wave_by_name(session, district.wave).released_at = district.clock.at
    years = list_years(session)
    year = years[0] if years else open_year(session, district)
    content = replace(CONTENT, source="item" if item else "dimension", subject=f"{audience} {item}")
    proposal = f"ledger/{code}/{audience}/{item}"
    case = create_case(session, year, code, content, office(district), proposal)
    number = f"督整〔2026〕{case.id}号"
    for step, words in (
        ("deliver", StepWords(document=number)), ("report", StepWords("已整改")), ("pass", StepWords()),
        ("close", StepWords()),
    ):  # fmt: skip
        take_step(session, case.id, step, case.step_count, words, office(district))
        if step == last:
            break
    return case
