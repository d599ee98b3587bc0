"""What a line can be, and what has been read before it as far as it matters."""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a line is to the questionnaire."""

    TITLE = "title"
    INTRO = "intro"
    HEADING = "heading"
    STEM = "stem"
    SUB_STEM = "sub_stem"
    STEM_CONTINUED = "stem_continued"
    OPTIONS = "options"
    OPTION_CONTINUED = "option_continued"
    HEAD = "head"
    ROW = "row"
    BLANK = "blank"
    FURNITURE = "furniture"
    UNKNOWN = "unknown"


class State(NamedTuple):
    """What has been read so far. ``number`` and ``style`` are of the last question, ``option`` of the last option."""

    role: Role | None = None
    number: int = 0
    style: str = ""
    option: int = 0
    option_style: str = ""
    in_question: bool = False
    has_options: bool = False
    takes_text: bool = False
    under_head: bool = False
    sub: int = 0
    has_title: bool = False
    scale_is_given: bool = False
    is_closed: bool = False
    is_open: bool = False
    in_foreign: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether the first question has been read."""
        return self.in_question or self.number > 0 or self.under_head

    @property
    def is_unfinished(self) -> bool:
        """Whether the open question should have had options."""
        has_answers = self.has_options or self.takes_text or self.scale_is_given
        return self.in_question and not has_answers and not self.sub


class Move(NamedTuple):
    """One way to go on: what it costs, and what has then been read."""

    cost: float
    state: State
