"""Issue 11, bad input: a double press does no more than a single one, one after the other and both at once."""

import io
import re
import threading
from collections import Counter

from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Base
from testing.actions_of_staff import StaffAction, client_of, staff_actions
from testing.district import District, csrf_in
from testing.rich_district import RichDistrict, rich_district
from testing.valid_values import NOT_NOW, VALID, valid_files
from testing.watched_store import ABOUT_REFUSALS, WatchedStore

SAYS_WHAT = re.compile(r'role="alert"|<h1')
# Each gives a new link and takes the one before away: whichever page stays, its link is the one that works.
NEW_EACH_TIME = {"admin.renew_link"}


class Presses:
    """Presses buttons as they stood on the pages before anything was done."""

    def __init__(self, district: District) -> None:
        self.rich: RichDistrict = rich_district(district)
        self.database = district.app.extensions["database"]
        district.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.actions = staff_actions(self.rich)
        roles = (*self.rich.by_role, "")
        self.tokens = {role: csrf_in(client_of(self.rich, role).get("/staff/login").text) for role in roles}
        self.cookies = {role: dict(client_of(self.rich, role)._cookies or {}) for role in roles}

    def press(self, action: StaffAction) -> tuple[int, str]:
        client = self.rich.district.app.test_client()
        client._cookies = dict(self.cookies[action.role])
        valid = VALID.get(action.name, {})
        stands = [(name, value) for name, value in action.form.sent if name not in valid and name != "csrf_token"]
        data: MultiDict[str, object] = MultiDict([*stands, *valid.items(), ("csrf_token", self.tokens[action.role])])
        if file := valid_files().get(action.name):
            data.add(file[0], (io.BytesIO(file[2]), file[1]))
        headers = {"Referer": f"http://localhost{action.page or action.address}"}
        with client.post(action.address, data=data, headers=headers) as answer:
            return answer.status_code, answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""

    def rows(self) -> Counter[str]:
        names = [table.name for table in Base.metadata.sorted_tables if table.name not in ABOUT_REFUSALS]
        with self.database.read_session() as session:
            return Counter({name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in names})

    def at_once(self, action: StaffAction) -> list[tuple[int, str]]:
        said: list[tuple[int, str]] = []
        threads = [threading.Thread(target=lambda: said.append(self.press(action))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return said


def changed(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def wrong_with(action: StaffAction, said: list[tuple[int, str]]) -> list[str]:
    """Neither of two may break; of what can be done now one is taken; who is refused is told why."""
    statuses = [status for status, _page in said]
    wrong = [f"broken {statuses}"] if max(statuses) >= 500 else []
    if min(statuses) >= 400 and action.name not in NOT_NOW:
        wrong.append(f"not taken at all {statuses} {re.sub('<[^>]+>', ' ', said[0][1].partition('<main')[2])[:300]}")
    refused = [page for status, page in said if status >= 400]
    return wrong + ["does not say why"] * any(not SAYS_WHAT.search(page.partition("<main")[2]) for page in refused)


def test_one_after_the_other_and_at_once(own_app: Flask, clock: ManualClock) -> None:
    presses = Presses(District(own_app, clock))
    store, faults = WatchedStore(own_app), list[str]()
    for action in presses.actions:
        first = presses.press(action)
        once, second = presses.rows(), presses.press(action)
        twice = presses.rows()
        store.put_back()
        both = presses.at_once(action)
        more = changed(once, twice) or changed(once, presses.rows())
        store.put_back()
        wrong = wrong_with(action, [first, second]) + wrong_with(action, both)
        if more and action.name not in NEW_EACH_TIME:
            wrong.append(f"the second press stored {more}")
        if (action.name in NOT_NOW) != (first[0] >= 400):
            wrong.append(f"is listed wrongly among what cannot be done now: {first[0]}")
        faults += [f"{action.name}: {what}" for what in wrong]
    assert not faults, "\n".join(faults)


STORES: dict[str, dict[str, int]] = {
    "admin.create_draft": {"wave": 1}, "admin.create_assessment": {"assessment_year": 1, "assessment_wave": 1},
    "admin.open_case": {"rectification_case": 1, "case_step": 1}, "admin.keep_reply": {"case_attachment": 1},
    "admin.create_person": {"staff": 1, "one_time_link": 1}, "admin.upload_roster": {"roster_upload": 1},
    "admin.upload_answers": {"answer_upload": 1}, "admin.issue_codes": {"invitation": 3, "code_batch": 1},
    "admin.change_correct": {"change_request": 1},
    "admin.save_edited_scheme": {"scheme_version": 1}, "admin.save_comment_topics": {"comment_topic": 10},
    "admin.save_office": {"setting": 1}, "admin.save_retention": {"setting": 1}, "admin.move_case": {"case_step": 1},
    "admin.request_prints": {"job": 1}, "admin.declare_for": {"declared_conflict": 1},
    "admin.create_principals": {"staff": 1, "one_time_link": 1, "staff_grant": 1}, "inspector.verify": {"case_step": 1},
}  # fmt: skip


def test_two_presses_at_once_store_one_on_both_engines(app: Flask, clock: ManualClock) -> None:
    """On PostgreSQL two transactions run at once, and each would find that nothing was done yet."""
    presses = Presses(District(app, clock))
    faults = []
    for action in (each for each in presses.actions if each.name in STORES):
        before = presses.rows()
        said = presses.at_once(action)
        stored = changed(before, presses.rows())
        faults += [f"{action.name}: {what}" for what in wrong_with(action, said)]
        if stored != STORES[action.name]:
            faults.append(f"{action.name}: stored {stored} {[status for status, _page in said]}")
    assert not faults, "\n".join(faults)
