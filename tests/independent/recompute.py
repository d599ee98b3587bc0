"""Every figure of a wave from plain rows: the cells of schools and audiences, with what they borrow from each other."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .cells import (
    Persons,
    Prior,
    Roster,
    Spread,
    Surroundings,
    borrowed_from,
    collapse,
)
from .people import AUDIENCES, GRADES, Form, Item, Person, Row, Scheme, Yaml, read_person

OVERALL = "OVERALL"
LEAST_PAIRS, SEALED_MIN_N = 10, 10
KNOWN = Prior(math.inf, 1.0)  # who is satisfied or not has a known dispersion
Value = float | int | str | None
Table = list[dict[str, Value]]


@dataclass
class Cell:
    """One school and audience. ``order`` are the grades of its category."""

    school: str
    category: str
    form: Form
    scheme: Scheme
    roster: Roster
    order: Sequence[str]
    ballots: list[Person] = field(default_factory=list)

    @property
    def audience(self) -> str:
        return self.form.audience

    @property
    def dimensions(self) -> list[str]:
        return [*self.form.weights, OVERALL]

    @property
    def respondents(self) -> list[Person]:
        return [person for person in self.ballots if person.is_respondent]

    @property
    def response(self) -> float | None:
        return len(self.respondents) / self.roster.people if self.roster.people else None

    def valid(self, dimension: str) -> list[Person]:
        return [person for person in self.ballots if dimension in person.scores]

    def without_grade(self, dimension: str) -> int:
        known = self.roster.grades
        return sum(person.grade not in known or not person.grade for person in self.valid(dimension))

    def grade_groups(self, dimension: str, persons: Sequence[Person]) -> list[list[str]] | None:
        """The grades of each group; None where nothing is weighted."""
        n = len(self.valid(dimension))
        if not self.roster.has_grades or n == 0 or n < int(self.scheme.method["stratify_from"]):
            return None
        if self.without_grade(dimension) > 0.05 * n:
            return None
        by_grade = Counter(person.grade for person in persons)
        return collapse(by_grade, self.roster, self.order, int(self.scheme.method["min_cell"]))

    def split(self, groups: list[list[str]] | None, persons: Sequence[Person]) -> list[tuple[int, list[Person]]]:
        """People on the roster and persons of each group."""
        if groups is None:
            return [(self.roster.people, list(persons))]
        grades = self.roster.grades
        return [
            (sum(grades.get(grade, 0) for grade in group), [one for one in persons if one.grade in group])
            for group in groups
        ]

    def scores(self, dimension: str) -> tuple[list[Persons], Persons]:
        """Scores from 0 to 1, by group and all together."""
        valid = self.valid(dimension)
        parts = self.split(self.grade_groups(dimension, valid), valid)
        points = [option.points / 100 for item in self.rate_items(dimension) for option in item.options]
        lowest, highest = min(points) + 1e-9, max(points) - 1e-9

        def persons(people: int, members: Sequence[Person]) -> Persons:
            values = np.array([person.scores[dimension] / 100 for person in members])
            at_ends = int((values <= lowest).sum()), int((values >= highest).sum())
            return Persons(people, values, float(values.mean()) if len(values) else 0.0, *at_ends)

        return [persons(*part) for part in parts], persons(self.roster.people, valid)

    def rate_items(self, dimension: str) -> list[Item]:
        names = self.form.weights if dimension == OVERALL else [dimension]
        return [item for name in names for item in self.form.scored_items(name)]

    def rates(self, dimension: str) -> tuple[float | None, list[Persons], Persons | None]:
        """The combined rate, and what each respondent adds to it: in the groups of the index, and all together."""
        groups = self.grade_groups(dimension, self.valid(dimension))
        items = self.rate_items(dimension)
        share, parts = _rate(self.split(groups, self.respondents), items)
        whole = _rate([(self.roster.people, self.respondents)], items)[1]
        return share, parts, whole[0] if whole else None

    def satisfied(self) -> tuple[list[Persons], Persons | None]:
        """Who is satisfied by the overall item."""
        item = self.form.overall
        answered = [person for person in self.ballots if item and item.id in person.chosen]
        if item is None or not answered:
            return [], None
        parts = self.split(self._satisfied_groups(answered), answered)
        groups = [_binary(people, [member.chosen[item.id].good for member in members]) for people, members in parts]
        members = [member.chosen[item.id].good for _, part in parts for member in part]
        return groups, _binary(self.roster.people, members)

    def _satisfied_groups(self, answered: Sequence[Person]) -> list[list[str]] | None:
        return None if self.grade_groups(OVERALL, answered) is None else self.grade_groups(OVERALL, answered)

    @cached_property
    def hidden_dimensions(self) -> set[str]:
        """Those of too few persons, and others that would give them away by subtraction."""
        least = self.scheme.min_n(self.audience)
        if self.audience == "inspector" or not self.ballots:
            return set()
        if len(self.valid(OVERALL)) < least:
            return set(self.dimensions)
        few = {name for name in self.form.weights if len(self.valid(name)) < least}
        return few | withheld(self._parts(), least)

    def _parts(self) -> list[tuple[str, int, tuple[int, int]]]:
        """Each dimension with its persons and its favourable and other answers."""
        parts = []
        for name in self.form.weights:
            counts = [person.counts(self.form.dimension_items(name)) for person in self.ballots]
            good, scored = sum(one[0] for one in counts), sum(one[1] for one in counts)
            parts.append((name, len(self.valid(name)), (good, scored - good)))
        return parts

    def class_size(self) -> float:
        """Σm²/Σm of the classes that answered, or of those on the roster at the rate of response."""
        through = Counter((person.grade, person.class_name) for person in self.ballots if person.class_name)
        received = sum(through.values())
        if received and received >= len(self.ballots) / 2:
            return sum(count**2 for count in through.values()) / received
        response = min(1.0, self.response or 0.0)
        if sizes := self.roster.classes:
            return sum(size**2 for size in sizes) / sum(sizes) * response
        return float(self.scheme.method["class_size"]) * response

    def around(self, correlation: float) -> Surroundings:
        response = 1.0 if self.response is None else self.response
        return Surroundings(response, float(self.scheme.method["nonresponse"]), correlation, self.class_size())


def withheld(parts: Sequence[tuple[str, int, tuple[int, int]]], least: int) -> set[str]:
    """Parts whose total is published: the smallest that suffice go with those of too few persons."""
    hidden = {at for at, (_, n, _) in enumerate(parts) if 0 < n < least}

    def sides(some: set[int]) -> int:
        return sum(any(parts[at][2][side] for at in some) for side in (0, 1))

    def differing(at: int, some: set[int]) -> int:
        """Answers to other parts that are not of the kind of most answers to this one."""
        usual = 0 if parts[at][2][0] >= parts[at][2][1] else 1
        return sum(parts[other][2][1 - usual] for other in some)

    def is_safe(some: set[int]) -> bool:
        if len(some) < 2 or max(parts[at][1] for at in some) < least:
            return False
        everything = set(range(len(parts)))
        return all(
            sides(some) == min(2, sides(everything))
            and differing(at, some - {at}) >= min(2, differing(at, everything - {at}))
            for at in some if parts[at][1] < least
        )  # fmt: skip

    while hidden and not is_safe(hidden):
        shown = sorted((parts[at][1], at) for at in range(len(parts)) if at not in hidden and parts[at][1] > 0)
        if not shown:
            break
        hidden.add(next((at for _, at in shown if is_safe({*hidden, at})), shown[0][1]))
    return {parts[at][0] for at in hidden}


def _binary(people: int, good: Sequence[bool]) -> Persons:
    values = np.array(good, float)
    return Persons(people, values, float(values.mean()), int((values == 0).sum()), int((values == 1).sum()))


def _rate(parts: Sequence[tuple[int, Sequence[Person]]], items: Sequence[Item]) -> tuple[float | None, list[Persons]]:
    if any(not members for _, members in parts):
        return None, []
    counts = [(people, np.array([member.counts(items)[:2] for member in members], float)) for people, members in parts]
    total = sum(people for people, _ in parts)
    weights = [people / total if total else 1.0 for people, _ in parts]
    good, scored = sum(weight * found.mean(axis=0) for weight, (_, found) in zip(weights, counts, strict=True))
    if scored == 0:
        return None, []
    share, result = float(good / scored), []
    for people, found in counts:
        f, a = found.T
        own = float(f.sum() / a.sum()) if a.sum() else share
        low, high = int(((f == 0) & (a > 0)).sum()), int(((f == a) & (a > 0)).sum())
        result.append(Persons(people, (f - share * a) / scored, own, low, high))
    return share, result


@dataclass(frozen=True)
class Wave:
    """Everything that was handed on."""

    scheme: Scheme
    cells: Mapping[tuple[str, str], Cell]
    names: Mapping[str, str]

    def of(self, category: str, audience: str) -> list[Cell]:
        return [cell for cell in self.cells.values() if (cell.category, cell.audience) == (category, audience)]


def read_wave(scheme: Yaml, forms: Mapping[str, Yaml], roster: Sequence[Row], links: Sequence[Row],
              ballots: Sequence[Row]) -> Wave:  # fmt: skip
    rules = Scheme.of(scheme)
    cells: dict[tuple[str, str], Cell] = {}
    category = {row["学校代码"]: row["类别"] for row in roster}
    read = {audience: Form.of(form, audience, rules) for audience, form in forms.items()}
    for code in sorted(category):
        for audience, form in read.items():
            if category[code] not in forms[audience]["categories"]:
                continue
            people = _roster(roster, code, form, GRADES[category[code]])
            if people.people or audience == "inspector":
                order = GRADES[category[code]]
                cells[code, audience] = Cell(code, category[code], form, rules, people, order)
    usual = Scheme.of({"categories": {}, "minimum_response": {}})
    sealed = {audience: Form.of(form, audience, usual) for audience, form in forms.items()}
    halves = {(row["school_code"], row["audience"], row["grade"], row["class"]): row["half"] for row in links}
    for row in ballots:
        key = row["school_code"], row["audience"]
        half = halves.get((*key, row["grade"], row["class"]), "")
        person = read_person(row, cells[key].form, half)
        if half:
            person.sealed_scores = read_person(row, sealed[key[1]], half).scores
        cells[key].ballots.append(person)
    return Wave(rules, cells, {row["学校代码"]: row["学校名称"] for row in roster})


def _roster(rows: Sequence[Row], code: str, form: Form, order: Sequence[str]) -> Roster:
    grades: Counter[str] = Counter()
    classes = []
    first = order.index(form.first_grade) if form.first_grade in order else 0
    for row in rows:
        if row["学校代码"] != code or AUDIENCES[row["对象"]] != form.audience:
            continue
        if row["年级"] and order.index(row["年级"]) < first:
            continue
        grades[row["年级"]] += int(row["人数"])
        classes += [int(row["人数"])] if row["班级"] else []
    return Roster(grades, classes)


def priors(cells: Sequence[Cell], wider: Sequence[Cell], dimension: str, of_rates: bool) -> Prior:
    """What cells of one kind borrow from those of them that may be shown."""

    def spreads(some: Sequence[Cell]) -> Iterator[Spread]:
        for cell in some:
            if dimension in cell.dimensions and dimension not in cell.hidden_dimensions:
                groups = cell.rates(dimension)[1] if of_rates else cell.scores(dimension)[0]
                if groups:
                    yield Spread.of_cell(groups)

    return borrowed_from(list(spreads(cells)), list(spreads(wider)))


def correlation(cells: Sequence[Cell], dimension: str) -> float | None:
    """How alike persons of one class are, from halves of classes; None where there are too few pairs of halves."""
    excess = expected = 0.0
    variances, shares, pairs = [], [], 0
    for cell in cells:
        for grade in cell.order:
            halves = [_half(cell, grade, name, dimension) for name in "AB"]
            if None in halves:
                continue
            (a, b) = halves
            pairs += 1
            excess += (a[0] - b[0]) ** 2 - a[1] / a[2] - b[1] / b[2]  # type: ignore[index]
            expected += a[3] + b[3] - a[4] / a[2] - b[4] / b[2]  # type: ignore[index]
            variances += [a[1], b[1]]  # type: ignore[index]
            shares += [a[4], b[4]]  # type: ignore[index]
    if pairs < LEAST_PAIRS:
        return None
    between = max(0.0, excess / expected)
    return float(between / (np.mean(variances) + between * (1 - np.mean(shares))))


def _half(cell: Cell, grade: str, half: str, dimension: str) -> tuple[float, float, int, float, float] | None:
    """Mean, variance, n, Σm²/(Σm)² and k of a half, if the seal kept it."""
    members = [person for person in cell.ballots if person.half == half and person.grade == grade]
    sizes = np.array(list(Counter(person.class_name for person in members).values()), float)
    counts = [sum(name in person.sealed_scores for person in members) for name in cell.dimensions]
    if len(sizes) < 2 or min(counts) < SEALED_MIN_N:
        return None
    values = np.array([one.sealed_scores[dimension] / 100 for one in members if dimension in one.sealed_scores])
    n, sent = len(values), float(sizes.sum())
    k = (sent - (sizes**2).sum() / sent) / (sent - 1)
    return float(values.mean()), float(values.var(ddof=1)), n, float((sizes**2).sum() / sent**2), float(k)
