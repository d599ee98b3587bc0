"""Marks, awards and proposals of one wave under one scheme, as one value that pages, sheets and files are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from survey_app.definition.messages import message
from survey_app.foundation.errors import user_error
from survey_app.measurement.marks import largest_useful_spread

from .award_lists import AwardList, award_lists
from .mark_figures import NOTHING_IMPORTED, MarkImport, SchoolFigures
from .mark_sources import MarkSource
from .scheme_rules import Marks
from .schemes import Scheme
from .school_marks import SchoolMarks, compute_marks
from .trigger_facts import Proposal, TriggerFigures, propose


@dataclass(frozen=True, slots=True)
class SpreadWarning:
    """A category whose schools can hardly be told apart. ``most``: by how many marks they may differ for it at most."""

    category: str
    reliability: float
    most: float


@dataclass(frozen=True, slots=True)
class MarkReport:
    """One wave under one scheme; ``schools`` are listed by category, best total first.

    A category that is made of areas lists those; ``members`` are the schools that they are made of. ``looked_at``:
    what the proposals were made from.
    """

    scheme: Scheme
    wave: str
    schools: tuple[SchoolMarks, ...]
    awards: tuple[AwardList, ...]
    proposals: tuple[Proposal, ...]
    warnings: tuple[SpreadWarning, ...]
    members: tuple[SchoolFigures, ...] = ()
    looked_at: TriggerFigures = field(default_factory=TriggerFigures, compare=False)

    def in_category(self, category: str) -> tuple[SchoolMarks, ...]:
        return tuple(entry for entry in self.schools if entry.school.category == category)


def marks_of(scheme: Scheme) -> Marks:
    """The marks of a scheme. Raises :class:`UserError` where it gives none."""
    if scheme.rules is None or scheme.rules.marks is None:
        raise user_error("考核方案“{id}”没有写怎样计分：请改为 format: 2，并写上 marks", id=scheme.id)
    return scheme.rules.marks


def mark_sources(scheme: Scheme) -> tuple[MarkSource, ...]:
    """Of what its lines are."""
    return tuple(dict.fromkeys(line.source for line in marks_of(scheme).lines))


def build_mark_report(
    scheme: Scheme, wave: str, schools: Sequence[SchoolFigures], triggers: TriggerFigures,
    imported: MarkImport = NOTHING_IMPORTED, members: Sequence[SchoolFigures] = (), lists_awards: bool = True,
) -> MarkReport:  # fmt: skip
    """Return everything that follows from the figures; nothing is counted and nothing is stored.

    ``lists_awards``: whether awards are wanted, which take a second for 600 schools.
    """
    marks = marks_of(scheme)
    assert scheme.rules is not None
    return MarkReport(
        scheme,
        wave,
        compute_marks(marks, schools, imported, scheme.settings.decimals),
        award_lists(scheme.rules.awards, schools, imported.award_facts()) if lists_awards else (),
        propose(scheme.rules.triggers, triggers),
        tuple(_spread_warnings(marks, schools)),
        tuple(members),
        triggers,
    )


def _spread_warnings(marks: Marks, schools: Sequence[SchoolFigures]) -> list[SpreadWarning]:
    """Where the median reliability of the ranked composites is low: F·λ, F the full marks of lines of the composite."""
    full = marks.full * sum(line.share for line in marks.lines if line.source.kind == "composite") / 100
    found = []
    for category in dict.fromkeys(school.category for school in schools):
        reliabilities = [
            school.ranking.reliability
            for school in schools
            if school.category == category and school.ranking.reliability is not None
        ]
        most = largest_useful_spread(full, reliabilities)
        if most is not None and full > 0:
            found.append(SpreadWarning(category, most / full, most))
    return found


SPREAD_SENTENCE = message(
    "“{category}”的学校很难分出高低（可靠性中位数 {reliability:.2f}）：因综合得分拉开的分数最多宜为 {most:g} 分"
)
TOTAL_SENTENCE = message("总分是各行印出的期望得分之和，减去扣分，最低 0 分；缺任何一行就没有总分，写明原因")
