"""How a person of the demo district fills in a form."""

import random

from survey_app.definition.form import Form
from survey_app.definition.model import Background, CommentQuestion, Item, Option

from .district import Person

THRESHOLDS = (0.35, -0.75, -1.55, -2.3)  # between the options, from the most favourable
DOUBT = 0.05
COMMENTS = (
    "希望多一些体育活动。",
    "老师很负责。",
    "食堂的菜可以再丰富一些。",
    "作业有时偏多。",
    "希望多开放操场。",
    "谢谢老师！",
)


def filled(person: Person, form: Form, grades: tuple[Option, ...]) -> dict[str, list[str]]:
    """The fields that this person sends."""
    chance = random.Random(person.seed)
    fields: dict[str, list[str]] = {}
    for section in form.sections:
        liking = person.mood + person.strengths.get(section.dimension.id if section.dimension else "", 0.0)
        for question in section.questions:
            if isinstance(question, Item):
                fields[question.id] = [_opinion(question, liking, chance)]
            elif isinstance(question, CommentQuestion):
                fields[question.id] = [chance.choice(COMMENTS)] if chance.random() < 0.06 else [""]
            elif code := _background(question, person, grades, chance):
                fields[question.id] = [code]
    return fields


def _opinion(item: Item, liking: float, chance: random.Random) -> str:
    other = item.scale.not_applicable
    if other is not None and chance.random() < DOUBT:
        return other.code
    felt = liking + chance.gauss(0, 0.75)
    worse = sum(felt < threshold for threshold in THRESHOLDS)
    best_first = sorted(item.scale.points, key=lambda point: -point.points)
    place = round(worse * (len(best_first) - 1) / len(THRESHOLDS))
    return best_first[-1 - place if item.reverse else place].code


def _background(question: Background, person: Person, grades: tuple[Option, ...], chance: random.Random) -> str:
    if question.kind == "grade":
        return next((grade.code for grade in grades if grade.label.zh == person.grade), "")
    if question.private:
        return chance.choices(("no", "yes", "unsaid", ""), (85, 5, 4, 6))[0]
    if chance.random() < 0.08:
        return ""
    return chance.choice([option.code for option in question.options])
