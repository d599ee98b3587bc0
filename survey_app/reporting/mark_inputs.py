"""What marks were computed from, kept beside them, and what of it is different now: by rows, nothing is computed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.conflicts import standing_conflicts
from survey_app.assessment.evaluations import signature_rows
from survey_app.assessment.inspector_scores import list_inspector_scores
from survey_app.assessment.mark_imports import combine_imports, with_ledger
from survey_app.assessment.models import EARLIER_WAVE, FIRST_WAVE, MAIN_WAVE, AssessmentYear, MarkComputation
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.year_path import YearStep, year_steps
from survey_app.assessment.years import computation_of_wave, latest_computation, list_imports, wave_of, year_by_id
from survey_app.definition.audiences import AudienceId
from survey_app.definition.messages import Message, message
from survey_app.followup.mark_counts import ledger_counts
from survey_app.foundation.clock import local_date
from survey_app.foundation.translation import _, render
from survey_app.frame.manifest import record_kinds
from survey_app.frame.models import Wave
from survey_app.frame.school_history import successions

from .build import previous_sealed_wave

MarkInputs = Mapping[str, Any]
FIGURE_RECORDS = {
    "exclude": message("排除答卷"), "correct": message("更正题目文字"), "amend": message("更正人数"),
    "add-school": message("补加学校"),
}  # fmt: skip
ROLES = (MAIN_WAVE, FIRST_WAVE, EARLIER_WAVE)


def mark_inputs(session: Session, year: AssessmentYear, scheme: Scheme, now: datetime) -> dict[str, Any]:
    """Return what marks under this scheme are made of now, as plain values that are kept with them."""
    counts = _used_counts(scheme)
    tables = [entry.id for entry in list_imports(session, year)]
    return {
        "inspectors": _weighs_inspectors(scheme), "counts": counts,
        "evaluations": _evaluations(session, year), "scores": _scores(session, year), "tables": tables,
        "ledger": _ledger(session, year, counts, tables, now), "waves": _waves(session, year),
        "successors": _successors(session),
    }  # fmt: skip


def input_changes(
    session: Session, year: AssessmentYear, computation: MarkComputation | None, now: datetime
) -> tuple[Message, ...]:
    """Return a sentence for each kind of input that is not what these marks were computed from; none if they hold."""
    if computation is None:
        return ()
    kept: MarkInputs = computation.inputs
    changes = [*figure_changes(session, year, computation), *_table_changes(session, year, kept)]
    ledger = _ledger(session, year, kept["counts"], kept["tables"], now)
    different = [code for code in ledger.keys() | kept["ledger"].keys() if ledger.get(code) != kept["ledger"].get(code)]
    if different:
        changes.append(message("{n} 所学校的整改逾期、未通过次数或未销号通知变了", n=len(different)))
    if _successors(session) != kept["successors"]:
        changes.append(message("学校合并、改代码的登记变了"))
    return tuple(changes)


def figure_changes(session: Session, year: AssessmentYear, computation: MarkComputation | None) -> tuple[Message, ...]:
    """Return what of it is about answers and evaluations: what triggers look at."""
    if computation is None:
        return ()
    kept: MarkInputs = computation.inputs
    changes = [*_wave_changes(session, year, kept)]
    if kept["inspectors"]:
        changes += [*_evaluation_changes(session, year, kept), *_score_changes(session, year, kept)]
    return tuple(changes)


def current_steps(session: Session, year: AssessmentYear, now: datetime) -> tuple[YearStep, ...]:
    """Return the path of a year on which marks that no longer hold are to be computed again."""
    changes = input_changes(session, year, latest_computation(session, year), now)
    return year_steps(session, year, is_stale=bool(changes))


def stale_marks_of_wave(session: Session, wave: Wave, now: datetime) -> tuple[int, str]:
    """Return the year whose marks stand in the papers of a wave and why they do not hold; 0 and empty if they do."""
    computation = computation_of_wave(session, wave)
    year = year_by_id(session, computation.year_id) if computation else None
    changes = input_changes(session, year, computation, now) if year else ()
    return (year.id, stale_sentence(changes)) if year and changes else (0, "")


def stale_sentence(changes: tuple[Message, ...]) -> str:
    """Return what changed since the marks were computed, with what to do; empty if they hold."""
    if not changes:
        return ""
    return _("算分之后：{changes}。这些得分还是以前算的，请重新计分", changes=_("；").join(map(render, changes)))


def _weighs_inspectors(scheme: Scheme) -> bool:
    return any(weights.get(AudienceId.INSPECTOR.value, 0) > 0 for weights in scheme.weights.values())


def _used_counts(scheme: Scheme) -> list[str]:
    """The reasons of deductions and the facts that matter under the scheme; a notice need not cost anything."""
    rules = scheme.rules
    deductions = rules.marks.deductions if rules and rules.marks else {}
    facts = rules.awards.excluded_by if rules and rules.awards else ()
    return sorted({kind for kind, points in deductions.items() if points} | set(facts))


def _evaluations(session: Session, year: AssessmentYear) -> dict[str, list[int]]:
    """Those that count, and those that do not because of a conflict."""
    barred = {(conflict.rater, conflict.school_code) for conflict in standing_conflicts(session)}
    found: dict[str, list[int]] = {"count": [], "barred": []}
    for row in signature_rows(session, year):
        if row.withdrawn_at is None:
            found["barred" if (row.rater, row.school_code) in barred else "count"].append(row.id)
    return found


def _scores(session: Session, year: AssessmentYear) -> dict[str, list[int]]:
    barred = {(conflict.rater, conflict.school_code) for conflict in standing_conflicts(session)}
    found: dict[str, list[int]] = {"count": [], "barred": []}
    for score in list_inspector_scores(session, year):
        found["barred" if (score.inspector, score.school_code) in barred else "count"].append(score.id)
    return found


def _ledger(
    session: Session, year: AssessmentYear, used: list[str], tables: list[int], now: datetime
) -> dict[str, dict[str, int]]:
    """What counts by school, from the ledger and these tables, as far as it matters."""
    imported = combine_imports([entry for entry in list_imports(session, year) if entry.id in tables])
    counted = with_ledger(imported, ledger_counts(session, year, local_date(now)))
    found: dict[str, dict[str, int]] = {}
    for code in counted.deductions.keys() | counted.facts.keys():
        counts = dict(counted.deductions.get(code, {})) | dict.fromkeys(counted.facts.get(code, ()), 1)
        if matters := {kind: n for kind, n in sorted(counts.items()) if n and kind in used}:
            found[code] = matters
    return found


def _used_waves(session: Session, year: AssessmentYear) -> dict[str, Wave]:
    """The waves by their role; what figures are compared with is one even where the year names none."""
    found = {role: wave for role in ROLES if (wave := wave_of(session, year, role)) is not None}
    for role in (FIRST_WAVE, MAIN_WAVE):
        before = previous_sealed_wave(session, found[role]) if role in found and EARLIER_WAVE not in found else None
        if before is not None:
            found[f"before {role}"] = before
    return found


def _waves(session: Session, year: AssessmentYear) -> dict[str, list[int]]:
    """Wave and number of its last record by role."""
    return {
        role: [wave.id, max((number for number, _kind in record_kinds(session, wave.id)), default=0)]
        for role, wave in _used_waves(session, year).items()
    }


def _successors(session: Session) -> list[list[int]]:
    return sorted([school, after] for school, after in successions(session).items())


def _table_changes(session: Session, year: AssessmentYear, kept: MarkInputs) -> Iterator[Message]:
    if names := [entry.file_name for entry in list_imports(session, year) if entry.id not in kept["tables"]]:
        yield message("又导入了 {n} 张表（{files}）", n=len(names), files="、".join(dict.fromkeys(names)))


def _wave_changes(session: Session, year: AssessmentYear, kept: MarkInputs) -> Iterator[Message]:
    told: set[int] = set()
    for role, wave in _used_waves(session, year).items():
        known = kept["waves"].get(role)
        if known is None or known[0] != wave.id:
            yield message("与之比较的批次变成了“{wave}”", wave=wave.name)
        elif wave.id not in told:
            later = [kind for number, kind in record_kinds(session, wave.id) if number > known[1]]
            kinds = Counter(kind for kind in later if kind in FIGURE_RECORDS)
            for kind, n in kinds.items():
                yield message("批次“{wave}”{what} {n} 次", wave=wave.name, what=FIGURE_RECORDS[kind], n=n)
        told.add(wave.id)


def _evaluation_changes(session: Session, year: AssessmentYear, kept: MarkInputs) -> Iterator[Message]:
    then, now = kept["evaluations"], _evaluations(session, year)
    added = set(now["count"]) - set(then["count"])
    gone = set(then["count"]) - set(now["count"])
    lifted, barred = added & set(then["barred"]), gone & set(now["barred"])
    if n := len(added - lifted):
        yield message("又有 {n} 份责任督学评价签名", n=n)
    if n := len(gone - barred):
        yield message("撤回了 {n} 份责任督学评价", n=n)
    if barred:
        yield message("{n} 份责任督学评价因声明回避不再计", n=len(barred))
    if lifted:
        yield message("{n} 份责任督学评价因解除回避重新计", n=len(lifted))


def _score_changes(session: Session, year: AssessmentYear, kept: MarkInputs) -> Iterator[Message]:
    then, now = kept["scores"], _scores(session, year)
    known = set(then["count"]) | set(then["barred"])
    if n := len(set(now["count"]) - known):
        yield message("又导入了 {n} 行督学评分", n=n)
    if n := len(set(now["barred"]) & set(then["count"])):
        yield message("{n} 行导入的督学评分因声明回避不再计", n=n)
    if n := len(set(now["count"]) & set(then["barred"])):
        yield message("{n} 行导入的督学评分因解除回避重新计", n=n)
