"""Where the published reference figures lie: beside the project, never in it."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("measurement", deadline=None)  # a slow machine is no fault of a statistic
settings.load_profile("measurement")


def _reference() -> Path | None:
    named = os.environ.get("SHARED_REFERENCE")
    beside = [folder / "shared" / "reference" for folder in Path(__file__).resolve().parents]
    candidates = [Path(named)] if named else beside
    return next((folder for folder in candidates if (folder / "published" / "expected.csv").is_file()), None)


@pytest.fixture(scope="session")
def reference() -> Path:
    folder = _reference()
    if folder is None:
        pytest.skip("REFERENCE FIGURES NOT CHECKED: no shared/reference beside the project and no SHARED_REFERENCE")
    return folder
