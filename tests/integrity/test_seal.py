"""After the seal the order of ballots is nowhere: not in rows, transaction numbers or files; and a crash heals."""

import gc
import random
import secrets
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, text

from survey_app.collection.submission_store import Outcome, Submission
from survey_app.collection.submission_writer import GroupCommitWriter
from survey_app.distribution.access_codes import wave_key_name
from survey_app.foundation.keys import KeyStore, keyed_hash
from survey_app.frame.queries import wave_by_name
from survey_app.frame.waves import close_wave
from survey_app.integrity.lifecycle import finish_seal, run_due
from survey_app.integrity.seal import seal_wave
from testing.codes import issued
from testing.district import District
from testing.time import run_steadily, seal_by_time

BALLOTS = 300
BY_CHANCE = 12  # of 300 pairs one is right by chance; so many have a probability below 1e-9
Collected = tuple[District, dict[bytes, str]]


@pytest.fixture
def collected(app, clock) -> Collected:  # type: ignore[no-untyped-def]
    """Ballots in a known order; each comment numbers its ballot: the true map from codes to ballots."""
    district = District(app, clock).opened(access={"parent": "code"})
    codes = issued(district, "parent", BALLOTS)
    link = district.link("parent")
    page = district.answer(link)
    for number, code in enumerate(codes):
        form = page | {"_token": district.token(link.slug), "_code": code, "C1": f"第{number}份"}
        assert district.client.post(f"/s/{link.slug}", data=form).status_code == 303
    key = app.extensions["keys"].read(wave_key_name(1))
    return district, {keyed_hash(key, code.encode()): f"第{number}份" for number, code in enumerate(codes)}


def linked(district: District, order: str, true: dict[bytes, str]) -> int:
    """How many ballots somebody who lays both tables side by side in this order links to the right code."""
    with district.app.extensions["database"].read_session() as session:
        comments = session.scalars(text("SELECT text FROM comment " + order.format(id="id"))).all()
        codes = session.scalars(
            text("SELECT code_hash FROM submission_receipt " + order.format(id="submission_hash"))
        ).all()
    assert len(comments) == len(codes) == BALLOTS
    return sum(true[bytes(code)] == comment for code, comment in zip(codes, comments, strict=True))


def run_tick(district: District) -> list[tuple[str, str]]:
    found = district.app.extensions
    return run_due(found["database"], found["keys"], found["categories"], district.clock.at, timedelta(0)).actions


def sealed(district: District) -> None:
    assert seal_by_time(district) == [("2026秋", "closed"), ("2026秋", "sealed"), ("2026秋", "cleaned")]


def test_the_tables_side_by_side_tell_nothing(collected: Collected) -> None:
    district, true = collected
    is_sqlite = district.app.extensions["database"].is_sqlite
    orders = ["", "ORDER BY {id}"] if is_sqlite else ["ORDER BY ctid", "ORDER BY xmin::text::bigint", "ORDER BY {id}"]
    if not is_sqlite:
        assert linked(district, "ORDER BY ctid", true) > BALLOTS * 0.9, "before the seal this attack works"
    sealed(district)
    for order in orders:
        assert linked(district, order, true) <= BY_CHANCE, order
    if not is_sqlite:
        with district.app.extensions["database"].read_session() as session:
            assert session.scalar(text("SELECT count(DISTINCT xmin::text) FROM response")) == 1


def test_the_files_hold_nothing_of_what_was_there_before(collected: Collected, tmp_path: Path) -> None:
    district, _true = collected
    database = district.app.extensions["database"]
    with database.read_session() as session:
        before = [bytes(found) for found in session.scalars(text("SELECT id FROM response"))]
        before += [bytes(found) for found in session.scalars(text("SELECT id FROM comment"))]
    if not database.is_sqlite:
        with database.write_session() as session:
            session.execute(text("ANALYZE"))  # as the server does by itself: its samples must not keep ids either
    assert _found(before, district, tmp_path) > BALLOTS
    sealed(district)
    assert _found(before, district, tmp_path) == 0


def _found(ids: list[bytes], district: District, tmp_path: Path) -> int:
    """How many ids stand in the files of the database, whatever the tables say."""
    database = district.app.extensions["database"]
    if database.is_sqlite:
        files = sorted(tmp_path.glob("survey.db*"))
    else:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(str(connection.scalar(text("SHOW data_directory"))))
            name = text("SELECT oid FROM pg_database WHERE datname = current_database()")
            files = sorted((folder / "base" / str(connection.scalar(name))).glob("*"))
    assert files
    everything = b"".join(path.read_bytes() for path in files if path.is_file())
    return sum(found in everything for found in ids)


def test_the_key_of_the_wave_is_gone_and_all_ballots_are_there(collected: Collected, tmp_path: Path) -> None:
    district, _true = collected
    assert (tmp_path / "secrets" / "wave-1.key").exists()
    sealed(district)
    assert not (tmp_path / "secrets" / "wave-1.key").exists()
    assert (tmp_path / "secrets" / "form.key").exists()
    assert district.count("response") == district.count("submission_receipt") == district.count("comment") == BALLOTS


class Stop(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize("round_number", [*range(6), *(pytest.param(n, marks=pytest.mark.long) for n in range(6, 60))])
def test_a_seal_that_is_cut_off_anywhere_is_completed_by_the_next_tick(district: District, round_number: int) -> None:
    """Every statement of the seal is a place to die."""
    district.send_many(district.link("parent"), 12)
    before = district.count("response"), district.count("submission_receipt")
    run_steadily(district, timedelta(0))
    district.command("wave", "close", "2026秋")
    district.clock.advance(minutes=11)
    left = random.Random(round_number).randint(1, 65)

    def dying(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stop

    engine = district.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", dying)
    try:
        run_tick(district)
    except Stop:
        pass
    finally:
        event.remove(engine, "before_cursor_execute", dying)
    run_tick(district)
    assert (district.count("response"), district.count("submission_receipt")) == before
    assert district.count("wave WHERE sealed_at IS NOT NULL AND cleaned_at IS NOT NULL") == 1
    assert "收到 12 份" in district.staff().get("/staff/waves/1/results/all").text
    with (
        pytest.raises(Exception, match="never changed"),
        district.app.extensions["database"].write_session() as session,
    ):
        session.execute(text("DELETE FROM response"))


def test_two_ticks_at_once_seal_once(district: District) -> None:
    district.send_many(district.link("parent"), 6)
    run_tick(district)
    district.command("wave", "close", "2026秋")
    district.clock.advance(minutes=11)
    with ThreadPoolExecutor(2) as pool:
        done = [entry for result in pool.map(lambda _: run_tick(district), range(2)) for entry in result]
    assert [entry for entry in done if entry[1] == "sealed"] == [("2026秋", "sealed")]
    assert district.count("response") == 6


def test_every_node_destroys_its_own_copy_of_the_key(district: District, tmp_path: Path) -> None:
    found = district.app.extensions
    other = KeyStore(tmp_path / "other node")
    other.get(wave_key_name(1))
    sealed(district)
    run_due(found["database"], other, found["categories"], district.clock.at)
    assert not (tmp_path / "other node" / f"{wave_key_name(1)}.key").exists()


def test_another_wave_goes_on_collecting(district: District) -> None:
    district.send_many(district.link("parent"), 5)
    other = District(district.app, district.clock, wave="另一批").opened()
    other.send_many(other.link("teacher"), 5)
    found = district.app.extensions
    with found["database"].write_session() as session:
        wave = wave_by_name(session, district.wave)
        close_wave(wave, district.clock.at)
        session.flush()
        assert seal_wave(session, wave, found["categories"], district.clock.at)
    finish_seal(found["database"], found["keys"], district.clock.at)
    other.send_many(other.link("teacher"), 5, seed=90)
    assert district.count("response") == 15


def test_ballots_that_pour_in_during_the_seal_are_all_in_it_or_refused(district: District) -> None:
    """Four threads past every check of the page, while the wave is sealed: no deadlock, none lost, none after it."""
    link = district.link("parent")
    district.send_many(link, 5)
    found = district.app.extensions
    columns = "school_id, audience, structure_hash, grade, answers, response_speed"
    with found["database"].read_session() as session:
        school, *rest = session.execute(text(f"SELECT {columns} FROM response LIMIT 1")).one()
        link_id = session.scalar(text("SELECT link_id FROM submission_receipt"))
    audience, structure, grade, answers, response_speed = rest
    writer, is_over, is_stored = GroupCommitWriter(found["database"]), threading.Event(), threading.Event()

    def pour() -> Counter[Outcome]:
        outcomes: Counter[Outcome] = Counter()
        while not (is_over.is_set() and outcomes[Outcome.TOO_LATE]):
            ballot = Submission(
                1,
                school,
                link_id,
                audience,
                structure,
                secrets.token_bytes(16),
                grade,
                answers,
                response_speed,
                district.clock.at.date(),
            )
            outcomes[outcome := writer.submit(ballot)] += 1
            is_stored.set() if outcome is Outcome.STORED else None
        return outcomes

    with ThreadPoolExecutor(4) as pool:
        pouring = [pool.submit(pour) for _ in range(4)]
        try:
            is_stored.wait(60)
            time.sleep(0.3)
            district.sealed()
        finally:
            is_over.set()
        outcomes = sum((thread.result(60) for thread in pouring), Counter())
    assert set(outcomes) == {Outcome.STORED, Outcome.TOO_LATE}
    assert district.count("response") == district.count("submission_receipt") == 5 + outcomes[Outcome.STORED]
    with found["database"].read_session() as session:
        sums = session.scalars(text("SELECT sums FROM tally")).all()
    assert sum(np.frombuffer(row, "<f8")[0] for row in sums) == 5 + outcomes[Outcome.STORED], "counted as stored"


@pytest.mark.usefixtures("impatient_database")
def test_a_reader_during_the_seal_keeps_the_log_and_the_next_run_cleans_it(
    collected: Collected, tmp_path: Path
) -> None:
    """S1: the log was left full behind a reader, and the seal reported success for ever."""
    district, _true = collected
    database = district.app.extensions["database"]
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has no such log")
    with database.read_session() as session:
        before = [bytes(found) for found in session.scalars(text("SELECT id FROM response"))]
    district.command("wave", "close", "2026秋")
    district.clock.advance(minutes=10)
    with sqlite3.connect(tmp_path / "survey.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM response").fetchone()
        said = district.app.test_cli_runner().invoke(args=["wave", "seal", "2026秋"])
        assert said.exit_code == 0
        assert "旧的页面还没有清除" in said.stderr
        assert district.count("wave WHERE cleaned_at IS NULL AND sealed_at IS NOT NULL") == 1
        assert not (tmp_path / "secrets" / "wave-1.key").exists(), "the key does not wait for the reader"
        assert _found(before, district, tmp_path) == BALLOTS
        reader.rollback()
    reader.close()
    assert run_tick(district) == [("2026秋", "cleaned")]
    assert _found(before, district, tmp_path) == 0
    assert district.count("audit_entry WHERE action IN ('wave.clean', 'key.destroy')") == 2


def test_no_node_keeps_the_key_of_a_wave_in_its_memory(collected: Collected) -> None:
    """S-M10: both workers kept it until they were started anew."""
    district, _true = collected
    key = district.app.extensions["keys"].read(wave_key_name(1))
    sealed(district)
    gc.collect()
    kept = [
        found
        for found in gc.get_objects()
        if type(found) is dict
        and any(value is not None and type(value) is bytes and value == key for value in found.values())
    ]
    assert kept == []


def test_a_node_that_lacks_the_key_of_the_wave_says_so_and_makes_none(collected: Collected, tmp_path: Path) -> None:
    """S3: it silently made a new one and called all codes wrong."""
    district, _true = collected
    path = tmp_path / "secrets" / "wave-1.key"
    path.rename(tmp_path / "elsewhere")
    link = district.link("parent")
    assert district.send(link, district.answer(link, {"_code": "0000 0000 0000 0"})).status_code == 503
    assert not path.exists()
