"""Chromium as tests and pictures drive it, and an application served to it from a thread.

With ``SLOW_PAGES=0.3`` every page arrives late and in two halves, as over a bad network: a test that looks at a page
which has not loaded fails then, and not once a month in CI.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server

from testing.processes import LOOPBACK

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def late(app: "WSGIApplication", seconds: float) -> "WSGIApplication":
    """The application behind a network that needs this long for each half of an answer."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        half = len(content) // 2
        time.sleep(seconds)
        yield content[:half]
        time.sleep(seconds)
        yield content[half:]

    return answer


@contextmanager
def served_in_a_thread(app: Flask) -> Iterator[str]:
    """The address under which the application answers during the block."""
    seconds = float(os.environ.get("SLOW_PAGES", "0"))
    server = make_server(LOOPBACK, 0, late(app.wsgi_app, seconds) if seconds else app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
