"""What the checks of an installation find."""

from dataclasses import dataclass

from survey_app.definition.messages import Message


@dataclass(frozen=True, slots=True)
class HealthIssue:
    """One thing that is not as it should be. ``is_fatal``: do not collect answers like this.

    ``is_for_office``: whoever starts the program can do something about it; the rest is for who runs the check.
    """

    is_fatal: bool
    message: Message
    is_for_office: bool = True
