"""People who answer: each fetches a form, sends it, and sends the same one again until it is acknowledged."""

import base64
import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from drills.machine import LOOPBACK
from survey_app.collection.token import ID_BYTES

PATIENCE = 90.0  # s that one answer waits; a node itself tries for 60 s
PAUSE = 0.25  # s before the same answer is sent again
MAX_TRIES = 400
REPEAT_EVERY = 10  # every so many acknowledged answers are sent once more, as an impatient thumb does
CANARY = "exercise-canary"  # a comment that must not turn up in any log
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Ledger:
    """What the people of this exercise know. ``acknowledged``: submission id to the moment of its 303."""

    acknowledged: dict[bytes, float] = field(default_factory=dict)
    unfinished: set[bytes] = field(default_factory=set)
    repeated: int = 0
    setbacks: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, submission: bytes) -> None:
        with self.lock:
            self.unfinished.add(submission)

    def took(self, submission: bytes) -> None:
        with self.lock:
            self.unfinished.discard(submission)
            if submission in self.acknowledged:
                self.repeated += 1
            else:
                self.acknowledged[submission] = time.monotonic()

    def stumbled(self, why: str) -> None:
        with self.lock:
            self.setbacks[why] += 1


class Crowd:
    """So many people at once, together at most so many answers a second, until they are told to stop."""

    def __init__(self, port: int, slugs: list[str], people: int, rate: float) -> None:
        self.ledger = Ledger()
        self._stop = threading.Event()
        places = (self.ledger, self._stop, port, slugs, people / rate)
        self._people = [_Person(number, *places) for number in range(people)]

    def start(self) -> None:
        for person in self._people:
            person.start()

    def finish(self) -> None:
        """Nobody begins another form; those who have begun bring theirs to an end."""
        self._stop.set()
        for person in self._people:
            person.join(PATIENCE + 30)


class _Person(threading.Thread):
    def __init__(
        self, number: int, ledger: Ledger, stop: threading.Event, port: int, slugs: list[str], interval: float
    ) -> None:
        super().__init__(daemon=True)
        self.chance = random.Random(number)
        self.ledger = ledger
        self.stop = stop
        self.slugs = slugs
        self.interval = interval
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)

    def run(self) -> None:
        due = time.monotonic() + self.chance.random() * self.interval
        for turn in range(100_000):
            if self.stop.wait(max(0.0, due - time.monotonic())):
                break
            due = max(due + self.interval, time.monotonic() - self.interval)
            self.answer(self.chance.choice(self.slugs), repeat=turn % REPEAT_EVERY == 0)
        self.connection.close()

    def answer(self, slug: str, repeat: bool) -> None:
        page = self.ask("GET", slug, None, 200)
        if page is None:
            return
        fields = fill_in(page, self.chance)
        submission = submission_of(fields["_token"])
        self.ledger.sent(submission)
        for _ in range(2 if repeat else 1):
            if self.ask("POST", slug, urlencode(fields), 303) is None:
                return
            self.ledger.took(submission)

    def ask(self, method: str, slug: str, body: str | None, wanted: int) -> str | None:
        """The page, after as many tries as patience allows."""
        ends = time.monotonic() + PATIENCE
        for _ in range(MAX_TRIES):
            status, page = self.request(method, slug, body)
            if status == wanted:
                return page
            self.ledger.stumbled(f"{method} {status or 'cut off'}")
            if 0 < status < 500 or time.monotonic() > ends:
                return None
            time.sleep(PAUSE)
        return None

    def request(self, method: str, slug: str, body: str | None) -> tuple[int, str]:
        """Status and page; status 0 if no answer came."""
        try:
            self.connection.request(method, f"/s/{slug}", body, HEADERS if body else {})
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, ""


def fill_in(page: str, chance: random.Random) -> dict[str, str]:
    """A complete form: one of the options of each question, and a comment where one may be written."""
    fields = {"_token": _found(r'name="_token" value="([^"]+)"', page)}
    for name in dict.fromkeys(re.findall(r'<input type="(?:radio|hidden)" name="([A-Za-z]\w*)"', page)):
        fields[name] = chance.choice(re.findall(rf'name="{name}" value="([^"]*)"', page))
    for name in re.findall(r'<textarea[^>]* name="(\w+)"', page):
        fields[name] = f"{CANARY} {chance.getrandbits(32)}"
    return fields


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise ValueError("the page carries no token")
    return found[1]


def submission_of(token: str) -> bytes:
    """The submission id that a token carries in the open, before its time and signature."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:ID_BYTES]
