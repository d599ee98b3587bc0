"""Inputs of others that a workplace may have beside the project, never in it: tests use them in addition to our own."""

import os
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT

NONE = "none"


def _found(name: str) -> Path | None:
    chosen = os.environ.get("SHARED_DIR", "")
    places = [Path(chosen)] if chosen else [folder / "shared" for folder in PROJECT.parents]
    return next((place / name for place in places if (place / name).is_dir()), None)


def shared_names(folder: str, pattern: str) -> list[str]:
    """Return the files of a folder of the corpus to make tests of; a single made-up one where they are absent.

    They are looked for where :func:`shared_folder` looks, or a test would be of a file that is not there.
    """
    root = _found(f"corpus/{folder}")
    return sorted(path.name for path in root.glob(pattern)) if root else ["absent"]


def shared_folder(name: str) -> Path:
    """Return ``../shared/<name>`` (or below ``SHARED_DIR``); skip out loud where it is absent.

    With CI set that is a failure, so that nobody takes a check for whole that was not: a public clone, which has none
    of it, says so with ``SHARED_DIR=none``.
    """
    found = _found(name)
    if found is None and os.environ.get("CI") and os.environ.get("SHARED_DIR") != NONE:
        pytest.fail(f"CI needs ../shared/{name}, or SHARED_DIR={NONE}")
    if found is None:
        pytest.skip(f"!!! ../shared/{name} is not here: only our own inputs are tested")
    return found
