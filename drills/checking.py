"""After the exercise: what was acknowledged against what is stored, and what the logs let out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from drills.database import Server
from survey_app.foundation.keys import KeyStore, keyed_hash
from testing.clients import CANARY, Ledger

FORM_KEY = "form"
FORBIDDEN_IN_LOGS = re.compile(rf"{CANARY}|_token|submission_hash|client: [0-9]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts; everything that must not be is named by ``faults``."""

    acknowledged: int
    unfinished: int
    repeated: int
    missing: int
    receipts: int
    responses: int
    unknown: int
    log_lines: tuple[str, ...]

    def faults(self) -> list[str]:
        rules = (
            (self.acknowledged == 0, "nobody's answer was acknowledged"),
            (self.missing > 0, f"{self.missing} acknowledged answers are not stored"),
            (self.receipts != self.responses, f"{self.responses} responses for {self.receipts} submissions"),
            (self.unknown > 0, f"{self.unknown} stored submissions that nobody sent"),
            (self.unfinished > 0, f"{self.unfinished} answers were refused or never acknowledged"),
            (bool(self.log_lines), f"a log says something about a respondent: {self.log_lines[:3]}"),
        )
        return [sentence for broken, sentence in rules if broken]


def check(server: Server, secrets: Path, ledger: Ledger, logs: Iterable[Path]) -> Verdict:
    key = KeyStore(secrets).get(FORM_KEY)
    acknowledged = {keyed_hash(key, submission) for submission in ledger.acknowledged}
    unfinished = {keyed_hash(key, submission) for submission in ledger.unfinished}
    stored = {_bytes(row[0]) for row in server.run("SELECT submission_hash FROM submission_receipt")}
    ((responses,),) = server.run("SELECT count(*) FROM response")
    return Verdict(
        acknowledged=len(acknowledged),
        unfinished=len(unfinished),
        repeated=ledger.repeated,
        missing=len(acknowledged - stored),
        receipts=len(stored),
        responses=int(str(responses)),
        unknown=len(stored - acknowledged - unfinished),
        log_lines=tuple(lines_about_respondents(logs)),
    )


def lines_about_respondents(logs: Iterable[Path]) -> Iterator[str]:
    for log in logs:
        for line in log.read_text("utf-8", "replace").splitlines() if log.exists() else ():
            if FORBIDDEN_IN_LOGS.search(line):
                yield f"{log.name}: {line}"


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(f"a hash that is {type(value)}")
    return value


def longest_silence(moments: Sequence[float], start: float, end: float) -> float:
    """The longest time without an acknowledgement between ``start`` and ``end``, counted from the last one before."""
    before = max((moment for moment in moments if moment < start), default=start)
    inside = sorted(moment for moment in moments if start <= moment < end)
    edges = [before, *inside, end]
    return max(later - earlier for earlier, later in pairwise(edges))
