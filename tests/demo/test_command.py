"""``run.py demo`` and ``run.py start`` make an installation, say how to get in, and find it again."""

import re
import socket
import threading
import urllib.request
from pathlib import Path

import click
import pytest

from survey_app import create_app
from survey_app.accounts.staff import list_staff
from survey_app.assessment.evaluations import year_evaluations
from survey_app.assessment.inspector_ratings import year_ratings
from survey_app.assessment.inspector_scores import rating_means
from survey_app.assessment.year_path import next_step
from survey_app.assessment.years import latest_computation, list_years
from survey_app.demo import command, server, start
from survey_app.demo.district import write_roster
from survey_app.demo.keep_running import how_to_keep_running
from survey_app.demo.one_instance import only_instance
from survey_app.foundation.progress import progress_bar
from survey_app.reporting.mark_inputs import current_steps
from testing.processes import LOOPBACK, free_port, listens, wait_until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo in which few people answered."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    command.prepare_demo(folder, "http://127.0.0.1:8000", share=0.02)
    return folder


def test_the_demo_says_where_it_is_and_who_may_enter(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.group.main(["--home", str(home), "--prepare-only"], standalone_mode=False)
    said = capsys.readouterr().out
    assert f"{command.USERNAME}\n" in said
    assert (home / "login.txt").read_text() in said
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/s/\w+", said)) == 3


def test_last_year_is_assessed_and_this_year_has_a_draft(home: Path) -> None:
    app = create_app(command._settings(home, "http://127.0.0.1:8000"))
    with app.extensions["database"].read_session() as session:
        this_year, last_year = list_years(session)
        now = app.extensions["clock"].now()
        computation = latest_computation(session, last_year)
        assert computation is not None
        assert len(computation.tables["ranking"]) == 24
        assert next_step(current_steps(session, last_year, now)) is None
        assert [step.id for step in current_steps(session, this_year, now) if step.at] == ["scheme"]
        assert {staff.role for staff in list_staff(session)} == {"office", "leader", "principal", "inspector"}
        states = [bool(one.signed_at) for one in year_evaluations(session, this_year)]
        assert (states.count(True), states.count(False)) == (8, 1)
        assert (
            max(means.inspectors for means in rating_means(year_ratings(session, this_year).periods[0]).values()) == 2
        )
    app.extensions["database"].dispose()


def test_a_busy_port_is_passed_over_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """K2: the next start may take another port, silently."""
    usual = free_port()
    monkeypatch.setattr(server, "DEFAULT_PORT", usual)
    with socket.socket() as somebody_else:
        somebody_else.bind((LOOPBACK, usual))
        somebody_else.listen()
        assert server.choose_port(LOOPBACK, None) > usual
    assert f"{usual} 端口已被占用" in capsys.readouterr().err


def test_the_office_gets_an_account_and_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("BASE_URL", "https://s.lin-jiang.cn")
    for name in ("DATABASE_URL", "SECRETS_DIR"):
        monkeypatch.delenv(name, raising=False)
    start.group.main(["--prepare-only"], standalone_mode=False)
    first = capsys.readouterr()
    assert start.USERNAME in first.out
    assert "首页有四步" in first.out, "K27: the next step is in the browser"
    assert "flask" not in first.out
    start.group.main(["--prepare-only"], standalone_mode=False)
    assert "密码" not in capsys.readouterr().out, "a password is shown once"
    app = create_app()
    write_roster(tmp_path / "roster.csv")
    assert app.test_cli_runner().invoke(args=["roster", "import", str(tmp_path / "roster.csv")]).exit_code == 0
    app.extensions["database"].dispose()
    start.group.main(["--prepare-only"], standalone_mode=False)
    said = capsys.readouterr().out
    assert "首页有四步" in said, "there is no wave yet"
    assert "Ctrl+C" not in said, "nothing is served that could be stopped"


def test_a_start_serves_and_says_how_it_keeps_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[int] = []
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("BASE_URL", "https://s.lin-jiang.cn")
    for name in ("DATABASE_URL", "SECRETS_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(start, "serve", lambda _app, _host, port: served.append(port))
    port = free_port()
    start.group.main(["--port", str(port)], standalone_mode=False)
    assert served == [port]
    assert "开机自动运行" in capsys.readouterr().out


def test_an_installation_with_the_address_of_the_example_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("BASE_URL", "https://survey.example.edu.cn")
    for name in ("DATABASE_URL", "SECRETS_DIR"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit, match="not started"):
        start.group.main(["--prepare-only"], standalone_mode=False)
    assert "二维码里的网址还是示例" in capsys.readouterr().err


def test_progress_is_quiet_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("2026", 3) as advance:
        advance(3)
    assert capsys.readouterr().err == ""


def test_a_second_instance_says_where_the_first_one_runs(tmp_path: Path) -> None:
    """clerk 28: a second start took the next port silently, with the same data."""
    with only_instance(tmp_path) as announce:
        announce("http://127.0.0.1:8123/staff/")
        with pytest.raises(click.ClickException, match=r"已经在运行.*8123/staff/"), only_instance(tmp_path):
            pass
    with only_instance(tmp_path) as announce:
        announce("http://127.0.0.1:9/")
    assert (tmp_path / "running").read_text() == "http://127.0.0.1:9/", "the file that stays behind locks nobody out"


def test_what_keeps_it_running_is_said_for_the_system() -> None:
    """clerk 28: nothing said that the window must stay open for weeks."""
    linux, windows = ("\n".join(how_to_keep_running("--port 8123", system)) for system in ("posix", "nt"))
    assert "这个窗口要一直开着" in linux
    assert "operate.md" in linux
    assert re.search(r"schtasks /create .* /sc onstart .*run\.py.* start --port 8123", windows)


def test_one_process_serves_until_it_is_stopped(home: Path) -> None:
    port = free_port()
    app = create_app(command._settings(home, f"http://{LOOPBACK}:{port}"))
    threading.Thread(target=server.serve, args=(app, LOOPBACK, port), daemon=True).start()
    wait_until(lambda: listens(port), 10, "the demo does not listen")
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
