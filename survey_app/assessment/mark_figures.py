"""What marks are given for: the figures of a school, each with its error or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.measurement.ranking import RankingEntry


@dataclass(frozen=True, slots=True)
class AbsenceReason:
    """Why a school has no figure. ``drops_line``: where all schools of a category have it, the line is not assessed."""

    id: str
    sentence: Message
    drops_line: bool = False


ABSENCE_REASONS: Registry[AbsenceReason] = Registry(
    AbsenceReason(
        "not_asked", message("这一类学校的问卷没有问到，不评这一项；其余各项按比例放大到满分"), drops_line=True
    ),
    AbsenceReason("single_school", message("同类只有一所学校，没有可比的，不评这一项"), drops_line=True),
    AbsenceReason("no_composite", message("没有可公布的综合得分")),
    AbsenceReason("missing_audience", message("有一类对象人数太少，综合得分和别校不可比")),
    AbsenceReason("overcount", message("答卷比名册上的人多，名册更正以前不计分")),
    AbsenceReason("no_error", message("答卷太少，算不出误差")),
    AbsenceReason("hidden", message("人数太少，不公布")),
    AbsenceReason("one_period", message("一年两期里只有一期有数，不和两期都有的学校比")),
    AbsenceReason("not_imported", message("没有导入这所学校的得分")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its error of the level, 0 where it has none. ``is_middle``: the same for all schools."""

    value: float
    error: float = 0.0
    is_middle: bool = False


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """One school: figures by the source of a line, for what is missing the id of a reason, and its composite's rank.

    ``population``: of the main audience, by which the mean of the other schools is weighted.
    """

    school: int
    code: str
    name: str
    category: str
    population: int
    ranking: RankingEntry
    figures: Mapping[str, Figure] = field(default_factory=dict)
    absences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarkImport:
    """What is imported beside the survey, by school code: columns of marks, and how often a deduction's reason holds.

    ``facts``: by school code, facts that keep it from an award (``notice_open``).
    """

    external: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    deductions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def award_facts(self) -> dict[str, frozenset[str]]:
        """Return by school code every fact that may keep it from an award: also that points are taken off, and why."""
        counted = {
            code: frozenset(kind for kind, count in counts.items() if count) for code, counts in self.deductions.items()
        }
        codes = {*self.facts, *counted}
        return {code: self.facts.get(code, frozenset()) | counted.get(code, frozenset()) for code in codes}


NOTHING_IMPORTED = MarkImport()
