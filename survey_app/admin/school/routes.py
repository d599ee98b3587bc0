"""The addresses of what a school sees of itself."""

from survey_app.foundation.roles import SCHOOL_READERS
from survey_app.foundation.route import Scope

from ..route_rows import page_row

SCHOOL = "/staff/schools/<code>"
SCHOOL_WAVE = f"{SCHOOL}/waves/<int:wave_id>"

ROUTES = (
    page_row(SCHOOL, "school.views:school_room", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/posters.pdf", "school.views:own_posters", SCHOOL_READERS, "links.posters", Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/results", "school.views:own_results", SCHOOL_READERS, scope=Scope.SCHOOL),
)
