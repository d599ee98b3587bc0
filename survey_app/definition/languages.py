"""Texts in any languages, by BCP 47 tag, with a fallback that never shows nothing where there is something."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DEFAULT_LANGUAGES = ("zh", "en")
TAG_PATTERN = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}\Z")


def is_language_tag(word: str) -> bool:
    """Whether a word has the shape of a BCP 47 tag.

    >>> is_language_tag("zh-Hant-TW"), is_language_tag("large")
    (True, False)
    """
    return TAG_PATTERN.match(word) is not None


def broader_tags(tag: str) -> Iterator[str]:
    """The tag and what it stands under, from narrow to broad.

    >>> list(broader_tags("zh-Hant-TW"))
    ['zh-Hant-TW', 'zh-Hant', 'zh']
    """
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


@dataclass(frozen=True, slots=True)
class Text(Mapping[str, str]):
    """One text in one or more languages: a mapping from BCP 47 tags, in the order of the instrument's languages.

    >>> text = Text.of(zh="好", en="Good")
    >>> text["en"], text.in_language("zh-Hant"), text.in_language("ug")
    ('Good', '好', '好')
    """

    entries: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, by_language: Mapping[str, str] | None = None, **languages: str) -> "Text":
        """The text from a mapping, from keywords, or both."""
        return cls(tuple({**(by_language or {}), **languages}.items()))

    def __getitem__(self, tag: str) -> str:
        for language, words in self.entries:
            if language == tag:
                return words
        raise KeyError(tag)

    def __iter__(self) -> Iterator[str]:
        return (language for language, _words in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __str__(self) -> str:
        """The first language, for sentences that nobody translates."""
        return self.entries[0][1] if self.entries else ""

    def in_language(self, tag: str) -> str:
        """The words in a language; without them in a broader or sister tag of it, else in the first language."""
        for broader in broader_tags(tag):
            if broader in self:
                return self[broader]
        primary = tag.partition("-")[0]
        for language, words in self.entries:
            if language.partition("-")[0] == primary:
                return words
        return self.entries[0][1] if self.entries else ""
