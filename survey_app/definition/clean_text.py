"""Text of respondents as both database engines can keep it."""

import unicodedata

_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_text(text: str) -> str:
    """The text without NUL, control, surrogate or direction marks; NFC.

    >>> clean_text("好\\x00的\\ud800 ")
    '好的'
    """
    characters = "".join(
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter == "\n" or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION_MARKS)
    )
    return unicodedata.normalize("NFC", characters).strip()
