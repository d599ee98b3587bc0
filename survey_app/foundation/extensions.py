"""What the application carries with it, one function each."""

from flask import current_app
from flask_wtf import CSRFProtect

from .clock import Clock
from .db import Database
from .keys import KeyStore
from .settings import Settings

csrf = CSRFProtect()


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def clock() -> Clock:
    found: Clock = current_app.extensions["clock"]
    return found


def keys() -> KeyStore:
    found: KeyStore = current_app.extensions["keys"]
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
