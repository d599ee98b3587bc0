"""What of single responses may be read: what the tables tell, and background only of combinations that are not small.

A row must not say more than the tables: a cell that they hide has no rows, an item that they hide or show as a range
is left out of the rows of the cell. Background is kept only as far as every combination of it, within school and
audience, has ``min_n`` valid persons.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.respondent_scores import score_respondents
from survey_app.measurement.scoring import Scoring, symbol_class_table
from survey_app.measurement.tally_builder import symbol_matrix

from .figures import Cell, ItemFigures, PublishableCell, PublishableItem

Background = tuple[str, ...]  # the answers about oneself, in the order of the columns; the grade first


def may_export(cell: Cell, min_n: int) -> bool:
    """Return whether the tables show the cell and enough valid persons are behind it, of inspectors too."""
    return isinstance(cell, PublishableCell) and cell.overall.n >= min_n


def exported_items(items: Iterable[tuple[str, ItemFigures]]) -> frozenset[str]:
    """Return the items whose answers the tables show in full."""
    return frozenset(name for name, figures in items if isinstance(figures, PublishableItem))


def count_valid_persons(scoring: Scoring, answers: Sequence[str]) -> int:
    """Return how many of the answer strings have an overall score: those that the tables count."""
    symbols = symbol_matrix("".join(answers).encode("ascii"), scoring.answer_length, len(scoring.items))
    return int(score_respondents(scoring, symbol_class_table()[symbols]).is_valid[:, -1].sum())


def coarsen_backgrounds(valid_persons: Mapping[Background, int], min_n: int) -> dict[Background, Background]:
    """Return for each combination the one that is published instead: blank where it would point to a few people.

    The columns are split one after the other. Of the people who are still alike in the published columns, values with
    fewer than ``min_n`` valid persons are blanked together with those who gave none, and the smallest other value as
    long as the blank ones together are fewer than ``min_n``: so every published combination has ``min_n``, or, where
    not even all together have so many, there is only one.

    Examples
    --------
    >>> coarsen_backgrounds({("4", "yes"): 12, ("4", "no"): 1, ("5", "yes"): 11}, 10)
    {('4', 'yes'): ('4', ''), ('4', 'no'): ('4', ''), ('5', 'yes'): ('5', 'yes')}
    """
    published: dict[Background, Background] = dict.fromkeys(valid_persons, ())
    for column in range(len(next(iter(valid_persons), ()))):
        groups: dict[Background, list[Background]] = {}
        for raw, prefix in published.items():
            groups.setdefault(prefix, []).append(raw)
        for prefix, members in groups.items():
            values: Counter[str] = Counter()
            for raw in members:
                values[raw[column]] += valid_persons[raw]
            blanked = _blanked_values(values, min_n)
            for raw in members:
                published[raw] = (*prefix, "" if raw[column] in blanked else raw[column])
    return published


def _blanked_values(valid_by_value: Mapping[str, int], min_n: int) -> set[str]:
    """Values of one column that are shown as blank, the blank itself among them."""
    blanked = {value for value, people in valid_by_value.items() if not value or people < min_n}
    kept = sorted(set(valid_by_value) - blanked, key=lambda value: (valid_by_value[value], value))
    while blanked and kept and sum(valid_by_value[value] for value in blanked) < min_n:
        blanked.add(kept.pop(0))
    return blanked


def background_of(audience: str, grade: str, answers: Mapping[str, str], names: Sequence[str]) -> Background:
    """Return what a response says about its sender: the grade, then the questions; of teachers nothing."""
    if not AUDIENCES[audience].may_be_asked_background:
        return ("",) * (1 + len(names))
    return (grade, *(answers.get(name, "") for name in names))
