"""The classes of a grade dealt at random into two halves, so that it can be told how alike a class answers.

An answer through a class link carries the half until the seal, never the class. A half of one class would be the class:
where there are not two classes for each half, nothing is dealt.
"""

from collections.abc import Iterable

HALVES = ("A", "B")
MIN_CLASSES_PER_HALF = 2


def deal_halves(classes: Iterable[str], order: Iterable[float]) -> dict[str, str]:
    """Return the half of each class of a grade by a random order; empty where a half would get fewer than two.

    Parameters
    ----------
    classes : iterable of str
    order : iterable of float
        One random number a class.

    Examples
    --------
    >>> deal_halves(["1", "2", "3", "4"], [0.3, 0.1, 0.9, 0.5])
    {'2': 'A', '1': 'B', '4': 'A', '3': 'B'}
    >>> deal_halves(["1", "2", "3"], [0.3, 0.1, 0.9])
    {}
    """
    names = [name for _, name in sorted(zip(order, classes, strict=True))]
    if len(names) < 2 * MIN_CLASSES_PER_HALF:
        return {}
    return {name: HALVES[position % 2] for position, name in enumerate(names)}
