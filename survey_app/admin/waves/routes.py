"""The addresses of a wave: its list, setting it up, opening it, and how it runs."""

from survey_app.foundation.roles import OFFICE, READERS, RESULT_READERS

from ..route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"
WAVES = "/staff/waves"
SETUP = f"{WAVE}/setup"

ROUTES = (
    page_row(WAVE, "waves.views:wave", READERS),
    action_row(f"{WAVE}/close", "waves.views:close_wave", OFFICE, "wave.close"),
    page_row(f"{WAVE}/links", "waves.views:links", READERS),
    page_row(WAVES, "waves.views:wave_list", READERS),
    page_row("/staff/results", "waves.views:result_list", RESULT_READERS),
    page_row(f"{WAVES}/new", "waves.setup:new_wave", OFFICE),
    action_row(f"{WAVES}/new", "waves.setup:create_draft", OFFICE, "wave.create"),
    page_row(f"{SETUP}/basics", "waves.setup:setup_basics", OFFICE),
    action_row(f"{SETUP}/basics", "waves.setup:save_basics", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/questionnaires", "waves.setup:setup_questionnaires", OFFICE),
    action_row(f"{SETUP}/questionnaires", "waves.setup:save_questionnaires", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/ways", "waves.setup:setup_ways", OFFICE),
    action_row(f"{SETUP}/ways", "waves.setup:save_ways", OFFICE, "wave.draft"),
    page_row(f"{SETUP}/check", "waves.opening:setup_check", OFFICE),
    action_row(f"{SETUP}/check", "waves.opening:open_draft", OFFICE, "wave.open"),
    action_row(f"{SETUP}/delete", "waves.opening:delete_draft_wave", OFFICE, "wave.delete"),
    page_row(f"{WAVE}/schools/<code>", "waves.views:wave_school", READERS),
    page_row(f"{WAVE}/counts.csv", "waves.views:wave_table", READERS, "wave.counts"),
    page_row(f"{WAVE}/trial", "waves.opening:trial", READERS),
)
