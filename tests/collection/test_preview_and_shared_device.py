"""Small things that keep people from giving up."""

import dataclasses

from survey_app.foundation.clock import ManualClock
from survey_app.frame.queries import wave_by_name
from survey_app.frame.waves import close_wave
from testing.district import District


def test_before_the_wave_one_may_try_and_nothing_counts(small_district: District, clock: ManualClock) -> None:
    link = small_district.link("teacher")
    clock.advance(hours=-2)
    waiting = small_district.client.get(f"/s/{link.slug}")
    assert waiting.status_code == 403
    assert f'href="/s/{link.slug}?trial=1"' in waiting.text
    page = small_district.client.get(f"/s/{link.slug}?trial=1")
    assert "试填，不计入" in page.text
    real = small_district.client
    form = small_district_answer(small_district, page.text)
    done = real.post(f"/s/{link.slug}", data=form)
    assert done.status_code == 200
    assert "没有保存任何内容" in done.text
    clock.advance(hours=3)
    assert "没有保存任何内容" in real.post(f"/s/{link.slug}", data=form).text, "nor later"
    assert small_district.count("response") == small_district.count("submission_receipt") == 0


def small_district_answer(district: District, page: str) -> dict[str, str]:
    import re

    from testing.district import token_in

    names = dict.fromkeys(re.findall(r'type="radio" name="(\w+)"', page))
    return {"_token": token_in(page)} | {name: re.findall(rf'name="{name}" value="(\w+)"', page)[0] for name in names}


def test_a_shared_device_keeps_no_draft_and_offers_the_next_person(small_district: District) -> None:
    link = small_district.link("student")
    page = small_district.client.get(f"/s/{link.slug}?device=shared").text
    assert 'autocomplete="off"' in page
    assert 'data-draft=""' in page
    response = small_district.send(link, small_district.answer(link, {"_device": "shared"}))
    assert "device=shared" in response.headers["Location"]
    thanks = small_district.client.get(response.headers["Location"]).text
    assert "下一位" in thanks
    assert "另一个孩子" not in thanks


def test_a_flooded_open_link_waits_and_loses_nothing(small_district: District) -> None:
    link = small_district.link("teacher")
    buckets = small_district.app.extensions["buckets"]
    stored = small_district.answer(link)
    small_district.send(link, stored)
    buckets.clock = lambda: 1_794_000_000.0
    while buckets.acquire(f"open:{link.link_id}", 20.0, 400.0):
        pass
    form = small_district.answer(link, seed=1)
    busy = small_district.send(link, form)
    assert busy.status_code == 503
    assert busy.headers["Retry-After"]
    assert 'data-resend="6"' in busy.text
    assert f'value="{form["_token"]}"' in busy.text
    assert small_district.send(link, stored).status_code == 303, "what is stored is answered before any limit"
    buckets.path.write_bytes(b"\0" * buckets.path.stat().st_size)
    assert small_district.send(link, form).status_code == 303
    assert small_district.count("response") == 2


def test_limits_that_do_not_work_let_ballots_pass(small_district: District, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    buckets = small_district.app.extensions["buckets"]
    buckets.path.write_bytes(b"")
    monkeypatch.setattr(buckets, "path", buckets.path / "no folder")
    assert small_district.send(small_district.link()).status_code == 303


def test_health_is_asked_of_the_database(small_district: District, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from survey_app.foundation.db import Database

    assert small_district.client.get("/healthz").status_code == 200
    small_district.app.extensions["database"] = Database(f"sqlite:///{tmp_path}")
    response = small_district.client.get("/healthz")
    assert response.status_code == 503
    assert str(tmp_path) not in response.text


def test_a_form_that_a_node_handed_out_before_it_knew_of_the_closing_is_taken(small_district: District) -> None:
    """A node asks once a second whether the office has closed a wave by hand."""
    extensions = small_district.app.extensions
    extensions["settings"] = dataclasses.replace(extensions["settings"], link_cache_seconds=1.0)
    extensions["link_cache"].max_age_seconds = 1000.0
    link = small_district.link("parent")
    for _ in range(2):  # the first learns the link, the second how its wave stands
        small_district.answer(link)
    with extensions["database"].write_session() as session:
        close_wave(wave_by_name(session, small_district.wave), small_district.clock.at)
    small_district.clock.advance(seconds=1)
    form = small_district.answer(link)
    extensions["link_cache"].max_age_seconds = 0.0
    small_district.clock.advance(seconds=1)
    assert small_district.client.get(f"/s/{link.slug}").status_code == 410
    assert small_district.send(link, form).status_code == 303
