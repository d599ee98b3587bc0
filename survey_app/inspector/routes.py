"""The addresses of the inspectors' pages."""

from survey_app.foundation.roles import INSPECTORS
from survey_app.foundation.route import Method, Route, Scope

VERIFICATION = "/staff/schools/<code>/notices/<int:case_id>/verification"

ROUTES = (
    Route(
        Method.GET, VERIFICATION, "inspector.verification", f"{__package__}.verification:verification", INSPECTORS,
        scope=Scope.SCHOOL,
    ),
    Route(
        Method.POST, VERIFICATION, "inspector.verify", f"{__package__}.verification:verify", INSPECTORS,
        scope=Scope.SCHOOL, audit="case.verify",
    ),
)  # fmt: skip
