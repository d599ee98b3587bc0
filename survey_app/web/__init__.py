"""Web: what stands before every page. One route table, authorisation, audit, errors, headers, language, sessions.

:func:`register` takes the routes of the rooms; what has no route is refused, and stops the start.
"""

from collections.abc import Iterable

from flask import Flask

from survey_app.foundation.route import Area, Method, Route

from . import authorize, errors, headers, kept_forms, language, page_tables, session
from .table import RouteTable

STATIC_FILES = Route(
    Method.GET, "/static/<path:filename>", "static", f"{__package__}.static_files:send", needs_login=False,
    area=Area.PUBLIC,
)  # fmt: skip


def register(app: Flask, routes: Iterable[Route]) -> RouteTable:
    """Make the route table and what enforces it. The caller checks the table when all rooms are registered."""
    table = RouteTable(app)
    app.extensions["routes"] = table
    table.add(STATIC_FILES, *routes)
    session.install(app)
    language.install(app)
    authorize.install(app)
    kept_forms.install(app)
    headers.install(app)
    page_tables.install(app)
    errors.install(app)
    return table
