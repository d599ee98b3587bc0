"""Codes that people type: twelve random characters and a check character, forgiving to read back."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 characters; I L O U are misread
RANDOM_LENGTH = 12  # 60 bits
CLASS_RANDOM_LENGTH = 8  # 40 bits, bounded by a cap and by the limit on wrong guesses
_MISREAD_LETTERS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LETTER_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def check_character(code: str) -> str:
    """Luhn's sum modulo 32: finds every single wrong character and nearly every swapped pair."""
    total = 0
    for position, letter in enumerate(reversed(code)):
        value = _LETTER_VALUES[letter] * (2 if position % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def new_code() -> str:
    """A one-time code with its check character, 13 in all."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + check_character(body)


def new_class_code() -> str:
    """A code for a class: eight random characters and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(CLASS_RANDOM_LENGTH))
    return body + check_character(body)


def normalize_code(text: str) -> str:
    """What was typed, as codes are stored: NFKC, upper case, O→0, I L→1, without spaces and hyphens.

    >>> normalize_code(" k3m9-pq2x o1il ")
    'K3M9PQ2X0111'
    """
    folded = unicodedata.normalize("NFKC", text).upper().translate(_MISREAD_LETTERS)
    return "".join(letter for letter in folded if letter in _LETTER_VALUES)


def is_well_formed(code: str) -> bool:
    """Whether length and check character are right; no database is asked."""
    return len(code) in (RANDOM_LENGTH + 1, CLASS_RANDOM_LENGTH + 1) and check_character(code[:-1]) == code[-1]


def format_code(code: str) -> str:
    """In groups of four, as printed: ``K3M9 PQ2X 0111 7``."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
