"""Where servers and the ``flask`` command find the application."""

import sys

from survey_app import create_app
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.errors import UserError
from survey_app.foundation.translation import render, use_language

NEVER_AGAIN = 78  # EX_CONFIG; survey-app.service does not start again after it

try:
    app = create_app()
except UserError as refusal:
    for language in ("zh", "en"):
        with use_language(language):
            sys.stderr.writelines(f"{render(line)}\n" for line in refusal.messages)
    sys.exit(NEVER_AGAIN)
except DefinitionError as error:
    for issue in error.issues:
        sys.stderr.write(f"{issue.position}: {render(issue.message)}\n")
    sys.exit(NEVER_AGAIN)
