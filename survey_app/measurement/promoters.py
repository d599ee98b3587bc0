"""The net promoter score: of a hundred people, how many more recommend than advise against."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromoterScore:
    """Between −100 (all detractors) and 100 (all promoters), with its standard error."""

    score: float
    se: float


def promoter_score(promoters: int, detractors: int, answers: int) -> PromoterScore | None:
    """Return the net promoter score of some answers; None without answers.

    Parameters
    ----------
    promoters, detractors : int
        Answers that are favourable, and those that are dissatisfied.
    answers : int
        All scored answers.

    Notes
    -----
    The mean of +100, 0 and −100. Its variance over n independent answers is (p + d − (p − d)²) / n · 100², with the
    shares p and d.

    Examples
    --------
    >>> found = promoter_score(50, 20, 100)
    >>> found.score, round(found.se, 3)
    (30.0, 7.81)
    """
    if not answers:
        return None
    p, d = promoters / answers, detractors / answers
    return PromoterScore(100 * (p - d), 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / answers))
