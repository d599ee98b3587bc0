"""Single items of one school × audience as estimates, so that one item in two waves is compared as an index is.

A person's score of one item is what the answer is worth, so its sums follow from the counts of the options.
"""

from collections.abc import Sequence

import numpy as np

from .estimate import DimensionEstimate, SchoolAudienceEstimate, stratum_of
from .group_sums import GroupSums
from .rates import SatisfactionRate
from .respondent_scores import SCORE_ORIGIN
from .scoring import ItemScoring
from .strata import estimate_index
from .tally import Tally


def estimate_items(tally: Tally, school: int, population: int, items: Sequence[str]) -> SchoolAudienceEstimate:
    """Return the mean of each item in points, all grades together; its errors come from :func:`~.with_errors`.

    Parameters
    ----------
    tally : Tally
    school, population : int
        The school and how many people of the audience it has; 0 is unknown.
    items : sequence of str
        Ids of items that the audience is asked; each gets an estimate whose ``dimension`` is its id.

    Notes
    -----
    Grades are not weighted: of an item the counts of its options are published, of all grades together, and a weighted
    mean beside them would tell what few persons of a grade said.

    Raises
    ------
    KeyError
        If the audience is not asked one of the items.
    """
    rows = tally.rows_for_school(school)
    positions = {item.id: number for number, item in enumerate(tally.scoring.items) if item.asked}
    received, respondents = (int(value) for value in tally.response_counts[rows].sum(axis=0))
    counts = tally.counts[rows].sum(axis=0)
    return SchoolAudienceEstimate(
        school=school, audience=tally.scoring.audience, instrument=tally.scoring.instrument, population=population,
        received=received, respondents=respondents,
        estimates=tuple(
            _estimate(tally.scoring.items[positions[name]], counts[positions[name]], population) for name in items
        ),
    )  # fmt: skip


def _estimate(item: ItemScoring, counts: np.ndarray, population: int) -> DimensionEstimate:
    sums = item_sums(item, counts, population)
    n, favourable = int(sums.n), int(sums.favourable)
    share = favourable / n if n else None
    return DimensionEstimate(
        dimension=item.id, n=n, index=estimate_index([stratum_of(sums)]),
        unweighted_index=estimate_index([stratum_of(sums)]),
        rate=SatisfactionRate(answers=n, favourable=favourable, share=share, plain=share), groups=(sums,),
        together=sums,
    )  # fmt: skip


def item_sums(item: ItemScoring, counts: np.ndarray, population: int) -> GroupSums:
    """Return the sums over the persons who scored an item, from the counts of its options.

    Examples
    --------
    >>> two = ItemScoring("Q1", "Q1", ("b", "a"), (100.0, 0.0), (True, False), (False, True), True)
    >>> found = item_sums(two, np.array([3.0, 1.0]), 9)
    >>> (found.n, found.score, found.score2, found.at_lowest, found.at_highest, found.favourable)
    (4.0, 100.0, 10000.0, 1.0, 3.0, 3.0)
    """
    chosen = np.asarray(counts[: len(item.codes)], dtype=np.float64)
    points = np.array(item.points, dtype=np.float64)
    n, favourable = float(chosen.sum()), float(chosen @ np.array(item.favourable, dtype=np.float64))
    return GroupSums(
        population=population, n=n, score=float(chosen @ (points - SCORE_ORIGIN)),
        score2=float(chosen @ (points - SCORE_ORIGIN) ** 2), at_lowest=float(chosen[points == points.min()].sum()),
        at_highest=float(chosen[points == points.max()].sum()), respondents=n, favourable=favourable, scored=n,
        favourable2=favourable, favourable_scored=favourable, scored2=n, none_favourable=n - favourable,
        all_favourable=favourable,
    )  # fmt: skip
