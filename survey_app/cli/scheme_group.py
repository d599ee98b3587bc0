"""The group ``flask scheme``, and the scheme that a command is to use."""

from pathlib import Path

from flask import current_app

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.foundation.extensions import settings
from survey_app.foundation.translation import _

from .output import CommandGroup

group = CommandGroup("scheme", help=_("考核方案"))


def load_scheme(path: Path | None) -> Scheme:
    """The scheme in a file, or the shipped default."""
    return read_scheme(path or settings().assessment_dir / DEFAULT_SCHEME_FILE, current_app.extensions["categories"])
