"""What inspectors say of schools, from both sources: evaluations that they signed, scores that the office imported.

Each inspector counts once for a school and period. Somebody who signed an evaluation here and is named the same in an
imported table is one person, and what he signed is what counts.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.measurement.statistics.crossed_raters import CrossedRatings, RaterEffect, crossed_ratings

from .conflicts import standing_conflicts
from .evaluations import counted_evaluations, signature_rows
from .inspector_scores import list_inspector_scores, score_ratings
from .models import FIRST_WAVE, AssessmentYear, InspectorEvaluation, InspectorScore
from .years import last_day, wave_of

MIN_CROSSED_SCHOOLS, MIN_CROSSED_RATERS = 10, 3  # from here on the raters' error is estimated and not assumed
MIN_DF_OF_SEVERITY, LEAST_SD = 5, 0.1
Ratings = Mapping[str, Mapping[str, float]]  # points from 0 to 100 by school code and inspector


@dataclass(frozen=True, slots=True)
class RaterError:
    """The standard deviation of one inspector's word about a school, in points, as it was estimated."""

    sd: float
    df: float
    schools: int
    raters: int


@dataclass(frozen=True, slots=True)
class YearRatings:
    """By period, the last one first: of a year of one period there is one.

    ``crossed`` is the analysis of what several judged, None where nothing can be compared.
    """

    periods: tuple[Ratings, ...]
    crossed: CrossedRatings | None

    def shared_schools(self) -> Counter[str]:
        """How many schools each inspector judged that somebody else judged as well, and all of them under no name."""
        several = [own for ratings in self.periods for own in ratings.values() if len(own) > 1]
        return Counter({"": len(several)}) + Counter(name for own in several for name in own)

    def severities(self) -> dict[str, RaterEffect]:
        """How strict each inspector is, where enough is left over to say how sure that is."""
        if self.crossed is None or self.crossed.df_residual < MIN_DF_OF_SEVERITY:
            return {}
        return {str(effect.rater): effect for effect in self.crossed.effects if effect.shared}

    def rater_error(self) -> RaterError | None:
        """The error, if enough was judged by several; None leaves what the scheme assumes.

        That nobody differs from anybody is no evidence of judging without error, and leaves the assumption too.
        """
        found = self.crossed
        if found is None or found.error_variance < LEAST_SD**2:
            return None
        if found.crossed_targets < MIN_CROSSED_SCHOOLS or found.crossed_raters < MIN_CROSSED_RATERS:
            return None
        return RaterError(math.sqrt(found.error_variance), found.df_error, found.crossed_targets, found.crossed_raters)


def analyse_ratings(*periods: Ratings) -> YearRatings:
    """Return the ratings with their analysis. A school is another one in each period: it may have changed between."""
    rows = [
        ((period, code), rater, points)
        for period, ratings in enumerate(periods)
        for code, own in sorted(ratings.items())
        for rater, points in sorted(own.items())
    ]
    try:
        crossed = crossed_ratings(*zip(*rows, strict=True)) if rows else None
    except ValueError:  # nobody shares a school, or too few do
        crossed = None
    return YearRatings(periods, crossed)


def year_ratings(
    session: Session, year: AssessmentYear, evaluations: Sequence[InspectorEvaluation] | None = None
) -> YearRatings:
    """All that counts of a year now; of two periods, imported scores count to the first until its wave closes.

    ``evaluations``: those that count, where they are at hand.
    """
    scores = counted_scores(session, year)
    evaluations = counted_evaluations(session, year) if evaluations is None else evaluations
    first = wave_of(session, year, FIRST_WAVE)
    if first is None:
        return analyse_ratings(merged_ratings(scores, evaluations))
    until = last_day(first)
    periods = [
        merged_ratings(
            [score for score in scores if (score.rated_on <= until) is is_first],
            [one for one in evaluations if (one.wave_id == first.id) is is_first],
        )
        for is_first in (False, True)
    ]
    return analyse_ratings(*periods)


def has_ratings(session: Session, year: AssessmentYear) -> bool:
    """Return whether somebody's word counts in a year; nothing of it is analysed."""
    barred = {(conflict.rater, conflict.school_code) for conflict in standing_conflicts(session)}
    signed = (row for row in signature_rows(session, year) if row.withdrawn_at is None)
    return any((row.rater, row.school_code) not in barred for row in signed) or bool(counted_scores(session, year))


def counted_scores(session: Session, year: AssessmentYear) -> list[InspectorScore]:
    """What was imported and counts: as of what was signed, nobody's with a declared conflict."""
    barred = {(conflict.rater, conflict.school_code) for conflict in standing_conflicts(session)}
    scores = list_inspector_scores(session, year)
    return [score for score in scores if (score.inspector, score.school_code) not in barred]


def merged_ratings(
    scores: Sequence[InspectorScore], evaluations: Sequence[InspectorEvaluation]
) -> dict[str, dict[str, float]]:
    """What was signed here takes the place of what was imported under the same name."""
    ratings = score_ratings(scores)
    for one in evaluations:
        assert one.score is not None
        ratings.setdefault(one.school_code, {})[one.rater] = one.score
    return ratings


def names_of_both(
    scores: Sequence[InspectorScore], evaluations: Sequence[InspectorEvaluation]
) -> dict[str, tuple[list[str], list[str]]]:
    """Schools of both sources with the other names of each: whether two of them are one person, only people know."""
    signed, imported = merged_ratings((), evaluations), score_ratings(scores)
    return {
        code: (sorted(signed[code]), names)
        for code in sorted(signed.keys() & imported.keys())
        if (names := sorted(imported[code].keys() - signed[code].keys()))
    }
