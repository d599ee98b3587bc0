"""Reading links, with what a page or a poster needs to know beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories, Grade
from survey_app.definition.form import Form, form_for
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import user_error
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import eligible_population, frozen_instruments, frozen_populations
from survey_app.frame.wave_states import WaveState, close_time_of, state_of

from .models import Link


@dataclass(frozen=True, slots=True)
class FormLink:
    """A link as the form needs it. ``close_time_of`` is when new forms end; ``grades`` are those of this school."""

    link_id: int
    slug: str
    wave_id: int
    wave_name: str
    school_id: int
    school_name: str
    audience: str
    grade: str
    class_name: str
    structure_hash: str
    wording_hash: str
    instrument: Instrument
    form: Form
    grades: tuple[Grade, ...]
    access: str
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    sealed: bool
    paused: bool
    revision: int
    wave_state: WaveState
    half: str = ""


def load_form_link(session: Session, slug: str, categories: Categories, now: datetime) -> FormLink | None:
    """The link of this slug, or None."""
    row = session.execute(
        select(Link, Wave, WaveSchool)
        .join(Wave, Wave.id == Link.wave_id)
        .join(WaveSchool, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(Link.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    link, wave, school = row
    frozen = next(
        frozen
        for frozen in frozen_instruments(session, wave.id, categories)
        if frozen.structure_hash == link.structure_hash
    )
    instrument = frozen.instrument
    populations = frozen_populations(session, wave.id).get((link.school_id, link.audience), {})
    return FormLink(
        link_id=link.id, slug=slug, wave_id=wave.id, wave_name=wave.name,
        school_id=link.school_id, school_name=school.name,
        audience=link.audience, grade=link.grade, class_name=link.class_name, structure_hash=link.structure_hash,
        half=link.half, wording_hash=frozen.wording_hash, instrument=instrument,
        form=form_for(instrument, link.audience), access=wave.access[link.audience],
        opens_at=wave.opens_at, closes_at=wave.closes_at, ends_at=close_time_of(wave),
        sealed=wave.sealed_at is not None, paused=link.paused_at is not None, revision=wave.revision,
        wave_state=state_of(wave, now),
        grades=school_grades(populations, instrument, categories, school.category, link.audience),
    )  # fmt: skip


def school_grades(
    by_grade: dict[str, int], instrument: Instrument, categories: Categories, category: str, audience: str
) -> tuple[Grade, ...]:
    """The grades to choose from: those of the roster, else all of the category from ``grades_from`` on."""
    population = eligible_population(by_grade, instrument, categories, category, audience)
    category_grades = categories.grades_from(category, instrument.grades_from.get(audience))
    roster_grades = tuple(grade for grade in category_grades if grade.code in population)
    return roster_grades or category_grades


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link as lists and posters show it."""

    link_id: int
    school_code: str
    school_name: str
    audience: str
    class_label: str
    slug: str
    url: str
    title: str
    structure_hash: str
    closes_at: datetime
    access: str = "open"
    is_shared: bool = False  # the address says that it is opened on a computer that many use


def list_links(
    session: Session, wave: Wave, categories: Categories, base_url: str, school_code: str | Sequence[str] | None = None,
    language: str = "zh",
) -> list[ListedLink]:  # fmt: skip
    """All links of a wave, or of one school or some, by school, audience and class. Raises UserError if none."""
    instruments = {
        frozen.structure_hash: frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)
    }
    query = (
        select(Link, WaveSchool)
        .join(WaveSchool, (WaveSchool.wave_id == Link.wave_id) & (WaveSchool.school_id == Link.school_id))
        .where(Link.wave_id == wave.id)
        .order_by(WaveSchool.code, Link.id)
    )
    if school_code:
        query = query.where(WaveSchool.code.in_([school_code] if isinstance(school_code, str) else school_code))
    links = [
        ListedLink(
            link.id, school.code, school.name, link.audience, class_label(link, school.category, categories, language),
            link.slug,
            f"{base_url}/s/{link.slug}",
            instruments[link.structure_hash].title_for_audience(link.audience).in_language(language),
            link.structure_hash, close_time_of(wave),
            wave.access.get(link.audience, "open"),
        )
        for link, school in session.execute(query)
    ]  # fmt: skip
    if not links:
        raise _no_links_error(wave, school_code if isinstance(school_code, str) else "")
    return links


def for_shared_devices(links: Sequence[ListedLink]) -> list[ListedLink]:
    """The links of those who may sit at a computer of the school, with an address under which it keeps nothing.

    Not of parents, who answer on their own phones.
    """
    return [
        replace(link, url=f"{link.url}?device=shared", is_shared=True)
        for link in links
        if not AUDIENCES[link.audience].has_own_device
    ]


def is_link_of(session: Session, wave: Wave, slug: str) -> bool:
    """Whether a wave has a link with this slug."""
    return session.scalar(select(Link.id).where(Link.wave_id == wave.id, Link.slug == slug)) is not None


def class_label(link: Link, category: str, categories: Categories, language: str) -> str:
    """Grade and class of a link, empty for the whole school: 1 班 alone does not say of which grade."""
    grade_labels = {grade.code: grade.label.in_language(language) for grade in categories[category].grades}
    return " ".join(text for text in (grade_labels.get(link.grade, ""), link.class_name) if text)


def _no_links_error(wave: Wave, school_code: str | None) -> Exception:
    if wave.opened_at is None:
        return user_error("批次“{name}”还没有开放，没有链接。请先开放", name=wave.name)
    return user_error("批次“{name}”没有学校代码为“{code}”的链接", name=wave.name, code=school_code or "")
