"""The addresses of answers that come on paper or in a table."""

from survey_app.foundation.roles import OFFICE

from ..route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"
PAPER = f"{WAVE}/paper"

ROUTES = (
    page_row(PAPER, "paper_entry.views:paper_entry", OFFICE),
    page_row(f"{PAPER}/import", "paper_entry.upload:answer_form", OFFICE),
    action_row(f"{PAPER}/import", "paper_entry.upload:upload_answers", OFFICE, "responses.upload"),
    page_row(f"{PAPER}/import/<int:upload_id>", "paper_entry.upload:answer_preview", OFFICE),
    action_row(f"{PAPER}/import/<int:upload_id>/apply", "paper_entry.upload:apply_answers", OFFICE, "responses.import"),
    page_row(f"{PAPER}/template/<instrument_id>/<audience>.xlsx", "paper_entry.upload:answer_template_file", OFFICE),
    page_row(f"{PAPER}/<code>/<audience>", "paper_entry.views:paper_form", OFFICE),
    action_row(f"{PAPER}/<code>/<audience>", "paper_entry.views:enter_paper", OFFICE, "responses.paper"),
)
