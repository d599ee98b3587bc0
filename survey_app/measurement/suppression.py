"""What may be shown: nothing that lets a reader find out about fewer people than the limit."""

from collections.abc import Sequence


def hidden_parts(sizes: Sequence[int], least: int) -> frozenset[int]:
    """Which parts of a split inside a school × audience are hidden.

    A part below ``least`` is hidden. While exactly one part is hidden, or the hidden ones together are below
    ``least``, the smallest part that is still shown is hidden too, so that nothing can be found by subtraction. Parts
    without anybody hide nothing and are left alone.

    Parameters
    ----------
    sizes : sequence of int
        People (or answers) in each part.
    least : int
        ``min_n`` of the audience.

    Returns
    -------
    frozenset of int
        Positions of the hidden parts.

    Examples
    --------
    >>> sorted(hidden_parts([40, 3, 25, 12], 10))
    [1, 3]
    """
    hidden = {part for part, size in enumerate(sizes) if 0 < size < least}
    while hidden and (len(hidden) == 1 or sum(sizes[part] for part in hidden) < least):
        shown = [part for part, size in enumerate(sizes) if part not in hidden and size > 0]
        if not shown:
            break
        hidden.add(min(shown, key=lambda part: (sizes[part], part)))
    return frozenset(hidden)
