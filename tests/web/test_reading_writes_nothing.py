"""Reading a page changes nothing: every GET of staff and inspectors, by everybody who may, while writes are watched."""

import re

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from survey_app.admin.routes import ROUTES
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.route import Method
from survey_app.inspector.routes import ROUTES as INSPECTOR_ROUTES
from testing.district import District
from testing.rich_district import rich_district
from testing.staff_pages import address

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)
ALWAYS = {"staff_session", "denial"}  # when a session was last seen, and that somebody was turned away
WITH_AUDIT = {"audit_entry"}  # what gives data away is written down; its route says so
# The count of an hour is the same for everybody who looks in it: the first to look keeps it, or differences told more.
KEPT_BY_LOOKING = {"admin.school_room": {"hourly_count"}}
LOGIN = {"admin.login", "admin.logout"}


@pytest.fixture
def rich(own_app: Flask, clock: ManualClock):  # type: ignore[no-untyped-def]
    return rich_district(District(own_app, clock))


def test_reading_a_page_changes_no_table(rich) -> None:  # type: ignore[no-untyped-def]
    """Jobs above all: a page that asks for work when it is looked at makes of each visit an order."""
    written: set[str] = set()

    def see(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if found := WRITES.match(statement):
            written.add(found[1])

    event.listen(Engine, "before_cursor_execute", see)
    faults, looked = [], 0
    try:
        for route in (*ROUTES, *INSPECTOR_ROUTES):
            if route.method is not Method.GET or not route.needs_login or route.endpoint in LOGIN:
                continue
            allowed = ALWAYS | (WITH_AUDIT if route.audit else set()) | KEPT_BY_LOOKING.get(route.endpoint, set())
            place = address(rich.district.app, route)
            for role, clerk in rich.by_role.items():
                if role in {str(each) for each in route.roles}:
                    written.clear()
                    answer = clerk.client.get(place)
                    looked += answer.status_code == 200
                    if more := written - allowed:
                        faults.append(f"{role} {place} ({answer.status_code}) writes {sorted(more)}")
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    assert not faults, "\n".join(faults)
    assert looked > 100, "most pages were there to be read"
