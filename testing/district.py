"""A small district for tests: schools, a wave, people who answer, staff who look."""

import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from survey_app.accounts import passwords
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff
from survey_app.definition.categories import CATEGORIES_FILE
from survey_app.definition.model import Instrument
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.queries import ListedLink, list_links
from survey_app.foundation.clock import ManualClock
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster import Roster, RosterSchool
from survey_app.frame.roster_import import apply_roster
from survey_app.frame.waves import create_wave
from survey_app.integrity.key_check import make_wave_key
from survey_app.integrity.lifecycle import close_and_seal
from testing.forms import Fields as Fields
from testing.forms import fill_in
from testing.forms import token_in as token_in

PASSWORD = "correct horse battery"
WAVE = "2026秋"
COMPULSORY = ("compulsory-parent", "compulsory-teacher", "compulsory-student")


def school(code: str, name: str, category: str = "primary", parents: int = 60, teachers: int = 12) -> RosterSchool:
    """A school with parents in six (or three) grades, students from grade 4 on, and teachers."""
    grades = {"primary": "123456", "direct": "789"}[category]
    found = RosterSchool(code, name, category, "")
    for grade in grades:
        found.populations["parent", grade, "", ""] = parents // len(grades)
        if grade >= "4":
            found.populations["student", grade, "", ""] = parents // len(grades)
    found.populations["teacher", "", "", ""] = teachers
    return found


DEFAULT_SCHOOLS = (school("0101", "河东小学"), school("0201", "河东中学", "direct"))


@dataclass
class District:
    app: Flask
    clock: ManualClock
    wave: str = WAVE
    links: list[ListedLink] = field(default_factory=list)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def opened(
        self, schools: tuple[RosterSchool, ...] = DEFAULT_SCHOOLS, instruments: tuple[str, ...] = COMPULSORY,
        access: dict[str, str] | None = None,
    ) -> "District":  # fmt: skip
        """Roster in, wave open for ten days from now."""
        catalogue, categories = self.app.extensions["catalogue"], self.app.extensions["categories"]
        found = [instrument_once(catalogue, name) for name in instruments]
        with self.app.extensions["database"].write_session() as session:
            apply_roster(session, Roster(schools={entry.code: entry for entry in schools}))
            ends = self.clock.at + timedelta(days=10)
            wave = create_wave(session, self.wave, found, self.clock.at, ends, access or {})
            open_wave(session, wave, found, categories, self.clock.at)
            make_wave_key(session, self.app.extensions["keys"], wave)
        with self.app.extensions["database"].read_session() as session:
            self.links = list_links(session, wave_by_name(session, self.wave), categories, "https://s.example.edu.cn")
        return self

    def link(self, audience: str = "parent", school_code: str = "0101", class_label: str = "") -> ListedLink:
        return next(
            link for link in self.links
            if (link.audience, link.school_code, link.class_label) == (audience, school_code, class_label)
        )  # fmt: skip

    def sealed(self) -> "District":
        with self.app.extensions["database"].write_session() as session:
            wave = wave_by_name(session, self.wave)
            close_and_seal(
                session, wave, self.app.extensions["categories"], "test", self.clock.at, lose_open_forms=True
            )
        return self

    def token(self, slug: str) -> str:
        return token_in(self.client.get(f"/s/{slug}").text)

    def answer(self, link: ListedLink, chosen: Fields | None = None, seed: int = 0) -> Fields:
        """A complete form: what is not ``chosen`` is drawn at random among the options on the page."""
        return fill_in(self.client.get(f"/s/{link.slug}").text, random.Random(seed)) | (chosen or {})

    def send(self, link: ListedLink, fields: Fields | None = None, seed: int = 0) -> TestResponse:
        self.clock.advance(seconds=30)
        fields = fields or self.answer(link, seed=seed)
        return self.client.post(f"/s/{link.slug}", data=fields)

    def send_many(self, link: ListedLink, count: int, seed: int = 0) -> None:
        for number in range(count):
            assert self.send(link, seed=seed + number).status_code == 303

    def count(self, table: str) -> int:
        with self.app.extensions["database"].read_session() as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table}")))

    def forget_school(self) -> None:
        """From now on the roster has a school that the open wave has not."""
        schools = (*DEFAULT_SCHOOLS, school("0103", "河西小学"))
        with self.app.extensions["database"].write_session() as session:
            apply_roster(session, Roster(schools={entry.code: entry for entry in schools}))

    def staff(self, role: str = "office", name: str = "王督导") -> FlaskClient:
        """A client that is logged in with this role."""
        with self.app.extensions["database"].write_session() as session:
            create_staff(session, name, _hash_once(name, passwords.COST.memory_cost), role, self.clock.at)
        client = self.client
        page = client.get("/staff/login").text
        fields = {"csrf_token": csrf_in(page), "username": name, "password": PASSWORD}
        assert client.post("/staff/login", data=fields).status_code == 303
        return client

    def command(self, *arguments: str, code: int = 0) -> str:
        """Runs a ``flask`` command; returns what it printed on both streams."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        assert result.exit_code == code, result.output + result.stderr
        return result.stdout if code == 0 else result.stderr


@cache
def _hash_once(name: str, _memory_cost: int) -> str:
    return hash_new_password(PASSWORD, name)


def instrument_once(catalogue: InstrumentCatalogue, name: str) -> Instrument:
    """Reading and reviewing one takes as long as all the rest of opening a wave, so each content is read once."""
    content = [(catalogue.directory / file).read_bytes() for file in (f"{name}.yaml", CATEGORIES_FILE)]
    key: tuple[str | bytes, ...] = (name, *content)
    if key not in _instruments:
        _instruments[key] = catalogue.instrument(name)
    return _instruments[key]


_instruments: dict[tuple[str | bytes, ...], Instrument] = {}


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def written(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path
