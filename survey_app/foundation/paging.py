"""A long list in pages: what is on this page, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ALL_PAGES = "all"  # in an address: the whole list at once, for a file
PAGE_SIZE = 25  # with its other parts a page stays below 2,400 pixels on a desk
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """``page`` counts from 1; ``total`` is the number of rows on all pages."""

    rows: tuple[Row, ...]
    page: int
    page_count: int
    total: int


def page_of(rows: Sequence[Row], page_text: str, size: int = PAGE_SIZE) -> Paged[Row]:
    """Return the page that an address asks for; the nearest one where there is no such page.

    :data:`ALL_PAGES` makes one page of them all.
    """
    if page_text == ALL_PAGES:
        size = max(1, len(rows))
    page_count = max(1, -(-len(rows) // size))
    page = min(max(1, int(page_text)), page_count) if page_text.isdecimal() and len(page_text) < 9 else 1
    return Paged(tuple(rows[(page - 1) * size : page * size]), page, page_count, len(rows))
