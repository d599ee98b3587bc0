"""``flask demo``, or ``python3 run.py demo``: makes the district ready (once), then serves it."""

import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import click
from flask import Flask

from survey_app import create_app
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff
from survey_app.collection.token import issue_token
from survey_app.definition.form import form_for
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.queries import FormLink, list_links, load_form_link
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.migration import is_current, upgrade
from survey_app.foundation.private_files import make_private_directory, write_private_file
from survey_app.foundation.progress import AdvanceSteps, progress_bar
from survey_app.foundation.settings import PROJECT, Settings
from survey_app.frame.instrument_uploads import yearly_instruments
from survey_app.frame.queries import list_roster, wave_by_name
from survey_app.frame.roster_import import apply_roster
from survey_app.frame.roster_reader import read_roster
from survey_app.frame.wave_drafts import proposed_instruments
from survey_app.frame.waves import create_wave
from survey_app.integrity.key_check import make_lasting_keys, make_wave_key
from survey_app.integrity.lifecycle import close_and_seal

from .assessment import LEADER, PRINCIPAL, SCHOOL, assess_last_year, create_readers, draft_this_year, explain_open_links
from .district import Person, simulate_people, write_roster
from .evaluations import INSPECTOR, create_inspectors, evaluate_schools
from .followup import follow_up_last_year, follow_up_this_year
from .look_back import look_back_at_last_year
from .respondents import simulate_answers
from .server import choose_port, host_option, port_option, serve, url_of

CLOSED_WAVE, OPEN_WAVE = "2025年秋季", "2026年秋季"
LAST_YEAR, THIS_YEAR = "2025年度", "2026年度"
USERNAME = "demo"
DEFAULT_HOME = PROJECT / "instance" / "demo"


@click.command("demo", help="演示区：24 所学校，一批已完成、一批进行中 · a demo district")
@host_option
@port_option
@click.option(
    "--home", type=click.Path(path_type=Path), default=DEFAULT_HOME, help="数据目录 · where its data are kept"
)
@click.option("--fresh", is_flag=True, help="从头生成 · make it anew")
@click.option("--prepare-only", is_flag=True, help="只生成，不启动 · prepare, do not serve")
def group(host: str, port: int | None, home: Path, fresh: bool, prepare_only: bool) -> None:
    chosen_port = choose_port(host, port)
    url = url_of(host, chosen_port)
    if fresh or not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        prepare_demo(home, url)
    app = create_app(_settings(home, url))
    if not is_current(app.extensions["database"]):
        upgrade(app.extensions["database"])
    _print_access(app, home, url)
    if not prepare_only:
        serve(app, host, chosen_port)


def _settings(home: Path, url: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{home / 'survey.db'}",
        secrets_dir=home / "secrets",
        base_url=os.environ.get("BASE_URL", url),
        questionnaires_dir=home / "questionnaires",
        office_name="临江区教育督导室（演示）",
        office_contact="000-0000000",
        allow_local_address=True,
    )


def prepare_demo(home: Path, url: str, share: float = 1.0) -> None:
    """Roster, a closed wave of about 6,000 answers and its marks, an open wave, accounts. ``share``: of the people."""
    make_private_directory(home)
    _copy_questionnaires(home)
    clock = ManualClock(datetime(2025, 11, 3, 0, 0, tzinfo=UTC))
    app = create_app(_settings(home, url), clock)
    upgrade(app.extensions["database"])
    write_roster(home / "roster.csv")
    with app.app_context():
        with app.extensions["database"].write_session() as session:
            make_lasting_keys(session, app.extensions["keys"])
        _import_roster(app, home / "roster.csv")
        _create_account(app, home)
        _collect(app, clock, CLOSED_WAVE, list(simulate_people(share)), timedelta(days=14))
        _close(app, clock)
        assess_last_year(app, CLOSED_WAVE, LAST_YEAR, USERNAME)
        follow_up_last_year(app, LAST_YEAR, USERNAME)
        clock.at = datetime.now(UTC) - timedelta(days=3)
        _collect(app, clock, OPEN_WAVE, list(simulate_people(0.12 * share)), timedelta(days=21))
        with app.extensions["database"].write_session() as session:
            draft_this_year(session, app, OPEN_WAVE, CLOSED_WAVE, THIS_YEAR, USERNAME)
            evaluate_schools(session, app)
        follow_up_this_year(app, THIS_YEAR, USERNAME, SCHOOL)
        look_back_at_last_year(
            app, clock, LAST_YEAR, USERNAME, LEADER, simulate_people(share), partial(_answer_all, app, clock)
        )
    app.extensions["database"].dispose()
    (home / "ready").write_text("ok\n")


def _copy_questionnaires(home: Path) -> None:
    """The shipped files; the schemes state why open links are ranked here."""
    shutil.copytree(PROJECT / "questionnaires", home / "questionnaires")
    explain_open_links(home / "questionnaires" / "assessment")


def _import_roster(app: Flask, path: Path) -> None:
    roster = read_roster(path, app.extensions["categories"])
    with app.extensions["database"].write_session() as session:
        apply_roster(session, roster)


def _create_account(app: Flask, home: Path) -> None:
    password = secrets.token_urlsafe(9)
    password_hash = hash_new_password(password, USERNAME)
    with app.extensions["database"].write_session() as session:
        create_staff(session, USERNAME, password_hash, "office", app.extensions["clock"].now())
    create_readers(app, password)
    create_inspectors(app, password)
    write_private_file(home / "login.txt", password.encode())


def _collect(app: Flask, clock: ManualClock, name: str, respondents: list[Person], duration: timedelta) -> None:
    """Opens a wave and sends everybody's answers through the form, the clock moving on with each."""
    catalogue, categories = app.extensions["catalogue"], app.extensions["categories"]
    with app.extensions["database"].write_session() as session:
        instruments = proposed_instruments(list_roster(session), yearly_instruments(catalogue))
        wave = create_wave(session, name, instruments, clock.at, clock.at + duration, {})
        open_wave(session, wave, instruments, categories, clock.at)
        make_wave_key(session, app.extensions["keys"], wave)
    clock.advance(minutes=5)
    _answer_all(app, clock, name, respondents)


def _answer_all(app: Flask, clock: ManualClock, name: str, respondents: list[Person]) -> None:
    with progress_bar(name, len(respondents)) as advance:
        _answer(app, clock, _links(app, name), respondents, advance)


def _answer(
    app: Flask,
    clock: ManualClock,
    links: dict[tuple[str, str], FormLink],
    respondents: list[Person],
    advance: AdvanceSteps,
) -> None:
    client = app.test_client()
    step = timedelta(days=2) / max(1, len(respondents))
    for person in respondents:
        link = links[person.school, person.audience]
        token = _token(app, clock, link)
        clock.at += step
        form_data = simulate_answers(person, form_for(link.instrument, link.audience), link.grades)
        _send(client.post, link, token, form_data)
        advance(1)


def _links(app: Flask, name: str) -> dict[tuple[str, str], FormLink]:
    categories, now = app.extensions["categories"], app.extensions["clock"].now()
    with app.extensions["database"].read_session() as session:
        listed_links = list_links(session, wave_by_name(session, name), categories, "")
        open_links = {
            (link.school_code, link.audience): load_form_link(session, link.slug, categories, now)
            for link in listed_links
        }
    return {key: link for key, link in open_links.items() if link is not None}


def _token(app: Flask, clock: ManualClock, link: FormLink) -> str:
    """What the page carries; the form was opened two minutes ago."""
    opened_at = clock.at - timedelta(seconds=120)
    return issue_token(app.extensions["keys"].get("form"), link.link_id, link.structure_hash, opened_at)


def _send(post: Callable[..., object], link: FormLink, token: str, form_data: dict[str, list[str]]) -> None:
    body = urlencode([("_token", token), *((name, value) for name, values in form_data.items() for value in values)])
    response = post(f"/s/{link.slug}", data=body, content_type="application/x-www-form-urlencoded")
    if getattr(response, "status_code", 0) != 303:
        raise RuntimeError(f"the form did not take an answer of the demo district: {response}")


def _close(app: Flask, clock: ManualClock) -> None:
    clock.at += timedelta(days=13)
    with app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, CLOSED_WAVE)
        close_and_seal(session, wave, app.extensions["categories"], "demo", clock.at)


def _print_access(app: Flask, home: Path, url: str) -> None:
    with app.extensions["database"].read_session() as session:
        links = list_links(session, wave_by_name(session, OPEN_WAVE), app.extensions["categories"], url)
    print()
    print(f"  工作人员 · staff      {url}/staff/")
    print(f"  用户名 · user         {USERNAME}")
    print(f"  或者 · or             {LEADER}（领导），{PRINCIPAL}（校长），{INSPECTOR}（责任督学）")
    print(f"  密码 · password       {(home / 'login.txt').read_text()}")
    for audience, label in (
        ("parent", "家长问卷 · parent"),
        ("teacher", "教师问卷 · teacher"),
        ("student", "学生问卷 · student"),
    ):
        link = next(link for link in links if link.audience == audience)
        print(f"  {label:<18} {link.url}")


if __name__ == "__main__":
    group(prog_name="run.py demo")
