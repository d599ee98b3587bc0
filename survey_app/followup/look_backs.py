"""回头看: a small wave of the items that cases were about, for their schools; the cases wait for what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.assessment.years import last_day, wave_of, year_by_id
from survey_app.definition.categories import Categories
from survey_app.definition.item_selection import items_of_audience
from survey_app.definition.messages import message
from survey_app.definition.model import Item
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import user_error
from survey_app.frame.look_backs import draft_look_back
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import frozen_instruments, frozen_schools, wave_by_id
from survey_app.frame.waves import instruments_for

from .case_steps import LOOKED_BACK_AT, OF_ITEMS, CaseState
from .cases import Actor, StepWords, locked_case, take_step
from .models import RectificationCase


@dataclass(frozen=True, slots=True)
class AskableAudience:
    """What a school's audience was asked; ``concerned`` are the items that the case is about, as far as it says."""

    audience: str
    items: tuple[Item, ...]
    concerned: frozenset[str]


@dataclass(frozen=True, slots=True)
class LookBackPlan:
    """What a new wave is made of: a name, when it is, and what each case asks of which audience."""

    name: str
    opens_at: datetime
    closes_at: datetime
    items: Mapping[int, Mapping[str, Sequence[str]]]


def can_look_back(case: RectificationCase) -> bool:
    """Whether the figures that a case came from can be measured again."""
    is_without_wave = case.state == CaseState.LOOKING_BACK and case.look_back_id is None
    return case.source in OF_ITEMS and (case.state in LOOKED_BACK_AT or is_without_wave)


def measured_wave(session: Session, case: RectificationCase) -> Wave | None:
    """The wave whose figures a case came from: that of its year."""
    year = year_by_id(session, case.year_id) if case.source in OF_ITEMS else None
    return wave_of(session, year) if year is not None else None


def look_back_wave(session: Session, case: RectificationCase) -> Wave | None:
    """The wave that asks again; None where there is none, or its draft was thrown away."""
    return wave_by_id(session, case.look_back_id) if case.look_back_id is not None else None


def askable(session: Session, case: RectificationCase, categories: Categories) -> list[AskableAudience]:
    """What the school was asked, with the items of the case: those of its proposal, or all of the audience.

    A case that the office opened by itself says of no item that it concerns it.
    """
    wave = measured_wave(session, case)
    school = _school_of(session, wave, case.school_code) if wave else None
    if wave is None or school is None:
        return []
    audience_of_case, item_of_case = _of_proposal(case)
    found = []
    for frozen in frozen_instruments(session, wave.id, categories):
        for audience in frozen.instrument.audiences:
            if not instruments_for([frozen.instrument], school.category, audience):
                continue
            items = items_of_audience(frozen.instrument, audience)
            is_concerned = audience == audience_of_case
            concerned = {item.id for item in items if is_concerned and item_of_case in ("", item.id)}
            found.append(AskableAudience(audience, items, frozenset(concerned)))
    return found


def joinable_cases(session: Session, case: RectificationCase) -> list[RectificationCase]:
    """Other cases of the same wave that say themselves what they are about, and could be looked back at with it."""
    query = select(RectificationCase).where(
        RectificationCase.year_id == case.year_id, RectificationCase.id != case.id,
        RectificationCase.proposal.is_not(None), RectificationCase.source.in_(sorted(OF_ITEMS)),
    )  # fmt: skip
    return [
        other for other in session.scalars(query.order_by(RectificationCase.id))
        if can_look_back(other) and _of_proposal(other)[0] not in ("", "composite")
    ]  # fmt: skip


def concerned_items(session: Session, case: RectificationCase, categories: Categories) -> dict[str, list[str]]:
    """The items of a case by audience, where it says them itself."""
    return {one.audience: sorted(one.concerned) for one in askable(session, case, categories) if one.concerned}


def propose_look_back(session: Session, plan: LookBackPlan, categories: Categories, actor: Actor) -> Wave:
    """Draft the wave of one case or several of one year; each of them waits for it. Raises :class:`UserError`."""
    cases = [locked_case(session, case_id) for case_id in sorted(plan.items)]
    if not cases or len({case.year_id for case in cases}) > 1:
        raise user_error("一个回头看的批次，只能是同一个考核年度里的整改")
    earlier = measured_wave(session, cases[0])
    asked: dict[str, dict[str, set[str]]] = {}
    for case in cases:
        _check_case(case, plan.items[case.id])
        for audience, items in plan.items[case.id].items():
            if items:
                asked.setdefault(case.school_code, {}).setdefault(audience, set()).update(items)
    if earlier is None:
        raise user_error("考核年度没有批次，没有可以再问的题")
    wave = draft_look_back(session, plan.name, earlier, asked, plan.opens_at, plan.closes_at, actor.now, categories)
    for case in cases:
        _wait_for(session, case, wave, plan.items[case.id], actor)
    return wave


def _wait_for(
    session: Session, case: RectificationCase, wave: Wave, items: Mapping[str, Sequence[str]], actor: Actor
) -> None:  # fmt: skip
    """The step of the case, unless it waited before for a draft that was thrown away."""
    days = (max(local_date(wave.opens_at), local_date(actor.now)), last_day(wave))
    if case.state != CaseState.LOOKING_BACK:
        words = StepWords(str(message("批次“{wave}”", wave=wave.name)), look_back=days)
        take_step(session, case.id, "look_back", case.step_count, words, actor)
    case.look_back_from, case.look_back_until = days
    case.look_back_id = wave.id
    case.look_back_items = {audience: sorted(names) for audience, names in sorted(items.items()) if names}
    session.flush()


def _check_case(case: RectificationCase, items: Mapping[str, Sequence[str]]) -> None:
    if not any(items.values()):
        raise user_error("“{subject}”：请至少选一道题", subject=case.subject)
    if not can_look_back(case):
        raise user_error("“{subject}”现在不能回头看：要核验通过或者已经销号，并且是测评里的问题", subject=case.subject)


def _of_proposal(case: RectificationCase) -> tuple[str, str]:
    """The audience and the item of the trigger's proposal; empty where there was none, or it was of all."""
    parts = (case.proposal or "").split("/", 3)  # kind, school, audience, item
    return (parts[2], parts[3]) if len(parts) == 4 else ("", "")


def _school_of(session: Session, wave: Wave, code: str) -> WaveSchool | None:
    return next((school for school in frozen_schools(session, wave.id) if school.code == code), None)


def cases_of_look_back(session: Session, wave: Wave) -> list[RectificationCase]:
    """The cases that a wave was drafted for."""
    query = select(RectificationCase).where(RectificationCase.look_back_id == wave.id)
    return list(session.scalars(query.order_by(RectificationCase.id)))


def count_to_decide(session: Session) -> int:
    """How many cases wait for the office, because the wave that asked again is sealed."""
    query = (
        select(func.count())
        .select_from(RectificationCase)
        .join(Wave, Wave.id == RectificationCase.look_back_id)
        .where(RectificationCase.state == CaseState.LOOKING_BACK, Wave.sealed_at.is_not(None))
    )
    return session.scalar(query) or 0
