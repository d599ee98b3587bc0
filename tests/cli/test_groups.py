"""Groups of commands, each imported as a call of it imports it."""

import subprocess
import sys

import pytest

from survey_app.cli import GROUPS
from survey_app.foundation.settings import PROJECT


@pytest.mark.parametrize("module", sorted(GROUPS.values()))
def test_a_group_can_be_imported_before_every_other(module: str) -> None:
    """In one process with others an import in a circle stays unseen; a call starts a process of its own."""
    program = f"from importlib import import_module; import_module({module!r}).group"
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
