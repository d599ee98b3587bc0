"""This machine: free ports, processes that are ended by their own number, and waiting that ends."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"
STEP = 0.1  # s between two looks


class ExerciseFailed(Exception):
    """The exercise could not be carried out; nothing is said about the product."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses; held until all are known, so that they differ."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> float:
    """How long it took. Raises :class:`ExerciseFailed` when the time is over."""
    started = time.monotonic()
    for _ in range(int(seconds / STEP) + 1):
        if true():
            return time.monotonic() - started
        time.sleep(STEP)
    raise ExerciseFailed(f"waited {seconds:g} s in vain: {what}")


def listens(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def completed(command: Sequence[str], environment: Mapping[str, str] | None = None, where: Path = PROJECT) -> str:
    """Runs a command to its end, at most a minute."""
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise ExerciseFailed(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


@dataclass(slots=True)
class Service:
    """A process in a session of its own, with everything that it starts."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @classmethod
    def started(cls, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> "Service":
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


def children(parent: int) -> list[int]:
    """The numbers of the processes that this one started (Linux)."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(state[1]) == parent:
            found.append(int(place.parent.name))
    return found
