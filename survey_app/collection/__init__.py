"""Collection: the form and the response. Knows no statistics, and nothing about who answers."""

from flask import Flask

from survey_app.foundation.extensions import csrf


def register(app: Flask) -> None:
    """The respondents' pages. They carry a signed token of their own instead of a cookie and a CSRF field."""
    from survey_app.distribution.link_cache import LinkCache

    from .access import AccessControl
    from .activity import FormActivityRecorder
    from .submission_writer import GroupCommitWriter
    from .views import blueprint

    extensions = app.extensions
    database, settings = extensions["database"], extensions["settings"]
    app.extensions.update(
        link_cache=LinkCache(database, extensions["categories"], settings.link_cache_seconds),
        submission_writer=GroupCommitWriter(database),
        form_activity=FormActivityRecorder(database),
        access_control=AccessControl(database, extensions["keys"], extensions["buckets"], settings),
    )
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
