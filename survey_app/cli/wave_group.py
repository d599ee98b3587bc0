"""The group of ``flask wave``, to which several files add their verbs."""

from survey_app.foundation.translation import _

from .output import CommandGroup

group = CommandGroup("wave", help=_("测评批次"))
