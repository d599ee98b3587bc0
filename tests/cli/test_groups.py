"""Groups of commands, each imported as a call of it imports it."""

import subprocess
import sys

from survey_app.cli import GROUPS
from survey_app.foundation.settings import PROJECT

PROGRAM = """
import sys
from importlib import import_module
from traceback import print_exc
for group in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "survey_app"]:
        del sys.modules[name]
    try:
        import_module(group).group
    except Exception:
        print(group)
        print_exc()
"""


def test_a_group_can_be_imported_before_every_other() -> None:
    """After others an import in a circle stays unseen; a call starts anew, and here the application is forgotten."""
    groups = sorted(GROUPS.values())
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, *groups], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (0, ""), told.stdout + told.stderr
    assert len(groups) > 10
