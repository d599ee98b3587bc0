"""One canonical text for an instrument, in the file's own format, and two hashes over its parts.

*Structure*: ids, scales with the labels of the first language, conditions, weights, order; it never changes during a
wave. *Wording*: all other texts, and every other language; it may be corrected by two people, with a record.
"""

import hashlib
import json

from .kinds import kind_of
from .model import Dimension, Instrument, NumericScale, Occasion, Question, Scale, ScalePoint
from .source_writer import Json, SourceWriter, write_number


def canonical_text(instrument: Instrument) -> str:
    """The instrument as canonical JSON that the reader of questionnaire files reads back to the same value."""
    return _to_json(_write(instrument, wording=True, structure=True))


def structure_hash(instrument: Instrument) -> str:
    """SHA-256 over everything that decides what an answer means, 64 hexadecimal digits."""
    return _digest(_write(instrument, wording=False, structure=True))


def wording_hash(instrument: Instrument) -> str:
    """SHA-256 over every text that is only read, 64 hexadecimal digits."""
    return _digest(_write(instrument, wording=True, structure=False))


def _to_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(value: Json) -> str:
    return hashlib.sha256(_to_json(value).encode()).hexdigest()


def _write(instrument: Instrument, *, wording: bool, structure: bool) -> Json:
    return _CanonicalWriter(SourceWriter(wording, structure, instrument.reference_language)).instrument(instrument)


class _CanonicalWriter:
    """Writes the parts of an instrument; questions are written by their kinds."""

    def __init__(self, writer: SourceWriter) -> None:
        self.writer = writer

    def instrument(self, instrument: Instrument) -> Json:
        writer = self.writer
        languages = instrument.languages if writer.wording else instrument.languages[:1]
        out: Json = {"id": instrument.id, "languages": list(languages)}
        out |= writer.text("title", instrument.title) | writer.texts_for("title_for", instrument.title_for)
        out |= writer.text("intro", instrument.intro) | writer.texts_for("intro_for", instrument.intro_for)
        out |= writer.facts(
            format="1",
            version=instrument.version,
            audiences=instrument.audiences,
            categories=instrument.categories,
        )
        if writer.structure:
            out["grades_from"] = dict(sorted(instrument.grades_from.items()))
            out["retired"] = [
                {"id": retired.id, "last_version": retired.last_version} for retired in instrument.retired
            ]
        out["scales"] = {scale.id: self.scale(scale) for scale in instrument.scales}
        out["dimensions"] = [self.dimension(dimension) for dimension in instrument.dimensions]
        if instrument.overall:
            out["overall"] = self.question(instrument.overall)
        out["background"] = [self.question(question) for question in instrument.background]
        if instrument.follow_up:  # absent where there are none: what was frozen before keeps its hash
            out["follow_up"] = [self.question(question) for question in instrument.follow_up]
        out["comments"] = [self.question(question) for question in instrument.comments]
        if instrument.occasion != Occasion.YEARLY:
            out |= writer.facts(occasion=instrument.occasion)
        out |= writer.remarks("source", dict(sorted(instrument.source.items())))
        reasons = {subject: dict(sorted(given.items())) for subject, given in sorted(instrument.accepted.items())}
        return out | writer.remarks("accepted", reasons)

    def scale(self, scale: Scale) -> Json:
        out: Json = (
            self.numbers(scale, scale.numeric)
            if scale.numeric
            else {"points": [self.point(point) for point in scale.points]}
        )
        out |= self.writer.facts(show="faces") if scale.faces else {}  # faces may be answered otherwise than words
        if scale.not_applicable:
            out["not_applicable"] = self.writer.option(scale.not_applicable)
        return out

    def numbers(self, scale: Scale, numeric: NumericScale) -> Json:
        """A scale of numbers by its ends; evenly spread points are not listed."""
        writer, points = self.writer, scale.points
        favourable_from = next((point.code for point in points if point.favourable), points[-1].code)
        out = writer.facts(**{"from": points[0].code, "to": points[-1].code, "favourable_from": favourable_from})
        out |= writer.facts(unfavourable_to=numeric.unfavourable_to, show=numeric.show)
        out |= writer.facts(also="nps") if numeric.nps else {}
        out |= (
            writer.facts(points=tuple(write_number(point.points) for point in points)) if numeric.lists_points else {}
        )
        ends = [writer.label(end).get("label", {}) for end in numeric.ends]
        return out | ({"ends": ends} if any(ends) else {})

    def point(self, point: ScalePoint) -> Json:
        return self.writer.option(point) | self.writer.facts(points=point.points, favourable=point.favourable)

    def dimension(self, dimension: Dimension) -> Json:
        writer = self.writer
        out: Json = {"id": dimension.id} | writer.text("label", dimension.label)
        out |= writer.texts_for("label_for", dimension.label_for)
        out |= writer.text("lead", dimension.lead) | writer.texts_for("lead_for", dimension.lead_for)
        out |= {"weight": write_number(dimension.weight)} if writer.structure else {}
        return out | {"items": [self.question(item) for item in dimension.items]}

    def question(self, question: Question) -> Json:
        return kind_of(question).write_definition(question, self.writer)
