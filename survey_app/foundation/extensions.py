"""What the application carries with it, one function each."""

from flask import current_app

from .clock import Clock
from .db import Database
from .job_worker import JobWorker
from .keys import KeyStore
from .settings import Settings


def database() -> Database:
    extension: Database = current_app.extensions["database"]
    return extension


def clock() -> Clock:
    extension: Clock = current_app.extensions["clock"]
    return extension


def keys() -> KeyStore:
    extension: KeyStore = current_app.extensions["keys"]
    return extension


def job_worker() -> JobWorker:
    """Return a worker for this thread."""
    extensions = current_app.extensions
    return JobWorker(extensions["database"], extensions["clock"], extensions["categories"], extensions["jobs"])


def settings() -> Settings:
    extension: Settings = current_app.extensions["settings"]
    return extension
