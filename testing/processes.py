"""This machine: free ports, processes that are ended by their own number, and waiting that ends."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from survey_app.foundation.settings import PROJECT

LOOPBACK = "127.0.0.1"
STEP = 0.1  # s between two looks


class HarnessFailed(Exception):
    """What a test or drill stands on could not be set up; nothing is said about the product."""


def cpu_seconds() -> float:
    """Return the work of this process and of those that it waited for; a busy machine makes it no longer."""
    return sum(os.times()[:4])


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses; held until all are known, so that they differ."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def free_port() -> int:
    return free_ports(1)[0]


def listens(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def wait_until(is_true: Callable[[], bool], seconds: float, what: str) -> float:
    """Return how long it took. Raises :class:`HarnessFailed` when the time is over."""
    started = time.monotonic()
    while not is_true():
        if time.monotonic() - started > seconds:
            raise HarnessFailed(f"waited {seconds:g} s in vain: {what}")
        time.sleep(STEP)
    return time.monotonic() - started


def completed(command: Sequence[str], environment: Mapping[str, str] | None = None, where: Path = PROJECT) -> str:
    """Run a command to its end, at most two minutes; return what it printed."""
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise HarnessFailed(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


def children(parent: int) -> list[int]:
    """Return the numbers of the processes that this one started."""
    listed = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


@dataclass(slots=True)
class Service:
    """A process in a session of its own, with everything that it starts; ``log`` collects what it prints."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @classmethod
    def start(cls, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> "Service":
        with log.open("ab") as file:
            process = subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
        return cls(process, log)

    def send(self, number: signal.Signals) -> None:
        """To the whole group, which is ours alone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """As if the power went: no farewell."""
        self.send(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, seconds: float = 10) -> None:
        self.send(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
