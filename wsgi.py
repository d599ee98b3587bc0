"""Where servers and the ``flask`` command find the application."""

import sys

from survey_app import create_app
from survey_app.foundation.errors import Refused
from survey_app.foundation.translation import say, speaking

NEVER_AGAIN = 78  # EX_CONFIG; survey-app.service does not start again after it

try:
    app = create_app()
except Refused as refusal:
    for language in ("zh", "en"):
        with speaking(language):
            sys.stderr.writelines(f"{say(line)}\n" for line in refusal.lines)
    sys.exit(NEVER_AGAIN)
