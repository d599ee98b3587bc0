"""What the pages of the results explorer have in common: views of one page, and tables cut into pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from survey_app.definition.messages import Message
from survey_app.foundation.paging import Paged, page_of
from survey_app.foundation.translation import render

from .page import HeatTable
from .page_block import PageBlock, TextTable

CHARTED_ROWS = 20  # rows of a page whose table has a picture above it
LISTED_ROWS = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to see a page: ``query`` is what the address states for it."""

    label: str
    query: Mapping[str, str]
    is_current: bool


@dataclass(frozen=True, slots=True)
class ExplorerPage:
    """A page of the explorer: a title, sentences, ways to choose, and its parts.

    ``paged`` says which rows of a long table are on this page; ``all_blocks`` are the parts with all their rows, as the
    download has them.
    """

    title: str
    sentences: tuple[str, ...] = ()
    choices: tuple[tuple[Choice, ...], ...] = ()
    blocks: tuple[PageBlock, ...] = ()
    heat: HeatTable | None = None
    paged: Paged[Any] | None = None
    all_blocks: tuple[PageBlock, ...] = ()


def choices(name: str, labels: Mapping[str, str], current: str, others: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return the values of one word of the address; ``others`` are those that stay."""
    return tuple(Choice(label, {**others, name: value}, value == current) for value, label in labels.items())


def view_labels(views: Mapping[str, Message]) -> dict[str, str]:
    return {name: render(label) for name, label in views.items()}


def valid_choice(value: str, allowed: Sequence[str]) -> str:
    """Return the value, or the first one that is allowed; empty if there is none."""
    return value if value in allowed else next(iter(allowed), "")


def cut_table(block: PageBlock, page_text: str, size: int = LISTED_ROWS) -> tuple[PageBlock, Paged[tuple[str, ...]]]:
    """Return the block with the rows of one page, and which page that is."""
    paged = page_of(block.table.rows, page_text, size)
    return replace(block, table=replace(block.table, rows=paged.rows)), paged


def page_tables(page: ExplorerPage) -> Iterator[tuple[str, TextTable]]:
    """The tables of a page with their titles, as they are downloaded: exactly its figures, and all rows."""
    return ((block.title, block.table) for block in page.all_blocks or page.blocks if block.table.rows)
