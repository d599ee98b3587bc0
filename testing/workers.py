"""The application as it is served: several worker processes behind one port, and clients that speak plain HTTP."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from survey_app.foundation.settings import PROJECT


@dataclass
class Served:
    """A running server; ``log`` collects everything that it prints."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def request(self, method: str, path: str, body: str = "", timeout: float = 30) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body.encode() or None, headers)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str | list[str]]) -> int:
        """The status; 0 if the connection broke."""
        try:
            return self.request("POST", path, urlencode(fields, doseq=True))[0]
        except (OSError, http.client.HTTPException):
            return 0

    def post_all(self, path: str, forms: list[dict[str, str | list[str]]], threads: int = 25) -> list[int]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda fields: self.post(path, fields), forms))

    def worker_pids(self) -> list[int]:
        listed = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in listed.stdout.split()]

    def kill_worker(self) -> None:
        """One that lives: the dead of a moment ago are still listed until the master looks."""
        for _ in range(200):
            for pid in self.worker_pids():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return
            time.sleep(0.02)
        raise RuntimeError("there is no worker")


@contextmanager
def served(url: str, home: Path, workers: int = 4, extra: dict[str, str] | None = None) -> Iterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / f"server-{port}.log"
    environment = os.environ | {
        "DATABASE_URL": url, "SECRETS_DIR": str(home / "secrets"), "BASE_URL": "https://s.example.edu.cn",
        "INSTANCE_DIR": str(home),
    } | (extra or {})  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--workers", str(workers), "--threads", "8", "--worker-class",
               "gthread", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "wsgi:app"]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=output, stderr=output)
    found = Served(port, process, log)
    try:
        wait_until_up(found)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_until_up(server: Served) -> None:
    for _ in range(150):
        try:
            if server.request("GET", "/healthz", timeout=2)[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise RuntimeError(server.log.read_text("utf-8", "replace")[-2000:])
