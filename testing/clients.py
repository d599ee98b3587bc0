"""People who answer: each sends a form again until it is acknowledged, whatever happens to the server meanwhile."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from testing.forms import Fields, fill_in, submission_of
from testing.processes import LOOPBACK
from testing.workers import FORM

PATIENCE = 90.0  # s that one answer waits; a node itself tries for 60 s
PAUSE = 0.1  # s before the same answer is sent again
REPEAT_EVERY = 10  # every so many acknowledged answers are sent once more, as an impatient thumb does
CANARY = "exercise-canary"  # a comment that must not turn up in any log


class Ledger:
    """What the people know. ``acknowledged``: submission id to the moment of its 303."""

    def __init__(self) -> None:
        self.acknowledged: dict[bytes, float] = {}
        self.unfinished: set[bytes] = set()
        self.repeated = 0
        self.setbacks: Counter[str] = Counter()
        self._changed = threading.Condition()

    def record_sending(self, submission: bytes) -> None:
        with self._changed:
            self.unfinished.add(submission)

    def record_acknowledgement(self, submission: bytes) -> None:
        with self._changed:
            self.unfinished.discard(submission)
            if submission in self.acknowledged:
                self.repeated += 1
            else:
                self.acknowledged[submission] = time.monotonic()
            self._changed.notify_all()

    def record_setback(self, why: str) -> None:
        with self._changed:
            self.setbacks[why] += 1

    def wait_for(self, count: int) -> None:
        """Until so many were acknowledged."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.acknowledged) >= count, PATIENCE)


@dataclass(slots=True)
class Client:
    """One phone: a connection that is kept, and opened again when it breaks."""

    port: int
    ledger: Ledger
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE)

    def fetch(self, path: str) -> str | None:
        """Return the page, or None if patience came to its end."""
        return self._ask("GET", path, None, 200)

    def send(self, path: str, form: Fields, times: int = 1) -> bool:
        """Send a form until it is acknowledged; ``times`` more than once is an impatient thumb."""
        submission = submission_of(str(form["_token"]))
        self.ledger.record_sending(submission)
        for _ in range(times):
            if self._ask("POST", path, urlencode(form, doseq=True), 303) is None:
                return False
            self.ledger.record_acknowledgement(submission)
        return True

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> str | None:
        """A broken connection or a 5xx is an honest failure, and tried again; anything else is an answer."""
        ends = time.monotonic() + PATIENCE
        while True:
            status, page = self._request(method, path, body)
            if status == expected:
                return page
            self.ledger.record_setback(f"{method} {status or 'cut off'}")
            if 0 < status < 500 or time.monotonic() > ends:
                return None
            time.sleep(PAUSE)

    def _request(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        """Return status and page; status 0 if no answer came."""
        try:
            self.connection.request(method, path, body, FORM if body else {})
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, ""

    def close(self) -> None:
        self.connection.close()


@contextmanager
def concurrent_clients(port: int, path: str, forms: list[Fields], threads: int = 8) -> Iterator[Ledger]:
    """Forms are on their way during the block, and all are acknowledged when it has ended."""
    ledger = Ledger()
    with ThreadPoolExecutor(threads) as pool:
        sending = [pool.submit(_send_once, port, ledger, path, form) for form in forms]
        yield ledger
        assert all(one.result() for one in sending), f"not acknowledged: {dict(ledger.setbacks)}"
    assert set(ledger.setbacks) <= {"POST cut off", "POST 503"}, ledger.setbacks


def _send_once(port: int, ledger: Ledger, path: str, form: Fields) -> bool:
    client = Client(port, ledger)
    try:
        return client.send(path, form)
    finally:
        client.close()


class Crowd:
    """So many people at once, together at most so many answers a second, until they are told to stop."""

    def __init__(self, port: int, slugs: list[str], people: int, rate: float) -> None:
        self.ledger = Ledger()
        self._stop = threading.Event()
        paths = [f"/s/{slug}" for slug in slugs]
        self._people = [
            threading.Thread(target=self._answer, args=(number, port, paths, people / rate), daemon=True)
            for number in range(people)
        ]

    def start(self) -> None:
        for person in self._people:
            person.start()

    def finish(self) -> None:
        """Nobody begins another form; those who have begun bring theirs to an end."""
        self._stop.set()
        for person in self._people:
            person.join(PATIENCE + 30)

    def _answer(self, number: int, port: int, paths: list[str], interval: float) -> None:
        chance, client, count = random.Random(number), Client(port, self.ledger), 0
        due = time.monotonic() + chance.random() * interval
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            due = max(due + interval, time.monotonic() - interval)
            path = chance.choice(paths)
            if (page := client.fetch(path)) is not None:
                client.send(path, fill_in(page, chance, CANARY), times=2 if count % REPEAT_EVERY == 0 else 1)
            count += 1
        client.close()
