"""The first page of those who do not run waves: each sees what waits for him, and what he may read."""

from dataclasses import dataclass

from flask import g, render_template, request

from survey_app.followup.case_steps import SETTLED
from survey_app.followup.cases import cases_of_schools, is_waiting_for
from survey_app.followup.ledger import CaseFilter, case_line, due_counts, find_cases
from survey_app.followup.look_backs import cases_of_look_back
from survey_app.followup.public_improvements import count_waiting
from survey_app.foundation.clock import format_local, local_date
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import render
from survey_app.frame.queries import frozen_schools, list_waves
from survey_app.integrity.change_requests import waiting_requests
from survey_app.integrity.doctor import run_checks
from survey_app.integrity.release import RELEASE

from ..school.context import granted_schools
from ..waves.context import WaveSummary, wave_summary
from .context import last_backup


@dataclass(frozen=True, slots=True)
class AskedRelease:
    """A release that a leader is asked to approve."""

    wave: WaveSummary
    who: str
    when: str
    reason: str


def schools_home() -> str:
    """The schools that the account is for, each with its card."""
    now = clock().now()
    with database().read_session() as db:
        schools = granted_schools(db, g.staff, now)
        codes = [school.code for school in schools]
        notices = [
            case_line(case, local_date(now))
            for case in cases_of_schools(db, codes)
            if is_waiting_for(case, g.staff.role)
        ]
        running = [
            wave_summary(wave, now)
            for wave in list_waves(db)
            if wave.opened_at is not None and wave.sealed_at is None
            and any(school.code in codes for school in frozen_schools(db, wave.id))
        ]  # fmt: skip
    return render_template(
        "admin/home/home_schools.html", schools=page_of(schools, request.args.get("page", "")),
        notices=page_of(notices, request.args.get("notices", "")), running=running,
    )  # fmt: skip


def leader_home() -> str:
    """What a leader is asked to approve, the results that were released, and where the notices stand."""
    now = clock().now()
    with database().read_session() as db:
        waves = [wave for wave in list_waves(db) if wave.sealed_at is not None]
        asked = [
            AskedRelease(
                wave_summary(wave, now), waiting.requested_by, format_local(waiting.requested_at), waiting.reason
            )
            for wave in waves
            for waiting in waiting_requests(db, wave.id)
            if waiting.kind == RELEASE
        ]
        sent = find_cases(db, CaseFilter(only_sent=True), local_date(now))
        released = [wave_summary(wave, now) for wave in waves if wave.released_at is not None]
        waiting_words = count_waiting(db)
        looked_back = [
            (wave.id, case.school_name, case.subject)
            for wave in waves if wave.released_at is not None
            for case in cases_of_look_back(db, wave)
        ]  # fmt: skip
    page = page_of(released, request.args.get("page", ""))
    return render_template(
        "admin/home/home_leader.html", asked=asked, released=page, notices=len(sent),
        waiting_words=waiting_words,
        due=due_counts(sent, local_date(now)), unsettled=sum(case.state not in SETTLED for case in sent),
        looked_back=page_of(looked_back, request.args.get("look_backs", "")),
    )  # fmt: skip


def keeper_home() -> str:
    """Whether the installation is sound, and when it was last saved; no wave and no result."""
    issues = run_checks(database(), settings())
    with database().read_session() as db:
        backup = last_backup(db)
    return render_template(
        "admin/home/home_keeper.html",
        issues=[(issue.is_fatal, render(issue.message)) for issue in issues],
        backup=format_local(backup) if backup else "",
    )
