"""The demo's responsible inspectors: three accounts, schools assigned to each, a few evaluations, one conflict."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff, find_active_staff
from survey_app.assessment.conflicts import declare_conflict
from survey_app.assessment.evaluation_forms import evaluation_form, instrument_for
from survey_app.assessment.evaluations import assigned_school, current_period, save_draft, sign_evaluation
from survey_app.foundation.clock import local_date
from survey_app.frame.instrument_uploads import evaluation_instruments

INSPECTOR = "inspector"
FINDING = "走廊应急灯有两盏不亮；值周记录缺 3 天。"


@dataclass(frozen=True, slots=True)
class DemoInspector:
    """``signs``: the school and the answer that is given to most questions; ``drafts``: schools with half a form."""

    name: str
    schools: tuple[str, ...]
    signs: tuple[tuple[str, int], ...]
    drafts: tuple[str, ...] = ()
    former_school: str = ""


INSPECTORS = (
    DemoInspector(
        INSPECTOR, ("1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "2001"),
        (("1001", 5), ("1002", 4), ("1003", 4)), ("1004",), "1008",
    ),
    DemoInspector(
        "李督学", ("2001", "2002", "2003", "2004", "2005", "4001", "4002", "4003", "1001"),
        (("2001", 4), ("2002", 3), ("1001", 4)),
    ),
    DemoInspector(
        "王督学", ("3001", "3002", "3003", "3004", "3005", "5001", "5002", "5003", "2001"), (("3001", 5), ("2001", 4))
    ),
)  # fmt: skip


def create_inspectors(app: Flask, password: str) -> None:
    """Accounts with the password of the office, each for its schools."""
    now = app.extensions["clock"].now()
    hashes = {one.name: hash_new_password(password, one.name) for one in INSPECTORS}
    with app.extensions["database"].write_session() as session:
        for one in INSPECTORS:
            staff = create_staff(session, one.name, hashes[one.name], "inspector", now)
            replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in one.schools])


def evaluate_schools(session: Session, app: Flask) -> None:
    """Some of what they have to do this year is done."""
    now = app.extensions["clock"].now()
    for one in INSPECTORS:
        for code, answer in one.signs:
            _evaluate(session, app, one.name, code, answer, is_signed=True)
        for code in one.drafts:
            _evaluate(session, app, one.name, code, 4, is_signed=False)
        staff = find_active_staff(session, one.name)
        if staff is not None and one.former_school:
            declare_conflict(session, staff, one.former_school, "former_school", "", one.name, now)


def _evaluate(session: Session, app: Flask, name: str, code: str, answer: int, *, is_signed: bool) -> None:
    now, staff = app.extensions["clock"].now(), find_active_staff(session, name)
    period = current_period(session, now)
    assert staff is not None
    assert period is not None
    school = assigned_school(session, staff, period, code, now)
    assert school is not None
    instrument = instrument_for(evaluation_instruments(app.extensions["catalogue"]), school.category)
    assert instrument is not None
    items = evaluation_form(instrument).items()
    fields = {item.id: [str(max(1, answer - (place % 4 == 3)))] for place, item in enumerate(items)}
    if not is_signed:
        fields = dict(list(fields.items())[: len(items) // 2])
    fields |= {comment.id: [FINDING] for comment in instrument.comments if answer < 5}
    save_draft(session, staff, period, school, instrument, fields, local_date(now), now)
    if is_signed:
        sign_evaluation(session, staff, period, school, instrument, now)
