"""What a year of a large district leaves behind: people, evaluations, rectifications, comments, the audit log."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.models import Staff
from survey_app.accounts.staff import create_staff
from survey_app.assessment.evaluation_forms import evaluation_form, instrument_for
from survey_app.assessment.evaluations import assigned_school, current_period, save_draft, sign_evaluation
from survey_app.assessment.years import year_by_name
from survey_app.followup.cases import Actor, CaseContent, StepWords, create_case, take_step
from survey_app.followup.proposals import open_proposals
from survey_app.foundation.clock import local_date
from survey_app.frame.instrument_uploads import evaluation_instruments

YEAR, SCHOOLS_EACH, RATERS = "2026", 14, 2
CASES, COMMENTS, AUDIT_ENTRIES = 400, 50_000, 50_000
REMARKS = (
    "食堂的菜有点凉，希望冬天能热一些。", "老师很负责，谢谢。", "放学时校门口太堵。", "作业比去年少了，很好。",
    "课后服务的内容可以再丰富一点，孩子想打篮球。", "希望多开几次家长会，电话 13800000000。", "厕所没有纸。",
)  # fmt: skip


def fill_year(app: Flask, now: datetime) -> None:
    """Everybody has an account, each school has two evaluations, a part of what is proposed has become cases."""
    with app.extensions["database"].write_session() as session:
        codes = list(session.scalars(text("SELECT code FROM school ORDER BY code")))
        inspectors = _people(session, codes, now)
        _evaluations(session, app, inspectors, now)
        _cases(session, app, now)
        _comments(session)
        _audit(session, now)


def _people(session: Session, codes: list[str], now: datetime) -> dict[Staff, list[str]]:
    no_password = "!"
    for code in codes:
        principal = create_staff(session, f"校长{code}", no_password, "principal", now)
        replace_grants(session, principal, [Node(NodeKind.SCHOOL, code)])
    tasks, found = islice(cycle(codes), len(codes) * RATERS), dict[Staff, list[str]]()
    while own := list(dict.fromkeys(islice(tasks, SCHOOLS_EACH))):
        inspector = create_staff(session, f"督学{len(found) + 1}", no_password, "inspector", now)
        replace_grants(session, inspector, [Node(NodeKind.SCHOOL, code) for code in own])
        found[inspector] = own
    return found


def _evaluations(session: Session, app: Flask, inspectors: dict[Staff, list[str]], now: datetime) -> None:
    period, forms = current_period(session, now), evaluation_instruments(app.extensions["catalogue"])
    assert period is not None
    for number, (inspector, codes) in enumerate(inspectors.items()):
        for code in codes:
            school = assigned_school(session, inspector, period, code, now)
            assert school is not None
            instrument = instrument_for(forms, school.category)
            assert instrument is not None
            answers = _marks(int(code) + number)
            fields = {item.id: [next(answers)] for item in evaluation_form(instrument).items()}
            save_draft(session, inspector, period, school, instrument, fields, local_date(now), now)
            sign_evaluation(session, inspector, period, school, instrument, now)


def _marks(seed: int) -> Iterator[str]:
    return (str(3 + (seed * 7 + place * 5) % 3) for place in range(200))


def _cases(session: Session, app: Flask, now: datetime) -> None:
    year, office = year_by_name(session, YEAR), Actor("office", "office", now - timedelta(days=40))
    proposals = open_proposals(session, year, app.extensions["categories"])
    for number, one in enumerate(proposals[:: max(1, len(proposals) // CASES)]):
        is_proposed = number % 2 == 0  # letters with results wait for the release of the wave; others go out
        source, subject = (one.source, str(one.subject)[:200]) if is_proposed else ("inspection", "食堂留样不全")
        content = CaseContent(one.severity, source, subject, str(one.findings), "查找原因并整改。", "督学1", 30)
        case = create_case(session, year, one.school_code, content, office, one.key if is_proposed else None)
        if not is_proposed:
            words = StepWords(document=f"督〔2026〕{number + 1}号")
            take_step(session, case.id, "deliver", case.step_count, words, office)


def _comments(session: Session) -> None:
    wave, schools = 1, list(session.scalars(text("SELECT school_id FROM wave_school ORDER BY school_id")))
    rows = [
        {"w": wave, "s": schools[n % len(schools)], "i": secrets.token_bytes(16), "t": REMARKS[n % len(REMARKS)]}
        for n in range(COMMENTS)
    ]
    session.execute(text("INSERT INTO comment (wave_id, school_id, id, audience, question, text) "
                         "VALUES (:w, :s, :i, 'parent', 'comment', :t)"), rows)  # fmt: skip


def _audit(session: Session, now: datetime) -> None:
    rows = [
        {"at": now - timedelta(minutes=n), "actor": f"督学{n % 100}", "action": "evaluation.sign", "detail": f"{n}"}
        for n in range(AUDIT_ENTRIES)
    ]
    statement = "INSERT INTO audit_entry (at, actor, action, detail, result) VALUES (:at, :actor, :action, :detail, '')"
    session.execute(text(statement), rows)
