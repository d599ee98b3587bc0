"""Making codes for a link and looking one up. Codes leave this place once, for the printer; hashes stay."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.keys import keyed_hash
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_schools

from .code_format import new_class_code, new_code
from .models import ClassCode, CodeBatch, Invitation, Link
from .queries import class_label

MAX_COUNT = 5_000


def wave_key_name(wave_id: int) -> str:
    """The name of the key under which the codes of a wave are hashed; destroyed at the seal."""
    return f"wave-{wave_id}"


@dataclass(frozen=True, slots=True)
class IssuedCodes:
    """Codes of one link, to be printed and then forgotten."""

    slug: str
    school_name: str
    audience: str
    access: str
    codes: tuple[str, ...]
    voided_batches: int
    cap: int = 0
    class_label: str = ""


def create_codes(
    session: Session,
    wave: Wave,
    school_code: str,
    audience: str,
    count: int | Callable[[Link], int],
    key: bytes,
    now: datetime,
    categories: Categories,
    language: str = "zh",
    top_up: bool = False,
) -> list[IssuedCodes]:
    """New codes, beside those printed before (``top_up``) or in their place. Raises :class:`UserError`."""
    if audience not in wave.access:
        known = ", ".join(wave.access)
        raise user_error("没有对象“{audience}”；可用：{known}", audience=audience, known=known)
    access = wave.access[audience]
    scope = ACCESS_MODES[access].code_scope
    if wave.opened_at is None or wave.sealed_at is not None:
        raise user_error("批次“{name}”要在开放之后、封存之前才能发码", name=wave.name)
    if scope is CodeScope.NONE:
        raise user_error(
            "批次“{name}”的对象“{audience}”使用开放链接，不需要码；参与方式在新建批次时决定，开放后不能改",
            name=wave.name, audience=audience,
        )  # fmt: skip
    if top_up and scope is CodeScope.CLASS:
        raise user_error("班级口令不能追加。要提高上限，请重新印发，并写更大的数量")
    links = _links_to_issue(session, wave, school_code, audience, scope)
    if not links:
        raise _no_link_error(session, wave, school_code, audience)
    issue_for_link = partial(_issue_invitations, top_up=top_up) if scope is CodeScope.PERSON else _issue_class_code
    return [
        replace(
            issue_for_link(session, link, school, _count_for(link, count), key, now, access),
            class_label=class_label(link, school.category, categories, language),
        )
        for link, school in links
    ]


def _count_for(link: Link, count: int | Callable[[Link], int]) -> int:
    number = count if isinstance(count, int) else count(link)
    if not 1 <= number <= MAX_COUNT:
        raise user_error("数量应在 1 到 {limit} 之间", limit=MAX_COUNT)
    return number


def _no_link_error(session: Session, wave: Wave, school_code: str, audience: str) -> UserError:
    """Which of the two is wrong: the school's code, or the audience for this school (fault K13)."""
    schools = {school.code: school.name for school in frozen_schools(session, wave.id)}
    if school_code in schools:
        return user_error("学校 {code}（{name}）在本批次不问对象“{audience}”",
                          code=school_code, name=schools[school_code], audience=audience)  # fmt: skip
    same_name = next((code for code, name in schools.items() if name == school_code), None)
    if same_name:
        return user_error("学校要写代码：“{name}”的代码是 {code}", name=school_code, code=same_name)
    return user_error("学校代码“{code}”不在本批次名册里", code=school_code)


def _links_to_issue(
    session: Session, wave: Wave, school_code: str, audience: str, scope: CodeScope
) -> list[tuple[Link, WaveSchool]]:
    """Slips are for the link of the whole school; class codes for each class where there are classes."""
    rows = session.execute(
        select(Link, WaveSchool)
        .join(WaveSchool, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(Link.wave_id == wave.id, WaveSchool.code == school_code, Link.audience == audience)
        .order_by(Link.id)
    )
    pairs = [(link, school) for link, school in rows]
    return pairs if scope is CodeScope.CLASS else [pair for pair in pairs if not pair[0].class_name]


def _new_batch(session: Session, link: Link, count: int, now: datetime, top_up: bool = False) -> tuple[CodeBatch, int]:
    """The batch of this printing, and how many batches it voids."""
    voided_batches = 0
    if not top_up:
        void_earlier = update(CodeBatch).where(CodeBatch.link_id == link.id, CodeBatch.voided_at.is_(None))
        voided_batches = session.execute(void_earlier.values(voided_at=now)).rowcount  # type: ignore[attr-defined]
    batch = CodeBatch(wave_id=link.wave_id, school_id=link.school_id, link_id=link.id, count=count, issued_at=now)
    session.add(batch)
    session.flush()
    return batch, int(voided_batches)


def _issue_invitations(
    session: Session, link: Link, school: WaveSchool, count: int, key: bytes, now: datetime, access: str, top_up: bool
) -> IssuedCodes:
    batch, voided_batches = _new_batch(session, link, count, now, top_up)
    codes = [new_code() for _ in range(count)]
    rows = [
        {"wave_id": link.wave_id, "school_id": link.school_id, "code_hash": keyed_hash(key, code.encode()),
         "batch_id": batch.id}
        for code in codes
    ]  # fmt: skip
    session.execute(insert(Invitation), sorted(rows, key=lambda row: bytes(row["code_hash"])))  # type: ignore[call-overload]
    random.SystemRandom().shuffle(codes)
    return IssuedCodes(link.slug, school.name, link.audience, access, tuple(codes), voided_batches)


def _issue_class_code(
    session: Session, link: Link, school: WaveSchool, count: int, key: bytes, now: datetime, access: str
) -> IssuedCodes:
    _batch, voided_batches = _new_batch(session, link, count, now)
    code = new_class_code()
    used = session.scalar(select(ClassCode.used).where(ClassCode.link_id == link.id)) or 0
    if used > count:
        raise user_error("已经收到 {used} 份，上限不能小于它", used=used)
    session.execute(delete(ClassCode).where(ClassCode.link_id == link.id))
    session.add(
        ClassCode(link_id=link.id, wave_id=link.wave_id, school_id=link.school_id,
                  code_hash=keyed_hash(key, code.encode()), cap=count, used=used)
    )  # fmt: skip
    session.flush()
    return IssuedCodes(link.slug, school.name, link.audience, access, (code,), voided_batches, count)


def is_invitation(session: Session, wave_id: int, school_id: int, link_id: int, code_hash: bytes) -> bool:
    """Whether this is a valid one-time code of the link; it may have been used."""
    query = (
        select(CodeBatch.link_id)
        .join(Invitation, Invitation.batch_id == CodeBatch.id)
        .where(
            Invitation.wave_id == wave_id, Invitation.school_id == school_id, Invitation.code_hash == code_hash,
            CodeBatch.voided_at.is_(None),
        )
    )  # fmt: skip
    return session.scalar(query) == link_id


def is_class_code(session: Session, link_id: int, code_hash: bytes) -> bool:
    stored = session.scalar(select(ClassCode.code_hash).where(ClassCode.link_id == link_id))
    return stored is not None and secrets.compare_digest(stored, code_hash)
