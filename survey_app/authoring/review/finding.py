"""What the checker reports."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.definition.messages import Message, message


class Severity(StrEnum):
    """How bad it is. An error stops a wave."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


SEVERITY_LABELS: dict[Severity, Message] = {
    Severity.ERROR: message("必改"),
    Severity.WARNING: message("提醒"),
    Severity.HINT: message("建议"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    rule, source : str
        The rule, and what it rests on.
    subject : str
        The question, scale or dimension under whose id it can be accepted; else ``form-wide``.
    ids : tuple of str
        The questions concerned; none for the introduction and the form as such.
    accepted : str or None
        The reason in the file. What may not be accepted has none, whatever the file says.
    may_be_accepted : bool
        Whether a reason in the file would be heard.
    """

    rule: str
    severity: Severity
    subject: str
    ids: tuple[str, ...]
    message: Message
    suggestion: Message
    source: str
    accepted: str | None = None
    may_be_accepted: bool = False

    @property
    def stops(self) -> bool:
        """Whether no wave may ask this."""
        return self.severity is Severity.ERROR and self.accepted is None
