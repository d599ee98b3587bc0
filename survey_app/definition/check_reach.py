"""Whether somebody can make a condition true: what contradicts itself hides a question from everybody, silently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, product
from math import prod

from .categories import Categories
from .conditions import AnyAtMost, Comparison, Condition, QuestionLeaf, leaves
from .kinds import Counting, kind_of, reaches
from .model import Instrument, Option, Question

MAX_COMBINATIONS = 20_000  # a longer condition is believed; no shipped one has more than a dozen


@dataclass(frozen=True, slots=True)
class _Answers:
    """One set of answers that somebody could give; ``low`` are the thresholds that are reached."""

    questions: Mapping[str, Question]
    chosen: Mapping[str, tuple[str, ...]]
    low: frozenset[AnyAtMost]

    def codes(self, question: str) -> tuple[str, ...]:
        return self.chosen[question]

    def any_at_most(self, dimension: str, code: str) -> bool:
        return AnyAtMost(dimension, code) in self.low

    def reaches(self, question: str, code: str, or_worse: bool) -> bool:
        return any(reaches(self.questions[question], chosen, code, or_worse) for chosen in self.chosen[question])


def can_hold(condition: Condition, instrument: Instrument, categories: Categories, audience: str) -> bool:
    """Return whether answers that this audience may give make the condition true.

    Thresholds of dimensions are taken as free of each other and of the ratings, so "no" is certain and "yes" is not.
    """
    all_leaves = list(leaves(condition))
    asking = [leaf for leaf in all_leaves if isinstance(leaf, QuestionLeaf)]
    questions = {question.id: question for question in instrument.questions()}
    thresholds = list(dict.fromkeys(leaf for leaf in all_leaves if isinstance(leaf, AnyAtMost)))
    names = list(dict.fromkeys(leaf.question for leaf in asking))
    named: dict[str, set[str] | None] = {name: set() for name in names}  # None: every code matters
    for leaf in asking:
        codes = named[leaf.question]
        named[leaf.question] = codes | set(leaf.codes) if isinstance(leaf, Comparison) and codes is not None else None
    answers: list[list[tuple[str, ...]]] = []
    for name in names:
        possible = _possible_answers(instrument, categories, audience, name, named[name])
        if possible is None:
            return True
        answers.append(possible)
    reached: list[list[tuple[AnyAtMost, ...]]] = [
        [(), (leaf,)] if _asks_dimension(instrument, audience, leaf) else [()] for leaf in thresholds
    ]
    if prod(map(len, answers)) * prod(map(len, reached)) > MAX_COMBINATIONS:
        return True
    return any(
        condition.holds(
            _Answers(questions, dict(zip(names, chosen, strict=True)), frozenset(leaf for part in low for leaf in part))
        )
        for chosen in product(*answers)
        for low in product(*reached)
    )


def _asks_dimension(instrument: Instrument, audience: str, leaf: AnyAtMost) -> bool:
    return any(dimension.id == leaf.dimension for dimension in instrument.dimensions_for(audience))


def _possible_answers(
    instrument: Instrument, categories: Categories, audience: str, name: str, named: set[str] | None
) -> list[tuple[str, ...]] | None:
    """No answer; each code that the condition names; one code for all others; sets where several are chosen.

    None where these are too many to look at.
    """
    question = next(question for question in instrument.questions() if question.id == name)
    if audience not in question.audiences:
        return [()]
    options = kind_of(question).options(question, asked_grades(instrument, categories, audience))
    codes = list(dict.fromkeys(option.code for option in options))
    if named is None:
        named = set(codes)
    telling = [code for code in codes if code in named] + [code for code in codes if code not in named][:1]
    if not kind_of(question).takes_several:
        return [(), *((code,) for code in telling)]
    if 2 ** len(telling) > MAX_COMBINATIONS:
        return None
    return [tuple(compress(telling, choice)) for choice in product((False, True), repeat=len(telling))]


def asked_grades(instrument: Instrument, categories: Categories, audience: str) -> tuple[Option, ...]:
    """The grades that an audience is asked in, of all categories of the instrument."""
    first = instrument.grades_from.get(audience)
    return tuple(
        grade
        for category in instrument.categories
        if category in categories
        for grade in categories.grades_from(category, first)
    )


def grades_never_asked(
    condition: Condition, instrument: Instrument, categories: Categories, audiences: tuple[str, ...]
) -> Iterator[str]:
    """The grades that a condition names and that none of these audiences is asked in."""
    strata = {entry.id for entry in instrument.questions() if kind_of(entry).counting is Counting.STRATUM}
    asked = {grade.code for audience in audiences for grade in asked_grades(instrument, categories, audience)}
    named = [code for leaf in leaves(condition) if isinstance(leaf, Comparison) and leaf.question in strata
             for code in leaf.codes]  # fmt: skip
    yield from (code for code in dict.fromkeys(named) if code not in asked)
