"""The addresses of the way in, of one's own account, and of those of others."""

from survey_app.foundation.roles import KEEPERS_OF_ACCOUNTS, STAFF
from survey_app.foundation.route import Method, Scope

from ..route_rows import action_row, entrance_row, page_row

PEOPLE, WELCOME = "/staff/people", "/staff/welcome/<token>"
PERSON = f"{PEOPLE}/<int:staff_id>"

ROUTES = (
    entrance_row(Method.GET, "/staff/login", "people.login:login"),
    entrance_row(Method.POST, "/staff/login", "people.login:login_post", "staff.login"),
    entrance_row(Method.GET, "/staff/login/code", "people.login:login_code"),
    entrance_row(Method.POST, "/staff/login/code", "people.login:login_code_post", "staff.login"),
    entrance_row(Method.POST, "/staff/language", "people.login:choose_language"),
    action_row("/staff/logout", "people.login:logout", STAFF, "staff.logout", Scope.SELF),
    page_row("/staff/account", "people.account:account", STAFF, scope=Scope.SELF),
    action_row("/staff/account/password", "people.account:change_password", STAFF, "staff.password", Scope.SELF),
    page_row("/staff/account/second-step", "people.second_step:second_step", STAFF, scope=Scope.SELF),
    action_row("/staff/account/second-step", "people.second_step:start_step", STAFF, "staff.step-on", Scope.SELF),
    action_row("/staff/account/second-step/end", "people.second_step:end_step", STAFF, "staff.step-off", Scope.SELF),
    action_row("/staff/account/sessions", "people.account:end_other_sessions", STAFF, "staff.sessions", Scope.SELF),
    page_row(PEOPLE, "people.views:people", KEEPERS_OF_ACCOUNTS),
    page_row(f"{PEOPLE}/new", "people.views:new_person", KEEPERS_OF_ACCOUNTS),
    action_row(f"{PEOPLE}/new", "people.views:create_person", KEEPERS_OF_ACCOUNTS, "staff.create"),
    action_row(f"{PEOPLE}/principals", "people.views:create_principals", KEEPERS_OF_ACCOUNTS, "staff.principals"),
    page_row(PERSON, "people.views:person", KEEPERS_OF_ACCOUNTS),
    action_row(f"{PERSON}/link", "people.views:renew_link", KEEPERS_OF_ACCOUNTS, "staff.reset"),
    action_row(f"{PERSON}/second-step", "people.views:reset_second_step", KEEPERS_OF_ACCOUNTS, "staff.step-reset"),
    action_row(f"{PERSON}/disable", "people.views:disable_person", KEEPERS_OF_ACCOUNTS, "staff.disable"),
    action_row(f"{PERSON}/enable", "people.views:enable_person", KEEPERS_OF_ACCOUNTS, "staff.enable"),
    action_row(f"{PERSON}/grants", "people.views:save_grants", KEEPERS_OF_ACCOUNTS, "staff.grant"),
    entrance_row(Method.GET, WELCOME, "people.welcome:welcome"),
    entrance_row(Method.POST, WELCOME, "people.welcome:choose_password", "staff.welcome"),
)
