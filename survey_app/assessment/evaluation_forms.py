"""What inspectors sign: which form a school has, what is missing on it, and the score that results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.definition.answers import Problem, encode_answers, read_answers
from survey_app.definition.audiences import AudienceId
from survey_app.definition.form import Form, form_for, options_of
from survey_app.definition.messages import message
from survey_app.definition.model import CommentQuestion, Instrument
from survey_app.measurement.respondent_scores import score_respondents
from survey_app.measurement.scoring import build_scoring, symbol_class_table

INSPECTOR = AudienceId.INSPECTOR.value
MAX_KEPT = 5_000  # characters of a text in a draft: what is too long is said when it is signed, and not lost before
FormFields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class EvaluationScore:
    """Points from 0 to 100, and those of the dimensions that were seen; no points where too little was seen."""

    points: float | None
    dimensions: Mapping[str, float]


def instrument_for(instruments: Iterable[Instrument], category: str) -> Instrument | None:
    """The form for schools of a category; of several the first."""
    return next((one for one in instruments if category in one.categories and INSPECTOR in one.audiences), None)


def evaluation_form(instrument: Instrument) -> Form:
    return form_for(instrument, INSPECTOR)


def kept_fields(form: Form, fields: FormFields) -> dict[str, list[str]]:
    """What a draft keeps of what was sent: the fields of this form, as they were typed."""
    names = {asked.question.id for asked in form.asked}
    names |= {text.name for asked in form.asked for text in asked.kind.option_texts(asked.question)}
    return {
        name: [value[:MAX_KEPT] for value in fields[name]]
        for name in sorted(names & fields.keys())
        if any(fields[name])
    }


def missing_answers(form: Form, fields: FormFields) -> list[Problem]:
    """What keeps a draft from being signed: every item is answered, if only by "not seen"."""
    answers, problems = read_answers(form, fields, (), enforce_required=True)
    known = {problem.question for problem in problems}
    unanswered = [
        Problem(item.id, message("请选一项；没有看到就选“没有看到”"))
        for item in form.items()
        if item.id not in known and item.id not in answers.hidden and not answers.codes(item.id)
    ]
    order = [asked.question.id for asked in form.asked]
    return sorted([*problems, *unanswered], key=lambda problem: order.index(problem.question))


def answers_in_words(
    instrument: Instrument, fields: FormFields, tag: str, *, with_texts: bool = True
) -> list[tuple[str, str]]:
    """Return each question with its answer as somebody reads it; empty where nothing was chosen."""
    found = []
    for question in evaluation_form(instrument).questions():
        if isinstance(question, CommentQuestion):
            if with_texts:
                found.append((question.text.in_language(tag), "\n".join(fields.get(question.id, ()))))
            continue
        labels = {option.code: option.label.in_language(tag) for option in options_of(question, ())}
        chosen = [labels.get(code, code) for code in fields.get(question.id, ())]
        found.append((question.text.in_language(tag), "、".join(chosen)))
    return found


def score_of(instrument: Instrument, fields: FormFields) -> EvaluationScore:
    """The score by the weights of the form itself: what is signed is what counts, whatever a scheme says later.

    A dimension counts if at least half of what was seen of it has a score; the whole, if dimensions of half the weight
    do: the rules of a person's score.
    """
    form, scoring = evaluation_form(instrument), build_scoring(instrument, INSPECTOR)
    answers, _problems = read_answers(form, fields, (), enforce_required=False)
    signs = encode_answers(answers).encode()
    classes = symbol_class_table()[np.frombuffer(signs, np.uint8)][None, : len(scoring.items)]
    *dimensions, overall = (float(score) for score in score_respondents(scoring, classes).scores[0])
    seen = {name: value for name, value in zip(scoring.dimensions, dimensions, strict=True) if not np.isnan(value)}
    return EvaluationScore(None if np.isnan(overall) else overall, seen)
