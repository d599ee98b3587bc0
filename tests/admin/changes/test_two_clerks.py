"""Two clerks at one wave at once: whichever change the second one sends, he is told what the first one did.

The pages of a draft are swept in ``test_setup_pages.py``.
"""

import re
from typing import Any

from survey_app.admin.changes.routes import ACTIONS
from testing.console import Clerk

CHANGES = "/staff/waves/1/changes"
SEALED_ONLY = {"exclude", "release", "withdraw", "reopen"}
OPEN_KINDS = sorted(set(ACTIONS) - SEALED_ONLY)


def extend(clerk: Clerk, day: int) -> None:
    """What the first clerk does meanwhile."""
    clerk.open(f"{CHANGES}/extend")
    clerk.page = clerk.send(f"{CHANGES}/extend", closes_on=f"2026-11-{day}", reason=f"理由{day}").text
    assert clerk.send(f"{CHANGES}/extend").status_code == 303


def filled(page: str) -> dict[str, Any]:
    """What stands in the form or is chosen first."""
    fields: dict[str, Any] = {}
    for name, options in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        values = [value for value in re.findall(r'<option value="([^"]*)"', options) if value]
        fields[name] = values[0] if values else ""
    return fields | {"reason": "第二个人的理由", "population": "3", "batch": "1", "closes_on": "2026-11-29"}


def test_every_change_of_a_wave_tells_the_second_clerk(running: Clerk) -> None:
    """Issue 11, bad input: two clerks changing one wave at once; one sweep over all kinds of change."""
    running.open("/staff/waves/1/papers/0101")
    running.send("/staff/waves/1/codes.pdf", school="0101", audience="parent", count="3", again="")
    running.district.forget_school()
    first = Clerk(running.district, "李老师")
    for number, kind in enumerate(OPEN_KINDS):
        extra = {"amend": "?school=0101", "void": "?batch=1"}.get(kind, "")
        opened = running.client.get(f"{CHANGES}/{kind}{extra}")
        if opened.status_code != 200:
            continue  # not possible now
        mine = running.hidden(opened.text) | filled(opened.text)
        extend(first, 14 + number)
        late = running.client.post(f"{CHANGES}/{kind}", data=mine | {"confirmed": "1"})
        assert late.status_code == 409, (kind, late.status_code)
        assert "李老师" in late.text, kind
        assert f"理由{14 + number}" in late.text, kind
        assert "第二个人的理由" in late.text or kind == "close", f"{kind}: what the second typed is lost"
    assert running.district.count("manifest_record") >= 6
