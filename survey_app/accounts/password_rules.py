"""Which passwords are too easy to guess.

What everybody tries first is cut out of the password: words and names of the trade, runs along the alphabet or the
keyboard, years, the user's and the office's name. If little is left, the password is one of them in disguise
(``Password2026!``, ``1234567890``, ``qwertyuiop``, ``woaini1314``).
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from survey_app.foundation.errors import user_error

MIN_PASSWORD, MAX_PASSWORD = 10, 128
MIN_REMAINDER, MIN_DISTINCT = 6, 5
SHORTEST_RUN = 4

RUNS = (
    "0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik", "147258369", "963852741", "159357", "!@#$%^&*()",
)  # fmt: skip
WORDS = frozenset((Path(__file__).parent / "common_words.txt").read_text("utf-8").split())
_YEARS = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])?([0-2]\d|3[01])?")
_REPEATS = re.compile(r"(.+?)\1+", re.S)


def check_password_rules(password: str, username: str, context_words: Iterable[str] = ()) -> None:
    """Raises :class:`UserError`."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise user_error("密码要有 {low} 到 {high} 个字符", low=MIN_PASSWORD, high=MAX_PASSWORD)
    if len(_remainder(password, username, context_words)) < MIN_REMAINDER or len(set(password)) < MIN_DISTINCT:
        raise user_error("密码太容易猜：不要用常见的密码、键盘上相邻的键、用户名、单位名或年份，也不要重复同几个字符；"
                         "可以用四个不相干的词")  # fmt: skip


def _remainder(password: str, username: str, context_words: Iterable[str]) -> str:
    """What is left when everything that is guessed first is cut out."""
    text = unicodedata.normalize("NFKC", password).casefold()
    words = {word.casefold() for word in (username, *context_words) if len(word) > 1} | WORDS | _run_parts()
    for word in sorted(words, key=lambda word: (-len(word), word)):
        text = text.replace(word, "\0")
    text = _YEARS.sub("\0", text)
    return _REPEATS.sub(r"\1", text.replace("\0", ""))


def _run_parts() -> set[str]:
    """Every stretch of a run, forwards and backwards."""
    both = [direction for run in RUNS for direction in (run, run[::-1])]
    return {
        run[start:end]
        for run in both
        for start in range(len(run) - SHORTEST_RUN + 1)
        for end in range(start + SHORTEST_RUN, len(run) + 1)
    }
