"""A wave from draft to closing. Opening freezes instruments, roster and their hash."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.agreement import disagreements
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import canonical_text, structure_hash, wording_hash
from survey_app.definition.messages import message
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import UserError, user_error

from .access_modes import ACCESS_MODES, AccessModeId
from .manifest import manifest_of_tables, sha256_of_json
from .models import Enrolment, LookBack, School, Wave, WaveInstrument, WavePopulation, WaveSchool


def create_wave(
    session: Session,
    name: str,
    instruments: list[Instrument],
    opens_at: datetime,
    closes_at: datetime,
    access: dict[str, str],
) -> Wave:
    """A draft. Raises :class:`UserError`."""
    if not name.strip() or len(name) > 100:
        raise user_error("批次名称要有 1 到 100 个字")
    if session.scalar(select(Wave.id).where(Wave.name == name)):
        raise user_error("已经有名为“{name}”的批次，请换一个名称", name=name)
    if closes_at <= opens_at:
        raise user_error("截止时间必须晚于开始时间")
    for audience, mode in access.items():
        if audience not in AUDIENCES or mode not in ACCESS_MODES:
            raise user_error("参与方式“{audience}={mode}”无效；写法如 parent=open", audience=audience, mode=mode)
    wave = Wave(
        name=name,
        opens_at=opens_at,
        closes_at=closes_at,
        instrument_ids=list(dict.fromkeys(instrument.id for instrument in instruments)),
        access=access_of_all(access, instruments),
    )
    session.add(wave)
    session.flush()
    return wave


def access_of_all(access: Mapping[str, str], instruments: Sequence[Instrument]) -> dict[str, str]:
    """A way in for each usual audience, and for others that are asked or named; an open link where none is said."""
    asked = {audience for instrument in instruments for audience in instrument.audiences}
    return {
        row.id: access.get(row.id, AccessModeId.OPEN.value)
        for row in AUDIENCES if row.is_usual or row.id in asked or row.id in access
    }  # fmt: skip


def instruments_for(instruments: list[Instrument], category: str, audience: str) -> list[Instrument]:
    """The instruments that ask this audience in schools of this category."""
    return [
        instrument
        for instrument in instruments
        if category in instrument.categories and audience in instrument.audiences
    ]


def freeze_wave(session: Session, wave: Wave, instruments: list[Instrument], now: datetime) -> None:
    """Opens the wave: writes down what is asked and who belongs to each school. Raises :class:`UserError`."""
    if wave.opened_at is not None:
        raise user_error("批次“{name}”已经开放过了", name=wave.name)
    if wave.closes_at <= now:
        raise user_error("批次“{name}”的截止时间已过，请新建批次", name=wave.name)
    asked = session.get(LookBack, wave.id)
    schools = list(session.scalars(select(School).where(School.in_roster).order_by(School.code)))
    if asked is not None:
        schools = [school for school in schools if school.code in asked.asked]
    if not schools:
        raise user_error("名册是空的。请先导入名册")
    _check_one_instrument_per_audience(schools, instruments)
    _check_meanings(session, instruments)
    populations = _populations(session, schools, asked.asked if asked is not None else None)
    for instrument in instruments:
        session.add(_freeze_instrument(wave, instrument))
    session.add_all(
        WaveSchool(wave_id=wave.id, school_id=school.id, code=school.code, name=school.name,
                   category=school.category, area=school.area)
        for school in schools
    )  # fmt: skip
    session.add_all(
        WavePopulation(wave_id=wave.id, school_id=school_id, audience=audience, grade=grade, class_name=class_name,
                       population=population)
        for (school_id, audience, grade, class_name), population in populations.items()
    )  # fmt: skip
    wave.manifest = manifest_of_tables(session, wave)
    wave.manifest_hash = sha256_of_json(wave.manifest)
    wave.opened_at = now
    session.flush()


def _check_one_instrument_per_audience(schools: list[School], instruments: list[Instrument]) -> None:
    messages = []
    for category in sorted({school.category for school in schools}):
        for audience in AUDIENCES.ids():
            matching = instruments_for(instruments, category, audience)
            if len(matching) > 1:
                names = ", ".join(instrument.id for instrument in matching)
                messages.append(
                    message("类别 {category} 的对象 {audience} 有几份问卷：{names}。一所学校的一类对象只能用一份",
                            category=category, audience=audience, names=names)
                )  # fmt: skip
    if messages:
        raise UserError(*messages)


def _check_meanings(session: Session, instruments: list[Instrument]) -> None:
    """One name one meaning in a wave, and one version of an instrument one structure for ever."""
    messages = list(disagreements(instruments))
    for instrument in instruments:
        used_before = session.scalar(
            select(WaveInstrument.structure_hash).where(
                WaveInstrument.instrument_id == instrument.id,
                WaveInstrument.version == instrument.version,
                WaveInstrument.structure_hash != structure_hash(instrument),
            )
        )
        if used_before is not None:
            messages.append(
                message("问卷“{id}”的版本 {version} 在以前的批次里是另一份内容：文件改了，版本（version）也要改",
                        id=instrument.id, version=instrument.version)
            )  # fmt: skip
    if messages:
        raise UserError(*messages)


def _populations(
    session: Session, schools: list[School], asked: Mapping[str, Sequence[str]] | None
) -> dict[tuple[int, str, str, str], int]:
    """``asked``: the audiences of each school's code, where a wave asks only some."""
    audiences = {school.id: AUDIENCES.ids() if asked is None else asked[school.code] for school in schools}
    populations: dict[tuple[int, str, str, str], int] = {}
    for row in session.scalars(select(Enrolment)):
        if row.audience in audiences.get(row.school_id, ()):
            key = (row.school_id, row.audience, row.grade, row.class_name)
            populations[key] = populations.get(key, 0) + row.population
    return populations


def _freeze_instrument(wave: Wave, instrument: Instrument) -> WaveInstrument:
    return WaveInstrument(
        wave_id=wave.id,
        structure_hash=structure_hash(instrument),
        instrument_id=instrument.id,
        version=instrument.version,
        wording_hash=wording_hash(instrument),
        document=canonical_text(instrument),
    )


def close_wave(wave: Wave, now: datetime) -> None:
    """No new forms from now on; closing again changes nothing."""
    if wave.opened_at is None:
        raise user_error("批次“{name}”还没有开放，不能截止", name=wave.name)
    if wave.closed_at is None:
        wave.closed_at = min(now, wave.closes_at)
        wave.closing_recorded_at = now


def close_wave_if_due(wave: Wave, now: datetime) -> bool:
    is_due = wave.opened_at is not None and wave.closed_at is None and now >= wave.closes_at
    if is_due:
        close_wave(wave, now)
    return is_due
