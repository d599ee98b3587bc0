"""``python3 run.py demo``: makes the district ready (once), then serves it."""

import argparse
import os
import secrets
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

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
from survey_app.foundation.settings import PROJECT, Settings
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster import read_roster
from survey_app.frame.roster_import import apply_roster
from survey_app.frame.waves import create_wave
from survey_app.integrity.seal import close_wave_now

from .district import Person, simulate_people, write_roster
from .respondents import simulate_answers
from .server import free_port, serve

CLOSED_WAVE, OPEN_WAVE = "2025年秋季", "2026年秋季"
USERNAME = "demo"
DEFAULT_HOME = PROJECT / "instance" / "demo"
ReportProgress = Callable[[str], None]


def main(arguments: list[str] | None = None) -> None:
    options = _parse_arguments(arguments)
    port = free_port(options.host, options.port)
    home: Path = options.home
    url = f"http://{'127.0.0.1' if options.host == '0.0.0.0' else options.host}:{port}"  # noqa: S104
    if options.fresh or not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        prepare_demo(home, url, _print_progress)
    app = create_app(_settings(home, url))
    if not is_current(app.extensions["database"]):
        upgrade(app.extensions["database"])
    _print_access(app, home, url)
    if not options.prepare_only:
        serve(app, options.host, port)


def _parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py demo", description="演示区：24 所学校 · the demo district")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口 · port")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="数据目录 · where its data are kept")
    parser.add_argument("--fresh", action="store_true", help="从头生成 · make it anew")
    parser.add_argument("--prepare-only", action="store_true", help="只生成，不启动 · prepare, do not serve")
    return parser.parse_args(arguments)


def _settings(home: Path, url: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{home / 'survey.db'}",
        secrets_dir=home / "secrets",
        base_url=os.environ.get("BASE_URL", url),
        questionnaires_dir=home / "questionnaires",
        office_name="临江区教育督导室（演示）",
        office_contact="000-0000000",
    )


def prepare_demo(home: Path, url: str, report_progress: ReportProgress, share: float = 1.0) -> None:
    """Roster, a closed wave with about 6,000 answers, an open wave, an account. ``share``: of the people who answer."""
    make_private_directory(home)
    _copy_questionnaires(home)
    clock = ManualClock(datetime(2025, 11, 3, 0, 0, tzinfo=UTC))
    app = create_app(_settings(home, url), clock)
    upgrade(app.extensions["database"])
    write_roster(home / "roster.csv")
    with app.app_context():
        _import_roster(app, home / "roster.csv")
        _create_account(app, home)
        _collect(app, clock, CLOSED_WAVE, list(simulate_people(share)), timedelta(days=14), report_progress)
        _close(app, clock)
        clock.at = datetime.now(UTC) - timedelta(days=3)
        _collect(app, clock, OPEN_WAVE, list(simulate_people(0.12 * share)), timedelta(days=21), report_progress)
    app.extensions["database"].dispose()
    (home / "ready").write_text("ok\n")


def _copy_questionnaires(home: Path) -> None:
    """The shipped files; the scheme states why open links are ranked here."""
    shutil.copytree(PROJECT / "questionnaires", home / "questionnaires")
    scheme = home / "questionnaires" / "assessment" / "default.yaml"
    text = scheme.read_text("utf-8").replace("method:\n", "method:\n  rank_unverified: 演示数据\n", 1)
    scheme.write_text(text, "utf-8")


def _import_roster(app: Flask, path: Path) -> None:
    roster = read_roster(path, app.extensions["categories"])
    with app.extensions["database"].write_session() as session:
        apply_roster(session, roster)


def _create_account(app: Flask, home: Path) -> None:
    password = secrets.token_urlsafe(9)
    password_hash = hash_new_password(password, USERNAME)
    with app.extensions["database"].write_session() as session:
        create_staff(session, USERNAME, password_hash, "office", app.extensions["clock"].now())
    write_private_file(home / "login.txt", password.encode())


def _collect(
    app: Flask,
    clock: ManualClock,
    name: str,
    respondents: list[Person],
    duration: timedelta,
    report_progress: ReportProgress,
) -> None:
    """Opens a wave and sends everybody's answers through the form, the clock moving on with each."""
    catalogue, categories = app.extensions["catalogue"], app.extensions["categories"]
    instruments = [catalogue.instrument(instrument_id) for instrument_id in catalogue.ids()]
    with app.extensions["database"].write_session() as session:
        wave = create_wave(session, name, instruments, clock.at, clock.at + duration, {})
        open_wave(session, wave, instruments, categories, clock.at)
    clock.advance(minutes=5)
    links = _links(app, name)
    client = app.test_client()
    step = timedelta(days=2) / max(1, len(respondents))
    for number, person in enumerate(respondents, start=1):
        link = links[person.school, person.audience]
        token = _token(app, clock, link)
        clock.at += step
        form_data = simulate_answers(person, form_for(link.instrument, link.audience), link.grades)
        _send(client.post, link, token, form_data)
        if number % 50 == 0 or number == len(respondents):
            report_progress(f"{name} {number}/{len(respondents)}")


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
        close_wave_now(
            session, wave_by_name(session, CLOSED_WAVE), app.extensions["categories"], clock.at, seal_now=True
        )


def _print_access(app: Flask, home: Path, url: str) -> None:
    with app.extensions["database"].read_session() as session:
        links = list_links(session, wave_by_name(session, OPEN_WAVE), app.extensions["categories"], url)
    print()
    print(f"  工作人员 · staff      {url}/staff/")
    print(f"  用户名 · user         {USERNAME}")
    print(f"  密码 · password       {(home / 'login.txt').read_text()}")
    for audience, label in (
        ("parent", "家长问卷 · parent"),
        ("teacher", "教师问卷 · teacher"),
        ("student", "学生问卷 · student"),
    ):
        link = next(link for link in links if link.audience == audience)
        print(f"  {label:<18} {link.url}")
    print("\n  按 Ctrl+C 停止 · press Ctrl+C to stop", flush=True)


def _print_progress(text: str) -> None:
    end = "\r" if sys.stderr.isatty() else "\n"
    if sys.stderr.isatty() or text.endswith("00") or _is_last(text):
        print(f"  {text}    ", end=end, file=sys.stderr, flush=True)


def _is_last(text: str) -> bool:
    done, _, total = text.rpartition(" ")[2].partition("/")
    return done == total


if __name__ == "__main__":
    main()
