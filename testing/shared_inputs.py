"""Inputs of others that a workplace may have beside the project, never in it: tests use them in addition to our own."""

import os
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT

NONE = "none"


def shared_folder(name: str) -> Path:
    """Return ``../shared/<name>`` (or below ``SHARED_DIR``); skip out loud where it is absent.

    With CI set that is a failure, so that nobody takes a check for whole that was not: a public clone, which has none
    of it, says so with ``SHARED_DIR=none``.
    """
    chosen = os.environ.get("SHARED_DIR", "")
    places = [Path(chosen)] if chosen else [folder / "shared" for folder in PROJECT.parents]
    found = next((place / name for place in places if (place / name).is_dir()), None)
    if found is None and os.environ.get("CI") and chosen != NONE:
        pytest.fail(f"CI needs ../shared/{name}, or SHARED_DIR={NONE}")
    if found is None:
        pytest.skip(f"!!! ../shared/{name} is not here: only our own inputs are tested")
    return found
