"""Collection: the form and the response. Knows no statistics, and nothing about who answers."""

from flask import Flask

from .routes import ROUTES, SlugConverter

__all__ = ["ROUTES", "register"]


def register(app: Flask) -> None:
    """What the respondents' pages work with, and the pages themselves, so that workers share them in memory."""
    from survey_app.distribution.link_cache import LinkCache
    from survey_app.foundation.office_cache import OfficeCache

    from . import views  # noqa: F401
    from .access import AccessControl
    from .activity import FormActivityRecorder
    from .submission_writer import GroupCommitWriter

    app.url_map.converters["slug"] = SlugConverter
    extensions = app.extensions
    database, settings = extensions["database"], extensions["settings"]
    app.extensions.update(
        link_cache=LinkCache(database, extensions["categories"], settings.link_cache_seconds),
        office=OfficeCache(database, settings, settings.link_cache_seconds),
        submission_writer=GroupCommitWriter(database),
        form_activity=FormActivityRecorder(database),
        access_control=AccessControl(database, extensions["keys"], extensions["buckets"], settings),
    )
