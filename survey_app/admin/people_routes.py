"""The addresses of accounts and of what a school sees of itself."""

from survey_app.foundation.roles import KEEPERS_OF_ACCOUNTS, RELEASED_TO, SCHOOL_READERS
from survey_app.foundation.route import Method, Scope

from .route_rows import action_row, entrance_row, page_row

PEOPLE, WELCOME = "/staff/people", "/staff/welcome/<token>"
PERSON = f"{PEOPLE}/<int:staff_id>"
SCHOOL = "/staff/schools/<code>"
SCHOOL_WAVE = f"{SCHOOL}/waves/<int:wave_id>"

PEOPLE_ROUTES = (
    page_row(PEOPLE, "people:people", KEEPERS_OF_ACCOUNTS),
    page_row(f"{PEOPLE}/new", "people:new_person", KEEPERS_OF_ACCOUNTS),
    action_row(f"{PEOPLE}/new", "people:create_person", KEEPERS_OF_ACCOUNTS, "staff.create"),
    action_row(f"{PEOPLE}/principals", "people:create_principals", KEEPERS_OF_ACCOUNTS, "staff.principals"),
    page_row(PERSON, "people:person", KEEPERS_OF_ACCOUNTS),
    action_row(f"{PERSON}/link", "people:renew_link", KEEPERS_OF_ACCOUNTS, "staff.reset"),
    action_row(f"{PERSON}/second-step", "people:reset_second_step", KEEPERS_OF_ACCOUNTS, "staff.step-reset"),
    action_row(f"{PERSON}/disable", "people:disable_person", KEEPERS_OF_ACCOUNTS, "staff.disable"),
    action_row(f"{PERSON}/enable", "people:enable_person", KEEPERS_OF_ACCOUNTS, "staff.enable"),
    action_row(f"{PERSON}/grants", "people:save_grants", KEEPERS_OF_ACCOUNTS, "staff.grant"),
    entrance_row(Method.GET, WELCOME, "welcome:welcome"),
    entrance_row(Method.POST, WELCOME, "welcome:choose_password", "staff.welcome"),
)
SCHOOL_ROUTES = (
    page_row(SCHOOL, "school_room:school_room", SCHOOL_READERS, scope=Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/posters.pdf", "school_room:own_posters", SCHOOL_READERS, "links.posters", Scope.SCHOOL),
    page_row(f"{SCHOOL_WAVE}/results", "school_room:own_results", SCHOOL_READERS, scope=Scope.SCHOOL),
    action_row(
        "/staff/waves/<int:wave_id>/release/<int:request_id>",
        "changes:confirm_release",
        RELEASED_TO,
        "wave.confirm",
        Scope.RELEASED,
    ),
)
