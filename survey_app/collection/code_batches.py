"""What was printed and what was used of it: before printing again, and when a batch is lost."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.distribution.models import ClassCode, CodeBatch, Invitation, Link
from survey_app.foundation.errors import user_error
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import (
    eligible_population,
    frozen_classes,
    frozen_instruments,
    frozen_populations,
    frozen_schools,
)

from .models import SubmissionReceipt


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """One printing. ``used``: submissions that came with a code of it."""

    batch_id: int
    school_code: str
    school_name: str
    audience: str
    grade: str
    class_name: str
    printed: int
    used: int
    issued_at: datetime
    voided_at: datetime | None
    wrong_codes: int


def list_batches(
    session: Session, wave: Wave, school_code: str | None = None, audience: str | None = None
) -> list[BatchSummary]:
    """The printings of a wave, by school and time."""
    query = (
        select(CodeBatch, Link, WaveSchool)
        .join(Link, Link.id == CodeBatch.link_id)
        .join(WaveSchool, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(CodeBatch.wave_id == wave.id)
        .order_by(WaveSchool.code, CodeBatch.id)
    )
    if school_code:
        query = query.where(WaveSchool.code == school_code)
    if audience:
        query = query.where(Link.audience == audience)
    used = used_by_batch(session, wave)
    class_codes = session.scalars(select(ClassCode).where(ClassCode.wave_id == wave.id))
    class_used = {code.link_id: code.used for code in class_codes}
    return [
        BatchSummary(
            batch.id, school.code, school.name, link.audience, link.grade, link.class_name, batch.count,
            class_used.get(link.id, 0) if _is_by_class(wave, link.audience) else used.get(batch.id, batch.used),
            batch.issued_at, batch.voided_at, link.wrong_codes,
        )
        for batch, link, school in session.execute(query)
    ]  # fmt: skip


def used_by_batch(session: Session, wave: Wave) -> dict[int, int]:
    """Return how many submissions came with a one-time code of each printing; of those whose receipts are there."""
    query = (
        select(Invitation.batch_id, func.count())
        .join(
            SubmissionReceipt,
            (SubmissionReceipt.wave_id == Invitation.wave_id)
            & (SubmissionReceipt.school_id == Invitation.school_id)
            & (SubmissionReceipt.code_hash == Invitation.code_hash),
        )
        .where(Invitation.wave_id == wave.id)
        .group_by(Invitation.batch_id)
    )
    return {batch_id: int(count) for batch_id, count in session.execute(query)}


def latest_batch(session: Session, wave: Wave) -> int:
    """Return the number of the last printing of a wave, by which a page knows what it has seen; 0 before the first."""
    return session.scalar(select(func.max(CodeBatch.id)).where(CodeBatch.wave_id == wave.id)) or 0


def void_batch(session: Session, wave: Wave, batch_id: int, now: datetime) -> None:
    """The codes of this printing let nobody in any more; what came with them stays. Raises :class:`UserError`."""
    batch = session.get(CodeBatch, batch_id)
    if batch is None or batch.wave_id != wave.id:
        raise user_error("批次“{name}”没有编号为 {id} 的印发",
                         name=wave.name, id=batch_id)  # fmt: skip
    if batch.voided_at is not None:
        raise user_error("编号为 {id} 的印发已经作废", id=batch_id)
    batch.voided_at = now
    class_code = session.get(ClassCode, batch.link_id)
    if class_code is not None:
        session.delete(class_code)
    session.flush()


def count_from_roster(
    session: Session, wave: Wave, school_code: str, audience: str, reserve: float, categories: Categories
) -> Callable[[Link], int]:
    """How many people each link of the school is for, with a reserve on top. Raises :class:`UserError`."""
    school = session.scalar(select(WaveSchool).where(WaveSchool.wave_id == wave.id, WaveSchool.code == school_code))
    if school is None:
        raise user_error("学校代码“{code}”不在本批次名册里", code=school_code)
    by_grade = frozen_populations(session, wave.id).get((school.school_id, audience), {})
    eligible: dict[str, int] = {}
    for frozen in frozen_instruments(session, wave.id, categories):
        if school.category in frozen.instrument.categories and audience in frozen.instrument.audiences:
            eligible = eligible_population(by_grade, frozen.instrument, categories, school.category, audience)
    people = sum(eligible.values())
    classes = {
        (row.grade, row.class_name): row.population
        for row in frozen_classes(session, wave.id)
        if (row.school_id, row.audience) == (school.school_id, audience) and row.grade in eligible
    }
    rest = people - sum(classes.values()) if _is_by_class(wave, audience) else people

    def count(link: Link) -> int:
        number = classes.get((link.grade, link.class_name), 0) if link.class_name else rest
        if number < 1:
            raise user_error("名册里没有学校 {code} 这类对象的人数，请写明数量", code=school_code)
        return math.ceil(number * (1 + reserve))

    return count


def slips_from_roster(
    session: Session, wave: Wave, audience: str, codes: Collection[str], categories: Categories
) -> int:
    """How many people of an audience these schools have in the grades that are asked; 0 where a class has one code."""
    if _is_by_class(wave, audience):
        return 0
    asked = [each.instrument for each in frozen_instruments(session, wave.id, categories)]
    forms = {category: each for each in asked if audience in each.audiences for category in each.categories}
    populations = frozen_populations(session, wave.id)
    return sum(
        sum(eligible_population(
            populations.get((school.school_id, audience), {}), forms[school.category], categories, school.category,
            audience,
        ).values())
        for school in frozen_schools(session, wave.id) if school.code in codes and school.category in forms
    )  # fmt: skip


def schools_with_links(session: Session, wave: Wave, audience: str) -> list[str]:
    query = (
        select(WaveSchool.code)
        .join(Link, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(Link.wave_id == wave.id, Link.audience == audience)
        .distinct()
        .order_by(WaveSchool.code)
    )
    return list(session.scalars(query))


def _is_by_class(wave: Wave, audience: str) -> bool:
    """Whether the codes of an audience let in a class and not a person."""
    mode = ACCESS_MODES.get(wave.access.get(audience, ""))
    return mode is not None and mode.code_scope is CodeScope.CLASS
