"""The inspectors' addresses. Each names the school in it, or is for the own account only."""

from survey_app.foundation.roles import INSPECTORS
from survey_app.foundation.route import Method, Route, Scope

EVALUATION = "/staff/schools/<code>/evaluation"
DRAFT = "/staff/inspections/drafts/<int:draft_id>"
VERIFICATION = "/staff/schools/<code>/notices/<int:case_id>/verification"


def _row(method: Method, address: str, view: str, audit: str = "", scope: Scope = Scope.SCHOOL) -> Route:
    endpoint = f"inspector.{view.partition(':')[2]}"
    return Route(method, address, endpoint, f"{__package__}.{view}", INSPECTORS, audit=audit, scope=scope)


ROUTES = (
    _row(Method.GET, "/staff/inspections", "schools:own_schools", scope=Scope.SELF),
    _row(Method.POST, "/staff/inspections/view", "phone:choose_view", scope=Scope.SELF),
    _row(Method.GET, DRAFT, "stranded:draft", scope=Scope.SELF),
    _row(Method.POST, f"{DRAFT}/carry", "stranded:carry", "evaluation.carry", Scope.SELF),
    _row(Method.GET, EVALUATION, "evaluation:evaluation"),
    _row(Method.POST, EVALUATION, "evaluation:save_evaluation", "evaluation.save"),
    _row(Method.GET, f"{EVALUATION}/sign", "signature:signature"),
    _row(Method.POST, f"{EVALUATION}/sign", "signature:sign", "evaluation.sign"),
    _row(Method.POST, f"{EVALUATION}/withdraw", "signature:withdraw", "evaluation.withdraw"),
    _row(Method.GET, f"{EVALUATION}/conflict", "conflict:conflict"),
    _row(Method.POST, f"{EVALUATION}/conflict", "conflict:declare", "evaluation.conflict"),
    _row(Method.GET, VERIFICATION, "verification:verification"),
    _row(Method.POST, VERIFICATION, "verification:verify", "case.verify"),
)
