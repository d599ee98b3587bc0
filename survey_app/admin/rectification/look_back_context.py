"""What a case says of its look back: where the wave that asks again stands, and before and after once it is sealed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from survey_app.assessment.schemes import Scheme
from survey_app.assessment.years import latest_version, load_scheme_version, year_by_id
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.school_name import with_school
from survey_app.followup.look_backs import askable, joinable_cases, look_back_wave, measured_wave
from survey_app.followup.models import RectificationCase
from survey_app.foundation.clock import format_deadline, format_local
from survey_app.foundation.roles import READERS, RELEASED_TO
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import Wave
from survey_app.frame.wave_states import WaveState, is_released, state_of
from survey_app.integrity.release import is_released_or_asked_for
from survey_app.reporting.html.look_backs import LookBackPage, look_back_page
from survey_app.reporting.look_backs import look_back_result

STATES: dict[str, Message] = {
    WaveState.DRAFT: message("还是草稿，开放以后才问"), WaveState.WAITING: message("还没有到开始的时间"),
    WaveState.OPEN: message("正在收集"), WaveState.CLOSING: message("已经截止，等封存"),
    WaveState.CLOSED: message("已经截止，等封存"), WaveState.SEALED: message("已经封存"),
}  # fmt: skip
USUAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class LookBackStatus:
    """``page`` is None until the wave is sealed, and for a school until its results are released.

    ``is_for_school``: whether the school may read the figures, as it reads the reason of a step.
    """

    wave_id: int
    wave: str
    state: str
    words: str
    days: str
    page: LookBackPage | None
    is_for_school: bool


def look_back_status(
    session: Any, case: RectificationCase, categories: Categories, now: datetime, role: str
) -> LookBackStatus | None:
    """None where no wave asks again. Both waves' figures are in it, so ``role`` must be one that may see both."""
    wave = look_back_wave(session, case)
    if wave is None:
        return None
    state = state_of(wave, now)
    words, page, both = render(STATES[state]), None, (wave, measured_wave(session, case))
    if all(_may_see(session, one, role) for one in both):
        page = _page(session, case, categories)
    elif state == WaveState.SEALED:
        words = _("已经封存，等公布给学校")
    days = _("{start} 至 {end}", start=format_local(wave.opens_at), end=format_deadline(wave.closes_at))
    return LookBackStatus(wave.id, wave.name, state, words, days, page,
                          all(one is not None and is_released(one) for one in both))  # fmt: skip


def _may_see(session: Any, wave: Wave | None, role: str) -> bool:
    """As the results of a wave themselves: schools once it is released, a leader when he is asked to."""
    if wave is None or role in READERS:
        return wave is not None
    return is_released_or_asked_for(session, wave.id) if role in RELEASED_TO else is_released(wave)


def _page(session: Any, case: RectificationCase, categories: Categories) -> LookBackPage | None:
    result = look_back_result(session, case, categories, _scheme(session, case, categories))
    return look_back_page(result) if result is not None else None


def _scheme(session: Any, case: RectificationCase, categories: Categories) -> Scheme:
    """How the year of the case scores."""
    year = year_by_id(session, case.year_id)
    assert year is not None
    return load_scheme_version(latest_version(session, year), categories)


@dataclass(frozen=True, slots=True)
class ItemChoice:
    id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """The items of an audience; closed on the page where the case says nothing of it."""

    id: str
    label: str
    items: tuple[ItemChoice, ...]

    @property
    def chosen(self) -> int:
        return sum(item.is_chosen for item in self.items)


def audience_choices(
    session: Any, case: RectificationCase, categories: Categories, typed: dict[str, list[str]] | None = None
) -> list[AudienceChoice]:
    """What can be asked again; chosen is what was typed, at first what the case is about."""
    return [
        AudienceChoice(
            one.audience, render(AUDIENCES[one.audience].label),
            tuple(
                ItemChoice(
                    item.id, with_school(item.text_for_audience(one.audience).in_language(language()), _("这所学校")),
                    item.id in (one.concerned if typed is None else typed.get(one.audience, ())),
                )
                for item in one.items
            ),
        )
        for one in askable(session, case, categories)
    ]  # fmt: skip


def case_choices(session: Any, case: RectificationCase, joined: list[str]) -> list[tuple[str, str, str, bool]]:
    """Other cases that the same wave could look back at: id, school, subject, whether it is chosen."""
    return [
        (str(other.id), other.school_name, other.subject, str(other.id) in joined)
        for other in joinable_cases(session, case)
    ]


def usual_moments(now: datetime) -> tuple[datetime, datetime]:
    """From tomorrow for two weeks."""
    begins = now + timedelta(days=1)
    return begins, begins + timedelta(days=USUAL_DAYS)


def usual_name(case: RectificationCase, wave: Wave | None, taken: frozenset[str]) -> str:
    """A name that no wave has yet."""
    name = _("{school} 回头看", school=case.school_name) + (f" · {wave.name}" if wave else "")
    numbers = (f" {number}" if number > 1 else "" for number in range(1, len(taken) + 2))
    return next(found for number in numbers if (found := f"{name[:90]}{number}") not in taken)
