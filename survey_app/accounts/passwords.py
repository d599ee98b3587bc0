"""Hashing and checking passwords. It takes long on purpose, so it happens outside every transaction."""

import threading
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from survey_app.foundation.errors import UserError, user_error

from .password_rules import check_password_rules

COST = RFC_9106_LOW_MEMORY
MAX_AT_ONCE = 2  # each takes 64 MiB and a processor, which the form needs, too
_room = threading.BoundedSemaphore(MAX_AT_ONCE)


class LoginsBusy(UserError):
    """This process is checking as many passwords as it may."""


def _hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(COST)


def hash_new_password(password: str, username: str, context_words: Iterable[str] = ()) -> str:
    """Return the hash to be kept. Raises :class:`UserError` if the password is too easy to guess."""
    check_password_rules(password, username, context_words)
    return _hasher().hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right; takes as long if there is no such account. Raises :class:`LoginsBusy`."""
    if not _room.acquire(blocking=False):  # a thread that waits here would be missing for the form
        raise LoginsBusy(*user_error("现在登录的人太多，请过几秒再试").messages)
    try:
        _hasher().verify(password_hash or _dummy_password_hash(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    finally:
        _room.release()
    return bool(password_hash)


@lru_cache
def _dummy_password_hash() -> str:
    return _hasher().hash("nobody has this password")
