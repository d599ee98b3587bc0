"""Writes the values of an instrument as its file states them: all of it, or what is structure, or what is wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .conditions import Condition, to_source
from .languages import Text
from .model import ClosedOption, Option, Question

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SourceWriter:
    """Either half of an instrument or both. Ids and codes are in every half, so that texts stay attached to them.

    A *text* is only read. A *label* says what an answer means: in the reference language it is structure, in every
    other language wording.
    """

    wording: bool
    structure: bool
    reference_language: str

    def text(self, key: str, text: Text | None) -> Json:
        return {key: dict(text)} if self.wording and text else {}

    def texts_for(self, key: str, texts: Mapping[str, Text]) -> Json:
        """The other wordings by audience, in one order whatever the file's; nothing where there are none."""
        if not (self.wording and texts):
            return {}
        return {key: {audience: dict(text) for audience, text in sorted(texts.items())}}

    def question_texts(self, question: Question) -> Json:
        """What is read of every question: its text and its small print, for everybody and for single audiences."""
        out = self.text("text", question.text) | self.texts_for("text_for", question.text_for)
        return out | self.text("help", question.help) | self.texts_for("help_for", question.help_for)

    def label(self, text: Text) -> Json:
        """Empty if this half has no language of it."""
        languages = {
            tag: words
            for tag, words in text.items()
            if (self.structure if tag == self.reference_language else self.wording)
        }
        return {"label": languages} if languages else {}

    def option(self, option: Option) -> Json:
        """What is not said of an option is not written: it then hashes as it did before it could be said."""
        out: Json = {"code": option.code} | self.label(option.label)
        if isinstance(option, ClosedOption):
            out |= self.facts(exclusive=True) if option.exclusive else {}
            out |= self.facts(text=option.text_length) if option.text_length else {}
        return out

    def options(self, options: Sequence[Option]) -> Json:
        return {"options": [self.option(option) for option in options]} if options else {}

    def facts(self, **values: object) -> Json:
        """What is structure: flags, names, lists of names."""
        return {key: write_value(value) for key, value in values.items()} if self.structure else {}

    def remarks(self, key: str, said: Json) -> Json:
        """What nobody reads on the form and changes no answer, as why something was accepted: in neither half."""
        return {key: said} if self.wording and self.structure and said else {}

    def condition(self, condition: Condition | None) -> Json:
        return {"show_if": to_source(condition)} if self.structure and condition else {}


def write_value(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_number(value)
    return list(value) if isinstance(value, tuple) else str(value)


def write_number(value: float) -> str:
    """All digits, without an exponent, as the reader of files takes it."""
    return format(Decimal(repr(value)).normalize(), "f")
