"""Signals from real answers: sent through the form or imported, counted once at the seal, on both engines."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from survey_app.frame.queries import wave_by_name
from survey_app.frame.waves import close_wave
from survey_app.integrity.models import StoredSignals
from survey_app.integrity.seal import seal_wave
from survey_app.integrity.signals_store import SIGNAL_COLUMNS, load_signals
from survey_app.measurement.signals import Signals
from testing.answers import write_answers
from testing.careless import answered_carelessly
from testing.district import District
from testing.time import run_steadily, seal_by_time

EXPECTED = {
    "responses": 24,
    "timed_responses": 24,
    "speeding_1s": 5,
    "speeding_2s": 4,
    "straightlined": 5,
    "longstring": 5,
    "duplicates": 6,
    "outliers": None,
    "top_option_only": 0,
}


def kept(district: District) -> dict[tuple[int, str], Signals]:
    with district.app.extensions["database"].read_session() as session:
        return load_signals(session, wave_by_name(session, district.wave).id)


def test_a_hand_made_table_has_the_signals_that_were_put_in(district: District) -> None:
    answered_carelessly(district)
    assert kept(district) == {}, "nothing is counted before the seal"
    assert ("2026秋", "sealed") in seal_by_time(district)
    ((place, found),) = kept(district).items()
    assert place == (1, "parent")
    assert {name: getattr(found, name) for name in EXPECTED} == EXPECTED
    assert found.p_value <= 0.02
    assert run_steadily(district, timedelta(hours=2)) == [], "and never twice"
    assert kept(district) == {place: found}


def test_imported_answers_have_no_pace_and_all_audiences_are_counted(district: District, tmp_path: Path) -> None:
    district.command("responses", "import", "--wave", "2026秋", str(write_answers(district, tmp_path / "answers.csv")))
    seal_by_time(district)
    found = kept(district)
    assert {(place[1], signals.responses) for place, signals in found.items()} == {("parent", 48), ("student", 24),
                                                                                ("teacher", 10)}  # fmt: skip
    assert {signals.timed_responses for signals in found.values()} == {0}
    assert {signals.outliers for signals in found.values()} == {None}, "two schools are too few persons for a pattern"


def test_only_counts_are_kept() -> None:
    columns = set(StoredSignals.__table__.columns.keys())
    assert columns == {"wave_id", "school_id", "audience", "structure_hash", *SIGNAL_COLUMNS}
    assert not any(column.type.python_type is bytes for column in StoredSignals.__table__.columns)


class Stop(Exception):
    """Somebody pulled the plug."""


def test_signals_are_kept_with_the_seal_or_not_at_all(district: District) -> None:
    district.send_many(district.link("parent"), 6)
    found = district.app.extensions
    with found["database"].write_session() as session:
        close_wave(wave_by_name(session, district.wave), district.clock.at)

    def dying(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO signals"):
            raise Stop

    event.listen(found["database"].engine, "before_cursor_execute", dying)
    with pytest.raises(Stop), found["database"].write_session() as session:
        seal_wave(session, wave_by_name(session, district.wave), found["categories"], district.clock.at)
    event.remove(found["database"].engine, "before_cursor_execute", dying)
    assert (district.count("signals"), district.count("tally"), district.count("wave WHERE sealed_at IS NULL")) == (
        0, 0, 1,
    )  # fmt: skip
    run_steadily(district, timedelta(days=1))
    assert district.count("signals") == 1
    with found["database"].read_session() as session:
        assert session.scalar(text("SELECT responses FROM signals")) == 6
