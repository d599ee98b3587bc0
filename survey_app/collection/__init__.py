"""Collection: the form and the response. Knows no statistics, and nothing about who answers."""

from flask import Flask

from survey_app.foundation.extensions import csrf


def register(app: Flask) -> None:
    """The respondents' pages. They carry a signed token of their own instead of a cookie and a CSRF field."""
    from .views import blueprint

    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
