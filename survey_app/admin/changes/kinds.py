"""What can be changed of a wave, one function a kind: it calls the service and says in numbers what was done.

The page before a change is made by doing it and taking it back: it cannot say anything else than what happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey_app.collection.code_batches import list_batches, void_batch
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import canonical_text
from survey_app.definition.messages import Message, message
from survey_app.distribution.opening_check import added_school_doubts, overlap_doubts
from survey_app.foundation.clock import deadline_weekday, format_deadline
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.translation import _, render
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, frozen_schools
from survey_app.frame.wave_states import WaveState
from survey_app.frame.wording import replace_words, wording_differences
from survey_app.integrity.changes import add_school, amend_population, pause_links, request_correction
from survey_app.integrity.exclusions import ExclusionGroup, request_exclusion
from survey_app.integrity.lifecycle import close_by_hand, extend_wave, reopen_wave
from survey_app.integrity.release import request_release, withdraw_release
from survey_app.reporting.live_counts import count_live

from ..form_answers import whole_number
from ..lookup import categories
from ..waves.moments import read_end

MOST_PEOPLE = 100_000
RUNNING = frozenset({WaveState.WAITING, WaveState.OPEN})
ENDED = frozenset({WaveState.CLOSING, WaveState.CLOSED})


@dataclass(frozen=True, slots=True)
class Change:
    """What a change is done with: the wave, what was typed, who does it and when."""

    session: Any
    wave: Wave
    values: Mapping[str, str]
    actor: str
    now: datetime

    @property
    def reason(self) -> str:
        return self.values["reason"]

    def end(self) -> datetime:
        moment, problem = read_end(dict(self.values))
        if moment is None:
            raise UserError(message("{problem}", problem=problem))
        return moment


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """``fields`` are what is asked beside the reason; ``states`` when it is possible at all."""

    id: str
    title: Message
    lead: Message
    button: Message
    fields: tuple[str, ...]
    states: frozenset[WaveState]
    make: Callable[[Change], list[str]]


def _moved_end(change: Change, before: datetime) -> list[str]:
    after = change.wave.closes_at
    return [
        _("截止时间：{before} → {after}（{day}）", before=format_deadline(before), after=format_deadline(after),
          day=render(deadline_weekday(after))),
        _("链接、二维码、纸条都不变；已经印好的海报上仍是原来的截止时间。"),
        *map(render, overlap_doubts(change.session, change.wave)),
    ]  # fmt: skip


def _extend(change: Change) -> list[str]:
    before = change.wave.closes_at
    extend_wave(change.session, change.wave, change.end(), change.reason, change.actor, change.now)
    return _moved_end(change, before)


def _reopen(change: Change) -> list[str]:
    before = change.wave.closes_at
    reopen_wave(change.session, change.wave, change.end(), change.reason, change.actor, change.now)
    return _moved_end(change, before)


def _close(change: Change) -> list[str]:
    counts = count_live(change.session, change.wave, categories()).by_audience()
    close_by_hand(change.session, change.wave, change.actor, change.now)
    shares = [
        _("{audience}：收到 {received} / {population}", audience=render(AUDIENCES[name].label),
          received=count.received or 0, population=count.population)
        for name, count in counts.items()
    ]  # fmt: skip
    planned = _("原定 {when} 截止。", when=format_deadline(change.wave.closes_at))
    return [*shares, planned, _("现在起不再接收新的答卷；十分钟内仍接收已打开的；一天后封存，之前可以重新开放。")]


def _add_school(change: Change) -> list[str]:
    code = change.values["school"]
    if not code:
        raise user_error("请选择学校")
    links = add_school(
        change.session, change.wave, code, categories(), change.reason, change.actor, change.now
    )  # fmt: skip
    audiences = "、".join(dict.fromkeys(render(AUDIENCES[link.audience].label) for link in links))
    frozen = [entry.instrument for entry in frozen_instruments(change.session, change.wave.id, categories())]
    return [
        _("{school}加入，得到 {n} 个链接（{audiences}）。请给它印海报和纸条。",
          school=_school_name(change), n=len(links), audiences=audiences),
        *map(render, added_school_doubts(change.session, code, frozen, categories())),
    ]  # fmt: skip


def _amend(change: Change) -> list[str]:
    group, people = change.values["group"].split("/"), whole_number(change.values["population"], MOST_PEOPLE)
    if len(group) != 3 or not change.values["school"]:
        raise user_error("请选择学校和要改的那一行人数")
    if not people:
        raise user_error("人数要是 1 到 {limit} 的整数", limit=MOST_PEOPLE)
    audience, grade, class_name = group
    before = amend_population(
        change.session, change.wave, change.values["school"], audience, grade, class_name, people, change.reason,
        change.actor, change.now,
    )  # fmt: skip
    return [_("{school}的{audience}{group}：{before} → {after} 人。旧的数字留在更正记录里。",
              school=_school_name(change), audience=render(AUDIENCES[audience].label),
              group=f"{grade} {class_name}".rstrip(), before=before, after=people),
            _("名册另外改：以后的批次用名册里的数字。")]  # fmt: skip


def _school_name(change: Change) -> str:
    code = change.values["school"]
    names = {school.code: school.name for school in frozen_schools(change.session, change.wave.id)}
    return f"{names[code]}（{code}）" if code in names else code


def _pause(change: Change) -> list[str]:
    return _switch_links(change, True)


def _resume(change: Change) -> list[str]:
    return _switch_links(change, False)


def _switch_links(change: Change, pause: bool) -> list[str]:
    code, audience = change.values["school"], change.values["audience"]
    if not code:
        raise user_error("请选择学校")
    count = pause_links(
        change.session, change.wave, code, audience or None, pause, change.reason, change.actor, change.now
    )
    if pause:
        return [_("暂停 {n} 个链接：扫码的人看到“暂停”，已经打开的表单仍可提交。", n=count)]
    return [_("恢复 {n} 个链接。", n=count)]


def _correct(change: Change) -> list[str]:
    frozen = {
        entry.instrument.id: entry.instrument
        for entry in frozen_instruments(change.session, change.wave.id, categories())
    }
    instrument = frozen.get(change.values["instrument"])
    if instrument is None:
        raise user_error("请选择问卷")
    corrected = replace_words(instrument, change.values["before"], change.values["after"], categories())
    request_correction(change.session, change.wave, corrected, change.reason, change.actor, change.now)
    differences = wording_differences(canonical_text(instrument), canonical_text(corrected))
    shown = [_("“{before}” → “{after}”", before=before, after=after) for before, after in differences]
    return [_("改动 {n} 处：", n=len(differences)), *shown, _("由督导室另一个账号确认后生效；已经收到的答卷不受影响。")]


def _void(change: Change) -> list[str]:
    if not change.reason:
        raise user_error("请写明理由")
    batches = {batch.batch_id: batch for batch in list_batches(change.session, change.wave)}
    batch = batches.get(whole_number(change.values["batch"]) or 0)
    if batch is None:
        raise user_error("请在“材料”里选一批纸条")
    void_batch(change.session, change.wave, batch.batch_id, change.now)
    return [_("{school} {audience} {when} 印发的 {printed} 张作废，其中 {used} 张已用；已经提交的答卷仍然有效。",
              school=batch.school_name, audience=render(AUDIENCES[batch.audience].label),
              when=format_deadline(batch.issued_at), printed=batch.printed, used=batch.used)]  # fmt: skip


def exclusion_group(chosen: str) -> ExclusionGroup:
    """What ``file/3`` and ``copies/0101/parent`` stand for; what is neither is a group of nobody."""
    kind, _slash, rest = chosen.partition("/")
    if kind == "file" and (number := whole_number(rest)) is not None:
        return ExclusionGroup(file=number)
    school, _slash, audience = rest.partition("/")
    if kind != "copies" or not school:
        raise user_error("请选择要排除的一组答卷")
    return ExclusionGroup(school=school, audience=audience)


def _exclude(change: Change) -> list[str]:
    group = exclusion_group(change.values["exclusion"])
    _request, parts = request_exclusion(
        change.session, change.wave, group, change.reason, change.actor, change.now
    )  # fmt: skip
    lines = [
        _("学校 {code} 的{audience}：不计入 {excluded} 份，剩 {remaining} 份", code=part.code,
          audience=render(AUDIENCES[part.audience].label), excluded=part.excluded, remaining=part.remaining)
        for part in parts
    ]  # fmt: skip
    return [*lines, _("答卷本身不删除；写的意见与答卷没有联系，仍然保留。由督导室另一个账号确认后重新计数。")]


def _release(change: Change) -> list[str]:
    request_release(change.session, change.wave, change.reason, change.actor, change.now)
    schools = len(frozen_schools(change.session, change.wave.id))
    return [
        _("{n} 所学校的校长和责任督学将看到自己学校的结果（不含数据质量和意见），看不到别的学校的。", n=schools),
        _("由督导室另一个账号或领导确认后生效。"),
    ]


def _withdraw(change: Change) -> list[str]:
    withdraw_release(change.session, change.wave, change.reason, change.actor, change.now)
    return [_("学校不再看得到结果；已经看过、印出的收不回。")]


END_FIELDS = ("closes_on", "closes_time")


KINDS: dict[str, ChangeKind] = {
    kind.id: kind
    for kind in (
        ChangeKind("extend", message("延长收集"), message("推迟截止时间。链接、二维码和纸条都不变。"), message("延长"),
              END_FIELDS, RUNNING, _extend),
        ChangeKind("reopen", message("重新开放"), message("截止之后、封存之前，还可以接着收。"), message("重新开放"),
              END_FIELDS, ENDED, _reopen),
        ChangeKind("add-school", message("补一所学校"), message("名册里有、批次里没有的学校。先把它导入名册。"),
              message("加入"), ("school",), RUNNING, _add_school),
        ChangeKind("amend", message("更正人数"), message("批次里冻结的应答人数写错了。"), message("更正"),
              ("school", "group", "population"), RUNNING | ENDED, _amend),
        ChangeKind("correct", message("更正错别字"), message("只改文字，题目、选项和顺序不变；要两个人。"),
              message("提出更正"), ("instrument", "before", "after"), RUNNING, _correct),
        ChangeKind("pause", message("暂停一所学校"), message("链接外传、答卷异常时先停下来。"), message("暂停"),
              ("school", "audience"), RUNNING, _pause),
        ChangeKind("resume", message("恢复暂停的学校"), message("让暂停的链接继续。"), message("恢复"),
              ("school", "audience"), RUNNING, _resume),
        ChangeKind("void", message("作废一批纸条"), message("一批纸条丢了，或给错了学校。"), message("作废"),
              ("batch",), RUNNING | ENDED, _void),
        ChangeKind("exclude", message("排除一组答卷"),
              message("封存以后：一个导入的文件，或一所学校里十份以上一字不差的答卷，不计入结果；不能挑选单份。要两个人。"),
              message("提出排除"), ("exclusion",), frozenset({WaveState.SEALED}), _exclude),
        ChangeKind("release", message("让学校看自己的结果"),
              message("封存以后：校长和责任督学看到自己学校的结果。要两个人。"), message("提出"), (),
              frozenset({WaveState.SEALED}), _release),
        ChangeKind("withdraw", message("不再让学校看结果"), message("收回上一项。"), message("收回"), (),
              frozenset({WaveState.SEALED}), _withdraw),
        ChangeKind("close", message("提前截止"), message("不等到原定时间。封存之前可以重新开放。"), message("现在截止"),
              (), RUNNING, _close),
    )
}  # fmt: skip
