"""Forms filled in on paper and typed in by the office: checked as a phone's are, marked as paper, stored exactly once.

The page carries a submission id as a respondent's does: a double click, Back or a lost answer never stores it twice.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from survey_app.definition.answers import Answers, encode_answers
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.distribution.models import Link
from survey_app.distribution.queries import FormLink, load_form_link
from survey_app.frame.models import Wave, WaveSchool

from .answer_uploads import require_open
from .models import Comment, Response, SubmissionReceipt
from .queries import off_class_id

PAPER_SPEED = "p"  # where a phone's answer has its pace: nobody was timed, and it can be told apart from other imports


@dataclass(frozen=True, slots=True)
class AskedSchool:
    """A school of a wave and the audiences that are asked there."""

    code: str
    name: str
    audiences: tuple[str, ...]


def asked_schools(session: Session, wave_id: int) -> list[AskedSchool]:
    rows = session.execute(
        select(WaveSchool.code, WaveSchool.name, Link.audience)
        .join(Link, (Link.wave_id == WaveSchool.wave_id) & (Link.school_id == WaveSchool.school_id))
        .where(WaveSchool.wave_id == wave_id)
        .distinct()
    )
    found: dict[tuple[str, str], set[str]] = {}
    for code, name, audience in rows:
        found.setdefault((code, name), set()).add(audience)
    return [
        AskedSchool(code, name, tuple(one.id for one in AUDIENCES if one.id in audiences))
        for (code, name), audiences in sorted(found.items())
    ]


def find_paper_link(
    session: Session, wave_id: int, school_code: str, audience: str, categories: Categories, now: datetime
) -> FormLink | None:
    """Return where the answers of a school and audience go, asking for the grade: paper comes in no class's link."""
    slug = session.scalar(
        select(Link.slug)
        .join(WaveSchool, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(Link.wave_id == wave_id, WaveSchool.code == school_code, Link.audience == audience)
        .order_by(Link.class_name, Link.id)
        .limit(1)
    )
    link = load_form_link(session, slug, categories, now) if slug else None
    return replace(link, grade="", class_name="", half="") if link else None


def store_entry(
    session: Session, link: FormLink, answers: Answers, submission_hash: bytes, now: datetime, day: date
) -> bool:
    """Store one form; return false, with nothing stored, if this page was stored before.

    Raises :class:`UserError` where the wave takes no answers any more.
    """
    wave = session.scalars(select(Wave).where(Wave.id == link.wave_id).with_for_update(read=True)).one()  # no seal now
    require_open(wave, now)
    school_key = {"wave_id": link.wave_id, "school_id": link.school_id}
    class_name = session.scalars(select(Link.class_name).where(Link.id == link.link_id)).one()
    link_id = off_class_id(link.link_id, class_name)
    receipt = {"submission_hash": submission_hash, "link_id": link_id, "day": day, "code_hash": None}
    insert_new = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    new_receipt = insert_new(SubmissionReceipt).values(**school_key, **receipt).on_conflict_do_nothing()
    if not session.execute(new_receipt.returning(SubmissionReceipt.link_id)).all():
        return False
    session.execute(insert(Response).values(**school_key, **_response_values(link, answers)))
    for question, text in answers.comments.items():
        words = {"audience": link.audience, "question": question, "text": text}
        session.execute(insert(Comment).values(**school_key, id=secrets.token_bytes(16), **words))
    return True


def _response_values(link: FormLink, answers: Answers) -> dict[str, object]:
    return {
        "id": secrets.token_bytes(16),
        "audience": link.audience,
        "structure_hash": link.structure_hash,
        "grade": answers.grade if AUDIENCES[link.audience].has_grades else "",
        "answers": encode_answers(answers),
        "response_speed": PAPER_SPEED,
    }


def left_out(form_data: Mapping[str, Sequence[str]], answers: Answers) -> tuple[str, ...]:
    """Return the questions that were answered on paper although the other answers skip them: they are not kept."""
    return tuple(
        question.id
        for question in answers.form.questions()
        if question.id in answers.hidden and any(form_data.get(question.id, ()))
    )
