"""Where servers and the ``flask`` command find the application."""

from survey_app import create_app

app = create_app()
