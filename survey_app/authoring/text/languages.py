"""One text in two languages: Chinese with its English behind it or below."""

import re
from collections.abc import Sequence

from survey_app.definition.languages import Text

from .lines import has_cjk, joined
from .tags import strip_tags

_TWO = re.compile(
    r"(?P<zh>.*[\u3400-\u9fff？?！。：:）)”])\s*(?:[/／|｜]|\s|(?=[A-Z]))\s*(?P<en>\(?[A-Za-z][\x20-\x7e‘’“”–—…]*)",
    re.DOTALL,
)


def split_languages(text: str) -> tuple[str, str]:
    """Return the Chinese and the English of a text, the second empty where there is none.

    >>> split_languages("学校午餐的味道 / The taste of school lunches"), split_languages("您对WIFI满意吗")
    (('学校午餐的味道', 'The taste of school lunches'), ('您对WIFI满意吗', ''))
    """
    found = _TWO.fullmatch(text.strip())
    if found is None or not has_cjk(found["zh"]) or len(found["en"].strip("()")) < 2:
        return text, ""
    return found["zh"].strip().rstrip("/／|").strip(), found["en"].strip().strip("()").strip()


def is_bilingual(texts: Sequence[str], foreign_lines: int) -> bool:
    """Return whether so many texts have English beside them that it is no accident."""
    split = sum(bool(split_languages(text)[1]) for text in texts) + foreign_lines
    return split >= 3 and split * 3 >= len(texts)


class Languages:
    """Makes texts of a questionnaire in the languages that it is in."""

    def __init__(self, texts: Sequence[str], foreign_lines: int) -> None:
        chinese = any(has_cjk(text) for text in texts)
        self.first = "zh" if chinese or not any(sign.isalpha() for text in texts for sign in text) else "en"
        self.is_bilingual = chinese and is_bilingual(texts, foreign_lines)

    @property
    def tags(self) -> tuple[str, ...]:
        return ("zh", "en") if self.is_bilingual else (self.first,)

    def text(self, words: str, foreign: Sequence[str] = ()) -> Text:
        """Return words as a text; ``foreign`` are the lines of the other language below."""
        if not self.is_bilingual:
            return Text.of({self.first: joined([words, *foreign])})
        first, second = split_languages(words)
        second = joined([second, *(strip_tags(line)[0] for line in foreign)])
        return Text.of(zh=first, en=second) if second and has_cjk(first) else Text.of({"zh": words})
