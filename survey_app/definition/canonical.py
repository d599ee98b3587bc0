"""One canonical text for an instrument, in the file's own format, and two hashes over its parts.

*Structure*: ids, scales with labels, conditions, weights, order; it never changes during a wave. *Wording*: all other
texts; it may be corrected by two people, with a record.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

from .conditions import Condition, to_source
from .model import BackgroundQuestion, CommentQuestion, Dimension, Instrument, Item, Option, Scale, ScalePoint, Text

Json = dict[str, Any]


def canonical_text(instrument: Instrument) -> str:
    """The instrument as canonical JSON that the reader of questionnaire files reads back to the same value."""
    return _to_json(_CanonicalWriter(wording=True, structure=True).instrument(instrument))


def structure_hash(instrument: Instrument) -> str:
    """SHA-256 over everything that decides what an answer means, 64 hexadecimal digits."""
    return _digest(_CanonicalWriter(wording=False, structure=True).instrument(instrument))


def wording_hash(instrument: Instrument) -> str:
    """SHA-256 over every text that is only read, 64 hexadecimal digits."""
    return _digest(_CanonicalWriter(wording=True, structure=False).instrument(instrument))


def _to_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(value: Json) -> str:
    return hashlib.sha256(_to_json(value).encode()).hexdigest()


def _number(value: float) -> str:
    """All digits, without an exponent, as the reader of files takes it."""
    return format(Decimal(repr(value)).normalize(), "f")


def _text(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}


class _CanonicalWriter:
    """Writes either half of an instrument or both; ids are in every half, so that texts stay attached to them."""

    def __init__(self, wording: bool, structure: bool) -> None:
        self.wording = wording
        self.structure = structure

    def instrument(self, instrument: Instrument) -> Json:
        out: Json = {"id": instrument.id}
        if self.wording:
            out |= {"title": _text(instrument.title)}
            out |= {"intro": _text(instrument.intro)} if instrument.intro else {}
        if self.structure:
            out |= {
                "format": "1",
                "version": instrument.version,
                "audiences": list(instrument.audiences),
                "categories": list(instrument.categories),
                "grades_from": dict(sorted(instrument.grades_from.items())),
                "scales": {scale.id: self.scale(scale) for scale in instrument.scales},
                "retired": [{"id": retired.id, "last_version": retired.last_version} for retired in instrument.retired],
            }
        out["dimensions"] = [self.dimension(dimension) for dimension in instrument.dimensions]
        if instrument.overall:
            out["overall"] = self.item(instrument.overall)
        out["background"] = [self.background(question) for question in instrument.background]
        out["comments"] = [self.comment(question) for question in instrument.comments]
        return out

    def scale(self, scale: Scale) -> Json:
        out: Json = {"points": [self.point(point) for point in scale.points]}
        if scale.not_applicable:
            out["not_applicable"] = self.option(scale.not_applicable)
        return out

    def point(self, point: ScalePoint) -> Json:
        favourable = "true" if point.favourable else "false"
        return self.option(point) | {"points": _number(point.points), "favourable": favourable}

    def option(self, option: Option) -> Json:
        return {"code": option.code, "label": _text(option.label)}

    def dimension(self, dimension: Dimension) -> Json:
        out: Json = {"id": dimension.id, "items": [self.item(item) for item in dimension.items]}
        if self.wording:
            out["label"] = _text(dimension.label)
        if self.structure:
            out["weight"] = _number(dimension.weight)
        return out

    def item(self, item: Item) -> Json:
        out: Json = {"id": item.id}
        if self.wording:
            out["text"] = _text(item.text)
            out["text_for"] = {audience: _text(text) for audience, text in sorted(item.text_for.items())}
        if self.structure:
            out |= {
                "audiences": list(item.audiences),
                "scale": item.scale.id,
                "reverse": "true" if item.reverse else "false",
                "required": "true" if item.required else "false",
            }
            out |= {"concept": item.concept} if item.concept else {}
            out |= self.condition(item.show_if)
        return out

    def background(self, question: BackgroundQuestion) -> Json:
        out: Json = {"id": question.id}
        if self.wording:
            out["text"] = _text(question.text)
        if self.structure:
            out |= {
                "kind": question.kind,
                "audiences": list(question.audiences),
                "private": "true" if question.private else "false",
                "required": "true" if question.required else "false",
            }
            out |= {"options": [self.option(option) for option in question.options]} if question.options else {}
            out |= self.condition(question.show_if)
        return out

    def comment(self, question: CommentQuestion) -> Json:
        out: Json = {"id": question.id}
        if self.wording:
            out["text"] = _text(question.text)
        if self.structure:
            out |= {"max_length": str(question.max_length), "audiences": list(question.audiences)}
            out |= self.condition(question.show_if)
        return out

    def condition(self, condition: Condition | None) -> Json:
        return {"show_if": to_source(condition)} if condition else {}
