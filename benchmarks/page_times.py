"""How long each page and file of a role takes, and how large it is, in a district that ``benchmarks.console`` made."""

import gzip
import secrets
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.staff import find_active_staff
from testing.district import District

MAX_PAGE_SECONDS, MAX_PAGE_BYTES, MAX_FILE_SECONDS = 0.3, 60 * 1024, 10.0
FILES = (".csv", ".xlsx", ".pdf", ".zip", ".svg", ".yaml", "/results/all")  # the last one is printed, not read
ROLES = {"office": 0, "leader": 0, "inspector": 14, "principal": 1}  # and how many schools are theirs
ROOMS = ("admin.", "inspector.")
KNOWN: dict[str, Any] = {
    "wave_id": 1, "code": "00001", "instrument_id": "bench", "audience": "parent", "table": "indices", "year_id": 1,
    "case_id": 1, "staff_id": 2, "manual_id": "office",
}  # fmt: skip


def time_pages(district: District, rounds: int) -> None:
    """Print each file once and each page ``rounds`` times, role by role; what is slow or large is marked."""
    print("| role | page | median ms | 95 % ms | KB gzip | |\n|---|---|---|---|---|---|")
    for role in ROLES:
        client = _login(district, role)
        for rule, address in sorted(_addresses(district.app), key=lambda found: found[1]):
            while (asked := _ask(client, address)).is_preparing:
                time.sleep(1)  # the page says that something is being made, and looks again
            if asked.status == 200:
                is_file = address.endswith(FILES)  # made once: a workbook that is made again slows the pages after it
                found = [asked] if is_file else [_ask(client, address) for _ in range(rounds)]
                _print_times(role, rule, found, MAX_FILE_SECONDS if is_file else MAX_PAGE_SECONDS, is_file)


def _login(district: District, role: str) -> FlaskClient:
    name = f"bench{secrets.token_hex(3)}"
    client = district.staff(role, name)
    with district.app.extensions["database"].write_session() as session:
        codes = [f"{number:05d}" for number in range(1, ROLES[role] + 1)]
        staff = find_active_staff(session, name)
        assert staff is not None
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in codes])
    return client


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    seconds: float
    size: int
    is_preparing: bool


def _ask(client: FlaskClient, address: str) -> _Answer:
    began = time.perf_counter()
    response = client.get(address)
    seconds = time.perf_counter() - began
    is_preparing = response.status_code == 202 or "Refresh" in response.headers
    return _Answer(response.status_code, seconds, len(gzip.compress(response.data)), is_preparing)


def _print_times(role: str, rule: Rule, answers: Sequence[_Answer], most: float, is_file: bool) -> None:
    times, size = sorted(one.seconds for one in answers), answers[-1].size
    slowest = times[round(0.95 * (len(times) - 1))]
    mark = "✗" if slowest > most or (size > MAX_PAGE_BYTES and not is_file) else ""
    middle, size_kb = statistics.median(times), size / 1024
    print(f"| {role} | {rule.rule} | {middle * 1000:.0f} | {slowest * 1000:.0f} | {size_kb:.0f} | {mark} |", flush=True)


def _addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """The GET addresses of the staff side for which the one wave and the first school say all that is missing."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            is_read = rule.endpoint.startswith(ROOMS) and "GET" in (rule.methods or ())
            if is_read and rule.arguments <= set(KNOWN):
                values = {name: KNOWN[name] for name in rule.arguments}
                if rule.arguments >= {"year_id", "table"}:
                    values["table"] = "ranking"
                yield rule, str(app.url_for(rule.endpoint, **values))
