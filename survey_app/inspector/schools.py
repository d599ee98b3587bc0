"""The first page: my schools, and how far I am with each."""

from flask import g
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.extensions import clock, database

from .first_page import FIRST_PAGE
from .phone import phone_page


def own_schools() -> AnyResponse:
    now = clock().now()
    with database().read_session() as db:
        parts = [part for make in FIRST_PAGE if (part := make(db, g.staff, now)).lines or part.empty]
    return phone_page("schools.html", parts=parts)
