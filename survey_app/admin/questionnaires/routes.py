"""The addresses of the questionnaires, and of the import of one."""

from survey_app.foundation.roles import OFFICE, READERS

from ..route_rows import action_row, page_row

QUESTIONNAIRES = "/staff/questionnaires"
QUESTIONNAIRE = f"{QUESTIONNAIRES}/<instrument_id>"

ROUTES = (
    page_row(QUESTIONNAIRES, "questionnaires.views:questionnaires", READERS),
    action_row(QUESTIONNAIRES, "questionnaires.views:upload_questionnaire", OFFICE, "questionnaires.upload"),
    page_row(f"{QUESTIONNAIRES}/new/import", "questionnaires.import_views:import_form", OFFICE),
    page_row(f"{QUESTIONNAIRES}/new/template.xlsx", "questionnaires.import_views:import_template", OFFICE),
    action_row(
        f"{QUESTIONNAIRES}/new/import",
        "questionnaires.import_views:import_questionnaire",
        OFFICE,
        "questionnaires.import",
    ),
    page_row(QUESTIONNAIRE, "questionnaires.views:questionnaire", READERS),
    action_row(f"{QUESTIONNAIRE}/accept", "questionnaires.views:accept_warnings", OFFICE, "questionnaires.accept"),
    page_row(f"{QUESTIONNAIRE}/differences", "questionnaires.versions:differences", READERS),
    page_row(f"{QUESTIONNAIRE}/file.yaml", "questionnaires.views:questionnaire_file", READERS),
    page_row(f"{QUESTIONNAIRE}/preview/<audience>", "questionnaires.views:questionnaire_preview", READERS),
)
