"""One process that serves until it is stopped."""

import logging
import os
import socket
import threading

import click
from flask import Flask
from waitress import create_server

from survey_app.cli.run_due import do_what_is_due
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.job import has_free_job

THREADS = 16
DEFAULT_PORT, PORTS_TRIED = 8000, 20
RUN_DUE_SECONDS, LOOK_FOR_JOBS_SECONDS = 60, 2


host_option = click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
port_option = click.option("--port", type=click.IntRange(1, 65535), help="端口，默认 8000 · port, 8000 by default")


def choose_port(host: str, requested: int | None) -> int:
    """The port that was asked for; otherwise the first free one from 8000 on, saying so if it is another."""
    if requested is not None:
        if not _is_free(host, requested):
            raise click.ClickException(
                f"{requested} 端口已被占用（可能已经启动了一个），请用 --port 换一个 · "
                f"port {requested} is in use (is it running already?), choose another by --port"
            )
        return requested
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if _is_free(host, port):
            if port != DEFAULT_PORT:
                click.echo(f"  ! {DEFAULT_PORT} 端口已被占用，改用 {port} · port {DEFAULT_PORT} is in use", err=True)
            return port
    raise click.ClickException(
        f"{DEFAULT_PORT}–{DEFAULT_PORT + PORTS_TRIED - 1} 端口都被占用，请用 --port 换一个 · "
        "ports are in use, choose another by --port"
    )


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # there it would let two servers take one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def url_of(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104


def serve(app: Flask, host: str, port: int) -> None:
    """Serves, and does what is due (closing, sealing) every minute."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    server = create_server(app, host=host, port=port, threads=THREADS, ident=None)
    stop = threading.Event()
    threading.Thread(target=_run_due_periodically, args=(app, stop), daemon=True).start()
    print("\n  按 Ctrl+C 停止 · press Ctrl+C to stop", flush=True)
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
            _run_due(app)


def _run_due(app: Flask) -> None:
    """In this thread and on the server's own output; what goes wrong once is tried again in a minute."""
    with app.app_context():
        try:
            do_what_is_due()
        except Exception:
            app.logger.exception("run-due failed")


def _has_job(app: Flask) -> bool:
    database, names = app.extensions["database"], app.extensions["jobs"].names()
    try:
        with database.read_session() as session:
            return has_free_job(session, names, app.extensions["clock"].now())
    except DatabaseUnavailable:
        return False
