"""A draft as instruments: what the format states, in its order, with ``None`` where something is still asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.conditions import Condition, leaves, to_source
from survey_app.definition.languages import Text

from .draft import Draft, DraftItem, DraftScale, FormHead, ItemKind, NumericRange, Section
from .draft_names import (
    FormNames,
    file_identifier_from,
    name_form,
    not_applicable_code,
    option_codes,
    rename_condition,
    scale_codes,
)
from .draft_originals import original_names

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DraftInstrument:
    """One instrument with gaps, and the ids of the draft's items by their index."""

    content: Json
    ids: dict[int, str]

    def gaps(self) -> tuple[str, ...]:
        """Return where something is still asked: ``version``, ``dimensions.0.label`` …"""
        return tuple(_gaps(self.content, ""))


def draft_instruments(draft: Draft, name: str = "") -> tuple[DraftInstrument, ...]:
    """Return an instrument per form. ``name``: the id of the only one where the source has none."""
    several = len(draft.forms) > 1
    return tuple(
        _FormWriter(draft, number, name_form(draft, number)).instrument("" if several else name)
        for number in range(len(draft.forms))
    )


def _gaps(value: object, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _gaps(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _gaps(inner, f"{path}.{number}")


class _FormWriter:
    """Writes the questions of one form into the parts of the file."""

    def __init__(self, draft: Draft, number: int, names: FormNames) -> None:
        self.head: FormHead = draft.forms[number]
        self.names = names
        entries = [(names.items[index], item) for index, item in enumerate(draft.items) if index in names.items]
        self.scored = [entry for entry in entries if entry[1].scale]
        self.comments = [entry for entry in entries if entry[1].kind is ItemKind.TEXT and not entry[1].scale]
        self.closed = [entry for entry in entries if entry not in self.scored and entry not in self.comments]
        self.overall = next((entry for entry in self.scored if entry[1].is_overall), None)
        self.scored_names = {item.name for _identifier, item in self.scored}

    def instrument(self, name: str) -> DraftInstrument:
        head = self.head
        out: Json = {
            "format": 1,
            "id": file_identifier_from(head.name) or file_identifier_from(name) or None,
            "version": head.version or None,
            "languages": list(head.languages),
            "title": _text(head.title) if head.title else None,
            "audiences": list(head.audiences) or None,
            "categories": list(head.categories) or None,
        }
        if head.occasion:
            out["occasion"] = head.occasion
        if head.grades_from:
            out["grades_from"] = dict(head.grades_from)
        if head.intro:
            out["intro"] = _text(head.intro)
        out |= _texts_for("title_for", head.title_for) | _texts_for("intro_for", head.intro_for)
        scales = {name: self.scale(scale) for scale, name in self.names.scales.items()}
        order = [name for name in head.scale_order if name in scales]
        out["scales"] = {name: scales[name] for name in dict.fromkeys([*order, *scales])}
        out["dimensions"] = self.dimensions()
        if self.overall:
            out["overall"] = self.item(*self.overall)
        later = [self.is_follow_up(item) for _identifier, item in self.closed]
        blocks: Json = {
            "background": [self.closed_question(*self.closed[n]) for n, is_later in enumerate(later) if not is_later],
            "follow_up": [self.closed_question(*self.closed[n]) for n, is_later in enumerate(later) if is_later],
            "comments": [self.comment(*entry) for entry in self.comments],
        }
        if head.retired:
            blocks["retired"] = [{"id": entry.id, "last_version": entry.last_version or None} for entry in head.retired]
        entries = (*self.scored, *self.closed, *self.comments)
        blocks |= {"source": original_names(self.names, entries, head.source)}
        blocks |= {"accepted": {subject: dict(reasons) for subject, reasons in head.accepted.items()}}
        return DraftInstrument(out | {key: block for key, block in blocks.items() if block}, self.names.items)

    def is_follow_up(self, item: DraftItem) -> bool:
        """A question that depends on a scored answer can only come after it."""
        if item.follow_up:
            return True
        if item.show_if is None:
            return False
        subjects = {getattr(leaf, "question", getattr(leaf, "item", "")) for leaf in leaves(item.show_if)}
        return bool(subjects & self.scored_names) or any(hasattr(leaf, "dimension") for leaf in leaves(item.show_if))

    def dimensions(self) -> list[Json]:
        out = []
        for section, name in self.names.sections.items():
            entries = [entry for entry in self.scored if entry[1].section == section and entry is not self.overall]
            if not entries:
                continue
            dimension: Json = {"id": name, "label": _text(section.label) if section else None}
            lead = _shared_lead(section, [item for _identifier, item in entries])
            dimension |= _texts_for("label_for", section.label_for) if section else {}
            dimension |= {"lead": _text(lead)} if lead else {}
            dimension |= _texts_for("lead_for", section.lead_for) if section else {}
            dimension |= {"weight": _number(section.weight)} if section and section.weight is not None else {}
            out.append(dimension | {"items": [self.item(*entry, lead) for entry in entries]})
        return out

    def item(self, identifier: str, item: DraftItem, lead: Text | None = None) -> Json:
        """``lead`` stands above the whole dimension; a stem of its own becomes the small print."""
        out: Json = {"id": identifier}
        if item.concept:
            out["concept"] = item.concept
        small_print = item.help or (item.lead if item.lead != lead else None)
        out |= self.texts(item, small_print)
        if item.scale:
            out["scale"] = self.names.scales[item.scale]
        out |= {"reverse": True} if item.reverse else {}
        out |= {} if item.required is None else {"required": item.required}
        return out | self.condition(item.show_if)

    def texts(self, item: DraftItem, small_print: Text | None) -> Json:
        out: Json = {"text": _text(item.text)}
        out |= _texts_for("text_for", item.text_for)
        if small_print:
            out["help"] = _text(small_print)
        out |= _texts_for("help_for", item.help_for)
        if item.audiences and item.audiences != self.head.audiences:
            out["audiences"] = list(item.audiences)
        return out

    def closed_question(self, identifier: str, item: DraftItem) -> Json:
        out: Json = {"id": identifier, "kind": item.kind.value} | self.texts(item, item.help or item.lead)
        if item.kind in (ItemKind.CHOICE, ItemKind.CHOICES):
            out["options"] = _options(item)
        out |= {"at_least": item.at_least} if item.at_least is not None else {}
        out |= {"at_most": item.at_most} if item.at_most is not None else {}
        if item.kind is ItemKind.NUMBER:
            out |= {"unit": _text(item.unit)} if item.unit else {}
            out["bands"] = list(item.bands) or None
        out |= {"private": True} if self.must_be_private(item) else {}
        out |= {} if item.required is None else {"required": item.required}
        return out | self.condition(item.show_if)

    def must_be_private(self, item: DraftItem) -> bool:
        """Whether it says so, or somebody is asked who may not be asked openly."""
        if item.private is not None or self.is_follow_up(item):
            return bool(item.private)
        asked = item.audiences or self.head.audiences
        return any(name in AUDIENCES.ids() and not AUDIENCES[name].may_be_asked_background for name in asked)

    def comment(self, identifier: str, item: DraftItem) -> Json:
        out: Json = {"id": identifier} | self.texts(item, item.help or item.lead)
        out |= {"max_length": item.max_length} if item.max_length else {}
        return out | self.condition(item.show_if)

    def condition(self, condition: Condition | None) -> Json:
        return {"show_if": to_source(rename_condition(condition, self.names))} if condition else {}

    def scale(self, scale: DraftScale) -> Json:
        if scale.numbers:
            return _numbers(scale.numbers) | self.not_applicable(scale)
        points = []
        for option, code in zip(scale.options, scale_codes(scale), strict=True):
            point: Json = {"code": code, "points": _number(option.points)}
            point |= {} if option.favourable is False else {"favourable": option.favourable}
            points.append(point | {"label": _text(option.label)})
        shown: Json = {"show": "faces"} if scale.faces else {}
        return {"points": points} | shown | self.not_applicable(scale)

    def not_applicable(self, scale: DraftScale) -> Json:
        if not scale.not_applicable:
            return {}
        return {"not_applicable": {"code": not_applicable_code(scale), "label": _text(scale.not_applicable.label)}}


def _shared_lead(section: Section | None, items: Sequence[DraftItem]) -> Text | None:
    """The stem above all items of a dimension; where they differ none can stand there."""
    if section and section.lead:
        return section.lead
    first = items[0].lead
    return first if all(item.lead == first for item in items) else None


def _options(item: DraftItem) -> list[Json]:
    out = []
    for option, code in zip(item.options, option_codes(item.options), strict=True):
        entry: Json = {"code": code, "label": _text(option.label)}
        entry |= {"text": option.text_length} if option.text_length else {}
        out.append(entry | ({"exclusive": True} if option.exclusive else {}))
    return out


def _numbers(numbers: NumericRange) -> Json:
    out: Json = {"from": numbers.low, "to": numbers.high}
    out["ends"] = [_text(label) if label else None for label in (numbers.low_label, numbers.high_label)]
    out["favourable_from"] = numbers.favourable_from
    out |= {} if numbers.unfavourable_to is None else {"unfavourable_to": numbers.unfavourable_to}
    out |= {"show": numbers.show}
    out |= {"points": [_number(value) for value in numbers.points]} if numbers.points else {}
    return out | ({"also": "nps"} if numbers.is_nps else {})


def _texts_for(key: str, texts: Mapping[str, Text]) -> Json:
    return {key: {audience: _text(text) for audience, text in texts.items()}} if texts else {}


def _text(text: Text) -> dict[str, str]:
    return dict(text)


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
