"""The group ``flask documents``: what an office files and hands on."""

from survey_app.foundation.translation import _

from .output import CommandGroup

group = CommandGroup("documents", help=_("存档和下发的文件"))
