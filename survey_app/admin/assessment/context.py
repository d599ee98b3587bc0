"""What the pages of an assessment year show, as frozen values; figures are those that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey_app.assessment.disputes import audiences_without_form
from survey_app.assessment.inspector_ratings import has_ratings
from survey_app.assessment.mark_figures import ABSENCE_REASONS
from survey_app.assessment.mark_imports import known_columns
from survey_app.assessment.mark_report import SPREAD_SENTENCE
from survey_app.assessment.mark_sources import MARK_FUNCTION_TEXTS, MARK_SOURCES
from survey_app.assessment.models import (
    EARLIER_WAVE,
    FIRST_WAVE,
    MAIN_WAVE,
    AssessmentYear,
    MarkComputation,
    SchemeVersion,
)
from survey_app.assessment.scheme_rules import MarkLine
from survey_app.assessment.schemes import Scheme
from survey_app.assessment.year_imports import import_lines
from survey_app.assessment.year_path import YearStep, next_step, year_steps
from survey_app.assessment.years import (
    list_computations,
    load_scheme_version,
    scheme_versions,
    wave_of,
)
from survey_app.definition.categories import Categories
from survey_app.foundation.clock import format_local
from survey_app.foundation.paging import Paged, page_of
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import Wave
from survey_app.reporting.labels import CHANGE_LABELS, RANKING_REASON_LABELS, audience, kept_verdict, rank_range
from survey_app.reporting.mark_inputs import current_steps, input_changes, stale_sentence

FIRST_PROPOSALS = 5
RANKED_ROWS = 15  # a row may have two lines, and awards and proposals stand below


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year in the list."""

    id: int
    name: str
    wave: str
    next: str


def year_line(session: Session, year: AssessmentYear, now: datetime) -> YearLine:
    wave, step = wave_of(session, year), next_step(current_steps(session, year, now))
    return YearLine(year.id, year.name, wave.name if wave else "", render(step.next) if step else _("已计分"))


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step as it is drawn."""

    id: str
    label: str
    note: str
    is_past: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the scheme with what it changed."""

    number: int
    note: str
    checksum: str
    difference: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SchemeCard:
    """What the latest version states, in words."""

    title: str
    document: str
    full: str
    lines: tuple[tuple[str, str, str], ...]
    import_columns: tuple[str, ...]
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class RankingCard:
    """The ranking of one category: the lines of marks by id with their headings, and a row a school."""

    lines: tuple[tuple[str, str], ...]
    rows: Paged[Mapping[str, Any]]
    awards: tuple[Mapping[str, Any], ...]
    proposals: tuple[Mapping[str, Any], ...]  # the first of so many
    proposed: int
    warning: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """Everything of one page; ``ranking`` is None until marks were computed."""

    id: int
    name: str
    wave: str
    first: str
    earlier: str
    steps: tuple[PathStep, ...]
    current: str
    next: str
    scheme: SchemeCard | None
    versions: tuple[VersionLine, ...]
    latest: str
    imports: tuple[str, ...]
    computed: str
    is_outdated: bool
    stale: str
    earlier_marks: tuple[tuple[int, str], ...]
    without_form: str
    categories: tuple[tuple[str, str], ...]
    category: str
    ranking: RankingCard | None


def year_page(
    session: Session, year: AssessmentYear, categories: Categories, now: datetime, category: str, number: str = ""
) -> YearPage:
    """The page; of several categories the one asked for, or the first."""
    versions, computations = scheme_versions(session, year), list_computations(session, year)
    computation = computations[0] if computations else None
    changes = input_changes(session, year, computation, now)
    steps = year_steps(session, year, is_stale=bool(changes))
    step = next_step(steps)
    wave, first, earlier = (wave_of(session, year, role) for role in (MAIN_WAVE, FIRST_WAVE, EARLIER_WAVE))
    rows = computation.tables["ranking"] if computation else []
    present = tuple(
        (entry.id, entry.label.in_language(language()))
        for entry in categories.all
        if any(row["category"] == entry.id for row in rows)
    )
    chosen = category if category in dict(present) else present[0][0] if present else ""
    scheme = load_scheme_version(versions[0], categories) if versions else None
    before = _totals(computations[1]) if len(computations) > 1 else {}
    return YearPage(
        id=year.id, name=year.name, wave=wave.name if wave else "", first=first.name if first else "",
        earlier=earlier.name if earlier else "",
        steps=tuple(_step(entry, step) for entry in steps), current=step.id if step else "",
        next=render(step.next) if step else "",
        scheme=_scheme_card(scheme, versions[0]) if scheme else None,
        versions=tuple(_version(version) for version in versions),
        latest=versions[0].sha256 if versions else "",
        imports=tuple(
            _("{file}：{n} 行，{at} 由 {who} 导入", file=file, n=rows, at=format_local(at), who=who)
            for file, rows, who, at in import_lines(session, year)
        ),
        computed=_computed(computation),
        is_outdated=computation is not None and computation.scheme_sha256 != versions[0].sha256,
        stale=stale_sentence(changes),
        earlier_marks=tuple((entry.id, _computed(entry)) for entry in computations[1:]),
        without_form=_without_form(session, wave, scheme, categories, year) if wave and scheme else "",
        categories=present, category=chosen,
        ranking=_ranking(
            computation, _headings(versions, computation, categories), chosen, dict(present)[chosen], before, number
        ) if computation and chosen else None,
    )  # fmt: skip


def _headings(
    versions: Sequence[SchemeVersion], computation: MarkComputation, categories: Categories
) -> dict[str, str]:
    """What the lines of the scheme are of that the marks were computed with."""
    version = next(entry for entry in versions if entry.number == computation.scheme_number)
    rules = load_scheme_version(version, categories).rules
    marks = rules.marks if rules else None
    return {line: render(label) for line, label in marks.line_labels().items()} if marks else {}


def _totals(computation: MarkComputation) -> dict[str, float | None]:
    return {row["school_code"]: row["total"] for row in computation.tables["ranking"]}


def _without_form(session: Session, wave: Wave, scheme: Scheme, categories: Categories, year: AssessmentYear) -> str:
    """Which weights count for nothing, in words."""
    has_scores = has_ratings(session, year)
    by_audience: dict[str, list[str]] = {}
    for category, name in audiences_without_form(session, wave, scheme, categories, has_scores):
        by_audience.setdefault(name, []).append(categories[category].label.in_language(language()))
    return _("；").join(
        _("{audience}（{categories}）", audience=audience(name), categories=_("、").join(found))
        for name, found in by_audience.items()
    )


def _step(step: YearStep, current: YearStep | None) -> PathStep:
    note = format_local(step.at) if step.at else ""
    return PathStep(step.id, render(step.label), note, step.at is not None, step is current)


def _version(version: SchemeVersion) -> VersionLine:
    note = _("{at} 由 {who} 存", at=format_local(version.saved_at), who=version.saved_by)
    if version.adopted_at is not None:
        note = _("{note}；{at} 由 {who} 采用", note=note, at=format_local(version.adopted_at), who=version.adopted_by)
    difference = tuple((entry["path"], entry["before"] or "—", entry["after"] or "—") for entry in version.difference)
    return VersionLine(version.number, note, version.sha256[:16], difference)


def _line_words(line: MarkLine) -> str:
    """What a line is of, how it becomes marks, and with which limits."""
    words, text = render(MARK_SOURCES[line.source.kind].explanation), MARK_FUNCTION_TEXTS[line.function].explanation
    limits = {"zero_at": _limit(line, line.zero_at), "full_at": _limit(line, line.full_at)}
    return words + _("。") + _(text.template, **{name: limits.get(name, value) for name, value in text.values.items()})


def _limit(line: MarkLine, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0%}" if line.source.kind == "response_rate" else f"{value:g}"


def _scheme_card(scheme: Scheme, version: SchemeVersion) -> SchemeCard:
    marks = scheme.rules.marks if scheme.rules else None
    labels = marks.line_labels() if marks else {}
    lines = tuple(
        (render(labels[line.id]), f"{marks.full * line.share / 100:g}", _line_words(line)) for line in marks.lines
    ) if marks else ()  # fmt: skip
    return SchemeCard(
        scheme.title.in_language(language()), scheme.document, f"{marks.full:g}" if marks else "", lines,
        known_columns(scheme), version.adopted_at is not None,
    )  # fmt: skip


def _computed(computation: MarkComputation | None) -> str:
    if computation is None:
        return ""
    return _("方案第 {n} 版（{sha}），{at} 由 {who} 计分", n=computation.scheme_number,
             sha=computation.scheme_sha256[:16], at=format_local(computation.computed_at),
             who=computation.computed_by)  # fmt: skip


def _ranking(
    computation: MarkComputation, headings: Mapping[str, str], category: str, label: str,
    before: Mapping[str, float | None], number: str,
) -> RankingCard:  # fmt: skip
    """``headings``: of lines; ``before``: totals of the computation before: a correction stands beside its error."""

    def of(table: str) -> Sequence[Mapping[str, Any]]:
        return [row for row in computation.tables[table] if row["category"] == category]

    proposals = of("proposals")
    rows = [
        {
            **row, "total_before": _total_before(row, before),
            "set": rank_range(row["rank_low"], row["rank_high"]), "why": _reasons(row["reason"]),
            "verdict": kept_verdict(row),
            "trend": render(CHANGE_LABELS[row["change_verdict"]]) if row["change_verdict"] else "",
        }
        for row in of("ranking")
    ]  # fmt: skip
    warning = next(iter(of("warnings")), None)
    values = {"category": label, "reliability": warning["reliability"], "most": warning["most"]} if warning else {}
    return RankingCard(
        tuple((line, _("{line} 得分", line=heading)) for line, heading in headings.items()
              if any(line in row["lines"] for row in rows)),
        page_of(rows, number, RANKED_ROWS), tuple(of("awards")),
        tuple(
            {**row, "who": audience(str(row["audience"])), "words": _evidence(row)}
            for row in proposals[:FIRST_PROPOSALS]
        ),
        len(proposals),
        _(SPREAD_SENTENCE.template, **values) if warning else "",
    )  # fmt: skip


def _total_before(row: Mapping[str, Any], before: Mapping[str, float | None]) -> str:
    """The total before, where it was another; empty where nothing changed."""
    if row["school_code"] not in before or before[row["school_code"]] == row["total"]:
        return ""
    total = before[row["school_code"]]
    return "—" if total is None else f"{total:.2f}"


def _evidence(row: Mapping[str, Any]) -> str:
    """What was looked at and what it was held against, as the kind of a proposal needs it."""
    value, limit = float(row["value"]), float(row["limit"])
    if row["kind"] == "interview":
        return _("低得这样或更低的可能性 {value:.2%}", value=value)
    if row["kind"] == "ledger" and not row["item"]:
        return _("比上次 {value:+.2f} 分", value=value)
    if row["kind"] == "ledger":
        return _("不满意 {value:.1%}，线 {limit:.0%}", value=value, limit=limit)
    return _("满意 {value:.1%}，线 {limit:.0%}", value=value, limit=limit)


def _reasons(codes: str) -> str:
    """In words, whether they are about marks or about the rank of the composite."""
    sentences = []
    for code in codes.split("|") if codes else []:
        known = ABSENCE_REASONS.get(code)
        sentences.append(render(known.sentence) if known else render(RANKING_REASON_LABELS[code]))
    return _("；").join(sentences)
