"""The questionnaires, and how one comes in."""
