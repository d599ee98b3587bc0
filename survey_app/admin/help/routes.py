"""The addresses of manuals and letters."""

from survey_app.foundation.roles import READERS, STAFF
from survey_app.foundation.route import Scope

from ..route_rows import page_row

WAVE = "/staff/waves/<int:wave_id>"

ROUTES = (
    page_row("/staff/help", "help.views:help_page", STAFF, scope=Scope.SELF),
    page_row("/staff/help/<manual_id>", "help.views:manual", STAFF, scope=Scope.SELF),
    page_row(f"{WAVE}/letter", "help.views:parents_letter", READERS),
)
