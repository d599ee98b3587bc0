"""Issue 11, bad input: of two who change one thing at once the second is told what the first did, and loses nothing."""

from html import unescape

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from survey_app.foundation.clock import ManualClock
from testing.actions_of_staff import StaffAction, staff_actions
from testing.console import Clerk
from testing.district import District
from testing.page_forms import FormReader
from testing.rich_district import RichDistrict, rich_district
from testing.valid_values import VALID
from testing.watched_store import WatchedStore

# What the second changes otherwise than the first, who sends what ``VALID`` says.
SECOND: dict[str, dict[str, str]] = {
    "admin.save_basics": {"name": "另一个名字"},
    "admin.save_questionnaires": {"instrument": "compulsory-student"},
    "admin.save_ways": {"way-parent": "open"},
    "admin.change_extend": {"closes_on": "2026-11-25", "reason": "大雪"},
    "admin.change_amend": {"population": "14", "reason": "数错了"},
    "admin.change_pause": {"reason": "链接外传", "school": "0201"},
    "admin.save_successor": {"successor": ""},
    "admin.save_comment_topics": {"name-9": "门卫"},
    "admin.save_comment_names": {"names": "赵六"},
    "admin.save_edited_scheme": {"document": "县督〔2026〕10号"},
    "admin.save_case": {"subject": "食堂台账"},
    "admin.move_case": {"note": "等检测报告", "deadline": "2026-12-28"},
    "admin.propose_public": {"said": "饭菜凉"},
    "admin.save_grants": {"schools": "0101 0201"},
    "admin.save_office": {"contact": "0512-1111111"},
    "admin.save_retention": {"answers_months": "36"},
    "admin.issue_codes": {"count": "5"},
}
NOT_TYPED = {"admin.save_questionnaires", "admin.save_ways", "admin.save_successor"}  # chosen, or made empty


@pytest.fixture
def rich(own_app: Flask, clock: ManualClock) -> RichDistrict:
    return rich_district(District(own_app, clock))


def press(clerk: Clerk, action: StaffAction, hidden: dict[str, str], changes: dict[str, str]) -> TestResponse:
    fields = VALID[action.name] | changes
    stands = [(name, value) for name, value in action.form.sent if name not in fields and name not in hidden]
    data = MultiDict([*stands, *hidden.items(), *fields.items()])
    return clerk.client.post(action.address, data=data, headers={"Referer": f"http://localhost{action.page}"})


def hidden_of(page: str, action: StaffAction) -> dict[str, str]:
    """What a page knows now, in the form of this action."""
    forms = [form for form in FormReader(page).forms if (form.action or action.address) == action.address]
    form = max(forms, key=lambda each: len(each.kinds))
    return {name: value for name, value in form.sent if form.kinds.get(name) == "hidden"}


def test_the_second_is_told_what_the_first_did_and_may_go_on(rich: RichDistrict) -> None:
    actions = {action.name: action for action in staff_actions(rich)}
    first, second = Clerk(rich.district, "陈老师"), rich.office
    store = WatchedStore(rich.district.app)
    for name, changes in SECOND.items():
        action = actions[name]
        seen = hidden_of(second.open(action.page), action)
        done = press(first, action, hidden_of(first.open(action.page), action), {})
        assert done.status_code < 400, (name, done.text)
        late = press(second, action, seen, changes)
        assert late.status_code in (409, 422), name
        page = late.text
        if "填过的还在" in page:  # on the page itself, one step back
            page += second.open(action.page)
        assert "陈老师" in page or name in ("admin.save_successor", "admin.issue_codes"), f"{name}: who was it?"
        typed = next(iter(changes.values()))
        assert name in NOT_TYPED or typed in unescape(page), f"{name}: what was typed is lost"
        shown = page if "填过的还在" not in page else second.page
        again = press(second, action, hidden_of(shown, action), changes)
        assert again.status_code < 400, (name, again.text.partition("<main")[2][:1500])
        store.put_back()
