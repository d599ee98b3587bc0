"""Words that a rule looks for, in the two languages that the rules know, and the rules that do nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from survey_app.definition.messages import Message

from .paper import Part, Wording
from .rule import Facts, Rule, wording_rule


def _always(_wording: Wording) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns for the same thing. A language that is neither is searched as Chinese, where it can say nothing."""

    zh: re.Pattern[str]
    en: re.Pattern[str]

    def of(self, wording: Wording) -> re.Pattern[str]:
        return self.en if wording.reader.language == "en" else self.zh

    def search(self, wording: Wording) -> re.Match[str] | None:
        """Where the core of a question says it first."""
        return self.of(wording).search(wording.core)


def words_rule(
    facts: Facts, words: Words, said: Message, *parts: Part,
    unless: Words | None = None, of: Callable[[Wording], bool] = _always,
) -> Rule:  # fmt: skip
    """A rule that says of a question which words it has: ``said`` names them in ``{words}``.

    ``unless``: other words that make them harmless. ``of``: whose questions it looks at.
    """

    def look(wording: Wording) -> Message | None:
        if not of(wording):
            return None
        seen = words.search(wording)
        if seen is None or (unless and unless.search(wording)):
            return None
        return replace(said, values={"words": seen[0]})

    return wording_rule(facts, *parts)(look)
