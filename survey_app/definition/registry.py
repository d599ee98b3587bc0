"""A list of rows that everybody reads: what is not in it does not exist, what is added exists everywhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar


class Row(Protocol):
    """What a registry holds: something with an id."""

    @property
    def id(self) -> str: ...


RowType = TypeVar("RowType", bound=Row)
Derived = TypeVar("Derived")


class Registry(Generic[RowType]):
    """Rows by id, in the order in which they are listed everywhere.

    >>> from survey_app.definition.audiences import AUDIENCES
    >>> AUDIENCES.ids()[:3]
    ('parent', 'teacher', 'student')
    """

    def __init__(self, *rows: RowType) -> None:
        self._set(rows)

    def _set(self, rows: tuple[RowType, ...]) -> None:
        if len({row.id for row in rows}) != len(rows):
            raise ValueError(f"an id stands twice in {[row.id for row in rows]}")
        self._rows = rows
        self._by_id = {row.id: row for row in rows}
        self._ids = tuple(self._by_id)
        self._derived: dict[object, Any] = {}

    def __iter__(self) -> Iterator[RowType]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._by_id

    def __getitem__(self, row_id: str) -> RowType:
        return self._by_id[row_id]

    def get(self, row_id: str) -> RowType | None:
        return self._by_id.get(row_id)

    def ids(self) -> tuple[str, ...]:
        return self._ids

    def derive(self, make: Callable[["Registry[RowType]"], Derived]) -> Derived:
        """What ``make`` makes of the rows, made once for as long as they stay the same."""
        if make not in self._derived:
            self._derived[make] = make(self)
        derived: Derived = self._derived[make]
        return derived

    @contextmanager
    def extended(self, *rows: RowType) -> Iterator[None]:
        """More rows for the length of a block: for tests, and for trying out an addition."""
        before = self._rows
        self._set((*before, *rows))
        try:
            yield
        finally:
            self._set(before)
