"""Which role each line plays: the cheapest reading of the whole text, found by a search that keeps the best few.

A number that continues a sequence, options that begin anew or are repeated, a matrix whose rows follow its head: what
fits costs little, what breaks a sequence costs much. No line is judged by its look alone.
"""

from collections.abc import Sequence
from typing import NamedTuple, Optional

from .text_moves import moves
from .text_segments import Segment
from .text_sights import see
from .text_states import Role, State

BEAM = 16


class _Path(NamedTuple):
    cost: float
    state: State
    before: Optional["_Path"] = None


def assign_roles(segments: Sequence[Segment]) -> tuple[Role, ...]:
    """Return the role of every line."""
    beam = [_Path(0.0, State())]
    for sight in see(segments):
        best: dict[State, _Path] = {}
        for path in beam:
            for move in moves(sight, path.state):
                cost = path.cost + move.cost
                known = best.get(move.state)
                if known is None or cost < known.cost:
                    best[move.state] = _Path(cost, move.state, path)
        beam = sorted(best.values(), key=lambda path: path.cost)[:BEAM]
    return _roles(min(beam, key=lambda path: path.cost))


def _roles(path: _Path) -> tuple[Role, ...]:
    roles: list[Role] = []
    step: _Path | None = path
    while step is not None and step.state.role is not None:
        roles.append(step.state.role)
        step = step.before
    return tuple(reversed(roles))
