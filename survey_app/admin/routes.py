"""The staff's addresses: for each the view, who may call it and what the audit calls it."""

from survey_app.foundation.roles import OFFICE, READERS, RESULT_READERS, STAFF
from survey_app.foundation.route import Method, Scope

from .comment_routes import COMMENT_ROUTES
from .console_routes import CONSOLE_ROUTES
from .document_routes import DOCUMENT_ROUTES
from .people_routes import PEOPLE_ROUTES, SCHOOL_ROUTES
from .rectification_routes import RECTIFICATION_ROUTES
from .route_rows import action_row, entrance_row, page_row

WAVE = "/staff/waves/<int:wave_id>"


ROUTES = (
    entrance_row(Method.GET, "/staff/login", "auth:login"),
    entrance_row(Method.POST, "/staff/login", "auth:login_post", "staff.login"),
    entrance_row(Method.GET, "/staff/login/code", "auth:login_code"),
    entrance_row(Method.POST, "/staff/login/code", "auth:login_code_post", "staff.login"),
    entrance_row(Method.POST, "/staff/language", "auth:choose_language"),
    action_row("/staff/logout", "auth:logout", STAFF, "staff.logout", Scope.SELF),
    page_row("/staff/", "home:home", STAFF, scope=Scope.SELF),
    page_row(WAVE, "waves:wave", READERS),
    action_row(f"{WAVE}/close", "waves:close_wave", OFFICE, "wave.close"),
    page_row(f"{WAVE}/links", "waves:links", READERS),
    page_row(f"{WAVE}/links/<slug>.svg", "printing:code", READERS),
    action_row(f"{WAVE}/codes.pdf", "printing:issue_codes", OFFICE, "codes.issue"),
    page_row(f"{WAVE}/posters.pdf", "printing:posters", READERS, "links.posters"),
    page_row(f"{WAVE}/results", "results_pages:results", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/category", "results_pages:results_category", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/school/<code>", "results_pages:results_school", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/questions", "results_pages:results_questions", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/change", "results_pages:results_change", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/quality", "results_pages:results_quality", READERS),
    page_row(f"{WAVE}/results/method", "results_pages:results_method", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/all", "results:results_all", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results.xlsx", "results:workbook_file", RESULT_READERS, "results.report", Scope.RELEASED),
    page_row(f"{WAVE}/<any(indices, items, ranking):table>.csv", "results:table_file", READERS, "results.table"),
    page_row(f"{WAVE}/verification", "verification:verification", READERS),
    action_row(f"{WAVE}/verification", "verification:request_verification", READERS, "wave.verify"),
    page_row(f"{WAVE}/responses", "row_export:row_export", READERS),
    action_row(f"{WAVE}/responses/request", "row_export:request_row_export", READERS, "responses.request"),
    action_row(
        f"{WAVE}/responses/<int:approval_id>/confirm", "row_export:confirm_row_export", OFFICE, "responses.confirm"
    ),
    page_row(f"{WAVE}/responses.csv", "row_export:responses_file", READERS, "responses.export"),
    *COMMENT_ROUTES,
    *CONSOLE_ROUTES,
    *DOCUMENT_ROUTES,
    *PEOPLE_ROUTES,
    *SCHOOL_ROUTES,
    *RECTIFICATION_ROUTES,
)
