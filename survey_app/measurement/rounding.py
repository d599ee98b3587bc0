"""One rounding in the whole program: half-up in decimal arithmetic, after removing the dust of binary fractions."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

FLOAT_NOISE_DECIMALS = 9  # decimals
_TENTHS = tuple(tenths / 10 for tenths in range(1001))  # each once: a district has hundreds of thousands of percentages


def round_half_up(value: float, decimals: int = 2) -> float:
    """The published figure: first to 9 decimals, then half-up.

    Examples
    --------
    >>> round_half_up(72.895), round(72.895, 2)
    (72.9, 72.89)
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be published; leave the figure empty instead.")
    denoised = Decimal(value).quantize(Decimal(1).scaleb(-FLOAT_NOISE_DECIMALS), ROUND_HALF_UP)
    return float(denoised.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def percentages(counts: Sequence[int]) -> tuple[float, ...]:
    """Percentages to one decimal that add up to 100.0 (largest remainder; ties to the earlier, more favourable option).

    Parameters
    ----------
    counts : sequence of int
        Answers per option, most favourable first.

    Returns
    -------
    tuple of float
        All 0.0 if there are no answers.

    Examples
    --------
    >>> percentages([1, 1, 1])
    (33.4, 33.3, 33.3)
    """
    total = sum(counts)
    if total == 0:
        return tuple(0.0 for _ in counts)
    floors = [count * 1000 // total for count in counts]
    remainders = [count * 1000 % total for count in counts]
    order = sorted(range(len(counts)), key=lambda index: (-remainders[index], index))
    for index in order[: 1000 - sum(floors)]:
        floors[index] += 1
    return tuple(_TENTHS[tenths] for tenths in floors)
