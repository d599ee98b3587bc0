"""How long each page and file of a role takes, and how large it is, in a district that ``benchmarks.console`` made."""

import gzip
import secrets
import statistics
import time
from collections.abc import Iterator
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
            while (asked := client.get(address)).status_code == 202 or "Refresh" in asked.headers:
                time.sleep(1)  # the page says that something is being prepared, and looks again
            if asked.status_code == 200:
                _time_page(client, role, rule, address, rounds)


def _login(district: District, role: str) -> FlaskClient:
    name = f"bench{secrets.token_hex(3)}"
    client = district.staff(role, name)
    with district.app.extensions["database"].write_session() as session:
        codes = [f"{number:05d}" for number in range(1, ROLES[role] + 1)]
        staff = find_active_staff(session, name)
        assert staff is not None
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, code) for code in codes])
    return client


def _time_page(client: FlaskClient, role: str, rule: Rule, address: str, rounds: int) -> None:
    times, size, is_file = [], 0, address.endswith(FILES)
    for _ in range(1 if is_file else rounds):
        began = time.perf_counter()
        response = client.get(address)
        times.append(time.perf_counter() - began)
        size = len(gzip.compress(response.data))
    slowest = sorted(times)[int(0.95 * (len(times) - 1))]
    is_slow = slowest > (MAX_FILE_SECONDS if is_file else MAX_PAGE_SECONDS)
    mark = "✗" if is_slow or (size > MAX_PAGE_BYTES and not is_file) else ""
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
