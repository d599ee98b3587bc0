"""How far long work is: a bar on a terminal, nothing in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

AdvanceSteps = Callable[[int], None]


def ignore_progress(_steps: int) -> None:
    """For callers that show nothing."""


@contextmanager
def progress_bar(label: str, length: int) -> Iterator[AdvanceSteps]:
    """Gives a function that is told how many more of the ``length`` steps are done."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
