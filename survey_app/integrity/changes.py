"""What may still be changed of an open wave: each with a reason, who did it, and a record beside the manifest."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.distribution.models import Link
from survey_app.distribution.open_wave import add_school_links
from survey_app.foundation.errors import user_error
from survey_app.frame.look_backs import find_look_back
from survey_app.frame.manifest import append_record
from survey_app.frame.models import (
    ChangeRequest,
    Enrolment,
    School,
    Wave,
    WaveInstrument,
    WavePopulation,
    WaveSchool,
)
from survey_app.frame.queries import frozen_instruments
from survey_app.frame.wording import wording_differences

from .second_person import ask_for

CORRECT = "correct"


def _check_collecting(wave: Wave) -> None:
    if wave.opened_at is None:
        raise user_error("批次“{name}”还没有开放", name=wave.name)
    if wave.closed_at is not None:
        raise user_error("批次“{name}”已经截止，不能再改。封存之前可以先重新开放", name=wave.name)


def _school_of(session: Session, wave: Wave, code: str) -> WaveSchool:
    school = session.scalar(select(WaveSchool).where(WaveSchool.wave_id == wave.id, WaveSchool.code == code))
    if school is None:
        raise user_error("学校代码“{code}”不在本批次名册里", code=code)
    return school


def add_school(
    session: Session, wave: Wave, code: str, categories: Categories, reason: str, actor: str, now: datetime
) -> list[Link]:
    """A school of today's roster joins an open wave, with its numbers of today. Raises :class:`UserError`."""
    _check_collecting(wave)
    if find_look_back(session, wave) is not None:
        raise user_error("“{name}”是回头看，只问要回头看的学校，不能补学校", name=wave.name)
    school = session.scalar(select(School).where(School.code == code, School.in_roster))
    if school is None:
        raise user_error("名册里没有学校“{code}”。请先导入名册", code=code)
    if session.get(WaveSchool, (wave.id, school.id)) is not None:
        raise user_error("学校 {code} 已经在批次“{name}”里", code=code, name=wave.name)
    joined = WaveSchool(
        wave_id=wave.id, school_id=school.id, code=school.code, name=school.name, category=school.category,
        area=school.area,
    )  # fmt: skip
    session.add(joined)
    populations: dict[tuple[str, str, str], int] = {}
    for row in session.scalars(select(Enrolment).where(Enrolment.school_id == school.id)):
        key = (row.audience, row.grade, row.class_name)
        populations[key] = populations.get(key, 0) + row.population
    session.add_all(
        WavePopulation(wave_id=wave.id, school_id=school.id, audience=audience, grade=grade, class_name=class_name,
                       population=population)
        for (audience, grade, class_name), population in populations.items()
    )  # fmt: skip
    session.flush()
    instruments = [frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)]
    links = add_school_links(session, wave, joined, instruments, categories)
    if not links:
        raise user_error("批次“{name}”的问卷里没有一份问学校 {code} 的人", name=wave.name, code=code)
    append_record(session, wave, "add-school", reason, [actor], now, school=code, links=len(links))
    return links


def amend_population(
    session: Session, wave: Wave, code: str, audience: str, grade: str, class_name: str, population: int, reason: str,
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Corrects a frozen number of people; returns the old one, which the record keeps. Raises :class:`UserError`."""
    if wave.opened_at is None:
        raise user_error("批次“{name}”还没有开放", name=wave.name)
    if population < 1:
        raise user_error("人数要大于 0")
    school = _school_of(session, wave, code)
    row = session.get(WavePopulation, (wave.id, school.school_id, audience, grade, class_name))
    if row is None:
        rows = session.scalars(
            select(WavePopulation).where(
                WavePopulation.wave_id == wave.id, WavePopulation.school_id == school.school_id
            )
        )
        known = ", ".join(sorted("/".join((row.audience, row.grade, row.class_name)).rstrip("/") for row in rows))
        raise user_error(
            "学校 {code} 的名册里没有这一行；现有（对象/年级/班级）：{known}", code=code, known=known or "—"
        )
    before, row.population = row.population, population
    session.flush()
    append_record(session, wave, "amend", reason, [actor], now, school=code, audience=audience, grade=grade,
                  class_name=class_name, before=before, after=population)  # fmt: skip
    return before


def pause_links(
    session: Session, wave: Wave, code: str, audience: str | None, pause: bool, reason: str, actor: str, now: datetime
) -> int:
    """Stops new forms of a school (and audience), or lets them go on; returns how many links. Raises UserError."""
    _check_collecting(wave)
    school = _school_of(session, wave, code)
    query = select(Link).where(Link.wave_id == wave.id, Link.school_id == school.school_id)
    links = [
        link
        for link in session.scalars(query.where(Link.audience == audience) if audience else query)
        if (link.paused_at is None) == pause
    ]
    if not links:
        raise user_error("学校 {code} 没有这样的链接可以暂停或恢复", code=code)
    for link in links:
        link.paused_at = now if pause else None
    session.flush()
    append_record(session, wave, "pause" if pause else "resume", reason, [actor], now, school=code,
                  audience=audience or "", links=len(links))  # fmt: skip
    return len(links)


def request_correction(
    session: Session, wave: Wave, instrument: Instrument, reason: str, requested_by: str, now: datetime
) -> ChangeRequest:
    """Other words for the same questions, to be confirmed by a second person. Raises :class:`UserError`."""
    _check_collecting(wave)
    if not reason.strip():
        raise user_error("请写明理由")
    _frozen_twin(session, wave, instrument)
    payload = {
        "instrument": instrument.id, "structure": structure_hash(instrument), "wording": wording_hash(instrument),
        "document": canonical_text(instrument),
    }  # fmt: skip
    return ask_for(session, wave, CORRECT, payload, reason, requested_by, now)


def _frozen_twin(session: Session, wave: Wave, instrument: Instrument) -> WaveInstrument:
    rows = list(session.scalars(select(WaveInstrument).where(WaveInstrument.wave_id == wave.id)))
    frozen = next((row for row in rows if row.instrument_id == instrument.id), None)
    if frozen is None:
        known = ", ".join(sorted(row.instrument_id for row in rows))
        raise user_error("批次“{name}”没有问卷“{id}”；现有：{known}", name=wave.name, id=instrument.id, known=known)
    if frozen.structure_hash != structure_hash(instrument):
        raise user_error(
            "问卷“{id}”改动的不只是文字。开放以后题目、选项、条件、权重和版本号都不能改，只能改错别字", id=instrument.id
        )
    if frozen.wording_hash == wording_hash(instrument):
        raise user_error("问卷“{id}”的文字与批次里的相同，没有可更正的", id=instrument.id)
    return frozen


def apply_correction(session: Session, wave: Wave, request: ChangeRequest) -> dict[str, Any]:
    """The words of an open wave, as they were asked for; returns what the record says. Raises :class:`UserError`."""
    _check_collecting(wave)
    row = session.get(WaveInstrument, (wave.id, request.payload["structure"]))
    assert row is not None
    document = row.document
    before, row.wording_hash, row.document = row.wording_hash, request.payload["wording"], request.payload["document"]
    words = wording_differences(document, request.payload["document"])
    return {"instrument": row.instrument_id, "wording_before": before, "words": [list(pair) for pair in words]}
