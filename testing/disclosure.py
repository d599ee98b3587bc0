"""What a reader can work out of published tables: linear programmes over the ways to fill in ``disclosure.yaml``.

A column of the programme is a way to fill in the form, its value how many people did. Every published figure is a
linear condition on these values, rounding included: counts and rates are sums over people, indices sums of their
scores, errors sums of squares of their scores.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from survey_app.reporting.disclosure.figures import PublishableCount, SignalCount, UnanimousCount

LEAST = 10
DIMENSIONS = {"d": ("A1", "A2", "A3"), "e": ("B1", "B2")}
ITEMS = (*DIMENSIONS["d"], *DIMENSIONS["e"])
OPTIONS, DONT_KNOW, BLANK = "321", "9", ""
ANSWERS = {item: (*OPTIONS, BLANK) if item[0] == "A" else (*OPTIONS, DONT_KNOW, BLANK) for item in ITEMS}
WAYS = list(itertools.product(*ANSWERS.values()))  # every way to answer the five items
POINTS = {"3": 100.0, "2": 50.0, "1": 0.0}
Row = dict[str, str]
Vector = NDArray[np.float64]


def column(item: str, *codes: str) -> Vector:
    """1 for every way in which the item has one of the codes."""
    place = ITEMS.index(item)
    return np.array([float(way[place] in codes) for way in WAYS])


def total(vectors: Mapping[str, Vector], items: Iterable[str]) -> Vector:
    """The sum of the items' vectors."""
    return np.asarray(np.sum([vectors[item] for item in items], axis=0), np.float64)


def column_sum(items: Iterable[str], code: str) -> Vector:
    """How many of the items have this code, for every way."""
    return np.asarray(np.sum([column(item, code) for item in items], axis=0), np.float64)


SCORED = {item: column(item, *OPTIONS) for item in ITEMS}
FAVOURABLE = {item: column(item, "3") for item in ITEMS}
FOLLOW_UP = "why"
ASKED = np.minimum(
    1.0, np.sum([column(item, "2", "1") for item in DIMENSIONS["d"]], axis=0)
)  # who is asked the follow-up


def person_scores() -> dict[str, tuple[Vector, Vector]]:
    """Valid, and score − 50, of every way: at least half of what could be answered; d weighs 3, e weighs 1."""
    found = {}
    for name, items in DIMENSIONS.items():
        scored = total(SCORED, items)
        answerable = len(items) - column_sum(items, DONT_KNOW)
        points = 100 * column_sum(items, "3") + 50 * column_sum(items, "2")
        valid = (scored >= 1) & (scored >= answerable / 2)
        found[name] = (valid.astype(float), np.where(valid, points / np.maximum(scored, 1) - 50, 0.0))
    (first, d), (second, e) = found["d"], found["e"]
    return found | {"OVERALL": (first, np.where(first > 0, (3 * d + second * e) / (3 + second), 0.0))}


SCORES = person_scores()
ITEMS_OF = DIMENSIONS | {"OVERALL": ITEMS}


@dataclass
class Reader:
    """What somebody who has every table of the report knows of one school: conditions on the ways."""

    with_errors: bool
    equal: list[tuple[Vector, float]] = field(default_factory=list)
    at_most: list[tuple[Vector, float]] = field(default_factory=list)

    def between(self, vector: Vector, low: float, high: float) -> None:
        self.at_most += [(vector, high), (-vector, -low)]

    def learns_the_school(self, row: Row) -> None:
        anything = np.minimum(1.0, total(SCORED, ITEMS))
        self.equal.append((np.ones(len(WAYS)), float(row["received"])))
        self.at_most.append((anything, float(row["respondents"])))

    def learns_a_dimension(self, row: Row) -> None:
        if "suppressed" in row["flags"]:
            return
        items, n = ITEMS_OF[row["dimension"]], float(row["n"])
        valid, distance = SCORES[row["dimension"]]
        self.equal.append((valid, n))
        mean = float(row["index_plain"]) - 50
        self.between(distance, n * (mean - 0.005), n * (mean + 0.005))
        if self.with_errors:
            self.learns_squares(row, distance, mean)
        self.learns_answers(row, items)

    def learns_the_exact_index(self, row: Row) -> None:
        """In the workbook it has full precision, because formulas go on with it."""
        if row["index_plain"]:
            total = float(row["n"]) * (float(row["index_plain"]) - 50)
            self.between(SCORES["OVERALL"][1], total - 1e-6, total + 1e-6)

    def learns_squares(self, row: Row, distance: Vector, mean: float) -> None:
        n, se, slack = float(row["n"]), float(row["se_plain"]), 0.005
        low = max(0.0, se - slack) ** 2 * n * (n - 1) + n * max(0.0, abs(mean) - 0.005) ** 2
        high = (se + slack) ** 2 * n * (n - 1) + n * (abs(mean) + 0.005) ** 2
        self.between(distance**2, low, high)

    def learns_answers(self, row: Row, items: tuple[str, ...]) -> None:
        answers, favourable = float(row["answers"]), float(row["favourable"])
        scored, good = total(SCORED, items), total(FAVOURABLE, items)
        self.equal += [(scored, answers), (good, favourable)]
        bad, doubt = column_sum(items, "1"), column_sum(items, DONT_KNOW)
        share = float(row["dissatisfied_share"])
        self.between(bad, (share - 0.00005) * answers, (share + 0.00005) * answers)
        low, high = float(row["na_share"]) - 0.00005, float(row["na_share"]) + 0.00005
        self.between(doubt, low / (1 - low) * answers, high / (1 - high) * answers)
        rate, respondents = favourable / answers, float(row["respondents"])
        if self.with_errors and 0 < rate < 1:
            seen = 1 - respondents / float(row["population"])
            scale = answers**2 * (respondents - 1) / respondents / seen
            error = float(row["rate_plain_se_corrected"])
            squares = (good - rate * scored) ** 2
            self.between(squares, max(0.0, error - 0.00005) ** 2 * scale, (error + 0.00005) ** 2 * scale)

    def learns_an_item(self, row: Row) -> None:
        item = row["item"]
        if item == FOLLOW_UP and row["flags"] == "follow_up":  # who answered was asked, so answered like this
            self.at_most.append((-ASKED, -float(row["n"])))
        if item not in ITEMS or row["flags"] == "suppressed":
            return
        if row["flags"] == "range":
            share = float(row["rate_low"]), float(row["rate_high"])
            self.at_most += [(FAVOURABLE[item] - share[1] * SCORED[item], 0.0)]
            self.at_most += [(share[0] * SCORED[item] - FAVOURABLE[item], 0.0), (-SCORED[item], -float(LEAST))]
            return
        self.equal += [(column(item, code), float(row[f"count_{code}"])) for code in OPTIONS]
        self.equal += [(column(item, BLANK), float(row["blank"])), (column(item, DONT_KNOW), float(row["na"]))]

    def learns_the_rows(self, rows: Sequence[Row], shown: Iterable[str]) -> None:
        """The row export: how many people filled in the shown items in each way; withheld ones are blank."""
        items = [item for item in ITEMS if item in set(shown)]
        patterns = Counter(tuple(row[item] for item in items) for row in rows)
        for pattern, people in patterns.items():
            same = [column(item, code) for item, code in zip(items, pattern, strict=True)]
            self.equal.append((np.prod([np.ones(len(WAYS)), *same], axis=0), float(people)))
            asked = sum(bool(row[FOLLOW_UP]) for row in rows if tuple(row[item] for item in items) == pattern)
            self.at_most.append((-np.prod([ASKED, *same], axis=0), -float(asked)))

    def learns_signals(self, counts: Mapping[str, SignalCount]) -> None:
        """Who ticks the best option throughout, or one option throughout, does so in the five items too."""
        same = [np.array([set(way) <= {code, BLANK, DONT_KNOW} for way in WAYS], np.float64) for code in OPTIONS]
        alike = np.minimum(1.0, np.sum(same, axis=0))
        for name, vector in (("top_option_only", same[0]), ("straightlined", alike)):
            count = counts[name]
            if isinstance(count, PublishableCount):
                self.at_most.append((-vector, -float(count.count)))
            elif isinstance(count, UnanimousCount):
                self.at_most.append((-vector, -float(np.ceil(count.low * count.total - 1e-9))))

    def bounds(self, wanted: Vector) -> tuple[float, float]:
        """The least and the greatest value that agree with everything."""
        limits = []
        for sign in (1, -1):
            found = linprog(
                sign * wanted, A_eq=np.array([v for v, _ in self.equal]), b_eq=[b for _, b in self.equal],
                A_ub=np.array([v for v, _ in self.at_most]), b_ub=[b + 1e-6 for _, b in self.at_most], method="highs",
            )  # fmt: skip
            assert found.status == 0, found.message  # what is true is possible, so there is always a solution
            limits.append(sign * float(found.fun or 0.0))
        return limits[0], limits[1]
