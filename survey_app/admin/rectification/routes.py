"""The addresses of rectification: proposals, the ledger and its cases."""

from survey_app.foundation.roles import OFFICE, READERS, RELEASED_TO, RESULT_READERS
from survey_app.foundation.route import Scope

from ..route_rows import action_row, page_row

PLACE = "/staff/rectification"
PUBLIC = f"{PLACE}/public"
CASE = f"{PLACE}/<int:case_id>"
LETTER = "letter.<any(docx, pdf):form>"

ROUTES = (
    page_row(PLACE, "rectification.views:rectification", RESULT_READERS),
    page_row(
        f"{PLACE}/ledger.<any(csv, xlsx):form>",
        "rectification.views:ledger_file",
        RESULT_READERS,
        "case.export",
        Scope.SENT,
    ),
    page_row(f"{PLACE}/proposals", "rectification.views:rectification_proposals", READERS),
    page_row(f"{PLACE}/improvements", "rectification.improvements:improvements", READERS),
    page_row(
        f"{PLACE}/improvements.<any(csv, xlsx):form>",
        "rectification.improvements:improvement_file",
        READERS,
        "case.export",
    ),
    page_row(f"{PLACE}/new", "rectification.form:new_case", OFFICE),
    action_row(f"{PLACE}/new", "rectification.form:open_case", OFFICE, "case.create"),
    page_row(CASE, "rectification.case:rectification_case", RESULT_READERS, scope=Scope.SENT),
    page_row(f"{CASE}/edit", "rectification.form:edit_form", OFFICE),
    action_row(f"{CASE}/edit", "rectification.form:save_case", OFFICE, "case.edit"),
    action_row(f"{CASE}/steps/<step_id>", "rectification.case:move_case", OFFICE, "case.step"),
    page_row(PUBLIC, "rectification.public_entries:public_list", RESULT_READERS),
    page_row(f"{PUBLIC}/poster.pdf", "rectification.public_entries:public_poster", READERS),
    action_row(
        f"{PUBLIC}/confirm", "rectification.public_entries:confirm_public", OFFICE | RELEASED_TO, "public.confirm"
    ),
    action_row(f"{PUBLIC}/withdraw", "rectification.public_entries:withdraw_public", OFFICE, "public.withdraw"),
    action_row(f"{PUBLIC}/link", "rectification.public_entries:switch_public_link", OFFICE, "public.link"),
    page_row(f"{CASE}/public", "rectification.public_entries:public_form", OFFICE),
    action_row(f"{CASE}/public", "rectification.public_entries:propose_public", OFFICE, "public.propose"),
    page_row(f"{CASE}/look-back/new", "rectification.look_back:look_back_form", OFFICE),
    action_row(f"{CASE}/look-back/new", "rectification.look_back:draft_look_back", OFFICE, "case.look_back"),
    page_row(
        "/staff/waves/<int:wave_id>/look-back",
        "rectification.look_back:look_back_page",
        RESULT_READERS,
        scope=Scope.RELEASED,
    ),
    page_row(f"{CASE}/{LETTER}", "rectification.case:case_letter", RESULT_READERS, "case.letter", Scope.SENT),
    page_row(f"{CASE}/files/<int:file_id>", "rectification.case:case_file", RESULT_READERS, "case.file", Scope.SENT),
)
