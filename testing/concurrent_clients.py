"""Many people at once, each of whom sends a form again until it is acknowledged, whatever happens to the server."""

import base64
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import text

from survey_app.collection.token import ID_BYTES
from survey_app.foundation.keys import keyed_hash
from testing.district import District, Fields
from testing.workers import Served

PATIENCE, PAUSE = 90.0, 0.05  # seconds; a node itself tries for 60
UNLIMITED = {"OPEN_LINK_PER_SECOND": "100000", "OPEN_LINK_BURST": "100000"}


class Storm:
    """``acknowledged``: the submission ids that got their 303."""

    def __init__(self, server: Served, path: str) -> None:
        self.server = server
        self.path = path
        self.acknowledged: set[bytes] = set()
        self._more = threading.Condition()

    def send(self, form: Fields) -> None:
        deadline = time.monotonic() + PATIENCE
        while (status := self.server.post(self.path, form)) != 303:
            assert status in (0, 503), f"an honest failure is 503 or a broken connection, not {status}"
            assert time.monotonic() < deadline, f"not acknowledged; the last status was {status}"
            time.sleep(PAUSE)
        with self._more:
            self.acknowledged.add(submission_of(form))
            self._more.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many were acknowledged."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.acknowledged) >= count, PATIENCE)


@contextmanager
def storm(server: Served, path: str, forms: list[Fields], threads: int = 8) -> Iterator[Storm]:
    """Forms are on their way during the block, and all are acknowledged when it has ended."""
    found = Storm(server, path)
    with ThreadPoolExecutor(threads) as pool:
        sending = [pool.submit(found.send, form) for form in forms]
        yield found
        for one in sending:
            one.result()


def submission_of(form: Fields) -> bytes:
    return base64.urlsafe_b64decode(str(form["_token"]) + "==")[:ID_BYTES]


def fresh_forms(district: District, audience: str, count: int) -> list[Fields]:
    """The same answers with a submission id of each own."""
    link = district.link(audience)
    form = district.answer(link)
    return [form | {"_token": district.token(link.slug)} for _ in range(count)]


def assert_exactly_once(district: District, sent: list[Fields]) -> None:
    """Everything that was sent is stored once, and nothing else is."""
    key = district.app.extensions["keys"].get("form")
    with district.app.extensions["database"].read_session() as session:
        stored = [bytes(found) for found in session.scalars(text("SELECT submission_hash FROM submission_receipt"))]
    assert len(stored) == len(set(stored))
    assert set(stored) == {keyed_hash(key, submission_of(form)) for form in sent}
    assert district.count("response") == len(sent)
