"""What the first page says: where the running wave stands, the next step, and at most five things to look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from survey_app.accounts.audit import latest_entry
from survey_app.collection.code_batches import list_batches, schools_with_links
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.followup.ledger import OVERDUE, due_counts, open_cases
from survey_app.followup.look_backs import count_to_decide
from survey_app.foundation.clock import format_deadline, format_local, local_date
from survey_app.foundation.stored_settings import Office, is_local_address
from survey_app.foundation.translation import _, render
from survey_app.frame.access_modes import coded_audiences
from survey_app.frame.models import Wave
from survey_app.frame.wave_states import WaveState, close_time_of, state_of
from survey_app.integrity.change_requests import waiting_requests
from survey_app.integrity.lifecycle import is_run_late
from survey_app.integrity.retention import announced_waves
from survey_app.reporting.live_counts import LiveCounts, count_live

from ..waves.context import WaveSummary, schools_behind, wave_summary

MAX_LINES = 5
NEAR = timedelta(days=3)
BACKUP_AGE = timedelta(days=7)
STAGE_OF = {
    WaveState.DRAFT: 0, WaveState.WAITING: 1, WaveState.OPEN: 2, WaveState.CLOSING: 3, WaveState.CLOSED: 3,
    WaveState.SEALED: 4,
}  # fmt: skip
MOST_URGENT = (WaveState.OPEN, WaveState.CLOSING, WaveState.CLOSED, WaveState.WAITING, WaveState.DRAFT)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at, and where."""

    text: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Stage:
    label: str
    note: str
    is_past: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class FirstStep:
    title: str
    text: str
    is_done: bool
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class RunningWave:
    """``step`` is the next thing to do with it."""

    wave: WaveSummary
    stages: tuple[Stage, ...]
    step: Line
    counts: dict[str, object]


class CountsOnce:
    """The live counts of a wave, counted once a page."""

    def __init__(self, session: Session, categories: Categories) -> None:
        self._session, self._categories = session, categories
        self._counts: dict[int, LiveCounts] = {}

    def of(self, wave: Wave) -> LiveCounts:
        if wave.id not in self._counts:
            self._counts[wave.id] = count_live(self._session, wave, self._categories)
        return self._counts[wave.id]


def running_wave(waves: list[Wave], now: datetime) -> Wave | None:
    """The wave that somebody works at: the most urgent that is not sealed, else the last one."""
    for state in MOST_URGENT:
        for wave in waves:
            if state_of(wave, now) == state:
                return wave
    return waves[0] if waves else None


def describe_running(wave: Wave, live: CountsOnce, now: datetime) -> RunningWave:
    summary = wave_summary(wave, now)
    counts = live.of(wave) if wave.opened_at and not wave.sealed_at else LiveCounts({}, {})
    return RunningWave(summary, _stages(wave, summary.state), _next_step(summary), dict(counts.by_audience()))


def _stages(wave: Wave, state: WaveState) -> tuple[Stage, ...]:
    current = STAGE_OF[state]
    labels = (
        (_("准备"), ""),
        (_("开放"), format_local(wave.opens_at)),
        (_("收集"), _("到 {when}", when=format_deadline(close_time_of(wave)))),
        (_("截止"), _("一天后自动封存")),
        (_("结果"), format_local(wave.sealed_at) if wave.sealed_at else ""),
    )
    return tuple(
        Stage(label, note, index < current, index == current) for index, (label, note) in enumerate(labels)
    )  # fmt: skip


def _next_step(wave: WaveSummary) -> Line:
    def step(text: str, label: str, endpoint: str) -> Line:
        return Line(text, label, url_for(endpoint, wave_id=wave.id))

    if wave.state == WaveState.DRAFT:
        return step(
            _("草稿还没有开放。核对以后开放，问卷和名册随即冻结。"), _("继续准备"), "admin.setup_questionnaires"
        )
    if wave.state == WaveState.WAITING:
        return step(_("已经开放，到时自动开始。现在可以印海报和纸条，也可以试填。"), _("印发材料"), "admin.papers")
    if wave.state == WaveState.OPEN:
        return step(_("正在收集。看看哪些学校落后，需要时提醒。"), _("看回收情况"), "admin.wave")
    if wave.state == WaveState.SEALED:
        return step(_("已封存并计数。"), _("看结果"), "admin.results")
    return step(_("已截止，一天后自动封存。封存之前还可以延长收集。"), _("看回收情况"), "admin.wave")


def last_backup(session: Session) -> datetime | None:
    """When this program made a backup last."""
    entry = latest_entry(session, ("backup.create",))
    return entry.at if entry else None


def attention_lines(session: Session, waves: list[Wave], live: CountsOnce, office: Office, now: datetime) -> list[Line]:
    """The five most urgent of what needs attention."""
    return list(_attention(session, waves, live, office, now))[:MAX_LINES]


def _attention(session: Session, waves: list[Wave], live: CountsOnce, office: Office, now: datetime) -> Iterator[Line]:
    unsealed = [wave for wave in waves if wave.sealed_at is None]
    if unsealed and is_local_address(office.address):
        yield Line(_("二维码里的网址 {address} 手机打不开，海报印不出来。", address=office.address), _("改网址"),
                   url_for("admin.office"))  # fmt: skip
    if any(wave.opened_at for wave in unsealed) and is_run_late(session, now):
        yield Line(_("自动截止和封存没有在运行。请告诉系统管理员。"), "", "")
    if any(wave.opened_at and now - wave.opened_at > BACKUP_AGE for wave in unsealed):
        yield from _old_backup(session, now)
    yield from _of_cases(session, now)
    for wave in unsealed:
        yield from _of_wave(session, wave, live, now)
    for wave_id, term, earliest in announced_waves(session):
        name = next((wave.name for wave in waves if wave.id == wave_id), "")
        yield Line(_("“{name}”的{what}到了保留期限，{when} 以后清除。", name=name, what=render(term.label),
                     when=format_local(earliest)), _("看期限"), url_for("admin.retention"))  # fmt: skip


def _of_cases(session: Session, now: datetime) -> Iterator[Line]:
    """Rectifications for which a school is late, or for which the office has something to do."""
    due, looked_back = due_counts(open_cases(session), local_date(now)), count_to_decide(session)
    if due.overdue:
        yield Line(_("整改逾期 {n} 项。", n=due.overdue), _("看是哪些"), url_for("admin.rectification", state=OVERDUE))
    parts = [
        text
        for count, text in (
            (due.soon, _("{n} 项三天内到期", n=due.soon)), (due.reported, _("{n} 项等核验", n=due.reported)),
            (due.verified, _("{n} 项等销号", n=due.verified)),
            (looked_back, _("{n} 项回头看有了结果，等决定", n=looked_back)),
        )
        if count
    ]  # fmt: skip
    if parts:
        yield Line(_("整改：{parts}。", parts=_("，").join(parts)), _("看台账"), url_for("admin.rectification"))


def _old_backup(session: Session, now: datetime) -> Iterator[Line]:
    """While answers are collected, a week without a backup is too long."""
    backup = last_backup(session)
    if backup is None:
        yield Line(_("收集了一周，还没有做过备份。请告诉系统管理员。"), "", "")
    elif now - backup > BACKUP_AGE:
        yield Line(_("最近一次备份是 {when}，一周以前了。请告诉系统管理员。", when=format_local(backup)), "", "")


def _of_wave(session: Session, wave: Wave, live: CountsOnce, now: datetime) -> Iterator[Line]:
    state = state_of(wave, now)
    if state == WaveState.DRAFT:
        if wave.opens_at - now < NEAR:
            yield Line(_("“{name}”计划 {when} 开始，还是草稿。", name=wave.name, when=format_local(wave.opens_at)),
                       _("核对并开放"), url_for("admin.setup_check", wave_id=wave.id))  # fmt: skip
        return
    if waiting := waiting_requests(session, wave.id):
        yield Line(_("“{name}”有 {n} 项更改等待第二个人确认。", name=wave.name, n=len(waiting)), _("去确认"),
                   url_for("admin.changes", wave_id=wave.id))  # fmt: skip
    if state == WaveState.OPEN:
        yield from _while_open(wave, live, now)
    if state in (WaveState.OPEN, WaveState.WAITING):
        yield from _unprinted(session, wave)


def _while_open(wave: Wave, live: CountsOnce, now: datetime) -> Iterator[Line]:
    if wave.closes_at - now < NEAR:
        yield Line(_("“{name}”{when} 截止。", name=wave.name, when=format_deadline(wave.closes_at)), _("延长"),
                   url_for("admin.change_extend_form", wave_id=wave.id))  # fmt: skip
    behind = schools_behind(live.of(wave))
    if behind:
        yield Line(_("“{name}”有 {n} 所学校回收不到全区的一半。", name=wave.name, n=len(behind)), _("看是哪些"),
                   url_for("admin.wave", wave_id=wave.id, behind=1))  # fmt: skip


def _unprinted(session: Session, wave: Wave) -> Iterator[Line]:
    live = {(batch.school_code, batch.audience) for batch in list_batches(session, wave) if batch.voided_at is None}
    for audience in coded_audiences(wave.access):
        missing = [code for code in schools_with_links(session, wave, audience) if (code, audience) not in live]
        if missing:
            yield Line(
                _("“{name}”还有 {n} 所学校没有印发{audience}的纸条或口令。", name=wave.name, n=len(missing),
                  audience=render(AUDIENCES[audience].label)),
                _("去印发"), url_for("admin.papers", wave_id=wave.id),
            )  # fmt: skip


def first_steps(office: Office, roster_size: int, questionnaires: int, has_wave: bool) -> tuple[FirstStep, ...]:
    """What an empty system needs, in this order."""
    has_office = not is_local_address(office.address) and bool(office.contact)
    return (
        FirstStep(_("单位、电话、网址"), _("印在每份问卷、海报和纸条上。网址要是手机打得开的。"), has_office,
                  _("修改") if has_office else _("填写"),
                  url_for("admin.office")),
        FirstStep(_("名册"), _("学校和人数，来自您的 Excel。导入前先看会有什么变化。"), roster_size > 0, _("导入名册"),
                  url_for("admin.upload_form")),
        FirstStep(_("问卷"), _("随系统带着 {n} 份，可以直接用；先在手机版面里看一看。", n=questionnaires),
                  roster_size > 0 and questionnaires > 0, _("看问卷"), url_for("admin.questionnaires")),
        FirstStep(_("批次"), _("名称和日期、问什么、怎样进入、核对并开放，四页。"), has_wave, _("新建批次"),
                  url_for("admin.new_wave")),
    )  # fmt: skip
