"""Which role each line plays: the cheapest reading of the whole text, found by a search that keeps the best few.

A number that continues a sequence, options that begin anew or are repeated, a matrix whose rows follow its head: what
fits costs little, what breaks a sequence costs much. No line is judged by its look alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Optional

from .moves import moves
from .segments import Segment
from .sights import Sight, see
from .states import Move, Role, State

BEAM = 16


class _Path(NamedTuple):
    cost: float
    state: State
    before: Optional["_Path"] = None


SAID_ROLES: Mapping[str, frozenset[Role]] = {
    "question": frozenset((Role.STEM, Role.SUB_STEM)),
    "option": frozenset((Role.OPTIONS,)),
    "more": frozenset((Role.STEM_CONTINUED, Role.OPTION_CONTINUED)),
    "row": frozenset((Role.ROW,)),
    "heading": frozenset((Role.HEADING,)),
    "intro": frozenset((Role.INTRO,)),
    "furniture": frozenset((Role.FURNITURE,)),
}  # what a person may say that a line is


def assign_roles(segments: Sequence[Segment], said: Mapping[int, str] = MappingProxyType({})) -> tuple[Role, ...]:
    """Return the role of every line. ``said``: what a person says that lines are, by their numbers."""
    beam = [_Path(0.0, State())]
    for sight in see(segments):
        best: dict[State, _Path] = {}
        for path in beam:
            for move in _moves(sight, path.state, said.get(sight.segment.line, "")):
                cost = path.cost + move.cost
                known = best.get(move.state)
                if known is None or cost < known.cost:
                    best[move.state] = _Path(cost, move.state, path)
        beam = sorted(best.values(), key=lambda path: path.cost)[:BEAM]
    return _roles(min(beam, key=lambda path: path.cost))


def _moves(sight: Sight, state: State, said: str) -> Iterator[Move]:
    """The ways to read a line; only those that a person allows, if one of them is possible."""
    every = list(moves(sight, state))
    if said == "furniture":
        return iter([Move(0.0, state._replace(role=Role.FURNITURE))])
    allowed = [move for move in every if move.state.role in SAID_ROLES.get(said, ())]
    return iter(allowed or every)


def _roles(path: _Path) -> tuple[Role, ...]:
    roles: list[Role] = []
    step: _Path | None = path
    while step is not None and step.state.role is not None:
        roles.append(step.state.role)
        step = step.before
    return tuple(reversed(roles))
