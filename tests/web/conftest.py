"""Somebody of each role, and what the audit and the denials say."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.accounts.denials import list_denials
from survey_app.foundation.db import Database
from survey_app.foundation.roles import Role
from testing.district import District, csrf_in

Rows = list[tuple[str, ...]]


@pytest.fixture
def client_of(small_district: District) -> Callable[[Role | None], FlaskClient]:
    """A client that is logged in with a role, or not at all."""

    def client_of(role: Role | None) -> FlaskClient:
        return small_district.staff(str(role), f"person-{role}") if role else small_district.app.test_client()

    return client_of


def audit_of(district: District, action: str) -> Rows:
    """Actor, detail and result of each entry."""
    with district.app.extensions["database"].read_session() as session:
        statement = text("SELECT actor, detail, result FROM audit_entry WHERE action = :action ORDER BY id")
        return [tuple(row) for row in session.execute(statement, {"action": action})]


def denials_of(district: District) -> dict[tuple[str, str], int]:
    """How often each endpoint and reason was denied."""
    counts: dict[tuple[str, str], int] = {}
    with district.app.extensions["database"].read_session() as session:
        for row in list_denials(session):
            counts[row.endpoint, row.reason] = counts.get((row.endpoint, row.reason), 0) + row.count
    return counts


def form_token(client: FlaskClient) -> dict[str, str]:
    """The hidden field that proves that a form of ours was fetched."""
    return {"csrf_token": csrf_in(client.get("/staff/login").text)}


@pytest.fixture
def make_database_unreachable() -> Iterator[Callable[[Flask], str]]:
    """The application is left with a PostgreSQL that does not answer; the fixture returns its name."""
    made: list[Database] = []

    def make_database_unreachable(app: Flask) -> str:
        database = Database("postgresql+psycopg://survey:secret@127.0.0.1:5999/kept_back")
        made.append(database)
        app.extensions["database"].dispose()
        app.extensions["database"] = database
        return "kept_back"

    yield make_database_unreachable
    for database in made:
        database.dispose()
