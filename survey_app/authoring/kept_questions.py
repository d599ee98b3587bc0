"""Questions of a source with what the earlier file decided about them: ids, codes, points, dimensions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey_app.definition.languages import Text

from . import previous
from .draft import DraftItem, DraftOption, DraftScale, NumericRange, Section
from .label_degrees import fold_label
from .previous import PreviousFile, PreviousQuestion


def first_of(text: Text) -> str:
    """Return a text in the first of its languages."""
    return next(iter(text.values()), "")


def keep_question(item: DraftItem, question: PreviousQuestion, earlier: PreviousFile) -> DraftItem:
    """The item as the earlier file has it; its text is that of the source, with translations while it is the same."""
    content = question.content
    earlier_text = previous.text(content.get("text"))
    is_same = earlier_text is not None and fold_label(first_of(earlier_text)) == fold_label(first_of(item.text))
    bands = tuple(
        int(value) for word in previous.names(content.get("bands")) if (value := previous.number(word)) is not None
    )
    required = previous.flag(content.get("required"))
    text_for = content.get("text_for") if isinstance(content.get("text_for"), dict) else {}
    return replace(
        item,
        name=question.id,
        text=earlier_text if is_same and earlier_text else item.text,
        concept=previous.words(content.get("concept")),
        help=previous.text(content.get("help")) or item.help,
        text_for={audience: said for audience, words in (text_for or {}).items() if (said := previous.text(words))},
        audiences=previous.names(content.get("audiences")) or item.audiences,
        required=item.required if item.required is not None else required,
        reverse=bool(previous.flag(content.get("reverse"))),
        private=previous.flag(content.get("private")) if "private" in content else item.private,
        bands=bands or item.bands,
        options=_options(item.options, previous.entries(content, "options")),
        scale=_scale(item.scale, earlier, previous.words(content.get("scale"))) if item.scale else None,
        section=_section(item.section, question, earlier),
    )


def fit_question(item: DraftItem, neighbour: PreviousQuestion | None, earlier: PreviousFile) -> DraftItem:
    """A new item in the dimensions and with the scales that the earlier file has."""
    scale = item.scale
    if scale and not scale.numbers:
        for name in earlier.scales():
            fitted = _scale(scale, earlier, name)
            if fitted.name == name:
                scale = fitted
                break
    return replace(item, scale=scale, section=_section(item.section, neighbour if scale else None, earlier))


def question_beside(index: int, pairs: Mapping[int, PreviousQuestion]) -> PreviousQuestion | None:
    """The nearest scored question of the earlier file, first among those before it."""
    scored = [place for place, question in pairs.items() if question.dimension]
    nearest = min(scored, key=lambda place: (place > index, abs(place - index)), default=None)
    return None if nearest is None else pairs[nearest]


def _options(options: Sequence[DraftOption], earlier: Sequence[Mapping[str, Any]]) -> tuple[DraftOption, ...]:
    """Options with the codes that their labels had; new ones get codes that were not used."""
    by_label = {fold_label(previous.first_words(entry.get("label"))): entry for entry in earlier}
    used = {previous.words(entry.get("code")) for entry in earlier}
    fresh = (str(number) for number in range(1, len(options) + len(used) + 1) if str(number) not in used)
    out = []
    for option in options:
        entry = by_label.get(fold_label(first_of(option.label)))
        code = previous.words(entry.get("code")) if entry else next(fresh) if earlier else option.code
        label = (previous.text(entry.get("label")) if entry else None) or option.label
        out.append(replace(option, code=code, label=label))
    return tuple(out)


def _scale(scale: DraftScale, earlier: PreviousFile, name: str) -> DraftScale:
    """The scale with the codes and points that people have confirmed, if its labels are still the same."""
    content = earlier.scales().get(name)
    if content is None:
        return scale
    if scale.numbers:
        return replace(scale, name=name, numbers=_numbers(scale.numbers, content))
    points = previous.entries(content, "points")
    labels = [fold_label(previous.first_words(point.get("label"))) for point in points]
    entry = content.get("not_applicable")
    same_na = bool(scale.not_applicable) == isinstance(entry, dict)
    if not same_na or labels != [fold_label(first_of(option.label)) for option in scale.options]:
        return scale
    options = tuple(
        replace(
            option,
            code=previous.words(point.get("code")),
            label=previous.text(point.get("label")) or option.label,
            points=previous.number(point.get("points")),
            favourable=previous.flag(point.get("favourable")) if "favourable" in point else False,
        )
        for option, point in zip(scale.options, points, strict=True)
    )
    na = scale.not_applicable
    if na and isinstance(entry, dict):
        na = replace(na, code=previous.words(entry.get("code")), label=previous.text(entry.get("label")) or na.label)
    has_faces = scale.faces or content.get("show") == "faces"
    return replace(scale, options=options, not_applicable=na, name=name, faces=has_faces)


def _numbers(numbers: NumericRange, content: Mapping[str, Any]) -> NumericRange:
    """The ends in the words of the source, where it has none in those that somebody filled in."""
    start, end = previous.number(content.get("favourable_from")), previous.number(content.get("unfavourable_to"))
    ends = content.get("ends")
    low, high = map(previous.text, ends) if isinstance(ends, list) and len(ends) == 2 else (None, None)
    return replace(
        numbers,
        low_label=numbers.low_label or low,
        high_label=numbers.high_label or high,
        favourable_from=int(start) if start is not None else numbers.favourable_from,
        unfavourable_to=int(end) if end is not None else numbers.unfavourable_to,
    )


def _section(section: Section | None, question: PreviousQuestion | None, earlier: PreviousFile) -> Section | None:
    """The dimension of the same name, or of the question where the source has no heading."""
    named = section is not None and next(
        (
            dimension
            for dimension in previous.entries(earlier.content, "dimensions")
            if fold_label(previous.first_words(dimension.get("label"))) == fold_label(first_of(section.label))
        ),
        None,
    )
    dimension = named or (question.dimension if question and section is None else None)
    label = previous.text(dimension.get("label")) if dimension else None
    if not dimension or label is None:
        return section
    lead = previous.text(dimension.get("lead"))
    return Section(label, previous.words(dimension.get("id")), previous.number(dimension.get("weight")), lead)
