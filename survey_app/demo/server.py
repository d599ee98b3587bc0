"""One process that serves until it is stopped."""

import logging
import socket
import threading

from flask import Flask
from waitress import create_server

from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.job import has_free_job

THREADS = 16
RUN_DUE_SECONDS, LOOK_FOR_JOBS_SECONDS = 60, 2


def free_port(host: str, preferred: int) -> int:
    """The wanted port, or the next one that nobody uses."""
    for port in range(preferred, preferred + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SystemExit(
        f"{preferred}–{preferred + 19} 端口都被占用，请用 --port 换一个 · ports are in use, choose another by --port"
    )


def serve(app: Flask, host: str, port: int) -> None:
    """Serves, and does what is due (closing, sealing) every minute."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    stop = threading.Event()
    threading.Thread(target=_run_due_periodically, args=(app, stop), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.close()


def _run_due_periodically(app: Flask, stop: threading.Event) -> None:
    """Everything each minute; a job that somebody waits for as soon as it is there."""
    seconds_since = 0
    while not stop.wait(LOOK_FOR_JOBS_SECONDS):
        seconds_since += LOOK_FOR_JOBS_SECONDS
        if seconds_since >= RUN_DUE_SECONDS or _has_job(app):
            seconds_since = 0
            result = app.test_cli_runner().invoke(args=["run-due"])
            if result.exit_code:
                app.logger.error("run-due failed: %s", result.exception)


def _has_job(app: Flask) -> bool:
    database, names = app.extensions["database"], app.extensions["jobs"].names()
    try:
        with database.read_session() as session:
            return has_free_job(session, names, app.extensions["clock"].now())
    except DatabaseUnavailable:
        return False
