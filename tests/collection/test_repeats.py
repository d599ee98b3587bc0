"""A repeat is not the same as another submission: "received" is said only for what is stored."""

import re

import pytest

from survey_app.foundation.clock import ManualClock
from testing.codes import issued
from testing.district import District
from testing.forms import Fields, token_in


@pytest.fixture
def coded_district(app, clock: ManualClock) -> District:  # type: ignore[no-untyped-def]
    """Parents with slips, students with a class code, on both engines."""
    return District(app, clock).opened(access={"parent": "code", "student": "class"})


@pytest.fixture
def coded(sqlite_app, clock: ManualClock) -> District:  # type: ignore[no-untyped-def]
    return District(sqlite_app, clock).opened(access={"parent": "code", "student": "class"})


def test_a_page_that_was_sent_takes_no_second_slip(coded_district: District) -> None:
    """C-F1, S2: the same page with another slip is refused, the slip stays unused, and a new page is offered."""
    district, link = coded_district, coded_district.link()
    first_code, second_code = issued(district, "parent", 2)
    form = district.answer(link, {"_code": first_code})
    assert district.send(link, form).status_code == 303
    changes: tuple[Fields, ...] = ({}, {"T1": "1"})
    for changed in changes:
        refused = district.send(link, form | changed | {"_code": second_code})
        assert refused.status_code == 409
        assert "这一页已经交过一份答卷" in refused.text
        assert refused.text.count("您的邀请码还没有用") == 1
    assert district.count("response") == district.count("submission_receipt") == 1
    fresh = token_in(refused.text)
    assert fresh != form["_token"]
    assert district.send(link, form | {"_token": fresh, "_code": second_code}).status_code == 303
    assert district.send(link, form).status_code == 303, "the first one is still a repeat"
    assert district.count("response") == district.count("submission_receipt") == 2


def test_twenty_slips_on_one_page_are_one_answer_and_nineteen_refusals(coded_district: District) -> None:
    """S2: one token with many valid codes was twenty times received and once stored."""
    district, link = coded_district, coded_district.link()
    form = district.answer(link)
    statuses = [district.send(link, form | {"_code": code}).status_code for code in issued(district, "parent", 20)]
    assert statuses == [303] + [409] * 19
    assert district.count("response") == 1


def test_late_repeats_are_received_with_their_own_slip_only(coded: District, clock: ManualClock) -> None:
    """C-F1: after the grace, before the seal and after it, as while the wave is open."""
    link = coded.link()
    first_code, second_code = issued(coded, "parent", 2)
    form = coded.answer(link, {"_code": first_code})
    assert coded.send(link, form).status_code == 303
    clock.advance(days=10, minutes=11)
    late = coded.send(link, form | {"_code": second_code})
    assert late.status_code == 410
    assert "这一次没有提交" in late.text
    assert coded.send(link, form).status_code == 303
    assert coded.sealed().send(link, form).status_code == 303


def test_a_used_slip_says_that_the_answer_has_probably_arrived(coded: District) -> None:
    """R-H1: the parent with bad reception is not sent to fetch another slip; what was typed is still there."""
    link = coded.link()
    code = issued(coded, "parent", 1)[0]
    assert coded.send(link, coded.answer(link, {"_code": code})).status_code == 303
    again = coded.answer(link, {"_code": code, "C1": "操场很好"}, seed=1)
    refused = coded.send(link, again)
    assert refused.status_code == 409
    assert "如果刚才网络中断过，您的答卷很可能已经收到，不必再填" in refused.text
    assert "操场很好" in refused.text
    assert f'value="{again["_token"]}"' in refused.text


def test_changes_after_a_submission_are_not_promised(district: District) -> None:
    """R-H2: a page without scripts can come back; the answer to it says which content counts."""
    link = district.link()
    form = district.answer(link, {"T1": "5"})
    first = district.send(link, form)
    changed = district.send(link, form | {"T1": "1"})
    assert first.headers["Location"] == changed.headers["Location"]
    assert "只算第一次提交的内容，之后的修改不保存" in district.client.get(changed.headers["Location"]).text
    assert district.count("response") == 1


def test_nothing_answered_is_not_an_answer(coded: District) -> None:
    """C-F11: the slip stays unused, whatever the instrument requires."""
    import dataclasses

    link = coded.link()
    code = issued(coded, "parent", 1)[0]
    form = coded.answer(link, {"_code": code})
    cache = coded.app.extensions["link_cache"]
    known = cache._links[link.slug]
    asked = tuple(
        dataclasses.replace(entry, question=dataclasses.replace(entry.question, required=False))
        if entry.question.required
        else entry
        for entry in known.form.asked
    )
    cache._links[link.slug] = dataclasses.replace(known, form=dataclasses.replace(known.form, asked=asked))
    empty: Fields = {"_token": form["_token"], "_code": code}
    nothings: tuple[Fields, ...] = ({}, {"T1": ""}, {"C1": "  "}, {"grade": "1"})
    for nothing in nothings:
        refused = coded.send(link, empty | nothing)
        assert refused.status_code == 422
        assert "还没有回答任何题目" in refused.text
    assert coded.count("submission_receipt") == 0
    assert coded.send(link, empty | {"T1": "5"}).status_code == 303


@pytest.mark.parametrize("text", ["\ue000abc\ue001", "\ue000token\ue001", "{{ 1 }}", "\ue000"])
def test_no_character_breaks_a_page_or_is_taken_for_a_slot(coded: District, text: str) -> None:
    """C-F12, S-M1: private-use characters gave a 500 and put the respondent's words into the log."""
    link = coded.link()
    form = coded.answer(link, {"C1": text, "_code": text, "T1": ""})
    response = coded.send(link, form)
    assert response.status_code == 422
    assert text in response.text
    assert len(re.findall(re.escape(str(form["_token"])), response.text)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "请输入班级口令（问老师）"), ("ABCDEF", "班级口令有错字"), ("000000000", "这个口令不是本班的")],
)
def test_class_codes_are_spoken_of_as_class_codes(coded: District, typed: str, sentence: str) -> None:
    """R-M7: no slip and no invitation on the page of a class."""
    link = coded.link("student")
    issued(coded, "student", 2)
    response = coded.send(link, coded.answer(link, {"_code": typed}))
    assert response.status_code == 422
    assert sentence in response.text
    assert "邀请码" not in response.text
    assert "还没有提交：请核对班级口令" in response.text


def test_a_full_class_is_told_whom_to_ask_and_loses_nothing(coded: District) -> None:
    """R-M7."""
    code = issued(coded, "student", 1)[0]
    link = coded.link("student")
    assert coded.send(link, coded.answer(link, {"_code": code})).status_code == 303
    form = coded.answer(link, {"_code": code}, seed=1)
    full = coded.send(link, form)
    assert full.status_code == 409
    assert "请告诉老师" in full.text
    assert re.search(rf'name="T1" value="{form["T1"]}"[^>]* checked', full.text)
