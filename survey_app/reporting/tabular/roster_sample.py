"""A drawn sample of the roster (网评1%): who is to be asked, by a share and a seed that anybody can repeat.

The roster holds numbers and no names, so what is drawn are places in the list of each class (or grade, or school).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from survey_app.foundation.errors import user_error
from survey_app.frame.queries import EnrolmentRow
from survey_app.measurement.statistics.sampling import draw_systematic

SAMPLE_COLUMNS = (
    "seed", "share", "strata", "audience", "school_code", "school_name", "category", "grade", "class", "sex",
    "population", "sample", "numbers",
)  # fmt: skip
STRATA = "audience>category>school>grade>class, systematic with random start"


def sample_rows(enrolment: Sequence[EnrolmentRow], share: float, seed: int) -> list[dict[str, Any]]:
    """One row per group of the roster with the places drawn in its list; each audience is drawn by itself.

    Raises :class:`UserError` if the share cannot be drawn or the roster is empty.
    """
    if not 0 < share <= 1:
        raise user_error("抽样比例要大于 0、不超过 1，如 0.01")
    if not enrolment:
        raise user_error("名册是空的。请先导入名册")
    audiences = dict.fromkeys(row.audience for row in enrolment)
    return [row for audience in audiences for row in _audience_rows(audience, enrolment, share, seed)]


def _audience_rows(
    audience: str, enrolment: Sequence[EnrolmentRow], share: float, seed: int
) -> Iterator[dict[str, Any]]:
    groups = sorted(
        (row for row in enrolment if row.audience == audience),
        key=lambda row: (row.category, row.school_code, row.grade.zfill(2), row.class_name, row.sex),
    )
    drawn = draw_systematic([group.population for group in groups], share, seed)
    for group, numbers in zip(groups, drawn, strict=True):
        yield {
            "seed": seed, "share": share, "strata": STRATA, "audience": audience, "school_code": group.school_code,
            "school_name": group.school_name, "category": group.category, "grade": group.grade,
            "class": group.class_name, "sex": group.sex, "population": group.population, "sample": len(numbers),
            "numbers": " ".join(map(str, numbers)),
        }  # fmt: skip
