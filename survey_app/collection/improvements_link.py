"""Whether the form's last page leads to what was improved: the office's switch, looked at twice a minute.

The last page needs no database, and thousands see it in an hour; without one nothing leads there.
"""

import time
from threading import Lock

from survey_app.foundation.db import Database, DatabaseUnavailable
from survey_app.foundation.stored_settings import IMPROVEMENTS_LINK, load_switch

ADDRESS = "/improved"
SECONDS = 30.0
_known: dict[str, tuple[float, bool]] = {}
_lock = Lock()


def improvements_address(database: Database, language: str) -> str:
    """Where the link leads, in the language of the form; empty while the office has not switched it on."""
    return f"{ADDRESS}?lang={language}" if _is_on(database) else ""


def _is_on(database: Database) -> bool:
    key, now = str(database.engine.url), time.monotonic()
    with _lock:
        looked_at, is_on = _known.get(key, (-SECONDS, False))
        if now < looked_at + SECONDS:
            return is_on
        _known[key] = (now, is_on)  # the others go on with what was known
    try:
        with database.read_session() as session:
            is_on = load_switch(session, IMPROVEMENTS_LINK)
    except DatabaseUnavailable:
        is_on = False
    with _lock:
        _known[key] = (now, is_on)
    return is_on
