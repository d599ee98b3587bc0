"""The addresses of the assessment year."""

from survey_app.foundation.roles import OFFICE, READERS

from ..route_rows import action_row, page_row

ASSESSMENT = "/staff/assessment"
YEAR = f"{ASSESSMENT}/<int:year_id>"
EVALUATIONS = f"{YEAR}/evaluations"
EVALUATION, CONFLICT = f"{EVALUATIONS}/<int:evaluation_id>", f"{EVALUATIONS}/conflicts/<int:conflict_id>"

ROUTES = (
    page_row(ASSESSMENT, "assessment.views:assessment", READERS),
    action_row(ASSESSMENT, "assessment.views:create_assessment", OFFICE, "year.create"),
    page_row(YEAR, "assessment.views:assessment_year", READERS),
    action_row(f"{YEAR}/scheme", "assessment.views:save_year_scheme", OFFICE, "year.scheme"),
    page_row(f"{YEAR}/scheme/edit", "assessment.scheme:edit_scheme", OFFICE),
    action_row(f"{YEAR}/scheme/edit", "assessment.scheme:save_edited_scheme", OFFICE, "year.scheme"),
    page_row(f"{YEAR}/try", "assessment.trial:try_scheme", READERS),
    action_row(f"{YEAR}/try/count", "assessment.trial:count_trial", OFFICE, "year.count"),
    page_row(f"{YEAR}/book.xlsx", "assessment.book:year_book_file", READERS, "year.book"),
    page_row(f"{YEAR}/schemes/<int:number>.yaml", "assessment.views:scheme_file", READERS),
    action_row(f"{YEAR}/adopt", "assessment.views:adopt_year_scheme", OFFICE, "year.adopt"),
    action_row(f"{YEAR}/import", "assessment.views:import_year_marks", OFFICE, "year.import"),
    action_row(f"{YEAR}/compute", "assessment.views:compute_year", OFFICE, "year.compute"),
    page_row(f"{YEAR}/marks", "assessment.marks:marks_progress", READERS),
    page_row(EVALUATIONS, "assessment.evaluations:evaluations", OFFICE),
    page_row(f"{EVALUATIONS}.xlsx", "assessment.evaluations:evaluation_file", OFFICE, "evaluation.export"),
    page_row(f"{EVALUATIONS}/meeting.xlsx", "assessment.evaluations:meeting_file", OFFICE, "evaluation.meeting"),
    action_row(f"{EVALUATIONS}/conflicts", "assessment.evaluations:declare_for", OFFICE, "evaluation.conflict"),
    action_row(f"{CONFLICT}/lift", "assessment.evaluations:lift", OFFICE, "evaluation.lift"),
    action_row(f"{EVALUATION}/withdraw", "assessment.evaluations:withdraw_for", OFFICE, "evaluation.withdraw"),
    page_row(
        f"{YEAR}/<any(ranking, marks, awards, proposals):table>.csv",
        "assessment.views:year_table",
        READERS,
        "year.table",
    ),
)
