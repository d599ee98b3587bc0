"""A draft as ``flask questionnaires import --json`` prints it: items, four lists, faults, instruments."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.messages import Message

from .draft import Draft, DraftFault, DraftItem, DraftOption, Fate, Severity
from .draft_check import faults_of
from .draft_instrument import DraftInstrument, draft_instruments

Json = dict[str, Any]
Render = Callable[[Message], object]
SECOND_LANGUAGE = "en"
PLACE_KEYS = ("line", "sheet", "row", "question")


class Outcome(StrEnum):
    """Complete; usable when what is asked has been answered; not to be used at all."""

    INSTRUMENT = "instrument"
    DRAFT = "draft"
    REFUSED = "refused"


def outcome_of(draft: Draft, instruments: Sequence[DraftInstrument]) -> Outcome:
    """Return what the draft can be used for. Without a single question it is no questionnaire."""
    if draft.has_errors or not draft.usable_items:
        return Outcome.REFUSED
    if draft.listed(Fate.ASKED) or any(instrument.gaps() for instrument in instruments):
        return Outcome.DRAFT
    return Outcome.INSTRUMENT


def draft_json(draft: Draft, file: str, render: Render = str, name: str = "") -> Json:
    """Return the whole of what was read. ``name``: the id of the instrument where the source has none."""
    instruments = draft_instruments(draft, name)
    outcome = outcome_of(draft, instruments)
    out: Json = {"file": file, "outcome": outcome.value}
    out["items"] = [_item(item, instruments[item.form].ids.get(index)) for index, item in enumerate(draft.items)]
    counts = {}
    for fate in (Fate.TAKEN, Fate.ASKED, Fate.LEFT, Fate.FURNITURE):
        entries = draft.listed(fate)
        out[fate.value] = [entry.written() for entry in entries]
        counts[fate.value] = len(entries)
    out["counts"] = {"source": len(draft.account)} | counts
    out["faults"] = [_fault(fault, render) for fault in draft.faults]
    out["instruments"] = [] if outcome is Outcome.REFUSED else [instrument.content for instrument in instruments]
    return out


def with_faults_of_the_format(content: Json, categories: Categories, render: Render = str) -> Json:
    """Return the JSON of a draft that seemed whole, with what the format does not allow; it is then a draft still."""
    if content["outcome"] != Outcome.INSTRUMENT.value:
        return content
    places = {item["id"]: item for item in content["items"] if item["id"]}
    found = []
    for instrument in content["instruments"]:
        for name, said in faults_of(instrument, categories):
            place = {key: places[name][key] for key in PLACE_KEYS if key in places[name]} if name in places else {}
            fault = {"code": "not_allowed", "severity": Severity.WARNING.value, "value": name, "message": render(said)}
            found.append(place | fault)
    if not found:
        return content
    return content | {"outcome": Outcome.DRAFT.value, "faults": [*content["faults"], *found]}


def _item(item: DraftItem, identifier: str | None) -> Json:
    scale = item.scale
    options = scale.options if scale else item.options
    out: Json = {"id": identifier} | item.place.unit.written()
    out |= {
        "number": item.number,
        "text": _first(item.text),
        "kind": item.kind.value,
        "options": [_first(option.label) for option in options],
        "scale": None,
        "required": item.required,
        "section": _first(item.section.label) if item.section else None,
    }
    if scale:
        na = _first(scale.not_applicable.label) if scale.not_applicable else None
        out["scale"] = {
            "family": scale.family, "points": scale.size, "favourable": scale.favourable_count, "na": na,
        }  # fmt: skip
    facts = {**_facts(item, options), **_translations(item, options)}
    return out | {key: value for key, value in facts.items() if value not in (None, "", [], (), False)}


def _facts(item: DraftItem, options: Sequence[DraftOption]) -> Json:
    scale = item.scale
    ends = [scale.options[0], scale.options[-1]] if scale and scale.numbers and scale.options else []
    numbers = scale.numbers if scale else None
    if numbers and numbers.low_label and numbers.high_label:
        labels = [_first(numbers.low_label), _first(numbers.high_label)]
        ends_written = labels if ends[0].name == str(numbers.low) else labels[::-1]
    else:
        ends_written = []
    condition = item.guessed_condition
    return {
        "source_name": item.name,
        "lead": _first(item.lead) if item.lead else None,
        "other": next((_first(option.label) for option in options if option.text_length), None),
        "exclusive": [_first(option.label) for option in options if option.exclusive],
        "at_most": item.at_most,
        "at_least": item.at_least,
        "show_if": {"question": condition.question, "options": list(condition.options)} if condition else None,
        "points": list(scale.shown_points) if scale else None,
        "reverse": item.reverse,
        "overall": item.is_overall,
        "codes": [option.code for option in options] if any(option.code for option in options) else None,
        "ends": ends_written,
        "unit": _first(item.unit) if item.unit else None,
        "audiences": list(item.audiences),
        "instrument": item.form,
    }


def _translations(item: DraftItem, options: Sequence[DraftOption]) -> Json:
    """The texts in a second language, if the first is another."""
    if next(iter(item.text), SECOND_LANGUAGE) == SECOND_LANGUAGE:
        return {}
    labels = [option.label.get(SECOND_LANGUAGE, "") for option in options]
    return {"text_en": item.text.get(SECOND_LANGUAGE), "options_en": labels if any(labels) else None}


def _fault(fault: DraftFault, render: Render) -> Json:
    place = fault.place.written() if fault.place else {}
    value = {"value": fault.value} if fault.value else {}
    return place | {"code": fault.code, "severity": fault.severity.value} | value | {"message": render(fault.message)}


def _first(text: Text) -> str:
    return next(iter(text.values()), "")
