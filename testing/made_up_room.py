"""A room that does not exist: its pages show what the route table does with any room."""

from typing import Any

from flask import Response, abort, request

from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import database
from survey_app.foundation.roles import OFFICE, Role
from survey_app.foundation.route import Method, Route
from survey_app.web.audit import record_done


def page() -> str:
    return "made up"


def change() -> Response:
    """Does what the field ``outcome`` asks for."""
    outcome = request.form.get("outcome", "")
    with database().write_session() as db:
        if outcome != "forgotten":
            record_done(db, "a made-up thing")
        if outcome == "refused":
            raise user_error("批次“{name}”还没有封存", name="秋")
        if outcome == "missing":
            abort(404)
        if outcome == "broken":
            raise ZeroDivisionError
    return Response("changed")


def routes(roles: frozenset[Role] = OFFICE, **options: Any) -> tuple[Route, ...]:
    module = __name__
    return (
        Route(Method.GET, "/invented/page", "invented.page", f"{module}:page", roles, audit="invented.page", **options),
        Route(Method.POST, "/invented/change", "invented.change", f"{module}:change", roles, audit="invented.change"),
    )
