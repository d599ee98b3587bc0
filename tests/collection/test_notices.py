"""Pages beside the form: what happened, what to do, whom to ask, in both languages; nothing that was typed is lost."""

import html
import re

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from testing.district import District


def broken(district: District, path: str) -> None:
    """The database is away, and no link is remembered."""
    district.app.extensions["link_cache"].database = Database(f"sqlite:///{path}")
    district.app.extensions["link_cache"]._links.clear()


@pytest.mark.parametrize("days", [-1, 12])
def test_notices_speak_both_languages_and_name_the_telephone(
    small_district: District, clock: ManualClock, days: int
) -> None:
    """R-M5: a foreign mother and a grandfather meet the same page."""
    slug = small_district.link().slug
    clock.advance(days=days)
    for path in (f"/s/{slug}?size=large&lang=en", "/s/nothing1?size=large&lang=en"):
        page = small_district.client.get(path).text
        assert page.count("000-12345678") == 2
        assert '<html lang="en" data-page="notice" class="large">' in page
        assert page.index('lang="en">') < page.index('<div class="box" lang="zh-Hans-CN">')


def test_what_was_not_submitted_is_said_first(small_district: District, clock: ManualClock) -> None:
    """R-M5: a late submission was told that the survey is over, and not that its answers were not taken."""
    link = small_district.link()
    form = small_district.answer(link)
    clock.advance(days=12)
    late = small_district.client.post(f"/s/{link.slug}", data=form)
    assert late.status_code == 410
    assert late.text.index("这一次没有提交") < late.text.index("截止时间")
    assert f'data-forget="{link.slug}"' in late.text
    unknown = small_district.client.post("/s/nothing1", data=form)
    assert (unknown.status_code, "这一次没有提交" in unknown.text) == (404, True)


def test_an_absent_database_loses_no_answer_and_keeps_the_view(small_district: District, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """R-M5, C-F15: the page carries everything along, in the language and size of the form."""
    link = small_district.link()
    form = small_district.answer(link, {"C1": "操场 <b>", "_lang": "en", "_size": "large"})
    working = small_district.app.extensions["link_cache"].database
    broken(small_district, tmp_path)
    away = small_district.client.post(f"/s/{link.slug}", data=form)
    assert away.status_code == 503
    assert away.headers["Retry-After"]
    assert '<html lang="en" data-page="notice" class="large">' in away.text
    carried = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', away.text)
    }
    assert carried == form
    opened = small_district.client.get(f"/s/{link.slug}?lang=en")
    assert opened.status_code == 503
    assert f'href="/s/{link.slug}?lang=en"' in opened.text.replace("/?", "?")
    thanks = small_district.client.get(f"/s/{link.slug}/thanks")
    assert thanks.status_code == 200, "whoever was sent here was received; an absent database changes nothing"
    small_district.app.extensions["link_cache"].database = working
    assert small_district.client.post(f"/s/{link.slug}", data=carried).status_code == 303


def test_addresses_are_read_as_chat_programs_and_hands_write_them(small_district: District) -> None:
    """R-Low, C-F17: capitals, full width, a slash or a full stop behind it."""
    slug = small_district.link().slug
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in slug)
    for typed in (slug.upper(), f"{slug}/", f"{slug}。", f"{slug}.", wide):
        assert small_district.client.get(f"/s/{typed}").status_code == 200, typed
    form = small_district.answer(small_district.link())
    assert small_district.client.post(f"/s/{slug.upper()}/", data=form).status_code == 303


def test_thanks_is_said_for_forms_that_exist(small_district: District) -> None:
    """R-Low: ``/s/anything/thanks`` said "received"."""
    assert small_district.client.get("/s/nothing1/thanks").status_code == 404


def test_another_form_is_offered_to_parents_with_their_view(small_district: District) -> None:
    """R-M4."""
    for audience, offered in (("parent", True), ("teacher", False), ("student", False)):
        slug = small_district.link(audience).slug
        page = html.unescape(small_district.client.get(f"/s/{slug}/thanks?lang=en&size=large").text)
        assert (f'href="/s/{slug}?lang=en&size=large#again"' in page) == offered
    waiting = small_district.link()
    small_district.clock.advance(days=-1)
    page = html.unescape(small_district.client.get(f"/s/{waiting.slug}?lang=en&size=large").text)
    assert f'href="/s/{waiting.slug}?trial=1&lang=en&size=large"' in page


def test_promises_about_comments_agree(small_district: District) -> None:
    """R-M6: a comment may be passed on, so nobody says that the school sees totals only."""
    thanks = small_district.client.get(f"/s/{small_district.link().slug}/thanks").text
    assert "学校看不到您选了什么；您写的意见经审核后可能转给学校" in thanks


def test_the_form_names_office_telephone_deadline_and_length(small_district: District) -> None:
    """R-Low."""
    page = small_district.client.get(f"/s/{small_district.link().slug}").text
    for words in ("测试区教育督导室", "000-12345678", "截止：2026-11-12 09:00", "25 题，约 4 分钟"):
        assert words in page


def test_every_refusal_begins_its_title_with_the_word_error(small_district: District) -> None:
    """R-Low: also the busy page and the one that is out of date."""
    link = small_district.link()
    form = small_district.answer(link)
    stale = small_district.send(link, form | {"_token": "x"})
    assert (stale.status_code, "<title>错误：" in stale.text) == (422, True)
    english = small_district.send(link, form | {"_token": "x", "_lang": "en"})
    assert "<title>Error: " in english.text
    assert '<h1 lang="zh">河东小学</h1>' in english.text


def test_errors_are_told_once_where_a_screen_reader_looks(small_district: District) -> None:
    """R-M8: on the group and not on each button; on text fields; in a list under a heading, with the reason."""
    link = small_district.link()
    page = small_district.send(link, small_district.answer(link, {"T1": "", "C1": "好" * 501})).text
    assert page.count('aria-describedby="why-T1"') == 1
    group = re.search(r'<fieldset[^>]*id="q-T1"[^>]*>', page)
    assert group is not None
    for attribute in ('role="radiogroup"', 'aria-required="true"', 'aria-invalid="true"'):
        assert attribute in group[0]
    text = re.search(r'<textarea[^>]*name="C1"[^>]*>', page)
    assert text is not None
    assert 'aria-invalid="true"' in text[0]
    assert 'aria-describedby="why-C1 n-C1"' in text[0]
    assert re.search(r'role="alert"[^>]*><h2>.*?</h2><ul role="list"><li><a href="#i-T1">', page)
    assert '<input type="radio" name="T1" value="5" id="i-T1">' in page


def test_the_largest_honest_answer_fits(small_district: District) -> None:
    """C-F3: the limits follow the form; what is too long for its field is named, and kept, up to twice its length."""
    link = small_district.link()
    emoji = small_district.answer(link, {"C1": "😀" * 500})
    assert small_district.send(link, emoji).status_code == 303
    long = small_district.send(link, small_district.answer(link, {"C1": "😀" * 1000}, seed=1))
    assert (long.status_code, "最多 500 字，现在有 1000 字" in long.text) == (422, True)
    huge = small_district.send(link, small_district.answer(link, {"C1": "学" * 30_000, "_lang": "en"}, seed=2))
    assert huge.status_code == 413
    assert huge.text.index("Not submitted") < huge.text.index("没有提交")
    assert f'href="/s/{link.slug}?lang=en"' in huge.text
