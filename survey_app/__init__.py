"""School satisfaction measurement. :func:`create_app` is the list of what the application consists of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from survey_app.foundation.clock import Clock
    from survey_app.foundation.settings import Settings

MAX_BODY = 3 * 1024 * 1024  # staff uploads; respondents have a limit of their own
MAX_FIELDS_BYTES, MAX_FIELDS = 1024 * 1024, 2000  # of the staff's forms: a questionnaire to import, with its lines


def create_app(settings: "Settings | None" = None, clock: "Clock | None" = None) -> "Flask":
    """The application, ready to serve and to run commands.

    Imports stand here so that a notebook can use ``survey_app.measurement`` without a web server and a database.
    """
    from werkzeug.middleware.proxy_fix import ProxyFix

    from survey_app import admin, cli, collection, inspector, public, web
    from survey_app.accounts.denials import DenialLog
    from survey_app.admin import jobs as admin_jobs
    from survey_app.foundation.clock import SystemClock
    from survey_app.foundation.db import Database
    from survey_app.foundation.job import JobRegistry
    from survey_app.foundation.keys import KeyStore
    from survey_app.foundation.rate_limit import SharedTokenBuckets
    from survey_app.foundation.settings import Settings
    from survey_app.foundation.templates import WhitespaceRemoval
    from survey_app.frame.instrument_catalogue import InstrumentCatalogue
    from survey_app.integrity import jobs as integrity_jobs
    from survey_app.web.application import Application

    settings = settings or Settings.from_environment()
    app = Application(__name__, static_folder=None)  # the route table has its address, as all others
    app.static_folder = "static"
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_FIELDS_BYTES, MAX_FORM_PARTS=MAX_FIELDS)
    database, keys = Database(settings.database_url), KeyStore(settings.secrets_dir)
    catalogue = InstrumentCatalogue(settings.questionnaires_dir)
    app.extensions.update(
        settings=settings,
        clock=clock or SystemClock(),
        database=database,
        keys=keys,
        catalogue=catalogue,
        categories=catalogue.categories(),
        jobs=JobRegistry([*integrity_jobs.JOBS, *admin_jobs.JOBS]),
        buckets=SharedTokenBuckets(settings.secrets_dir.parent / "limits.bin", keys.get("session")),
        denials=DenialLog(database, settings.denial_seconds),
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.jinja_env.add_extension(WhitespaceRemoval)
    collection.register(app)
    routes = web.register(app, [*collection.ROUTES, *admin.ROUTES, *inspector.ROUTES, *public.ROUTES])
    cli.register(app)
    routes.check()
    return app
