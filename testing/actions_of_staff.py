"""The actions of the route table, each with the form that leads to it in a rich district."""

import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from survey_app.admin.routes import ROUTES
from survey_app.foundation.route import Method, Route
from survey_app.inspector.routes import ROUTES as INSPECTOR_ROUTES
from testing.page_forms import FormOnPage, FormReader
from testing.rich_district import RichDistrict

ACTIONS = {route.endpoint: route for route in (*ROUTES, *INSPECTOR_ROUTES) if route.method is Method.POST}
WAVE, YEAR, SCHOOL = "/staff/waves/2", "/staff/assessment/1", "/staff/schools/0101"
PAGES = {
    "admin.save_successor": "/staff/roster/schools/0101", "admin.upload_roster": "/staff/roster/upload",
    "admin.apply_preview": "/staff/roster/uploads/1", "admin.upload_questionnaire": "/staff/questionnaires",
    "admin.import_questionnaire": "/staff/questionnaires/new/import", "admin.create_draft": "/staff/waves/new",
    "admin.save_basics": "/staff/waves/3/setup/basics",
    "admin.save_questionnaires": "/staff/waves/3/setup/questionnaires",
    "admin.save_ways": "/staff/waves/3/setup/ways", "admin.open_draft": "/staff/waves/3/setup/check",
    "admin.delete_draft_wave": "/staff/waves/3/setup/check", "admin.issue_codes": f"{WAVE}/papers/0101",
    "admin.request_prints": f"{WAVE}/papers", "admin.change_extend": f"{WAVE}/changes/extend",
    "admin.change_add_school": f"{WAVE}/changes/add-school", "admin.change_amend": f"{WAVE}/changes/amend?school=0101",
    "admin.change_correct": f"{WAVE}/changes/correct", "admin.change_pause": f"{WAVE}/changes/pause",
    "admin.change_resume": f"{WAVE}/changes/resume", "admin.change_void": f"{WAVE}/changes/void?batch=1",
    "admin.change_close": f"{WAVE}/changes/close", "admin.change_exclude": "/staff/waves/1/changes/exclude",
    "admin.change_release": "/staff/waves/1/changes/release",
    "admin.change_withdraw": "/staff/waves/1/changes/withdraw",
    "admin.confirm_release": "/staff/waves/1/results", "admin.upload_answers": f"{WAVE}/paper/import",
    "admin.apply_answers": f"{WAVE}/paper/import/1", "admin.enter_paper": f"{WAVE}/paper/0101/parent",
    "admin.request_verification": "/staff/waves/1/verification",
    "admin.request_documents": "/staff/waves/1/results", "admin.save_review": "/staff/waves/1/comments",
    "admin.save_comment_topics": "/staff/comment-words", "admin.save_comment_names": "/staff/comment-words",
    "admin.create_assessment": "/staff/assessment", "admin.save_year_scheme": YEAR,
    "admin.save_edited_scheme": f"{YEAR}/scheme/edit", "admin.import_year_marks": YEAR,
    "admin.declare_for": f"{YEAR}/evaluations", "admin.lift": f"{YEAR}/evaluations",
    "admin.withdraw_for": f"{YEAR}/evaluations", "admin.open_case": "/staff/rectification/new",
    "admin.save_case": "/staff/rectification/2/edit", "admin.move_case": "/staff/rectification/1",
    "admin.draft_look_back": "/staff/rectification/4/look-back/new",
    "admin.propose_public": "/staff/rectification/5/public",
    "admin.confirm_public": "/staff/rectification/public", "admin.withdraw_public": "/staff/rectification/public",
    "admin.switch_public_link": "/staff/rectification/public",
    "admin.keep_reply": f"{SCHOOL}/notices/1", "admin.take_file_away": f"{SCHOOL}/notices/1",
    "admin.login_post": "/staff/login", "admin.choose_language": "/staff/login", "admin.logout": "/staff/account",
    "admin.change_password": "/staff/account", "admin.start_step": "/staff/account/second-step",
    "admin.create_person": "/staff/people/new", "admin.create_principals": "/staff/people",
    "admin.renew_link": "/staff/people/4", "admin.disable_person": "/staff/people/4",
    "admin.save_grants": "/staff/people/5", "admin.save_office": "/staff/office",
    "admin.save_retention": "/staff/retention", "inspector.choose_view": "/staff/inspections",
    "inspector.save_evaluation": f"{SCHOOL}/evaluation", "inspector.sign": f"{SCHOOL}/evaluation/sign",
    "inspector.withdraw": "/staff/schools/0201/evaluation/sign",
    "inspector.declare": f"{SCHOOL}/evaluation/conflict",
    "inspector.verify": f"{SCHOOL}/notices/3/verification",
}  # fmt: skip
# What no page offers just now: the address is asked all the same, with what its form would hold.
WITHOUT_PAGE: dict[str, dict[str, str]] = {
    "admin.renew_preview": {}, "admin.accept_warnings": {}, "admin.close_wave": {"revision": "1"},
    "admin.change_reopen": {"closes_on": "2026-12-01", "closes_time": "", "reason": "雪", "revision": "1"},
    "admin.confirm_change": {}, "admin.request_row_export": {"reason": "写报告"}, "admin.confirm_row_export": {},
    "admin.count_trial": {}, "admin.adopt_year_scheme": {}, "admin.compute_year": {},
    "admin.login_code_post": {"code": "1"}, "inspector.carry": {},
    "admin.end_step": {"step_password": "x"}, "admin.end_other_sessions": {}, "admin.reset_second_step": {},
    "admin.enable_person": {}, "admin.choose_password": {"new": "x", "again": "x"},
}  # fmt: skip
PLACE: dict[str, str | int] = {
    "upload_id": 1, "instrument_id": "compulsory-parent", "wave_id": 1, "request_id": 1, "approval_id": 1, "year_id": 1,
    "staff_id": 4, "token": "nothing", "draft_id": 1,
}  # fmt: skip
PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class StaffAction:
    """Something that can be done: who may, on which page its form stands, and where it is sent."""

    route: Route
    role: str
    page: str
    address: str
    form: FormOnPage

    @property
    def name(self) -> str:
        return self.route.endpoint

    def addresses(self, ids: tuple[str, ...], codes: tuple[str, ...]) -> list[tuple[str, str]]:
        """The address with each of its parts replaced in turn, each with a label."""
        pattern = PART.sub(lambda part: f"(?P<{part[2]}>[^/]+)", self.route.address.replace(".", "[.]"))
        found = re.fullmatch(pattern, self.address.partition("?")[0])
        assert found, (self.address, pattern)
        others = []
        for part in PART.finditer(self.route.address):
            for value in ids if part[1] == "int" else codes:
                words = found.groupdict() | {part[2]: value}
                others.append((f"{part[2]}={value[:12]}", PART.sub(r"{\2}", self.route.address).format(**words)))
        return others


def staff_actions(rich: RichDistrict) -> list[StaffAction]:
    """Every action; fails where a page has lost its form."""
    return [_with_form(rich, name) if name in PAGES else _without_page(rich, name) for name in ACTIONS]


def role_of(rich: RichDistrict, route: Route) -> str:
    return next((role for role in rich.by_role if role in {str(each) for each in route.roles}), "")


def client_of(rich: RichDistrict, role: str) -> FlaskClient:
    return rich.by_role[role].client if role else rich.stranger


def _with_form(rich: RichDistrict, name: str) -> StaffAction:
    route, page = ACTIONS[name], PAGES[name]
    role, adapter = role_of(rich, route), rich.district.app.url_map.bind("localhost")
    shown = client_of(rich, role).get(page)
    forms = [
        form for form in FormReader(shown.text).forms
        if form.is_post and adapter.match((form.action or page).partition("?")[0], "POST")[0] == name
    ]  # fmt: skip
    assert forms, f"{page} ({shown.status_code}) has no form for {name}"
    form = max(forms, key=lambda each: len(each.kinds))
    return StaffAction(route, role, page, (form.action or page).partition("#")[0], form)


def _without_page(rich: RichDistrict, name: str) -> StaffAction:
    route, fields = ACTIONS[name], WITHOUT_PAGE[name]
    form = FormOnPage("", True, [[field, value] for field, value in fields.items()])
    form.kinds = {field: "hidden" if field in ("revision", "seen", "case") else "text" for field in fields}
    address = PART.sub(r"{\2}", route.address).format(**PLACE)
    return StaffAction(route, role_of(rich, route), "", address, form)
