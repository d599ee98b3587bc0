"""The addresses of the roster: a list, the card of a school, and a file from upload to import."""

from survey_app.foundation.roles import OFFICE, READERS

from ..route_rows import action_row, page_row

ROSTER = "/staff/roster"
UPLOAD = f"{ROSTER}/uploads/<int:upload_id>"

ROUTES = (
    page_row(ROSTER, "roster.views:roster", READERS),
    page_row(f"{ROSTER}.csv", "roster.views:roster_table", READERS, "roster.export"),
    page_row(f"{ROSTER}/template.xlsx", "roster.views:roster_template_file", READERS),
    page_row(f"{ROSTER}/schools/<code>", "roster.views:roster_school", READERS),
    action_row(f"{ROSTER}/schools/<code>/successor", "roster.views:save_successor", OFFICE, "roster.successor"),
    page_row(f"{ROSTER}/upload", "roster.upload:upload_form", OFFICE),
    action_row(f"{ROSTER}/upload", "roster.upload:upload_roster", OFFICE, "roster.upload"),
    page_row(UPLOAD, "roster.upload:roster_preview", OFFICE),
    page_row(f"{UPLOAD}/problems.xlsx", "roster.upload:roster_problems", OFFICE),
    action_row(f"{UPLOAD}/renew", "roster.upload:renew_preview", OFFICE, "roster.preview"),
    action_row(f"{UPLOAD}/apply", "roster.upload:apply_preview", OFFICE, "roster.import"),
)
