"""Collection: the form and the response. Knows no statistics, and nothing about who answers."""

from flask import Flask

from survey_app.foundation.extensions import csrf


def register(app: Flask) -> None:
    """The respondents' pages. They carry a signed token of their own instead of a cookie and a CSRF field."""
    from survey_app.distribution.link_cache import LinkBook

    from .access import Door
    from .submission_writer import Intake
    from .views import blueprint

    found = app.extensions
    app.extensions.update(
        linkbook=LinkBook(found["database"], found["categories"], found["settings"].state_seconds),
        intake=Intake(found["database"]),
        door=Door(found["database"], found["keys"], found["buckets"], found["settings"]),
    )
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
