"""The addresses of rectification: proposals, the ledger and its cases for the office, own notices for a school."""

from survey_app.followup.upload_limits import MAX_UPLOAD
from survey_app.foundation.roles import OFFICE, PRINCIPALS, READERS, SCHOOL_READERS
from survey_app.foundation.route import Scope

from .route_rows import action_row, page_row

PLACE = "/staff/rectification"
CASE = f"{PLACE}/<int:case_id>"
NOTICES = "/staff/schools/<code>/notices"
NOTICE = f"{NOTICES}/<int:case_id>"
LETTER = "letter.<any(pdf, docx):form>"

RECTIFICATION_ROUTES = (
    page_row(PLACE, "rectification:rectification", READERS),
    page_row(f"{PLACE}/ledger.<any(csv, xlsx):form>", "rectification:ledger_file", READERS, "case.export"),
    page_row(f"{PLACE}/proposals", "rectification:rectification_proposals", READERS),
    page_row(f"{PLACE}/new", "rectification_form:new_case", OFFICE),
    action_row(f"{PLACE}/new", "rectification_form:open_case", OFFICE, "case.create"),
    page_row(CASE, "rectification_case:rectification_case", READERS),
    page_row(f"{CASE}/edit", "rectification_form:edit_form", OFFICE),
    action_row(f"{CASE}/edit", "rectification_form:save_case", OFFICE, "case.edit"),
    action_row(f"{CASE}/steps/<step_id>", "rectification_case:move_case", OFFICE, "case.step"),
    page_row(f"{CASE}/{LETTER}", "rectification_case:case_letter", READERS, "case.letter"),
    page_row(f"{CASE}/files/<int:file_id>", "rectification_case:case_file", READERS, "case.file"),
    page_row(NOTICES, "school_notices:school_notices", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(NOTICE, "school_notices:school_notice", SCHOOL_READERS, scope=Scope.SCHOOL),
    action_row(
        f"{NOTICE}/reply", "school_notices:keep_reply", PRINCIPALS, "case.reply", Scope.SCHOOL, max_body=MAX_UPLOAD
    ),
    action_row(
        f"{NOTICE}/files/<int:file_id>/remove", "school_notices:take_file_away", PRINCIPALS, "case.remove", Scope.SCHOOL
    ),
    page_row(f"{NOTICE}/{LETTER}", "school_notices:own_letter", SCHOOL_READERS, "case.letter", Scope.SCHOOL),
    page_row(f"{NOTICE}/files/<int:file_id>", "school_notices:own_file", SCHOOL_READERS, "case.file", Scope.SCHOOL),
)
