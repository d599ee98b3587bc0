"""Lines with roles put together: each question with its options, stem of the matrix, heading and lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .legends import Legend, scale_in_sentence
from .lines import half_width, has_cjk, joined, undecorated
from .marks import BOXES
from .segments import Segment, clean_stem, is_foreign
from .sights import gap_pieces, head_labels
from .states import Role
from .tags import Tags, read_tag, strip_tags

_BRACKETED = re.compile(r"[\[【](.*)[\]】]")


@dataclass(slots=True)
class OptionLine:
    """The words of one option and the line in which they stand."""

    label: str
    line: int


@dataclass(slots=True)
class QuestionBlock:
    """One question as its lines give it. ``parts`` are pieces of its text, ``foreign`` those in another language.

    ``once``: the scale that a sentence above gives for all questions; ``legend``: also one that stands below them.
    ``is_split``: one of several numbers that one question asked for.
    """

    line: int
    number: str | None
    parts: list[str]
    options: list[OptionLine] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    section: str | None = None
    lead: "QuestionBlock | None" = None
    is_row: bool = False
    is_lead: bool = False
    has_blank: bool = False
    value: int = 0
    once: Legend = ()
    legend: Legend = ()
    is_split: bool = False

    def read_text(self) -> tuple[str, Tags]:
        """Return the words of the question and what its tags say."""
        text, tags = strip_tags(joined(self.parts))
        return clean_stem(text), tags


@dataclass(slots=True)
class Blocks:
    """All that the lines of a text are, by what they are."""

    title: Segment | None = None
    intro: list[Segment] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)
    headings: list[Segment] = field(default_factory=list)
    furniture: list[Segment] = field(default_factory=list)
    unknown: list[Segment] = field(default_factory=list)
    heads: list[Segment] = field(default_factory=list)
    questions: list[QuestionBlock] = field(default_factory=list)


def build_blocks(segments: Sequence[Segment], roles: Sequence[Role]) -> Blocks:
    """Return the questions and what stands around them."""
    builder = _Builder()
    for segment, role in zip(segments, roles, strict=True):
        builder.add(segment, role)
    if builder.unused_head:
        builder.blocks.unknown.append(builder.unused_head)
    for question in builder.blocks.questions:
        question.legend = question.once or builder.once
    return builder.blocks


class _Builder:
    """Takes one line after the other; what an earlier one began is kept open until another begins."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.section: str | None = None
        self.row_section: str | None = None
        self.parent: QuestionBlock | None = None
        self.question: QuestionBlock | None = None
        self.head: tuple[str, ...] = ()
        self.columns = 0
        self.matrix_lead: QuestionBlock | None = None
        self.once: Legend = ()
        self.unused_head: Segment | None = None

    def add(self, segment: Segment, role: Role) -> None:
        simple = {
            Role.FURNITURE: self.blocks.furniture, Role.UNKNOWN: self.blocks.unknown,
            Role.INTRO: self.blocks.notes if self.blocks.questions else self.blocks.intro,
        }  # fmt: skip
        if self.unused_head and role not in (Role.ROW, Role.FURNITURE, Role.BLANK):
            self.blocks.unknown.append(self.unused_head)
            self.unused_head = None
        if role is Role.FURNITURE:
            self._hint(segment)
        if role in simple:
            simple[role].append(segment)
            self.once = scale_in_sentence(segment.text) or self.once
        else:
            getattr(self, f"_add_{role.value}")(segment)

    def _hint(self, segment: Segment) -> None:
        """What a form prints between a question and its options may say how many may be chosen."""
        words = segment.body.rstrip(". 。")
        said = read_tag(words)
        if self.question and not self.question.options and said is not None and said.kind:
            self.question.parts.append(f"({words})")

    def _add_title(self, segment: Segment) -> None:
        self.blocks.title = segment

    def _add_heading(self, segment: Segment) -> None:
        self.blocks.headings.append(segment)
        self.section = heading_text(segment)
        self.question = self.parent = None

    def _add_blank(self, segment: Segment) -> None:
        self.blocks.furniture.append(segment)
        if self.question:
            self.question.has_blank = True

    def _add_stem(self, segment: Segment) -> None:
        number = segment.number
        self.parent = self.question = self._begin(segment, number.typed if number else None)
        self.question.value = number.value if number else 0
        self.head, self.matrix_lead, self.row_section = (), None, None

    def _add_sub_stem(self, segment: Segment) -> None:
        typed = segment.number.typed if segment.number else ""
        parent = self.parent
        if parent and not parent.options:
            parent.is_lead = True
        outer = parent.number if parent and parent.number else ""
        self.question = self._begin(segment, f"{outer}({typed})" if outer else typed)
        self.question.lead = parent if parent and parent.is_lead else None

    def _begin(self, segment: Segment, number: str | None) -> QuestionBlock:
        question = QuestionBlock(segment.line, _half_number(number), [segment.raw], lines=[segment.line])
        question.options = [OptionLine(option.label, segment.line) for option in segment.inline]
        question.section, question.once = self.section, self.once
        self.blocks.questions.append(question)
        return question

    def _add_stem_continued(self, segment: Segment) -> None:
        question = self._open(segment)
        if is_foreign(segment.body) and has_cjk("".join(question.parts)):
            question.foreign.append(segment.body)
        else:
            question.parts.append(segment.raw)
            question.options += [OptionLine(option.label, segment.line) for option in segment.inline]

    def _add_options(self, segment: Segment) -> None:
        question = self._open(segment)
        if segment.options and not segment.before:
            labels = [option.label for option in segment.options]
        else:
            labels = list(head_labels(segment)) or list(gap_pieces(segment)) or [undecorated(segment.body)]
        question.options += [OptionLine(label, segment.line) for label in labels]

    def _add_option_continued(self, segment: Segment) -> None:
        question = self._open(segment)
        before = segment.before if segment.options else segment.body
        if question.options:
            question.options[-1].label = joined([question.options[-1].label, before])
        question.options += [OptionLine(option.label, segment.line) for option in segment.options]

    def _open(self, segment: Segment) -> QuestionBlock:
        question = self.question or self._begin(segment, None)
        self.question = question
        if segment.line not in question.lines:
            question.lines.append(segment.line)
        return question

    def _add_head(self, segment: Segment) -> None:
        self.blocks.heads.append(segment)
        self.unused_head = segment
        self.head = head_labels(segment)
        self.columns = _columns_before(segment, self.head)
        self.matrix_lead = self.question if self.question and not self.question.options else None
        if self.matrix_lead:
            self.unused_head = None
            self.matrix_lead.options = [OptionLine(label, segment.line) for label in self.head]
            self.matrix_lead.lines.append(segment.line)
        self.row_section = None

    def _add_row(self, segment: Segment) -> None:
        if self.matrix_lead and not self.matrix_lead.is_lead:
            self.matrix_lead.is_lead, self.matrix_lead.options = True, []
        self.unused_head = None
        text, number = self._row_cells(segment)
        lead = self.matrix_lead
        typed = segment.number.typed if segment.number else number
        row = QuestionBlock(segment.line, _half_number(lead.number if lead else typed), [text], lines=[segment.line])
        row.options = [OptionLine(label, segment.line) for label in self.head]
        row.is_row, row.lead, row.section = True, lead, self.row_section or self.section
        row.once = self.once
        self.question = None
        self.blocks.questions.append(row)

    def _row_cells(self, segment: Segment) -> tuple[str, str | None]:
        """The words of a row: its last column before the boxes; a merged first column is the heading of those below."""
        if not segment.cells:
            return _without_boxes(segment.body), None
        before = [_without_boxes(cell) for cell in segment.cells[: max(self.columns, 1)]]
        words = [cell for cell in before if cell]
        number = next((cell for cell in words if half_width(cell).isdecimal()), None)
        words = [cell for cell in words if cell != number]
        if len(words) > 1:
            self.row_section = words[0]
        text = words[-1] if words else _without_boxes(segment.body)
        return clean_stem(text), number


def _columns_before(segment: Segment, labels: Sequence[str]) -> int:
    """How many columns of a table stand before those of the scale."""
    if labels and labels[0] in segment.cells:
        return segment.cells.index(labels[0])
    return 1


def _without_boxes(text: str) -> str:
    words = half_width(text).rstrip(BOXES + " \t()_")
    return text[: len(words)].strip().lstrip(BOXES).strip()


def _half_number(number: str | None) -> str | None:
    """A number as typed, but in half width and without its circle."""
    if not number:
        return None
    half = half_width(number)
    circled = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
    return str(circled.index(half) + 1) if half in circled and len(half) == 1 else half


def heading_text(segment: Segment) -> str:
    """Return a heading without its number and brackets."""
    text = segment.stem or segment.body
    found = _BRACKETED.fullmatch(text.strip())
    return (found[1] if found else text).strip()
