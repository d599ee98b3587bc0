"""How a person of the demo district fills in a form."""

import random

from survey_app.definition.answers import read_answers
from survey_app.definition.form import Form
from survey_app.definition.kinds import Counting, kind_of
from survey_app.definition.model import Item, Option, Question

from .district import Person

THRESHOLDS = (0.35, -0.75, -1.55, -2.3)  # between the options, from the most favourable
NOT_APPLICABLE_SHARE = 0.05
TOO_MUCH_SHARE = 0.8
COMMENTS = (
    "希望多一些体育活动。",
    "老师很负责。",
    "食堂的菜可以再丰富一些。",
    "作业有时偏多。",
    "希望多开放操场。",
    "谢谢老师！",
)


def simulate_answers(person: Person, form: Form, grades: tuple[Option, ...]) -> dict[str, list[str]]:
    """The fields that this person sends."""
    rng = random.Random(person.seed)
    form_data: dict[str, list[str]] = {}
    for section in form.sections:
        attitude = person.mood + person.strengths.get(section.dimension.id if section.dimension else "", 0.0)
        for item in section.items:
            form_data[item.id] = [_simulate_rating(item, attitude, rng)]
        for question in section.questions if not section.items else ():
            if kind_of(question).counting is Counting.TEXT:
                form_data[question.id] = [rng.choice(COMMENTS)] if rng.random() < 0.06 else [""]
            elif code := _simulate_background(question, person, grades, rng):
                form_data[question.id] = [code]
    return _without_hidden(form, form_data, grades)


def _without_hidden(form: Form, form_data: dict[str, list[str]], grades: tuple[Option, ...]) -> dict[str, list[str]]:
    """What the page sends: nothing of the questions that this person does not see."""
    answers, _problems = read_answers(form, form_data, grades, enforce_required=False)
    hidden = {entry.id for entry in form.questions() if entry.show_if and not entry.show_if.holds(answers)}
    return {name: values for name, values in form_data.items() if name not in hidden}


def _simulate_rating(item: Item, attitude: float, rng: random.Random) -> str:
    not_applicable = item.scale.not_applicable
    if not_applicable is not None and rng.random() < NOT_APPLICABLE_SHARE:
        return not_applicable.code
    latent = attitude + rng.gauss(0, 0.75)
    steps_below_best = sum(latent < threshold for threshold in THRESHOLDS)
    if item.scale.has_ideal:
        return _simulate_amount(item, steps_below_best / len(THRESHOLDS), rng)
    best_first = sorted(item.scale.points, key=lambda point: -point.points)
    index = round(steps_below_best * (len(best_first) - 1) / len(THRESHOLDS))
    return best_first[-1 - index if item.reverse else index].code


def _simulate_amount(item: Item, share: float, rng: random.Random) -> str:
    """Who is not content finds it too much rather than too little; ``share`` of the way from the middle to an end."""
    middle = (len(item.scale.points) - 1) / 2
    side = 1 if rng.random() < TOO_MUCH_SHARE else -1
    return item.scale.points[round(middle + side * share * middle)].code


def _simulate_background(question: Question, person: Person, grades: tuple[Option, ...], rng: random.Random) -> str:
    kind = kind_of(question)
    if kind.counting is Counting.STRATUM:
        return next((grade.code for grade in grades if grade.label["zh"] == person.grade), "")
    if question.private:
        return rng.choices(("no", "yes", "unsaid", ""), (85, 5, 4, 6))[0]
    if rng.random() < 0.08 and not question.required:
        return ""
    return rng.choice([option.code for option in kind.options(question, grades)])
