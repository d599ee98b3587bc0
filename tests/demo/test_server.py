"""The server of the demo works off jobs while it serves."""

import threading
import time

import click
import pytest

from survey_app.demo import server
from survey_app.foundation.job import enqueue
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.integrity.tally_job import tally_parameters
from survey_app.measurement.settings import MeasurementSettings
from testing.district import District
from testing.processes import LOOPBACK


def test_a_job_does_not_wait_for_the_next_minute(small_district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOOK_FOR_JOBS_SECONDS", 0.1)
    district = small_district.sealed()
    with district.app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, district.wave)
        enqueue(
            session, TALLY_JOB, tally_parameters(wave, MeasurementSettings(map="cn100"), {}), "王", district.clock.at
        )
    stop = threading.Event()
    thread = threading.Thread(target=server._run_due_periodically, args=(district.app, stop))
    thread.start()
    try:
        deadline = time.monotonic() + 60
        while not district.count("job WHERE state = 'done'") and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        stop.set()
        thread.join()
    assert district.count("job WHERE state = 'done'") == 1
    assert district.count("tally_set") == 6, "three audiences, in two ways"


def test_what_is_due_may_fail_once_and_is_tried_again(
    small_district: District, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("a disk that is full")

    monkeypatch.setattr(server, "do_what_is_due", fail)
    server._run_due(small_district.app)
    assert "run-due failed" in caplog.text


def test_ports_that_are_taken_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_is_free", lambda _host, _port: False)
    with pytest.raises(click.ClickException, match="9000 端口已被占用"):
        server.choose_port(LOOPBACK, 9000)
    with pytest.raises(click.ClickException, match="端口都被占用"):
        server.choose_port(LOOPBACK, None)
