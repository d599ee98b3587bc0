"""A wave that looks back: some items of an earlier one, asked again at the schools that were to put them right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import canonical_text
from survey_app.definition.categories import Categories
from survey_app.definition.item_selection import select_items
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.model import Instrument
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.errors import UserError, user_error

from .instrument_catalogue import InstrumentCatalogue
from .manifest import sha256_of_json
from .models import LookBack, Wave
from .queries import RosterEntry, frozen_instruments, frozen_schools, list_roster, list_waves
from .wave_drafts import start_draft
from .waves import instruments_for

Asked = Mapping[str, Mapping[str, Collection[str]]]  # items by school and audience


def find_look_back(session: Session, wave: Wave) -> LookBack | None:
    """What the wave looks back at; None for any other wave."""
    return session.get(LookBack, wave.id)


def look_back_ids(session: Session) -> frozenset[int]:
    """The waves that look back: they are no wave of the district, whatever else compares or counts those."""
    return frozenset(session.scalars(select(LookBack.wave_id)))


def waves_of_district_first(session: Session) -> list[Wave]:
    """Every wave, the latest first; those that look back at some schools behind all others."""
    again = look_back_ids(session)
    return sorted(list_waves(session), key=lambda wave: wave.id in again)


def asked_roster(session: Session, wave: Wave) -> list[RosterEntry]:
    """The schools of today's roster that the wave would ask, with the people that it would ask."""
    roster, look_back = list_roster(session), find_look_back(session, wave)
    if look_back is None:
        return roster
    return [
        replace(entry, populations={
            audience: people for audience, people in entry.populations.items()
            if audience in look_back.asked[entry.code]
        })
        for entry in roster if entry.code in look_back.asked
    ]  # fmt: skip


def draft_instruments(
    session: Session, wave: Wave, catalogue: InstrumentCatalogue, categories: Categories
) -> list[Instrument]:
    """The questionnaires of a draft. Raises :class:`UserError` if one of the catalogue is gone or faulty."""
    look_back = find_look_back(session, wave)
    if look_back is None:
        return [catalogue.instrument(name) for name in wave.instrument_ids]
    return [read_instrument_text(document, "look_back", categories) for document in look_back.documents]


def find_asked_again(session: Session, instrument_id: str, categories: Categories) -> Instrument | None:
    """A questionnaire of a wave that looks back, drafted or opened."""
    for documents in session.scalars(select(LookBack.documents)):
        for document in documents:
            instrument = read_instrument_text(document, "look_back", categories)
            if instrument.id == instrument_id:
                return instrument
    return None


def draft_look_back(
    session: Session, name: str, earlier: Wave, asked: Asked, opens_at: datetime, closes_at: datetime, now: datetime,
    categories: Categories,
) -> Wave:  # fmt: skip
    """A draft that asks each school's audiences the items again, and schools with one form what any of them is asked.

    People come in as they did the first time. Raises :class:`UserError`.
    """
    _check_schools(session, earlier, asked)
    instruments = _smaller_instruments(session, earlier, asked, categories)
    wave = start_draft(session, name, opens_at, closes_at, now, earlier)
    wave.instrument_ids = [instrument.id for instrument in instruments]
    audiences = {audience for instrument in instruments for audience in instrument.audiences}
    wave.access = {audience: mode for audience, mode in wave.access.items() if audience in audiences}
    session.add(
        LookBack(
            wave_id=wave.id, earlier_id=earlier.id,
            asked={code: sorted(items) for code, items in sorted(asked.items())},
            documents=[canonical_text(instrument) for instrument in instruments],
        )
    )  # fmt: skip
    session.flush()
    return wave


def _check_schools(session: Session, earlier: Wave, asked: Asked) -> None:
    """Each is on the roster, of the category that it had, and has such people."""
    today = {entry.code: entry for entry in list_roster(session)}
    for school in frozen_schools(session, earlier.id):
        if school.code not in asked:
            continue
        entry = today.get(school.code)
        if entry is None or entry.category != school.category:
            raise user_error("“{school}”不在现在的名册里，或者换了类别，不能用同样的题回头看", school=school.name)
        for audience in asked[school.code]:
            if not sum(entry.populations.get(audience, {}).values()):
                raise user_error(
                    "现在的名册里，“{school}”没有{audience}", school=school.name, audience=AUDIENCES[audience].label
                )


def _smaller_instruments(session: Session, earlier: Wave, asked: Asked, categories: Categories) -> list[Instrument]:
    frozen = [entry.instrument for entry in frozen_instruments(session, earlier.id, categories)]
    category_of = {school.code: school.category for school in frozen_schools(session, earlier.id)}
    items: dict[str, dict[str, set[str]]] = {}
    for code, by_audience in asked.items():
        for audience, names in by_audience.items():
            matching = instruments_for(frozen, category_of.get(code, ""), audience)
            if not matching:
                raise user_error(
                    "批次“{wave}”没有问过学校 {code} 的{audience}", wave=earlier.name, code=code,
                    audience=AUDIENCES[audience].label,
                )  # fmt: skip
            items.setdefault(matching[0].id, {}).setdefault(audience, set()).update(names)
    if not items:
        raise user_error("请至少选一道题")
    return [_smaller(instrument, items[instrument.id]) for instrument in frozen if instrument.id in items]


def _smaller(instrument: Instrument, items: Mapping[str, Collection[str]]) -> Instrument:
    chosen = {audience: sorted(names) for audience, names in sorted(items.items())}
    name = f"{instrument.id[:32]}-again-{sha256_of_json([instrument.version, chosen])[:8]}"
    title = Text.of({
        tag: f"{words}{_AGAIN['zh' if tag.startswith('zh') else 'en']}" for tag, words in instrument.title.items()
    })  # fmt: skip
    try:
        return select_items(instrument, chosen, name, title)
    except ValueError as error:
        raise UserError(message("选的题不能单独成为一份问卷：请每类对象至少选一道不是总评的题")) from error


_AGAIN = {"zh": "（回头看）", "en": " (asked again)"}


def asks_somebody_of(session: Session, wave: Wave, other: Wave) -> tuple[str, ...]:
    """The audiences that both waves ask at some school; of a wave that looks back only its schools count."""
    audiences = [audience for audience in wave.access if audience in other.access]
    marks: Sequence[LookBack | None] = [find_look_back(session, one) for one in (wave, other)]
    asked = [look_back.asked for look_back in marks if look_back is not None]
    if not asked:
        return tuple(audiences)
    codes = set.intersection(*(set(one) for one in asked))
    return tuple(
        audience for audience in audiences if any(all(audience in one[code] for one in asked) for code in codes)
    )
