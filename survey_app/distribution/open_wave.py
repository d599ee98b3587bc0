"""Opening a wave: freeze it, then make a link for everybody who is to be asked."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import structure_hash
from survey_app.definition.categories import Categories
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import user_error
from survey_app.frame.access_modes import ACCESS_MODES, AccessModeId, CodeScope
from survey_app.frame.models import Wave, WaveSchool
from survey_app.frame.queries import eligible_population, frozen_classes, frozen_populations, frozen_schools
from survey_app.frame.waves import freeze_wave, instruments_for

from .class_halves import deal_halves
from .models import Link

SLUG_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread when typed
SLUG_LENGTH = 8  # 39.6 bits: not to be guessed, and short enough to type


def new_slug() -> str:
    return "".join(secrets.choice(SLUG_LETTERS) for _ in range(SLUG_LENGTH))


def open_wave(
    session: Session, wave: Wave, instruments: list[Instrument], categories: Categories, now: datetime
) -> list[Link]:
    """Raises :class:`UserError`, also when nobody would be asked."""
    freeze_wave(session, wave, instruments, now)
    session.flush()
    builder = _LinkBuilder(session, wave, instruments, categories)
    links = [link for school in frozen_schools(session, wave.id) for link in builder.build_links(school)]
    if not links:
        raise user_error(
            "批次“{name}”没有可调查的对象：名册里的类别和对象与所选问卷都对不上。请核对名册，或换用问卷",
            name=wave.name,
        )
    session.add_all(links)
    session.flush()
    return links


def add_school_links(
    session: Session, wave: Wave, school: WaveSchool, instruments: list[Instrument], categories: Categories
) -> list[Link]:
    """The links of a school that joins an open wave."""
    links = _LinkBuilder(session, wave, instruments, categories).build_links(school)
    session.add_all(links)
    session.flush()
    return links


class _LinkBuilder:
    def __init__(self, session: Session, wave: Wave, instruments: list[Instrument], categories: Categories) -> None:
        self.wave = wave
        self.instruments = instruments
        self.categories = categories
        self.populations = frozen_populations(session, wave.id)
        self.classes: dict[tuple[int, str], list[tuple[str, str]]] = {}
        self.class_sizes: dict[tuple[int, str, str, str], int] = {}
        for row in frozen_classes(session, wave.id):
            self.classes.setdefault((row.school_id, row.audience), []).append((row.grade, row.class_name))
            self.class_sizes[row.school_id, row.audience, row.grade, row.class_name] = row.population

    def build_links(self, school: WaveSchool) -> list[Link]:
        links = []
        for audience in AUDIENCES.ids():
            instruments = instruments_for(self.instruments, school.category, audience)
            if not instruments:
                continue
            by_grade = self.populations.get((school.school_id, audience), {})
            population = eligible_population(by_grade, instruments[0], self.categories, school.category, audience)
            if not population and AUDIENCES[audience].is_on_roster:
                continue
            classes = [
                (grade, class_name)
                for grade, class_name in sorted(self.classes.get((school.school_id, audience), []))
                if grade in population
            ]
            scope = ACCESS_MODES[self.wave.access.get(audience, AccessModeId.OPEN)].code_scope
            if scope is not CodeScope.CLASS or self._has_people_without_class(school, audience, population, classes):
                links.append(self._link(school, audience, instruments[0]))
            if scope is not CodeScope.PERSON:  # a slip is for the form of its school, whatever the class
                halves = _deal_by_grade(classes) if AUDIENCES[audience].has_grades else {}
                links += [
                    self._link(school, audience, instruments[0], *names, half=halves.get(names, ""))
                    for names in classes
                ]
        return links

    def _has_people_without_class(
        self, school: WaveSchool, audience: str, population: dict[str, int], classes: list[tuple[str, str]]
    ) -> bool:
        """Whether somebody would have no class code: then the school has one as well."""
        in_classes = sum(self.class_sizes[school.school_id, audience, *names] for names in classes)
        return not classes or in_classes < sum(population.values())

    def _link(
        self, school: WaveSchool, audience: str, instrument: Instrument, grade: str = "", class_name: str = "",
        half: str = "",
    ) -> Link:  # fmt: skip
        return Link(
            wave_id=self.wave.id, school_id=school.school_id, audience=audience, grade=grade, class_name=class_name,
            half=half,
            structure_hash=structure_hash(instrument), slug=new_slug(),
        )  # fmt: skip


def _deal_by_grade(classes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The half of each class, dealt grade by grade; classes come sorted by grade."""
    random = secrets.SystemRandom()
    halves: dict[tuple[str, str], str] = {}
    for grade, group in groupby(classes, key=lambda names: names[0]):
        names = [class_name for _grade, class_name in group] if grade else []
        dealt = deal_halves(names, [random.random() for _ in names])
        halves |= {(grade, class_name): half for class_name, half in dealt.items()}
    return halves
