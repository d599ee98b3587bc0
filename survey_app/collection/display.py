"""How somebody wants to see the pages, and what the device is: one's own, or one for many people."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from survey_app.definition.audiences import AUDIENCES
from survey_app.distribution.queries import FormLink
from survey_app.foundation.translation import SOURCE_LANGUAGE
from survey_app.frame.access_modes import ACCESS_MODES, CodeScope

SIZES = ("normal", "large")
SHARED, OWN = "shared", "own"
DEVICES = (SHARED, OWN)


@dataclass(frozen=True, slots=True)
class DisplayOptions:
    """Language, type size and device. An empty ``device`` leaves it to the link.

    ``usual_language`` is the one that nobody has to ask for: the first of the instrument.
    """

    language: str = SOURCE_LANGUAGE
    size: str = "normal"
    device: str = ""
    usual_language: str = SOURCE_LANGUAGE

    def query(self) -> str:
        """What the address must state so that another page is shown in the same way; empty for the usual one."""
        return _query(self)

    def address(self, path: str, fragment: str = "") -> str:
        query = self.query()
        return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


@lru_cache(maxsize=256)
def _query(display: DisplayOptions) -> str:
    usual = DisplayOptions()
    values = {"lang": display.language, "size": display.size, "device": display.device}
    stated = {"lang": display.usual_language, "size": usual.size, "device": usual.device}
    return urlencode({name: value for name, value in values.items() if value != stated[name]})


def is_shared(link: FormLink, display: DisplayOptions) -> bool:
    """Whether the next person sits at the same device: students with a class code answer in the computer room."""
    by_class = ACCESS_MODES[link.access].code_scope is CodeScope.CLASS
    usual = SHARED if by_class and AUDIENCES[link.audience].shares_class_devices else OWN
    return (display.device or usual) == SHARED


def draft_mode(link: FormLink, display: DisplayOptions, preview: bool) -> str:
    """Where the page's script may keep answers: ``local`` for days, ``session`` only while they are being sent."""
    if preview or is_shared(link, display):
        return ""
    return "local" if AUDIENCES[link.audience].has_own_device else "session"


def device_button(link: FormLink, display: DisplayOptions) -> str:
    """Which other device can be chosen on the page; parents answer on their own phones."""
    if AUDIENCES[link.audience].has_own_device:
        return OWN if is_shared(link, display) else ""
    return OWN if is_shared(link, display) else SHARED
