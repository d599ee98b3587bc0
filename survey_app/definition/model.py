"""What a questionnaire is: frozen values, in the words of the field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from .conditions import Condition
from .languages import DEFAULT_LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen: ``code`` is stored and exported, ``label`` is read."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class ClosedOption(Option):
    """An option of a closed question; an ``exclusive`` one is chosen alone, ``text_length`` characters may be added."""

    exclusive: bool = False
    text_length: int = 0


@dataclass(frozen=True, slots=True)
class ScalePoint(Option):
    """One point of a scale. ``data`` lie between 0 and 100; ``favourable_counts`` counts for the satisfaction rate."""

    points: float = 0.0
    favourable: bool = False


FACES = 5  # that are told apart when drawn small


@dataclass(frozen=True, slots=True)
class NumericScale:
    """What a scale of numbers has beside its points: what its ends mean, and how it is shown.

    Up to ``unfavourable_to`` an answer is dissatisfied; ``nps``: whether promoters and detractors are compared as well.
    """

    ends: tuple[Text, Text]
    show: str
    nps: bool
    unfavourable_to: int
    lists_points: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Answer points in the order on the screen, and the code for "don't know", which has no points.

    ``faces``: a face is drawn beside the words of each point, for children.
    """

    id: str
    points: tuple[ScalePoint, ...]
    not_applicable: Option | None = None
    numeric: NumericScale | None = None
    faces: bool = False

    def options(self) -> tuple[Option, ...]:
        """Everything that can be chosen: the points, then "don't know"."""
        return (*self.points, self.not_applicable) if self.not_applicable else self.points

    @property
    def has_ideal(self) -> bool:
        """Whether the best point lies between two ends that are worth the same: too little, about right, too much."""
        values = [point.points for point in self.points]
        return bool(values) and values[0] == values[-1] < max(values)

    def face(self, code: str) -> int | None:
        """Return the face beside a point, from 0 (sad) to 4 (glad); None where none is drawn."""
        position = self.position(code) if self.faces else None
        return None if position is None else round(self.points[position].points / 100 * (FACES - 1))

    def position(self, code: str) -> int | None:
        return next((index for index, point in enumerate(self.points) if point.code == code), None)


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question. ``audiences`` and ``text_for`` say who is asked and in which words."""

    id: str
    text: Text
    scale: Scale
    audiences: tuple[str, ...]
    concept: str = ""
    text_for: dict[str, Text] = field(default_factory=dict, hash=False)
    help: Text | None = None
    help_for: dict[str, Text] = field(default_factory=dict, hash=False)
    reverse: bool = False
    required: bool = True
    show_if: Condition | None = None

    @property
    def kind(self) -> str:
        """Items of dimensions and the overall item are ratings."""
        return "rating"

    @property
    def private(self) -> bool:
        return False

    def text_for_audience(self, audience: str) -> Text:
        return self.text_for.get(audience, self.text)

    def help_for_audience(self, audience: str) -> Text | None:
        return self.help_for.get(audience, self.help)

    def scored_point(self, code: str) -> ScalePoint | None:
        """The point that counts for an answer: the mirror one on a reverse item, none for "don't know"."""
        position = self.scale.position(code)
        if position is None:
            return None
        return self.scale.points[-1 - position if self.reverse else position]


@dataclass(frozen=True, slots=True)
class Dimension:
    """Items that measure one thing; ``weight`` is relative to the other dimensions.

    ``lead`` stands once above the items on the form. ``label`` is the name in reports, for whomever it is worded.
    """

    id: str
    label: Text
    weight: float
    items: tuple[Item, ...]
    label_for: dict[str, Text] = field(default_factory=dict, hash=False)
    lead: Text | None = None
    lead_for: dict[str, Text] = field(default_factory=dict, hash=False)

    def label_for_audience(self, audience: str) -> Text:
        return self.label_for.get(audience, self.label)

    def lead_for_audience(self, audience: str) -> Text | None:
        return self.lead_for.get(audience, self.lead)

    def items_for(self, audience: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if audience in item.audiences)


@dataclass(frozen=True, slots=True)
class BackgroundQuestion:
    """A closed question that is not scored: about the person, or a follow-up that asks for reasons.

    ``kind`` names its kind, ``details`` are what only that kind has.
    """

    id: str
    kind: str
    text: Text
    audiences: tuple[str, ...]
    text_for: dict[str, Text] = field(default_factory=dict, hash=False)
    help: Text | None = None
    help_for: dict[str, Text] = field(default_factory=dict, hash=False)
    options: tuple[Option, ...] = ()
    private: bool = False
    required: bool = False
    show_if: Condition | None = None
    details: object = None

    def text_for_audience(self, audience: str) -> Text:
        return self.text_for.get(audience, self.text)

    def help_for_audience(self, audience: str) -> Text | None:
        return self.help_for.get(audience, self.help)


@dataclass(frozen=True, slots=True)
class CommentQuestion:
    """An open question; ``max_length`` in characters."""

    id: str
    text: Text
    max_length: int
    audiences: tuple[str, ...]
    text_for: dict[str, Text] = field(default_factory=dict, hash=False)
    help: Text | None = None
    help_for: dict[str, Text] = field(default_factory=dict, hash=False)
    show_if: Condition | None = None

    @property
    def kind(self) -> str:
        return "comment"

    @property
    def private(self) -> bool:
        return False

    @property
    def required(self) -> bool:
        """Nobody has to write."""
        return False

    def text_for_audience(self, audience: str) -> Text:
        return self.text_for.get(audience, self.text)

    def help_for_audience(self, audience: str) -> Text | None:
        return self.help_for.get(audience, self.help)


Question = Item | BackgroundQuestion | CommentQuestion


@dataclass(frozen=True, slots=True)
class RetiredId:
    """An id that was used until ``last_version`` and must never mean anything else."""

    id: str
    last_version: str


class Occasion(StrEnum):
    """When an instrument is asked. One school is asked one of the year's; the others come beside it.

    An evaluation is signed after a login and never asked in a wave.
    """

    YEARLY = "yearly"
    PULSE = "pulse"
    RECOGNITION = "recognition"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as one version of one file states it.

    ``occasion``: the survey of the year; beside it a pulse on one topic, a survey of recognition, a signed evaluation.
    ``accepted``: why what the checker reports may stay, by question, scale or dimension and rule.
    ``source``: what an imported source calls a question (``Q3``) or an option (``Q3.1``) that has another id here.
    """

    id: str
    version: str
    title: Text
    audiences: tuple[str, ...]
    categories: tuple[str, ...]
    scales: tuple[Scale, ...]
    dimensions: tuple[Dimension, ...]
    overall: Item | None = None
    intro: Text | None = None
    grades_from: dict[str, str] = field(default_factory=dict, hash=False)
    background: tuple[BackgroundQuestion, ...] = ()
    follow_up: tuple[BackgroundQuestion, ...] = ()
    comments: tuple[CommentQuestion, ...] = ()
    retired: tuple[RetiredId, ...] = ()
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    title_for: dict[str, Text] = field(default_factory=dict, hash=False)
    intro_for: dict[str, Text] = field(default_factory=dict, hash=False)
    accepted: dict[str, dict[str, str]] = field(default_factory=dict, hash=False)
    occasion: str = Occasion.YEARLY.value
    source: dict[str, str] = field(default_factory=dict, hash=False)

    def title_for_audience(self, audience: str) -> Text:
        return self.title_for.get(audience, self.title)

    def intro_for_audience(self, audience: str) -> Text | None:
        return self.intro_for.get(audience, self.intro)

    @property
    def reference_language(self) -> str:
        """The language whose labels decide what an answer means: the first that the file lists."""
        return self.languages[0]

    def scored_items(self) -> tuple[Item, ...]:
        """All scored items in the frozen order: by dimension, then the overall item."""
        items = [item for dimension in self.dimensions for item in dimension.items]
        return (*items, self.overall) if self.overall else tuple(items)

    def dimensions_for(self, audience: str) -> tuple[Dimension, ...]:
        return tuple(dimension for dimension in self.dimensions if dimension.items_for(audience))

    def questions(self) -> tuple[Question, ...]:
        """Every question: scored items, those about the person, those that ask for reasons, comments."""
        return (*self.scored_items(), *self.background, *self.follow_up, *self.comments)

    def ids(self) -> Iterator[str]:
        yield from (question.id for question in self.questions())
