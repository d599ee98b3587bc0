"""What one answer is worth: a questionnaire, an audience and a method, turned into lookup tables."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey_app.definition.answer_string import BLANK, DONT_KNOW, NOT_SHOWN, POSITIONS
from survey_app.definition.answers import answer_columns
from survey_app.definition.canonical import structure_hash
from survey_app.definition.model import Dimension, Instrument, Item, Scale, ScalePoint

from .settings import POINT_MAPS

OVERALL = "OVERALL"
ANSWER_CLASS_COUNT = len(POSITIONS) + 3  # options by position, then don't know, blank, not shown
CONDITIONAL_ITEMS = ("exclude", "include")
CLASS_DONT_KNOW, CLASS_BLANK, CLASS_NOT_SHOWN = range(len(POSITIONS), ANSWER_CLASS_COUNT)
TALLY_VERSION = 3  # raise when the tally of the same answers changes


@dataclass(frozen=True, slots=True)
class ItemScoring:
    """One item. ``data`` by position on the screen, after flipping a reverse item; so are the two flags."""

    id: str
    concept: str
    codes: tuple[str, ...]
    points: tuple[float, ...]
    favourable: tuple[bool, ...]
    dissatisfied: tuple[bool, ...]
    asked: bool
    conditional: bool = False
    nps: bool = False
    faces: bool = False

    @property
    def has_ideal(self) -> bool:
        """Whether the best answer lies between the ends, so that the options have no order from worst to best."""
        return self.points[0] == self.points[-1] < max(self.points)


@dataclass(frozen=True, slots=True)
class FollowUpColumn:
    """One character of a follow-up in the answer string: the question, or one option where several may be chosen."""

    question: str
    place: int
    codes: tuple[str, ...]
    option: str = ""


@dataclass(frozen=True, eq=False)
class Scoring:
    """How the answers of one audience to one instrument become points.

    ``width`` is the number of signs of an answer string; the scored items come first. ``membership`` is items ×
    dimensions (1 where an asked item belongs to the dimension); ``weights_row`` are the relative weights of the
    dimensions on this audience's form. The overall item belongs to no dimension. ``comparing`` is the part of
    ``membership`` that person scores and weighted rates are made of: without items that only some persons are asked,
    except in dimensions that have no others.
    """

    instrument: str
    audience: str
    answer_length: int
    items: tuple[ItemScoring, ...]
    dimensions: tuple[str, ...]
    weights: NDArray[np.float64]
    membership: NDArray[np.float64]
    comparing: NDArray[np.float64]
    valid_share: float
    fingerprint: str
    point_table: NDArray[np.float64] = field(repr=False)
    favourable_table: NDArray[np.float64] = field(repr=False)
    follow_ups: tuple[FollowUpColumn, ...] = ()

    @cached_property
    def counted_columns(self) -> slice | list[int]:
        """The places of the answer string that are counted: the items, then the follow-ups behind the background."""
        items = len(self.items)
        return [*range(items), *(column.place for column in self.follow_ups)] if self.follow_ups else slice(items)

    def dimensions_and_overall(self) -> tuple[str, ...]:
        """The dimensions of this audience, then OVERALL: the order of everything that is reported."""
        return (*self.dimensions, OVERALL)

    @cached_property
    def overall_item_position(self) -> int | None:
        """The position of the overall item on this audience's form, None if there is none."""
        positions = [row for row, item in enumerate(self.items) if item.asked and not self.membership[row].any()]
        return positions[0] if positions else None

    @cached_property
    def same_dimension(self) -> NDArray[np.bool_]:
        """Items × items: pairs of one dimension, the only ones whose covariance is asked for."""
        return np.asarray(self.membership @ self.membership.T > 0)

    def is_conditional(self, dimension: str) -> bool:
        """Return whether the dimension has only items that not everybody is asked."""
        positions = [] if dimension == OVERALL else self.item_positions(dimension)
        return bool(positions) and all(self.items[position].conditional for position in positions)

    @cached_property
    def attainable_ends(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the lowest and the highest score of each dimension, then OVERALL."""
        ends = []
        for choose in (np.nanmin, np.nanmax):
            by_dimension = [choose(self.point_table[column > 0]) for column in self.comparing.T]
            ends.append(np.array([*by_dimension, choose(by_dimension)]))
        return ends[0], ends[1]

    def item_positions(self, dimension: str) -> tuple[int, ...]:
        """Positions of the items of a dimension; of all dimensions for OVERALL."""
        if dimension == OVERALL:
            return tuple(np.flatnonzero(self.membership.sum(axis=1)))
        return tuple(np.flatnonzero(self.membership[:, self.dimensions.index(dimension)]))


def build_scoring(
    instrument: Instrument,
    audience: str,
    valid_share: float = 0.5,
    map_name: str = "linear",
    dimension_weights: dict[str, float] | None = None,
    conditional_items: str = "exclude",
) -> Scoring:
    """The scoring of an audience. ``map_name`` is one of :data:`~.settings.POINT_MAPS`.

    ``conditional_items``: ``exclude`` keeps items that only some are asked out of the scores, ``include`` does not.

    Raises
    ------
    ValueError
        If the map is unknown or the instrument does not ask this audience.
    """
    if map_name not in POINT_MAPS:
        raise ValueError(f"There is no map {map_name!r}; use one of {', '.join(POINT_MAPS)}.")
    dimensions = instrument.dimensions_for(audience)
    if not dimensions:
        raise ValueError(f"Instrument {instrument.id} does not ask the audience {audience}; choose another one.")
    items = tuple(_build_item_scoring(item, audience, map_name) for item in instrument.scored_items())
    membership = _membership_matrix(instrument, dimensions, audience)
    conditional = np.array([item.conditional for item in items], dtype=np.bool_)
    weights = [(dimension_weights or {}).get(dimension.id, dimension.weight) for dimension in dimensions]
    basis = [structure_hash(instrument), audience, valid_share, map_name, weights, conditional_items, TALLY_VERSION]
    return Scoring(
        instrument=instrument.id,
        audience=audience,
        answer_length=len(answer_columns(instrument)),
        items=items,
        dimensions=tuple(dimension.id for dimension in dimensions),
        weights=np.array(weights, dtype=np.float64),
        membership=membership,
        comparing=membership if conditional_items == "include" else _without_conditional(membership, conditional),
        valid_share=valid_share,
        fingerprint=hashlib.sha256(json.dumps(basis).encode()).hexdigest(),
        point_table=_class_table(items, "points", np.nan),
        favourable_table=_class_table(items, "favourable", 0.0),
        follow_ups=_follow_up_columns(instrument),
    )


def _follow_up_columns(instrument: Instrument) -> tuple[FollowUpColumn, ...]:
    names = {question.id for question in instrument.follow_up}
    return tuple(
        FollowUpColumn(column.question, place, column.codes, column.option)
        for place, column in enumerate(answer_columns(instrument))
        if column.question in names
    )


def _build_item_scoring(item: Item, audience: str, map_name: str) -> ItemScoring:
    scale = item.scale.points
    scored_points = scale[::-1] if item.reverse else scale
    map_points = POINT_MAPS[map_name]
    values = tuple(point.points for point in scored_points)
    if map_points is not None and len(scale) == len(map_points) and not item.scale.has_ideal:
        best_first = scale[0].points >= scale[-1].points
        values = map_points if best_first != item.reverse else map_points[::-1]
    return ItemScoring(
        id=item.id,
        concept=item.concept,
        codes=tuple(point.code for point in scale),
        points=values,
        favourable=tuple(point.favourable for point in scored_points),
        dissatisfied=_dissatisfied_flags(item.scale, scored_points),
        asked=audience in item.audiences,
        conditional=item.show_if is not None,
        nps=item.scale.numeric is not None and item.scale.numeric.nps,
        faces=item.scale.faces,
    )


def _dissatisfied_flags(scale: Scale, scored_points: tuple[ScalePoint, ...]) -> tuple[bool, ...]:
    """The mirror image of the favourable options: the last two of five where the first two are favourable.

    Where the best option lies in the middle, it is its own mirror image; dissatisfied are then the two ends. A scale of
    numbers says itself up to which one is dissatisfied.
    """
    if scale.numeric:
        return tuple(int(point.code) <= scale.numeric.unfavourable_to for point in scored_points)
    if scale.has_ideal:
        return tuple(point.points == scored_points[0].points for point in scored_points)
    return tuple(
        mirror.favourable and not point.favourable
        for point, mirror in zip(scored_points, scored_points[::-1], strict=True)
    )


def _membership_matrix(instrument: Instrument, dimensions: tuple[Dimension, ...], audience: str) -> NDArray[np.float64]:
    rows = {item.id: row for row, item in enumerate(instrument.scored_items())}
    table = np.zeros((len(rows), len(dimensions)))
    for column, dimension in enumerate(dimensions):
        for item in dimension.items_for(audience):
            table[rows[item.id], column] = 1
    return table


def _without_conditional(membership: NDArray[np.float64], conditional: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the membership of the items that everybody is asked; all items of a dimension that has none of these.

    Where no item is conditional it is the same array: nothing then has to be counted twice.
    """
    if not conditional.any():
        return membership
    common = np.where(conditional[:, None], 0.0, membership)
    return np.where(common.any(axis=0), common, membership)


def _class_table(items: tuple[ItemScoring, ...], name: str, fill_value: float) -> NDArray[np.float64]:
    """Items × classes: the value of each class of answer; ``fill_value`` where it has none."""
    table = np.full((len(items), ANSWER_CLASS_COUNT), fill_value)
    for row, item in enumerate(items):
        values = getattr(item, name)
        table[row, : len(values)] = values
    return table


def symbol_class_table() -> NDArray[np.uint8]:
    """From the byte of an answer sign to its class; 255 for a byte that no answer string contains."""
    lookup = np.full(256, 255, dtype=np.uint8)
    for answer_class, symbol in enumerate((*POSITIONS, DONT_KNOW, BLANK, NOT_SHOWN)):
        lookup[ord(symbol)] = answer_class
    return lookup
