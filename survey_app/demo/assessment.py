"""The assessment years of the demo: last year's is computed, this year's scheme is a draft that can be tried."""

from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff
from survey_app.assessment.scheme_text import read_values, set_value
from survey_app.assessment.years import adopt_scheme, create_year, keep_computation, save_scheme
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.release import request_release
from survey_app.reporting.year_marks import year_marks

UNVERIFIED = "演示数据"
LEADER, PRINCIPAL, SCHOOL = "leader", "principal", "1001"


def explain_open_links(folder: Path) -> None:
    """Each scheme states why open links are ranked here; the default one as it always did."""
    for path in folder.glob("*.yaml"):
        text = path.read_text("utf-8")
        if read_values(text)["format",] == "1":
            changed = text.replace("method:\n", f"method:\n  rank_unverified: {UNVERIFIED}\n", 1)
        else:
            changed = set_value(text, ("method", "rank_unverified"), UNVERIFIED)
        path.write_text(changed, "utf-8")


def create_readers(app: Flask, password: str) -> None:
    """A leader and the principal of one school, with the password of the office."""
    now = app.extensions["clock"].now()
    hashes = {name: hash_new_password(password, name) for name in (LEADER, PRINCIPAL)}
    with app.extensions["database"].write_session() as session:
        for name, password_hash in hashes.items():
            staff = create_staff(session, name, password_hash, name, now)
            replace_grants(session, staff, [Node(NodeKind.SCHOOL, SCHOOL)] if name == PRINCIPAL else [])


def assess_last_year(app: Flask, wave_name: str, name: str, who: str) -> None:
    """A year of the closed wave: its scheme adopted, its marks computed, its results proposed to be released."""
    categories, now = app.extensions["categories"], app.extensions["clock"].now()
    text = set_value(_shipped(app, "ten-marks"), ("document",), "临督〔2025〕7号")
    with app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, wave_name)
        year = create_year(session, name, wave, None, who, now)
        save_scheme(session, year, text, "ten-marks.yaml", categories, who, now)
        adopt_scheme(session, year, categories, who, now)
        computed = year_marks(session, year, categories, now)
        keep_computation(session, year, computed.marks.scheme, computed.tables(), computed.inputs, who, now)
        request_release(session, wave, "按年度计划下发各校", who, now)


def draft_this_year(session: Session, app: Flask, wave_name: str, earlier_name: str, name: str, who: str) -> None:
    """A year of the open wave, with a draft that differs from last year's scheme in one line of marks."""
    now: datetime = app.extensions["clock"].now()
    text = set_value(_shipped(app, "ten-marks"), ("marks", "lines", "0", "full_at"), "92")
    year = create_year(session, name, wave_by_name(session, wave_name), wave_by_name(session, earlier_name), who, now)
    save_scheme(session, year, text, "ten-marks.yaml", app.extensions["categories"], who, now)


def _shipped(app: Flask, name: str) -> str:
    folder: Path = app.extensions["settings"].assessment_dir
    return (folder / f"{name}.yaml").read_text("utf-8")
