"""The application as it is served: several worker processes behind one port, and requests in plain HTTP."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from survey_app.foundation.settings import PROJECT
from testing.forms import Fields
from testing.processes import LOOPBACK, Service, children, free_port, wait_until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SHIPPED = ("-c", str(PROJECT / "deploy" / "gunicorn.conf.py"))  # settings of a real installation; for Linux
PLAIN = ("--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--preload")  # loaded once, as shipped
READY_SECONDS = 60  # a busy machine is slow; whoever is quick does not wait


@dataclass
class Served:
    """A running server."""

    port: int
    service: Service

    @property
    def log(self) -> Path:
        return self.service.log

    def request(self, method: str, path: str, body: str = "", timeout: float = 30) -> tuple[int, str]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout)
        try:
            connection.request(method, path, body.encode() or None, FORM if body else {})
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def post(self, path: str, fields: Fields) -> int:
        """Return the status; 0 if the connection broke."""
        try:
            return self.request("POST", path, urlencode(fields, doseq=True))[0]
        except (OSError, http.client.HTTPException):
            return 0

    def post_all(self, path: str, forms: list[Fields], threads: int = 25) -> list[int]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda fields: self.post(path, fields), forms))

    def worker_pids(self) -> list[int]:
        return children(self.service.process.pid)

    def kill_worker(self) -> None:
        """One that lives: the dead of a moment ago are still listed until the master looks."""
        for _ in range(200):
            for pid in self.worker_pids():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return
            time.sleep(0.02)
        raise RuntimeError("there is no worker")

    def wait_until_up(self) -> None:
        wait_until(self._is_healthy, READY_SECONDS, f"the server is not up: {self._last_words}")

    def _is_healthy(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/healthz", timeout=2)[0] == 200
        return False

    @property
    def _last_words(self) -> str:
        return self.log.read_text("utf-8", "replace")[-2000:]


def start_server(
    environment: Mapping[str, str], log: Path, options: Sequence[str] = SHIPPED, module: str = "wsgi:app",
    program: Sequence[str] = ("gunicorn",), port: int = 0,
) -> Served:  # fmt: skip
    """Start a server program of Python on a port; it is told where by ``BIND``, as a real installation is."""
    port = port or free_port()
    command = [sys.executable, "-m", *program, *options, module]
    return Served(port, Service.start(command, log, os.environ | environment | {"BIND": f"{LOOPBACK}:{port}"}))


@contextmanager
def served(url: str, home: Path, workers: int = 4, extra: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A server that is up, with settings that every system understands; stopped when the block ends."""
    port = free_port()
    environment = {
        "DATABASE_URL": url, "SECRETS_DIR": str(home / "secrets"), "BASE_URL": "https://s.example.edu.cn",
        "INSTANCE_DIR": str(home), **(extra or {}),
    }  # fmt: skip
    options = (*PLAIN, "--workers", str(workers), "--bind", f"{LOOPBACK}:{port}")
    server = start_server(environment, home / f"server-{port}.log", options, port=port)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.service.stop()
