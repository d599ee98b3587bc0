"""The files that jobs made for somebody to fetch: on this machine only, and for a day."""

import time
from pathlib import Path

from survey_app.foundation.extensions import settings

KEPT_SECONDS = 24 * 3600


def print_directory() -> Path:
    """Where they lie."""
    return settings().secrets_dir.parent / "prints"


def delete_old_prints() -> None:
    """Codes are not kept: the file that carries them is deleted after a day."""
    oldest = time.time() - KEPT_SECONDS
    for path in print_directory().glob("*.zip"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
