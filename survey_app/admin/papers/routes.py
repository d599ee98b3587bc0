"""The addresses of what is printed for a wave."""

from survey_app.foundation.roles import OFFICE, READERS

from ..route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"

ROUTES = (
    page_row(f"{WAVE}/links/<slug>.svg", "papers.printing:code", READERS),
    page_row(f"{WAVE}/links/<slug>.png", "papers.printing:code_picture", READERS),
    action_row(f"{WAVE}/codes.pdf", "papers.printing:issue_codes", OFFICE, "codes.issue"),
    page_row(f"{WAVE}/posters.pdf", "papers.printing:posters", READERS, "links.posters"),
    page_row(f"{WAVE}/papers", "papers.views:papers", READERS),
    page_row(f"{WAVE}/papers/<code>", "papers.views:school_papers", READERS),
    page_row(f"{WAVE}/papers/<code>/posters.pdf", "papers.views:school_posters", READERS, "links.posters"),
    page_row(f"{WAVE}/blank/<instrument_id>/<audience>.pdf", "papers.views:blank_form", READERS),
    action_row(f"{WAVE}/prints", "papers.prints:request_prints", OFFICE, "links.zip"),
    page_row(f"{WAVE}/prints/<int:job_id>", "papers.prints:print_progress", OFFICE),
    page_row(f"{WAVE}/prints/<int:job_id>/file.zip", "papers.prints:print_file", OFFICE, "links.zip"),
)
