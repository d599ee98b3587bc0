"""Forms on paper, typed in one after another: checked, marked, counted, stored exactly once."""

import re
from html import unescape
from typing import Any

import pytest

from testing.console import Clerk

PAPER = "/staff/waves/1/paper"
FORM = f"{PAPER}/0101/parent"


def filled(clerk: Clerk, seed: int = 0, **chosen: str) -> dict[str, Any]:
    """The page as a clerk fills it in, by keyboard or mouse."""
    clerk.open(FORM)
    drawn = clerk.district.answer(clerk.district.link(), seed=seed)
    answers: dict[str, Any] = {name: values for name, values in drawn.items() if not name.startswith("_")}
    return answers | clerk.hidden() | chosen


def test_form_after_form_is_stored_and_counted(running: Clerk) -> None:
    assert "河东小学" in running.open(PAPER)
    for seed in range(3):
        answer = running.client.post(FORM, data=filled(running, seed))
        assert answer.status_code == 303, answer.text[:300]
    page = running.open(answer.headers["Location"])
    assert "今天录入 3 份（您 3 份）。" in page
    assert running.district.count("response WHERE response_speed = 'p' AND audience = 'parent' AND grade <> ''") == 3
    assert running.district.count("submission_receipt") == 3
    assert running.district.count("audit_entry WHERE action = 'responses.paper' AND result = 'done'") == 3
    assert running.district.count("audit_entry WHERE detail = '2026秋: 0101 parent'") == 3


def test_a_double_click_stores_once_and_back_says_so(running: Clerk) -> None:
    sent = filled(running)
    assert running.client.post(FORM, data=sent).status_code == 303
    again = running.client.post(FORM, data=sent)
    assert again.status_code == 409
    assert "没有存第二次" in again.text
    assert running.district.count("response") == 1
    assert running.district.count("audit_entry WHERE action = 'responses.paper' AND result = 'done'") == 1
    other = sent | running.hidden(again.text)
    assert running.client.post(FORM, data=other).status_code == 303, "another form, typed over the first after Back"
    assert running.district.count("response") == 2


def test_what_is_missing_on_paper_is_asked_about_and_then_taken_as_it_is(running: Clerk) -> None:
    sent = filled(running) | {"OV1": "", "C1": "食堂的饭菜偏凉"}
    refused = running.client.post(FORM, data=sent)
    assert refused.status_code == 422
    assert "OV1" in refused.text
    assert "食堂的饭菜偏凉" in refused.text, "nothing typed is lost"
    assert "checked" in refused.text
    assert running.district.count("response") == 0
    assert running.client.post(FORM, data=sent | {"_as_on_paper": "1"}).status_code == 303
    assert running.district.count("response") == 1
    assert running.district.count("comment") == 1


def test_what_the_other_answers_skip_is_said_once_and_in_no_address(running: Clerk) -> None:
    """Which questions one person should not have answered is nothing for the history of a browser."""
    answer = running.client.post(FORM, data=filled(running, lunch="no", S4="5"))
    assert answer.headers["Location"].endswith("?stored=1")
    running.client.get("/staff/account")
    assert "没有计入：S4" in running.open(answer.headers["Location"])
    assert "没有计入" not in running.open(answer.headers["Location"])


def test_an_empty_form_and_a_page_of_another_school_are_refused(running: Clerk) -> None:
    running.open(FORM)
    empty = running.client.post(FORM, data=running.hidden() | {"_as_on_paper": "1"})
    assert empty.status_code == 422
    assert "还没有录入任何答案" in empty.text
    other = running.client.post(f"{PAPER}/0201/parent", data=filled(running))
    assert other.status_code == 422
    assert "没有存" in other.text
    assert running.district.count("response") == 0


def test_a_wave_that_ended_meanwhile_keeps_what_was_typed(running: Clerk) -> None:
    sent = filled(running, C1="写了很久的意见")
    running.district.clock.advance(days=11)
    running.log_in()
    running.open("/staff/account")
    late = running.client.post(FORM, data=sent | running.hidden())
    assert late.status_code == 422
    assert "请先延长或重新开放" in late.text
    assert "写了很久的意见" in late.text
    assert "重新开放" in running.open(PAPER)
    assert running.district.count("response") == 0


def test_every_field_can_be_reached_by_keys_and_named(running: Clerk) -> None:
    page = running.open(FORM)
    assert re.search(r'id="i-T1"\s+name="T1"\s+value="5"\s+data-key="5"', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert unescape(page).count("autofocus") == 1


@pytest.mark.parametrize("path", [f"{PAPER}/9999/parent", f"{PAPER}/0101/nobody", "/staff/waves/9/paper"])
def test_what_does_not_exist_is_not_found(running: Clerk, path: str) -> None:
    assert running.client.get(path).status_code == 404
