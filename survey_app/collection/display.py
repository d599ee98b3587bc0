"""How somebody wants to see the pages, and what the device is: one's own, or one for many people."""

from dataclasses import dataclass
from urllib.parse import urlencode

from survey_app.distribution.queries import FormLink

from .access import CLASS

SIZES = ("normal", "large")
SHARED, OWN = "shared", "own"
DEVICES = (SHARED, OWN)
PERSONAL_AUDIENCES = ("parent", "inspector")  # who answers on a device of their own, and may find a draft there


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """Language, type size and device. An empty ``device`` leaves it to the link."""

    language: str = "zh"
    size: str = "normal"
    device: str = ""

    def query(self) -> str:
        """What the address must state so that another page is shown in the same way; empty for the usual one."""
        usual = DisplayOptions()
        values = {"lang": self.language, "size": self.size, "device": self.device}
        stated = {"lang": usual.language, "size": usual.size, "device": usual.device}
        return urlencode({name: value for name, value in values.items() if value != stated[name]})

    def address(self, path: str, fragment: str = "") -> str:
        query = self.query()
        return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def is_shared(link: FormLink, display: DisplayOptions) -> bool:
    """Whether the next person sits at the same device: students with a class code answer in the computer room."""
    usual = SHARED if link.audience == "student" and link.access == CLASS else OWN
    return (display.device or usual) == SHARED


def draft_mode(link: FormLink, display: DisplayOptions, preview: bool) -> str:
    """Where the page's script may keep answers: ``local`` for days, ``session`` only while they are being sent."""
    if preview or is_shared(link, display):
        return ""
    return "local" if link.audience in PERSONAL_AUDIENCES else "session"


def device_button(link: FormLink, display: DisplayOptions) -> str:
    """Which other device can be chosen on the page; parents answer on their own phones."""
    if link.audience in PERSONAL_AUDIENCES:
        return OWN if is_shared(link, display) else ""
    return OWN if is_shared(link, display) else SHARED
