"""The demo's look back: what parents of one school were dissatisfied with last year is asked again in spring.

It is made last, with moments of its own, so that nothing else of the demo is another one for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask

from survey_app.assessment.years import wave_of, year_by_name
from survey_app.distribution.open_wave import open_wave
from survey_app.followup.cases import Actor, StepWords
from survey_app.followup.look_backs import LookBackPlan, concerned_items, propose_look_back
from survey_app.followup.proposals import CaseProposal, open_proposals
from survey_app.followup.public_improvements import confirm_entry, propose_entry, words_digest
from survey_app.followup.public_words import PublicWords
from survey_app.foundation.clock import ManualClock
from survey_app.frame.look_backs import draft_instruments
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.change_requests import confirm_request
from survey_app.integrity.key_check import make_wave_key
from survey_app.integrity.lifecycle import close_and_seal
from survey_app.integrity.release import request_release

from .assessment import SCHOOL
from .district import Person
from .followup import DemoLedger, content_of

NAME = "2026年春季回头看"
MAY = datetime(2026, 5, 11, 0, 0, tzinfo=UTC)
WORDS = PublicWords(
    "希望课堂更生动，多照顾听不懂的孩子", "每月两次公开课，教研组互相听课评课，放学后有半小时答疑",
    "Lessons should be livelier and take care of children who cannot follow",
    "Two open lessons a month, teachers visit each other's lessons, half an hour for questions after school",
)  # fmt: skip
AnswerWave = Callable[[str, list[Person]], None]


def look_back_at_last_year(
    app: Flask, clock: ManualClock, year_name: str, office: str, leader: str, people: Iterator[Person],
    answer: AnswerWave,
) -> None:  # fmt: skip
    """Nothing where the triggers proposed nothing of a single audience, as in a demo of few people."""
    database, categories = app.extensions["database"], app.extensions["categories"]
    clock.at = MAY
    with database.write_session() as session:
        ledger = DemoLedger(session, year_by_name(session, year_name), office)
        proposal = next((one for one in open_proposals(session, ledger.year, categories) if _is_of_parents(one)), None)
        if proposal is None:
            return
        case_id = _closed_case(ledger, proposal)
        items = {case_id: concerned_items(session, ledger.case(case_id), categories)}
        plan = LookBackPlan(NAME, MAY, MAY + timedelta(days=7), items)
        wave = propose_look_back(session, plan, categories, Actor(office, "office", MAY))
        instruments = draft_instruments(session, wave, app.extensions["catalogue"], categories)
        open_wave(session, wave, instruments, categories, MAY)
        make_wave_key(session, app.extensions["keys"], wave)
        audiences = set(items[case_id])
    clock.advance(minutes=5)
    answer(NAME, [
        replace(person, mood=person.mood + 0.5) for person in people
        if person.school == proposal.school_code and person.audience in audiences
    ])  # fmt: skip
    clock.at = MAY + timedelta(days=8)
    with database.write_session() as session:
        wave = wave_by_name(session, NAME)
        close_and_seal(session, wave, categories, "demo", clock.at)
        release = request_release(session, wave, "回头看的结果给学校看", office, clock.at)
        confirm_request(session, release.id, leader, clock.at)
        entry = propose_entry(session, case_id, WORDS, categories, office, clock.at)
        confirm_entry(session, case_id, words_digest(entry), leader, clock.at)


def _is_of_parents(proposal: CaseProposal) -> bool:
    """An item that parents answered, or at least all of what they answered."""
    _kind, school, audience, item = proposal.key.split("/", 3)
    return audience == "parent" and school != SCHOOL and bool(item)


def _closed_case(ledger: DemoLedger, proposal: CaseProposal) -> int:
    """From the letter to the end, in winter. Schools saw their results then; the demo shows how a leader is asked."""
    begins = MAY - timedelta(days=160)
    case_id = ledger.open(proposal.school_code, content_of(proposal), begins, proposal.key)
    wave = wave_of(ledger.session, ledger.year)
    assert wave is not None
    wave.released_at = begins
    ledger.deliver(case_id, begins + timedelta(days=1))
    wave.released_at = None
    ledger.take(case_id, "report", begins + timedelta(days=20), StepWords(WORDS.done))
    ledger.take(case_id, "pass", begins + timedelta(days=24), StepWords("听了两节课，查看了答疑记录。"))
    ledger.take(case_id, "close", begins + timedelta(days=25))
    return case_id
