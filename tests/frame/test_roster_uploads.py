"""Uploaded rosters, drafts and words for the browser, on both engines."""

from datetime import timedelta

import pytest
from flask import Flask

from survey_app.accounts.audit import add_audit_entry, latest_entry
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.errors import UserError
from survey_app.foundation.paging import page_of
from survey_app.frame.instrument_uploads import used_versions
from survey_app.frame.queries import frozen_group_rows, list_roster, list_waves
from survey_app.frame.roster_uploads import (
    apply_upload,
    find_upload,
    keep_upload,
    preview_upload,
    read_upload,
    renew_upload,
)
from survey_app.frame.wave_drafts import change_basics, check_draft, delete_draft, draft_stamp, start_draft
from survey_app.integrity.change_requests import waiting_requests
from testing.console import TWO_SCHOOLS, roster_csv
from testing.district import District


def test_an_upload_is_previewed_imported_once_and_forgotten_after_a_week(app: Flask, clock: ManualClock) -> None:
    database, categories = app.extensions["database"], app.extensions["categories"]
    with database.write_session() as session:
        upload = keep_upload(session, "..\\名册.csv", TWO_SCHOOLS, False, "王督导", clock.now())
        assert upload.file_name == "名册.csv", "no folders of somebody's computer"
        roster = read_upload(upload, categories, lambda _text: "")
        assert preview_upload(session, upload, roster).change.totals["parent"] == (0, 1100)
        other = keep_upload(session, "b.csv", roster_csv("0301,三中,高中,,9,9,9"), False, "李老师", clock.now())
        apply_upload(session, upload, roster, "", clock.now())
        stale = read_upload(other, categories, lambda _text: "")
        assert preview_upload(session, other, stale).is_stale
        with pytest.raises(UserError, match="改过"):
            apply_upload(session, other, stale, "", clock.now())
        renew_upload(session, other)
        apply_upload(session, other, stale, "", clock.now())
        with pytest.raises(UserError, match="已经导入过了"):
            apply_upload(session, other, stale, "", clock.now())
        assert [entry.code for entry in list_roster(session)] == ["0101", "0201", "0301"]
        keep_upload(session, "c.csv", b"x", False, "李老师", clock.now() + timedelta(days=8))
        assert find_upload(session, upload.id) is None


def test_a_draft_knows_when_somebody_changed_it(app: Flask, clock: ManualClock) -> None:
    now, end = clock.now(), clock.now() + timedelta(days=14)
    with app.extensions["database"].write_session() as session:
        wave = start_draft(session, "  2026   秋 ", now, end, now)
        assert wave.name == "2026 秋"
        stamp = draft_stamp(wave)
        check_draft(wave, stamp)
        change_basics(session, wave, "2026 冬", now, end, now)
        with pytest.raises(UserError, match="被改过"):
            check_draft(wave, stamp)
        start_draft(session, "另一个", now, end, now)
        with pytest.raises(UserError, match="已经有名为"):
            change_basics(session, wave, "另一个", now, end, now)
        with pytest.raises(UserError, match="1 到 100"):
            change_basics(session, wave, "很" * 101, now, end, now)
        delete_draft(session, wave)


def test_an_open_wave_is_no_draft(app: Flask, clock: ManualClock) -> None:
    District(app, clock).opened()
    with app.extensions["database"].write_session() as session:
        (wave,) = list_waves(session)
        with pytest.raises(UserError, match="不能删除"):
            delete_draft(session, wave)
        with pytest.raises(UserError, match="已经开放过了"):
            check_draft(wave, draft_stamp(wave))
        assert [used.wave for used in used_versions(session, "compulsory-parent")] == ["2026秋"]
        assert waiting_requests(session, wave.id) == []
        groups = frozen_group_rows(session, wave.id, 1)
        assert ("parent", "1") in [(row.audience, row.grade) for row in groups]


def test_the_last_of_several_actions_is_found_by_what_it_was_done_with(app: Flask, clock: ManualClock) -> None:
    with app.extensions["database"].write_session() as session:
        add_audit_entry(session, clock.now(), "甲", "wave.draft", "50%_秋: a")
        add_audit_entry(session, clock.now(), "乙", "wave.draft", "500秋: b")
        add_audit_entry(session, clock.now(), "丙", "wave.draft", "50%_秋: c", "refused: no")
        session.flush()
        found = latest_entry(session, ("wave.draft",), "50%_秋")
        assert found is not None
        assert found.actor == "甲", "signs of a pattern are letters, and what was refused did not happen"
        assert latest_entry(session, ("settings.set",)) is None


def test_pages_never_end_in_nothing() -> None:
    rows = list(range(101))
    assert page_of(rows, "3", 50).rows == (100,)
    for asked in ("", "0", "-1", "x", "９", "99999999999999"):
        assert page_of(rows, asked).rows, asked
    assert page_of([], "2").page_count == 1
