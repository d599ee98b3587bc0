"""From rows, files and the roster to persons with scores: docs/method.md from “points” to “person”.

Nothing here or in the files beside it that compute imports the product: it was written from the documents.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, str]
Yaml = Mapping[str, Any]
AUDIENCES = {"家长": "parent", "学生": "student", "教师": "teacher"}
GRADES = {"primary": list("123456"), "direct": list("123456789")}
CN_MAPS = {"cn100": (100.0, 80.0, 60.0, 40.0, 20.0), "cn100_0": (100.0, 80.0, 60.0, 30.0, 0.0)}
DEFAULTS: Yaml = {
    "map": "linear", "valid_share": 0.5, "min_n": 10, "min_n_for": {}, "stratify_from": 1, "min_cell": 5,
    "nonresponse": 1.1, "class_correlation": {}, "class_size": 40, "rater_sd": 6.0, "conditional_items": "exclude",
    "main": "parent", "rank_from": 20, "rank_response": 0.3, "rank_unverified": "", "decimals": 2,
}  # fmt: skip
TEACHERS = {"teacher": 5}  # where a scheme states no number of its own
CORRELATIONS = {"student": 0.10, "parent": 0.05, "teacher": 0.0, "inspector": 0.0}


@dataclass(frozen=True)
class Scheme:
    method: Yaml
    weights: Mapping[str, Mapping[str, float]]
    minimum_response: Mapping[str, float]

    @classmethod
    def of(cls, written: Yaml) -> "Scheme":
        method = written.get("method", {})
        few = {**({} if "min_n" in method else TEACHERS), **method.get("min_n_for", {})}
        return cls({**DEFAULTS, **method, "min_n_for": few}, written["categories"], written["minimum_response"])

    def min_n(self, audience: str) -> int:
        return int(self.method["min_n_for"].get(audience, self.method["min_n"]))

    def correlation(self, audience: str) -> float:
        return float(self.method["class_correlation"].get(audience, CORRELATIONS[audience]))


@dataclass(frozen=True)
class Option:
    code: str
    points: float
    good: bool
    bad: bool


@dataclass(frozen=True)
class Item:
    id: str
    dimension: str
    options: tuple[Option, ...]  # as they count, by position: those of a reverse item are turned round
    dont_know: str
    condition: str
    worth: Mapping[str, float]  # points by code as the scale has them
    promoter: bool
    text: str
    concept: str


def scale_options(scale: Yaml, map_name: str) -> list[Option]:
    """Codes, points, favourable and dissatisfied, before an item turns them round."""
    if "from" in scale:
        numbers = range(int(scale["from"]), int(scale["to"]) + 1)
        written = scale.get("points") or [100 * (at - numbers[0]) / (numbers[-1] - numbers[0]) for at in numbers]
        good = [at >= scale["favourable_from"] for at in numbers]
        low = scale.get("unfavourable_to")
        bad = good[::-1] if low is None else [at <= low for at in numbers]
        return [Option(*parts) for parts in zip(map(str, numbers), map(float, written), good, bad, strict=True)]
    points = [float(point["points"]) for point in scale["points"]]
    good = [bool(point.get("favourable")) for point in scale["points"]]
    bad = good[::-1]
    if is_in_the_middle(points):
        bad = [at in (0, len(points) - 1) for at in range(len(points))]
    elif len(points) == 5 and map_name in CN_MAPS:
        points = list(CN_MAPS[map_name] if points[0] > points[-1] else CN_MAPS[map_name][::-1])
    codes = [str(point["code"]) for point in scale["points"]]
    return [Option(*parts) for parts in zip(codes, points, good, bad, strict=True)]


def is_in_the_middle(points: Sequence[float]) -> bool:
    return max(points) not in (points[0], points[-1])


def read_item(written: Yaml, form: Yaml, dimension: str, map_name: str) -> Item:
    scale = form["scales"][written["scale"]]
    options = scale_options(scale, map_name)
    codes, worth = [option.code for option in options], {option.code: option.points for option in options}
    if written.get("reverse"):
        turned = options[::-1]
        options = [Option(code, one.points, one.good, one.bad) for code, one in zip(codes, turned, strict=True)]
    return Item(
        written["id"], dimension, tuple(options), str(scale.get("not_applicable", {}).get("code", "")),
        written.get("show_if", ""), worth, scale.get("also") == "nps",
        written["text"]["zh"], written.get("concept", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A questionnaire as one audience has it."""

    id: str
    audience: str
    first_grade: str
    weights: Mapping[str, float]
    items: tuple[Item, ...]
    overall: Item | None
    follow_up: tuple[Yaml, ...]
    counts_conditional: bool
    valid_share: float
    asks_grade: bool

    @classmethod
    def of(cls, written: Yaml, audience: str, scheme: Scheme) -> "Form":
        chosen = str(scheme.method["map"])
        items = [
            read_item(item, written, dimension["id"], chosen)
            for dimension in written["dimensions"] for item in dimension["items"]
            if audience in item.get("audiences", written["audiences"])
        ]  # fmt: skip
        has = {item.dimension for item in items}
        weights = {part["id"]: float(part.get("weight", 1)) for part in written["dimensions"] if part["id"] in has}
        overall = read_item(written["overall"], written, "", chosen) if "overall" in written else None
        kinds = [question["kind"] for question in written.get("background", ())]
        return cls(
            written["id"], audience, str(written.get("grades_from", {}).get(audience, "")), weights, tuple(items),
            overall, tuple(written.get("follow_up", ())), scheme.method["conditional_items"] != "exclude",
            float(scheme.method["valid_share"]), any(kind == "grade" for kind in kinds),
        )  # fmt: skip

    def is_conditional(self, dimension: str) -> bool:
        return all(item.condition for item in self.items if item.dimension == dimension)

    def scored_items(self, dimension: str) -> list[Item]:
        """The items by which a person is scored in it."""
        takes_all = self.counts_conditional or self.is_conditional(dimension)
        return [item for item in self.items if item.dimension == dimension and (takes_all or not item.condition)]

    def dimension_items(self, dimension: str) -> list[Item]:
        return [item for item in self.items if dimension in ("OVERALL", item.dimension)]

    def asked_items(self) -> list[Item]:
        return [*self.items, *([self.overall] if self.overall else ())]


@dataclass
class Person:
    """One ballot. ``chosen``: the option by item, None where there is none; ``state``: what was done with each item."""

    grade: str
    class_name: str
    half: str
    chosen: dict[str, Option] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)  # a code, "na", "blank" or "not_shown"
    several: dict[str, list[str]] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    sealed_scores: dict[str, float] = field(default_factory=dict)  # by the program's own rules, as halves were kept

    @property
    def is_respondent(self) -> bool:
        return bool(self.chosen)

    def counts(self, items: Sequence[Item]) -> tuple[int, int, int, int]:
        """Favourable, scored, dissatisfied, don't know, among these items."""
        options = [self.chosen[item.id] for item in items if item.id in self.chosen]
        unknown = sum(self.state.get(item.id) == "na" for item in items)
        return sum(o.good for o in options), len(options), sum(o.bad for o in options), unknown


def read_person(row: Row, form: Form, half: str) -> Person:
    person = Person(row["grade"] if form.asks_grade else "", row["class"], half)
    for item in form.asked_items():
        person.state[item.id] = state = _state(row, item, form, person)
        for option in item.options:
            if option.code == state:
                person.chosen[item.id] = option
    for question in form.follow_up:
        shown = _holds(question.get("show_if", ""), row, form, person)
        person.several[question["id"]] = (row.get(question["id"]) or "").split(";") if shown else ["not_shown"]
    _score(person, form)
    return person


def _state(row: Row, item: Item, form: Form, person: Person) -> str:
    if not _holds(item.condition, row, form, person):
        return "not_shown"
    code = row.get(item.id) or ""
    if not code:
        return "blank"
    return "na" if code == item.dont_know else code


def _holds(condition: str, row: Row, form: Form, person: Person) -> bool:
    """The two kinds of conditions that this district's forms have."""
    if not condition:
        return True
    if found := re.fullmatch(r"(\w+) == '(\w+)'", condition):
        return row.get(found[1]) == found[2]
    found = re.fullmatch(r"any_at_most\((\w+), '(\w+)'\)", condition)
    assert found, condition
    for item in form.items:
        chosen = person.chosen.get(item.id) if item.dimension == found[1] else None
        if chosen and chosen.points <= item.worth[found[2]]:
            return True
    return False


def _score(person: Person, form: Form) -> None:
    for dimension in form.weights:
        items = [item for item in form.scored_items(dimension) if person.state[item.id] != "not_shown"]
        scored = [person.chosen[item.id].points for item in items if item.id in person.chosen]
        known = len(items) - sum(person.state[item.id] == "na" for item in items)
        if scored and len(scored) / known >= form.valid_share:
            person.scores[dimension] = sum(scored) / len(scored)
    weight = sum(form.weights[dimension] for dimension in person.scores)
    if person.scores and weight >= sum(form.weights.values()) / 2:
        total = sum(form.weights[dimension] * score for dimension, score in person.scores.items())
        person.scores["OVERALL"] = total / weight
