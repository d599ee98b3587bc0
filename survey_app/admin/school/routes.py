"""The addresses of what a school sees of itself."""

from survey_app.followup.upload_limits import MAX_UPLOAD
from survey_app.foundation.roles import PRINCIPALS, SCHOOL_READERS
from survey_app.foundation.route import Scope

from ..route_rows import action_row, page_row

SCHOOL = "/staff/schools/<code>"
NOTICES = f"{SCHOOL}/notices"
NOTICE = f"{NOTICES}/<int:case_id>"
LETTER = "letter.<any(docx, pdf):form>"
SCHOOL_WAVE = f"{SCHOOL}/waves/<int:wave_id>"

ROUTES = (
    page_row(SCHOOL, "school.views:school_room", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/posters.pdf", "school.views:own_posters", SCHOOL_READERS, "links.posters", Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/results", "school.views:own_results", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/method", "school.views:own_method", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(NOTICES, "school.notices:school_notices", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(NOTICE, "school.notices:school_notice", SCHOOL_READERS, scope=Scope.SCHOOL),
    action_row(
        f"{NOTICE}/reply", "school.notices:keep_reply", PRINCIPALS, "case.reply", Scope.SCHOOL, max_body=MAX_UPLOAD
    ),
    action_row(
        f"{NOTICE}/files/<int:file_id>/remove", "school.notices:take_file_away", PRINCIPALS, "case.remove", Scope.SCHOOL
    ),
    page_row(f"{NOTICE}/{LETTER}", "school.notices:own_letter", SCHOOL_READERS, "case.letter", Scope.SCHOOL),
    page_row(f"{NOTICE}/files/<int:file_id>", "school.notices:own_file", SCHOOL_READERS, "case.file", Scope.SCHOOL),
)
