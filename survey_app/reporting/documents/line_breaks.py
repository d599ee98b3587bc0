"""Where a line of Chinese and Latin text may end, and how a paragraph is cut into lines."""

import re
from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）】》”’％%…·,.;:?!)]}")
NEVER_LAST = frozenset("（【《“‘([{")
_PIECES = re.compile(r"[!-\u2e7f]+ ?|\s+|.", re.S)  # a word with the space behind it, or one Chinese character

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Return the lines of a text that fit into ``width``.

    No line begins with a closing mark or ends with an opening one, and the last line is never one lonely character.
    """
    lines: list[list[str]] = [[]]
    room = width
    for piece in _unbroken(text, width, measure):
        needed = measure(piece.rstrip())
        if lines[-1] and needed > room:
            lines.append([])
            room = width
            piece = piece.lstrip()
        if piece:
            lines[-1].append(piece)
            room -= measure(piece)
    _join_lonely(lines, width, measure)
    return ["".join(line).rstrip() for line in lines]


def _unbroken(text: str, width: float, measure: Measure) -> list[str]:
    """Pieces between which a line may end; what is wider than a line is cut into characters."""
    groups: list[str] = []
    for piece in _split(text):
        if groups and (piece[0] in NEVER_FIRST or groups[-1][-1] in NEVER_LAST):
            groups[-1] += piece
        else:
            groups.append(piece)
    return [part for group in groups for part in (group if measure(group) > width else (group,))]


def _split(text: str) -> list[str]:
    """Curly quotes and dashes count as Chinese: a line may end beside them."""
    pieces: list[str] = []
    for found in _PIECES.findall(text):
        pieces += re.findall(r"[“”‘’—…]|[^“”‘’—…]+", found)
    return pieces


def _join_lonely(lines: list[list[str]], width: float, measure: Measure) -> None:
    """Take a piece down from the line before, where the last line is a single character."""
    if len(lines) < 2 or len("".join(lines[-1]).rstrip()) > 2 or len(lines[-2]) < 3:
        return
    moved = lines[-2].pop()
    if measure(moved + "".join(lines[-1])) <= width:
        lines[-1].insert(0, moved)
    else:
        lines[-2].append(moved)
