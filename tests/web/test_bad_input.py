"""Issue 11, bad input: every action of the route table gets what no form expects, and says what is wrong with it."""

import io
import re
from collections.abc import Iterable

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart
from werkzeug.wrappers import Response

from survey_app.foundation.clock import ManualClock
from testing.actions_of_staff import ACTIONS, PAGES, WITHOUT_PAGE, StaffAction, client_of, staff_actions
from testing.bad_values import CODES, IDS, TYPED, Fields, bad_fields, bad_files
from testing.console import Clerk
from testing.district import District, csrf_in
from testing.page_forms import FormReader
from testing.rich_district import RichDistrict, rich_district
from testing.watched_store import WatchedStore

SAYS_WHAT = re.compile(r'role="alert"|<h1')
NO_SUCH = (404, 405)
NOT_OF_ONE_FORM = ("nul", "twice", "lists", "seen ")  # a page cannot show two values, nor what no page has sent
MOST_OTHERS = 12
KEPT = "填过的还在"
# Never shown again: passwords and what is used once. A scheme's text is written anew from its fields.
SECRETS = {"code", "step_password", "password", "old", "new", "again"}
REWRITTEN = {"admin.save_edited_scheme": {"text"}}
KEEPS_THE_REST = {"admin.keep_reply": {"rectification_case"}}  # a file that is refused costs nobody the reply


class BadInput:
    """Sends what it is given, and notes whatever is not as it should be."""

    def __init__(self, rich: RichDistrict) -> None:
        self.rich, self.faults, self.sent = rich, list[str](), 0
        rich.district.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.actions = staff_actions(rich)
        self.store = WatchedStore(rich.district.app)
        self.tokens = {role: csrf_in(client_of(rich, role).get("/staff/login").text) for role in (*rich.by_role, "")}
        self.cookies = {role: dict(client_of(rich, role)._cookies or {}) for role in self.tokens}

    def send(
        self, action: StaffAction, label: str, fields: Fields, address: str = "",
        file: tuple[str, str, bytes] | None = None,
    ) -> None:  # fmt: skip
        client = client_of(self.rich, action.role)
        data: MultiDict[str, object] = MultiDict((name, value) for name, value in fields if name != "csrf_token")
        data.add("csrf_token", self.tokens[action.role])
        if file is not None:
            data.add(file[0], (io.BytesIO(file[2]), file[1]))
        headers = {"Referer": f"http://localhost{action.page or action.address}"}
        with client.post(address or action.address, data=data, headers=headers) as answer:
            self.sent += 1
            wrong = list(self.wrong_with(action, label, fields, answer))
        self.faults += [f"{action.name} [{label}] {answer.status_code} {what}" for what in wrong]
        client._cookies = dict(self.cookies[action.role])
        self.store.put_back()

    def wrong_with(self, action: StaffAction, label: str, fields: Fields, answer: Response) -> Iterable[str]:
        if answer.status_code < 400:
            yield from self.store.overflows()
            return
        stored = self.store.touched() - KEEPS_THE_REST.get(action.name, set())
        if stored:
            yield f"refused, and stored {sorted(stored)}"
        page = answer.get_data(as_text=True)
        if answer.status_code >= 500 or "Traceback" in page:
            yield "broken"
        if not SAYS_WHAT.search(page.partition("<main")[2]) or ("请求有误" in page and label != "nul"):
            yield "does not say what is wrong"
        is_of_the_form = answer.status_code not in (*NO_SUCH, 410, 413) and "_id=" not in label and "code=" not in label
        if is_of_the_form and not label.startswith(NOT_OF_ONE_FORM) and KEPT not in page:
            yield from self.lost(action, fields, page)

    def lost(self, action: StaffAction, fields: Fields, page: str) -> Iterable[str]:
        """What was typed and does not stand on the page again, under whatever name."""
        shown = {value.replace("\r\n", "\n").strip() for form in FormReader(page).forms for _name, value in form.sent}
        hidden = SECRETS | REWRITTEN.get(action.name, set())
        for name, value in fields:
            is_typed = action.form.kinds.get(name) in TYPED and name not in hidden
            if is_typed and value.replace("\r\n", "\n").strip() not in shown | {""}:
                yield f"has lost what was typed in {name}: {value[:12]!r}"
                return


@pytest.fixture
def rich(own_app: Flask, clock: ManualClock) -> RichDistrict:
    return rich_district(District(own_app, clock))


@pytest.fixture
def bad_input(rich: RichDistrict) -> BadInput:
    return BadInput(rich)


@pytest.fixture
def running(own_app: Flask, clock: ManualClock) -> Clerk:
    return Clerk(District(own_app, clock).opened(access={"parent": "code"}))


def chosen(cases: list[tuple[str, Fields]], number: int, share: int) -> list[tuple[str, Fields]]:
    """The first ones always; of the others each time another part, so that over all forms every value was tried."""
    others = cases[6 + number % share :: share]
    return cases[:6] + (others if share == 1 else others[:MOST_OTHERS])


def test_every_action_has_its_form() -> None:
    assert set(ACTIONS) == set(PAGES) | set(WITHOUT_PAGE)
    assert not set(PAGES) & set(WITHOUT_PAGE)


@pytest.mark.parametrize("share", [pytest.param(1, marks=pytest.mark.long), 6], ids=["every value", "some values"])
def test_no_bad_input_breaks_a_form_or_is_half_stored_or_lost(bad_input: BadInput, share: int) -> None:
    for number, action in enumerate(bad_input.actions):
        for label, fields in chosen(list(bad_fields(action.form)), number, share):
            bad_input.send(action, label, fields)
        as_it_is = [(name, value) for name, value in action.form.sent] + action.form.buttons[:1]
        for label, address in action.addresses(IDS, CODES)[number % min(share, 3) :: min(share, 3)]:
            bad_input.send(action, label, as_it_is, address)
        files = bad_files()[: 3 if action.name == "admin.import_questionnaire" and share > 1 else None]
        for field in (name for name, kind in action.form.kinds.items() if kind == "file"):
            for name, content in files:
                bad_input.send(action, f"file {name}", as_it_is, file=(field, name, content))
    assert not bad_input.faults, "\n".join(bad_input.faults)
    assert bad_input.sent > 600


def test_a_refusal_without_a_page_of_its_own_brings_the_form_back(running: Clerk) -> None:
    """Also without a script: the way back leads to the form, filled in, with what the page knows now."""
    page = "/staff/waves/1/links"
    running.open(page)
    fields = running.hidden() | {"school": "0l01", "audience": "parent", "count": "7"}
    referrer = {"Referer": f"http://localhost{page}"}
    refused = running.client.post("/staff/waves/1/codes.pdf", data=fields, headers=referrer)
    assert refused.status_code == 409
    assert f'href="{page}"' in refused.text
    again = {name: value for form in FormReader(running.open(page)).forms for name, value in form.sent}
    assert (again["school"], again["count"]) == ("0l01", "7")
    running.open(page)
    put_right = running.hidden() | {"school": "0101", "audience": "parent", "count": "7"}
    assert running.client.post("/staff/waves/1/codes.pdf", data=put_right, headers=referrer).status_code == 200
    assert "您刚才" not in running.open(page), "what was sent does not come back"


def test_lines_are_counted_as_they_are_typed(rich: RichDistrict) -> None:
    """A browser stops at 2,000 signs and sends each end of a line as two: the end of a long reply was cut off."""
    place, lines = "/staff/schools/0101/notices/1", ["做了"] * 666 + ["完"]
    head = rich.by_role["principal"]
    head.open(place)
    assert len("\n".join(lines)) == 1999
    assert head.send(f"{place}/reply", reply="\r\n".join(lines)).status_code == 303
    assert "\n".join(lines) in head.open(place)
    refused = head.send(f"{place}/reply", reply="长" * 2001)
    assert "回复最多 2000 个字" in refused.text
    assert "长" * 2001 in refused.text


class BrokenLine(io.BytesIO):
    """A body of which the second half never comes."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body[: len(body) // 2])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the parser drops its half file
@pytest.mark.parametrize("says_its_length", [True, False], ids=["as the browser said", "as a proxy made it"])
def test_half_an_upload_stores_nothing_and_takes_nothing_from_the_draft(
    rich: RichDistrict, says_its_length: bool
) -> None:
    """Then the same once more, twice: the files are there once, and so is the reply."""
    place, head = "/staff/schools/0101/notices/1", rich.by_role["principal"]
    head.open(place)
    photo = b"\xff\xd8\xff\xe0" + bytes(200_000)
    fields = head.hidden() | {"reply": "做了三件事：" + "一" * 900, "do": "report"}
    whole = MultiDict([*fields.items(), *[("files", FileStorage(io.BytesIO(photo), f"{n}.jpg")) for n in (1, 2)]])
    boundary, body = encode_multipart(whole)
    kind = f"multipart/form-data; boundary={boundary}"
    store, folder = WatchedStore(rich.district.app), rich.district.app.extensions["settings"].secrets_dir.parent
    files = sorted(folder.rglob("attachments/**/*"))
    half = BrokenLine(body)
    length = len(body) if says_its_length else len(half.getvalue())
    broken = head.client.post(f"{place}/reply", input_stream=half, content_length=length, content_type=kind)
    assert broken.status_code == 400
    assert not store.touched()
    assert sorted(folder.rglob("attachments/**/*")) == files
    assert "已整改一半" in head.open(place), "the draft is as it was"
    whole_again = [head.client.post(f"{place}/reply", data=body, content_type=kind) for _ in range(2)]
    assert [answer.status_code for answer in whole_again] == [303, 422]
    assert "已报送" in whole_again[1].text
    assert rich.district.count("case_attachment WHERE case_id = 1") == 3
    assert rich.district.count("case_step WHERE case_id = 1 AND step = 'report'") == 1
