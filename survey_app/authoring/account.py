"""The account of a source: every line or row that says something is in exactly one of four lists."""

from collections.abc import Iterable

from .draft import Entry, Fate, Place

_URGENCY = {fate: rank for rank, fate in enumerate(Fate)}
NOT_UNDERSTOOD = "not_understood"


class AccountBook:
    """Files the units of a source; those that nobody files are left out as not understood.

    >>> book = AccountBook([Place(line=1), Place(line=2), Place(line=4)])
    >>> book.file(Place(line=1), Fate.TAKEN, "question")
    >>> book.file(Place(line=1), Fate.ASKED, "option")
    >>> [(entry.place.line, entry.fate.value, entry.role) for entry in book.entries()]
    [(1, 'asked', 'question'), (2, 'left', ''), (4, 'left', '')]
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._entries: dict[Place, Entry | None] = dict.fromkeys(place.unit for place in places)

    def file(self, place: Place, fate: Fate, role: str = "", code: str = "") -> None:
        """File a unit. One with several things is in the list that needs a person most; its first role stays.

        A place that is not in the source (a blank line) is no part of the account.
        """
        unit = place.unit
        if unit not in self._entries:
            return
        earlier = self._entries[unit]
        if earlier is None:
            self._entries[unit] = Entry(unit, fate, role, code)
        elif _URGENCY[fate] < _URGENCY[earlier.fate]:
            self._entries[unit] = Entry(unit, fate, earlier.role or role, code or earlier.code)
        elif not earlier.role or not earlier.code:
            same_list = fate is earlier.fate
            self._entries[unit] = Entry(
                unit, earlier.fate, earlier.role or role, earlier.code or (code if same_list else "")
            )

    def entries(self) -> tuple[Entry, ...]:
        """Return the whole account in the order of the source."""
        return tuple(entry or Entry(place, Fate.LEFT, code=NOT_UNDERSTOOD) for place, entry in self._entries.items())
