"""The history of a school as its card tells it: waves, names, corrections, who came before and after."""

from dataclasses import dataclass
from datetime import datetime

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import ManifestRecord, School
from survey_app.frame.school_history import SchoolHistory, WaveSeen

from ..changes.context import kind_label, record_details


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A wave, or a correction in one; ``changes``: what is another since the wave before."""

    when: str
    wave: str
    wave_id: int
    code: str
    what: str
    changes: str
    people: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    lines: tuple[HistoryLine, ...]
    successor: tuple[str, str] | None
    predecessors: tuple[tuple[str, str], ...]


def history_page(history: SchoolHistory, school: School, categories: Categories) -> HistoryPage:
    earlier: tuple[WaveSeen | None, ...] = (*history.waves[1:], None)  # one more where there is no wave
    lines = [
        (seen.opened_at, _wave_line(seen, before, categories))
        for seen, before in zip(history.waves, earlier, strict=False)
    ]
    lines += [(record.recorded_at, _record_line(wave, record)) for wave, record in history.records]
    lines.sort(key=lambda entry: entry[0], reverse=True)
    rows = [line for _when, line in lines]
    if history.waves and history.waves[0].name != school.name:
        rows.insert(0, _rename_line(history.waves[0].name, school.name))
    successor = (history.successor.code, history.successor.name) if history.successor else None
    return HistoryPage(tuple(rows), successor, tuple((one.code, one.name) for one in history.predecessors))


def _wave_line(seen: WaveSeen, before: WaveSeen | None, categories: Categories) -> HistoryLine:
    label = categories[seen.category].label.in_language(language())
    what = _("，").join(part for part in (f"{seen.name}（{seen.code}）", label, seen.area) if part)
    people = _("，").join(f"{render(one.label)} {seen.people[one.id]:,}" for one in AUDIENCES if one.id in seen.people)
    changes = _changes(seen, before, categories) if before else ""
    return HistoryLine(_day(seen.opened_at), seen.wave, seen.wave_id, seen.code, what, changes, people)


def _changes(seen: WaveSeen, before: WaveSeen, categories: Categories) -> str:
    sides = [
        (_("名称"), before.name, seen.name), (_("代码"), before.code, seen.code),
        (_("类别"), *(categories[one.category].label.in_language(language()) for one in (before, seen))),
        (_("片区"), before.area or "—", seen.area or "—"),
    ]  # fmt: skip
    return _("；").join(f"{what} {old} → {new}" for what, old, new in sides if old != new)


def _rename_line(before: str, after: str) -> HistoryLine:
    return HistoryLine(_("现在"), "—", 0, "", f"{_('名称')} {before} → {after}", "", "")


def _record_line(wave: str, record: ManifestRecord) -> HistoryLine:
    what = f"{kind_label(record.kind)} {record_details(record.detail)}"
    note = _("{reason}（{who}）", reason=record.reason, who="、".join(record.actors))
    return HistoryLine(_day(record.recorded_at), wave, 0, "", what, note, "")


def _day(moment: datetime) -> str:
    return format_local(moment)[:10]
