"""Admin: the staff's pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Pages, the guard before them and the check that no endpoint is without a rule."""
    from . import access, guard, routes

    app.register_blueprint(routes.blueprint)
    guard.install(app)
    access.check_access_table(app)
