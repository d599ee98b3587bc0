"""What the application carries with it, one function each."""

from flask import current_app

from .clock import Clock
from .db import Database
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


def settings() -> Settings:
    extension: Settings = current_app.extensions["settings"]
    return extension
