"""The staff's addresses: for each the view, who may call it and what the audit calls it."""

from survey_app.foundation.roles import OFFICE, READERS, STAFF, Role
from survey_app.foundation.route import Method, Route

WAVE = "/staff/waves/<int:wave_id>"


def _get(address: str, view: str, roles: frozenset[Role], audit: str = "") -> Route:
    return Route(Method.GET, address, _endpoint(view), f"{__package__}.{view}", roles, audit=audit)


def _post(address: str, view: str, roles: frozenset[Role], audit: str) -> Route:
    return Route(Method.POST, address, _endpoint(view), f"{__package__}.{view}", roles, audit=audit)


def _entrance(method: Method, address: str, view: str, audit: str = "") -> Route:
    """A page for those who are not logged in."""
    return Route(method, address, _endpoint(view), f"{__package__}.{view}", needs_login=False, audit=audit)


def _endpoint(view: str) -> str:
    return f"admin.{view.partition(':')[2]}"


ROUTES = (
    _entrance(Method.GET, "/staff/login", "auth:login"),
    _entrance(Method.POST, "/staff/login", "auth:login_post", "staff.login"),
    _entrance(Method.POST, "/staff/language", "auth:choose_language"),
    _post("/staff/logout", "auth:logout", STAFF, "staff.logout"),
    _get("/staff/", "waves:home", STAFF),
    _get(WAVE, "waves:wave", READERS),
    _post(f"{WAVE}/close", "waves:close_wave", OFFICE, "wave.close"),
    _get(f"{WAVE}/links", "waves:links", READERS),
    _get(f"{WAVE}/links/<slug>.svg", "printing:code", READERS),
    _post(f"{WAVE}/codes.pdf", "printing:issue_codes", OFFICE, "codes.issue"),
    _get(f"{WAVE}/posters.pdf", "printing:posters", READERS, "links.posters"),
    _get(f"{WAVE}/results", "results:results", READERS),
    _get(f"{WAVE}/results.xlsx", "results:workbook_file", READERS, "results.report"),
    _get(f"{WAVE}/<any(indices, items, ranking):table>.csv", "results:table_file", READERS, "results.table"),
    _get(f"{WAVE}/responses", "row_export:row_export", READERS),
    _post(f"{WAVE}/responses/request", "row_export:request_row_export", READERS, "responses.request"),
    _post(f"{WAVE}/responses/<int:approval_id>/confirm", "row_export:confirm_row_export", OFFICE, "responses.confirm"),
    _get(f"{WAVE}/responses.csv", "row_export:responses_file", READERS, "responses.export"),
)
