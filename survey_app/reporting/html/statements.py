"""What stands out in a wave: at most eight sentences, none that the method does not carry, each with its evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from survey_app.definition.messages import Message, message
from survey_app.foundation.translation import _, render

from .. import labels
from ..analysis.models import COMPOSITE, RATE_TARGET
from ..number_format import NumberFormat
from ..wave_report import SchoolReport, WaveReport
from .item_distributions import item_label, pooled_questions

MAX_STATEMENTS = 8
MAX_NAMES = 3
MAX_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, the figures behind it, and where they stand: a page of the explorer and words of its address."""

    text: str
    evidence: str
    place: str
    query: Mapping[str, str]


def statements(report: WaveReport) -> tuple[Statement, ...]:
    """Return what a leader should know first. Every one is certain at the level that its own page prints.

    Of each kind the first is taken in turn, so that no kind crowds out the others.
    """
    kinds = [list(kind(report)) for kind in (_changes, _bands, _rates, _items, _quality, _reliability)]
    in_turn = (statement for turn in zip_longest(*kinds) for statement in turn if statement is not None)
    return tuple(islice(in_turn, MAX_STATEMENTS))


def _names(schools: Sequence[SchoolReport]) -> str:
    names = _("、").join(school.name for school in schools[:MAX_NAMES])
    return names if len(schools) <= MAX_NAMES else _("{names} 等 {n} 所", names=names, n=len(schools))


def _bands(report: WaveReport) -> Iterator[Statement]:
    """Bands are tests of each school against the others of its kind, by Holm."""
    for category in report.categories:
        schools, name = report.in_category(category.id), labels.category(report, category.id)
        above = [school for school in schools if school.ranking.band == "A"]
        below = [school for school in schools if school.ranking.band == "C"]
        query = {"category": category.id}
        if above:
            text = _("{category}：{n} 所学校肯定高于同类其他学校的平均", category=name, n=len(above))
            yield Statement(text, _names(above), "category", query)
        if below:
            text = _("{category}：{n} 所学校肯定低于同类其他学校的平均", category=name, n=len(below))
            yield Statement(text, _names(below), "category", query)


def _rates(report: WaveReport) -> Iterator[Statement]:
    for category in report.categories:
        for audience in report.audiences(category.id):
            missed = [
                school for school in report.in_category(category.id)
                if (found := report.findings.rate_verdicts.get((school.school_id, audience))) is not None
                and found.verdict == "not_met"
            ]  # fmt: skip
            if missed:
                text = _("{category}·{audience}：{n} 所学校的满意人数比例肯定不到 85%", n=len(missed),
                         category=labels.category(report, category.id), audience=labels.audience(audience))  # fmt: skip
                yield Statement(text, _names(missed), "category", {"category": category.id, "view": "line"})


def _changes(report: WaveReport) -> Iterator[Statement]:
    comparison = report.comparison
    composite = comparison.changes_of(COMPOSITE) if comparison else None
    if comparison is None or composite is None:
        return
    schools = {school.school_id: school for school in report.schools}
    sentences = {
        "up": message("与“{earlier}”相比，{n} 所学校肯定上升"),
        "down": message("与“{earlier}”相比，{n} 所学校肯定下降"),
    }
    for verdict, sentence in sentences.items():
        changed = [schools[change.school] for change in composite.changes
                   if change.verdict == verdict and change.school in schools]  # fmt: skip
        if changed:
            values = {"earlier": comparison.earlier, "n": len(changed)}
            yield Statement(render(Message(sentence.template, values)), _names(changed), "change", {})


def _items(report: WaveReport) -> Iterator[Statement]:
    """The items with the lowest rate, whose whole interval lies below the promised one.

    Not those whose best option is one in the middle: fewer options are favourable there, so their rates are lower.
    """
    number_format, found = NumberFormat(report), []
    for entry in report.audience_instruments:
        for item, pooled in pooled_questions(report, entry):
            figures = pooled.distribution
            if item.scale.has_ideal:
                continue
            if figures.rate is not None and figures.rate_high is not None and figures.rate_high < RATE_TARGET:
                found.append((figures.rate, entry, item, figures))
    for _rate, entry, item, figures in sorted(found, key=lambda line: (line[0], line[2].id))[:MAX_ITEMS]:
        text = _("{category}·{audience}：“{item}”的满意率肯定不到 85%",
                 category=labels.category(report, entry.category), audience=labels.audience(entry.audience),
                 item=item_label(item, entry.audience))  # fmt: skip
        evidence = _("{rate}（{low}–{high}），{n} 个答案", n=f"{figures.n:,}",
                     rate=number_format.share(figures.rate), low=number_format.share(figures.rate_low),
                     high=number_format.share(figures.rate_high))  # fmt: skip
        yield Statement(text, evidence, "questions",
                        {"category": entry.category, "audience": entry.audience, "item": item.id})  # fmt: skip


def _quality(report: WaveReport) -> Iterator[Statement]:
    schools = [
        school for school in report.schools
        if any(cell.signals is not None and cell.signals.needs_review for cell in school.cells.values())
    ]  # fmt: skip
    if schools:
        yield Statement(
            _("{n} 所学校的答卷互相雷同，多于偶然，请人看一看", n=len(schools)), _names(schools), "quality", {}
        )


def _reliability(report: WaveReport) -> Iterator[Statement]:
    for group in report.findings.low_reliability_groups():
        if group.audience == COMPOSITE:
            yield Statement(labels.low_reliability_warning(report, group), "", "category",
                            {"category": group.category, "view": "spread"})  # fmt: skip
