"""The addresses of the changes: a form and an action for each kind, each under its own name in the audit."""

from collections.abc import Iterator

from survey_app.foundation.roles import OFFICE, READERS, RELEASED_TO
from survey_app.foundation.route import Method, Route, Scope

from ..route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"
ACTIONS = {
    "extend": "wave.extend", "reopen": "wave.reopen", "add-school": "wave.add-school", "amend": "wave.amend",
    "correct": "wave.correct", "pause": "wave.pause", "resume": "wave.resume", "void": "codes.void",
    "close": "wave.close", "exclude": "wave.exclude", "release": "wave.release", "withdraw": "wave.withdraw",
}  # fmt: skip


def _change_rows(address: str) -> Iterator[Route]:
    for kind, action in ACTIONS.items():
        endpoint = f"admin.change_{kind.replace('-', '_')}"
        view = f"{__package__}.views"
        yield Route(Method.GET, f"{address}/{kind}", f"{endpoint}_form", f"{view}:change_form", OFFICE)
        yield Route(Method.POST, f"{address}/{kind}", endpoint, f"{view}:make_change", OFFICE, audit=action)


ROUTES = (
    page_row(f"{WAVE}/changes", "changes.views:changes", READERS),
    *_change_rows(f"{WAVE}/changes"),
    action_row(
        f"{WAVE}/changes/requests/<int:request_id>/confirm", "changes.views:confirm_change", OFFICE, "wave.confirm"
    ),
    action_row(
        f"{WAVE}/release/<int:request_id>", "changes.views:confirm_release", RELEASED_TO, "wave.confirm", Scope.RELEASED
    ),
)
