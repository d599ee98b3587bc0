"""Which passwords are too easy to guess.

What everybody tries first is cut out of the password: words and names of the trade, runs along the alphabet or the
keyboard, years, the user's and the office's name; signs that stand for letters are read as these. If little is left,
the password is one of them in disguise (``P@$$w0rd2026``, ``1234567890``, ``1q2w3e4r5t``, ``woaini1314``): one word or
name with some figures behind it is not enough either. Figures alone are telephones and identity cards.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from survey_app.foundation.errors import user_error

MIN_PASSWORD, MAX_PASSWORD = 10, 128
MIN_REMAINDER, MIN_WORD, MIN_DISTINCT = 6, 9, 5
SHORTEST_RUN = 4
LAST_LATIN = 0x24F

RUNS = (
    "0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik", "147258369", "963852741", "159357", "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2b3c4d5e6f7g8h9i", "a1b2c3d4e5f6g7h8i9", "1a2s3d4f5g6h7j8k9l",
    "a1s2d3f4g5h6j7k8l9",
)  # fmt: skip
LETTERS_BY_SIGN = str.maketrans("@$!013457", "asiolesat")  # p@$$w0rd
WORDS = frozenset((Path(__file__).parent / "common_words.txt").read_text("utf-8").split())
_YEARS = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])?([0-2]\d|3[01])?")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATS = re.compile(r"(.+?)\1+", re.S)


def check_password_rules(password: str, username: str, context_words: Iterable[str] = ()) -> None:
    """Raises :class:`UserError`."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise user_error("密码要有 {low} 到 {high} 个字符", low=MIN_PASSWORD, high=MAX_PASSWORD)
    if _is_guessed(password, username, list(context_words)):
        raise user_error("密码太容易猜：不要用常见的密码、一个词或人名加几个数字、电话、"
                         "证件号、键盘上相邻的键、用户名、单位名或年份，也不要重复同几个字符；"
                         "可以用四个不相干的词")  # fmt: skip


def _is_guessed(password: str, username: str, context_words: list[str]) -> bool:
    text = unicodedata.normalize("NFKC", password).casefold()
    if text.isdecimal() or len(set(password)) < MIN_DISTINCT:
        return True
    words = {word.casefold() for word in (username, *context_words) if len(word) > 1} | WORDS | _run_parts()
    ordered = sorted(words, key=lambda word: (-len(word), word))
    rest = _remainder(text, ordered)
    return min(_weight(rest), _weight(_remainder(text.translate(LETTERS_BY_SIGN), ordered))) < MIN_REMAINDER or (
        # one word is guessed from a list, whatever figures and signs stand around it
        (word := _ENDS.sub("", rest)).isalpha() and _weight(word) < MIN_WORD
    )


def _remainder(text: str, words: Iterable[str]) -> str:
    """What is left when everything that is guessed first is cut out."""
    for word in words:
        text = text.replace(word, "\0")
    text = _YEARS.sub("\0", text)
    return _REPEATS.sub(r"\1", text.replace("\0", ""))


def _weight(text: str) -> int:
    """How long the text is; a Chinese character is drawn from more than a letter is."""
    return sum(2 if ord(letter) > LAST_LATIN else 1 for letter in text)


def _run_parts() -> set[str]:
    """Every stretch of a run, forwards and backwards."""
    both = [direction for run in RUNS for direction in (run, run[::-1])]
    return {
        run[start:end]
        for run in both
        for start in range(len(run) - SHORTEST_RUN + 1)
        for end in range(start + SHORTEST_RUN, len(run) + 1)
    }
