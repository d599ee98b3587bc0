"""The addresses of the changes: a form and an action for each kind, each under its own name in the audit."""

from collections.abc import Iterator

from survey_app.foundation.roles import OFFICE
from survey_app.foundation.route import Method, Route

ACTIONS = {
    "extend": "wave.extend", "reopen": "wave.reopen", "add-school": "wave.add-school", "amend": "wave.amend",
    "correct": "wave.correct", "pause": "wave.pause", "resume": "wave.resume", "void": "codes.void",
    "close": "wave.close", "exclude": "wave.exclude", "release": "wave.release", "withdraw": "wave.withdraw",
}  # fmt: skip


def change_rows(address: str) -> Iterator[Route]:
    for kind, action in ACTIONS.items():
        endpoint = f"admin.change_{kind.replace('-', '_')}"
        view = f"{__package__}.changes"
        yield Route(Method.GET, f"{address}/{kind}", f"{endpoint}_form", f"{view}:change_form", OFFICE)
        yield Route(Method.POST, f"{address}/{kind}", endpoint, f"{view}:make_change", OFFICE, audit=action)
