"""The addresses of the places where the office runs a year: roster, questionnaires, waves, papers, settings."""

from survey_app.foundation.roles import KEEPERS, KEEPERS_OF_ACCOUNTS, OFFICE, READERS, RESULT_READERS, STAFF
from survey_app.foundation.route import Scope

from .change_rows import change_rows
from .route_rows import action_row, page_row

ROSTER, QUESTIONNAIRES = "/staff/roster", "/staff/questionnaires"
WAVES, WAVE = "/staff/waves", "/staff/waves/<int:wave_id>"
UPLOAD = f"{ROSTER}/uploads/<int:upload_id>"
QUESTIONNAIRE = f"{QUESTIONNAIRES}/<instrument_id>"
SETUP, PAPER = f"{WAVE}/setup", f"{WAVE}/paper"
ASSESSMENT = "/staff/assessment"
YEAR = f"{ASSESSMENT}/<int:year_id>"

CONSOLE_ROUTES = (
    page_row("/staff/office", "office:office", READERS),
    action_row("/staff/office", "office:save_office", OFFICE, "settings.set"),
    page_row("/staff/office/code.svg", "office:office_code", READERS),
    page_row("/staff/retention", "retention:retention", KEEPERS),
    action_row("/staff/retention", "retention:save_retention", KEEPERS_OF_ACCOUNTS, "retention.set"),
    page_row("/staff/audit", "audit_log:audit_log", READERS),
    page_row("/staff/audit.csv", "audit_log:audit_file", READERS, "audit.export"),
    page_row("/staff/help", "help:help_page", STAFF, scope=Scope.SELF),
    page_row("/staff/help/<manual_id>", "help:manual", STAFF, scope=Scope.SELF),
    page_row(f"{WAVE}/letter", "help:parents_letter", READERS),
    page_row("/staff/account", "account:account", STAFF, scope=Scope.SELF),
    action_row("/staff/account/password", "account:change_password", STAFF, "staff.password", Scope.SELF),
    page_row("/staff/account/second-step", "second_step:second_step", STAFF, scope=Scope.SELF),
    action_row("/staff/account/second-step", "second_step:start_step", STAFF, "staff.step-on", Scope.SELF),
    action_row("/staff/account/second-step/end", "second_step:end_step", STAFF, "staff.step-off", Scope.SELF),
    action_row("/staff/account/sessions", "account:end_other_sessions", STAFF, "staff.sessions", Scope.SELF),
    page_row(ROSTER, "roster:roster", READERS),
    page_row(f"{ROSTER}.csv", "roster:roster_table", READERS, "roster.export"),
    page_row(f"{ROSTER}/template.xlsx", "roster:roster_template_file", READERS),
    page_row(f"{ROSTER}/schools/<code>", "roster:roster_school", READERS),
    action_row(f"{ROSTER}/schools/<code>/successor", "roster:save_successor", OFFICE, "roster.successor"),
    page_row(f"{ROSTER}/upload", "roster_upload:upload_form", OFFICE),
    action_row(f"{ROSTER}/upload", "roster_upload:upload_roster", OFFICE, "roster.upload"),
    page_row(UPLOAD, "roster_upload:roster_preview", OFFICE),
    page_row(f"{UPLOAD}/problems.xlsx", "roster_upload:roster_problems", OFFICE),
    action_row(f"{UPLOAD}/renew", "roster_upload:renew_preview", OFFICE, "roster.preview"),
    action_row(f"{UPLOAD}/apply", "roster_upload:apply_preview", OFFICE, "roster.import"),
    page_row(QUESTIONNAIRES, "questionnaires:questionnaires", READERS),
    action_row(QUESTIONNAIRES, "questionnaires:upload_questionnaire", OFFICE, "questionnaires.upload"),
    page_row(f"{QUESTIONNAIRES}/new/import", "questionnaire_import:import_form", OFFICE),
    page_row(f"{QUESTIONNAIRES}/new/template.xlsx", "questionnaire_import:import_template", OFFICE),
    action_row(
        f"{QUESTIONNAIRES}/new/import", "questionnaire_import:import_questionnaire", OFFICE, "questionnaires.import"
    ),
    page_row(QUESTIONNAIRE, "questionnaires:questionnaire", READERS),
    action_row(f"{QUESTIONNAIRE}/accept", "questionnaires:accept_warnings", OFFICE, "questionnaires.accept"),
    page_row(f"{QUESTIONNAIRE}/differences", "questionnaire_versions:differences", READERS),
    page_row(f"{QUESTIONNAIRE}/file.yaml", "questionnaires:questionnaire_file", READERS),
    page_row(f"{QUESTIONNAIRE}/preview/<audience>", "questionnaires:questionnaire_preview", READERS),
    page_row(ASSESSMENT, "assessment:assessment", READERS),
    action_row(ASSESSMENT, "assessment:create_assessment", OFFICE, "year.create"),
    page_row(YEAR, "assessment:assessment_year", READERS),
    action_row(f"{YEAR}/scheme", "assessment:save_year_scheme", OFFICE, "year.scheme"),
    page_row(f"{YEAR}/scheme/edit", "assessment_scheme:edit_scheme", OFFICE),
    action_row(f"{YEAR}/scheme/edit", "assessment_scheme:save_edited_scheme", OFFICE, "year.scheme"),
    page_row(f"{YEAR}/try", "assessment_trial:try_scheme", READERS),
    page_row(f"{YEAR}/book.xlsx", "assessment_book:year_book_file", READERS, "year.book"),
    page_row(f"{YEAR}/schemes/<int:number>.yaml", "assessment:scheme_file", READERS),
    action_row(f"{YEAR}/adopt", "assessment:adopt_year_scheme", OFFICE, "year.adopt"),
    action_row(f"{YEAR}/import", "assessment:import_year_marks", OFFICE, "year.import"),
    action_row(f"{YEAR}/compute", "assessment:compute_year", OFFICE, "year.compute"),
    page_row(
        f"{YEAR}/<any(ranking, marks, awards, proposals):table>.csv", "assessment:year_table", READERS, "year.table"
    ),
    page_row(WAVES, "waves:wave_list", READERS),
    page_row("/staff/results", "waves:result_list", RESULT_READERS),
    page_row(f"{WAVES}/new", "wave_setup:new_wave", OFFICE),
    action_row(f"{WAVES}/new", "wave_setup:create_draft", OFFICE, "wave.create"),
    page_row(f"{SETUP}/basics", "wave_setup:setup_basics", OFFICE),
    action_row(f"{SETUP}/basics", "wave_setup:save_basics", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/questionnaires", "wave_setup:setup_questionnaires", OFFICE),
    action_row(f"{SETUP}/questionnaires", "wave_setup:save_questionnaires", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/ways", "wave_setup:setup_ways", OFFICE),
    action_row(f"{SETUP}/ways", "wave_setup:save_ways", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/check", "wave_opening:setup_check", OFFICE),
    action_row(f"{SETUP}/check", "wave_opening:open_draft", OFFICE, "wave.open"),
    action_row(f"{SETUP}/delete", "wave_opening:delete_draft_wave", OFFICE, "wave.delete"),
    page_row(f"{WAVE}/schools/<code>", "waves:wave_school", READERS),
    page_row(f"{WAVE}/counts.csv", "waves:wave_table", READERS, "wave.counts"),
    page_row(f"{WAVE}/trial", "wave_opening:trial", READERS),
    page_row(f"{WAVE}/changes", "changes:changes", READERS),
    *change_rows(f"{WAVE}/changes"),
    action_row(f"{WAVE}/changes/requests/<int:request_id>/confirm", "changes:confirm_change", OFFICE, "wave.confirm"),
    page_row(f"{WAVE}/papers", "papers:papers", READERS),
    page_row(f"{WAVE}/papers/<code>", "papers:school_papers", READERS),
    page_row(f"{WAVE}/papers/<code>/posters.pdf", "papers:school_posters", READERS, "links.posters"),
    page_row(f"{WAVE}/blank/<instrument_id>/<audience>.pdf", "papers:blank_form", READERS),
    page_row(PAPER, "paper_entry:paper_entry", OFFICE),
    page_row(f"{PAPER}/import", "answer_upload:answer_form", OFFICE),
    action_row(f"{PAPER}/import", "answer_upload:upload_answers", OFFICE, "responses.upload"),
    page_row(f"{PAPER}/import/<int:upload_id>", "answer_upload:answer_preview", OFFICE),
    action_row(f"{PAPER}/import/<int:upload_id>/apply", "answer_upload:apply_answers", OFFICE, "responses.import"),
    page_row(f"{PAPER}/template/<instrument_id>/<audience>.xlsx", "answer_upload:answer_template_file", OFFICE),
    page_row(f"{PAPER}/<code>/<audience>", "paper_entry:paper_form", OFFICE),
    action_row(f"{PAPER}/<code>/<audience>", "paper_entry:enter_paper", OFFICE, "responses.paper"),
    action_row(f"{WAVE}/prints", "prints:request_prints", OFFICE, "links.zip"),
    page_row(f"{WAVE}/prints/<int:job_id>", "prints:print_progress", OFFICE),
    page_row(f"{WAVE}/prints/<int:job_id>/file.zip", "prints:print_file", OFFICE, "links.zip"),
)
