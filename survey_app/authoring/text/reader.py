"""A pasted text as a draft: lines, roles, questions, guesses, and the account of every line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from survey_app.definition.languages import Text
from survey_app.definition.messages import message

from ..account import AccountBook
from ..draft import Draft, DraftFault, DraftItem, FormHead, ItemKind, Place, Section, Severity
from .answers import Answers, answers_as_above, read_answers
from .blanks import one_blank_each
from .blocks import Blocks, QuestionBlock, build_blocks
from .conditions import read_conditions
from .guesses import audience_named, audience_suggested, is_overall, is_worded_the_other_way
from .languages import Languages
from .lines import SourceLine, half_width, source_lines, undecorated
from .remarks import Remarks
from .roles import assign_roles
from .segments import read_segments
from .sights import PERSON
from .tags import Tags

MAX_CHARACTERS, MAX_LINES, MAX_LINE_LENGTH = 200_000, 3000, 6000


class _ReadQuestion(NamedTuple):
    """A question with what its lines say."""

    block: QuestionBlock
    tags: Tags
    answers: Answers


def read_text(text: str, audience: str = "") -> Draft:
    """Return the draft of a pasted text. ``audience``: who is asked, where somebody has said it."""
    return read_lines(source_lines(text), audience)


def read_lines(
    lines: Sequence[SourceLine], audience: str = "", said: Mapping[int, str] = MappingProxyType({})
) -> Draft:
    """Return the draft of lines with their numbers, as a text or a document has them.

    ``said``: what a person says that lines are (see :data:`~survey_app.authoring.text.roles.SAID_ROLES`).
    """
    if sum(len(line.text) for line in lines) > MAX_CHARACTERS or len(lines) > MAX_LINES:
        too_long = message("文字超过 {n} 行或太长，请分成几份", n=MAX_LINES)
        return Draft((FormHead(),), (), (), (DraftFault("text_too_long", Severity.ERROR, too_long),))
    if long_lines := [line.number for line in lines if len(line.text) > MAX_LINE_LENGTH]:
        sentence = message("这一行超过 {n} 个字，请分行", n=MAX_LINE_LENGTH)
        faults = (DraftFault("line_too_long", Severity.ERROR, sentence, Place(line=number)) for number in long_lines)
        return Draft((FormHead(),), (), (), tuple(faults))
    segments = read_segments(lines)
    blocks = build_blocks(segments, assign_roles(segments, said)) if segments else Blocks()
    return _TextDraft(blocks, AccountBook(Place(line=line.number) for line in lines), audience).draft()


class _TextDraft:
    """Makes items of the questions, files every line and says what was guessed."""

    def __init__(self, blocks: Blocks, book: AccountBook, audience: str) -> None:
        self.blocks = blocks
        self.remarks = Remarks(book)
        self.audience = audience
        labels = [option.label for block in blocks.questions for option in block.options]
        texts = [*labels, *(part for block in blocks.questions for part in block.parts)]
        foreign = sum(len(block.foreign) for block in blocks.questions)
        self.languages = Languages(texts or [blocks.title.text if blocks.title else ""], foreign)
        self.questions: list[_ReadQuestion] = []
        for block in chain.from_iterable(map(one_blank_each, blocks.questions)):
            if not block.is_lead:
                before = self.questions[-1].answers if self.questions else None
                answers = answers_as_above(read_answers(block, self.languages), before)
                self.questions.append(_ReadQuestion(block, _tags_of(block), answers))

    def draft(self) -> Draft:
        items = self._items()
        if all(question.answers.is_guess for question in self.questions):
            items = tuple(replace(item, is_left_out=True) for item in items)
        sayings = [question.tags.conditions for question in self.questions]
        items, conditions = read_conditions(items, [question.answers.labels for question in self.questions], sayings)
        for question, item in zip(self.questions, items, strict=True):
            self.remarks.on_question(question.block, question.answers, item)
        self.remarks.on_conditions(conditions, [question.answers.labels for question in self.questions], items)
        self.remarks.on_numbering([q for q in self.blocks.questions if not q.is_row])
        head = self._head(items)
        self.remarks.file_rest(self.blocks)
        if not any(not item.is_left_out for item in items):
            self.remarks.nothing_found()
        return Draft((head,), items, self.remarks.book.entries(), tuple(self.remarks.faults))

    def _items(self) -> tuple[DraftItem, ...]:
        names = _names([question.block for question in self.questions])
        has_overall = False
        items = []
        for question, name in zip(self.questions, names, strict=True):
            item = self._item(question, name)
            if item.scale and not has_overall and is_overall(question.answers.text):
                item, has_overall = replace(item, is_overall=True), True
            items.append(item)
        return tuple(items)

    def _item(self, question: _ReadQuestion, name: str) -> DraftItem:
        block, tags, answers = question
        lead = block.lead
        scale = answers.scale
        reverse = scale is not None and scale.family in ("agreement", "conformity")
        return DraftItem(
            Place(line=block.line),
            self.languages.text(answers.text, block.foreign),
            answers.kind,
            name,
            block.number,
            answers.options,
            scale,
            tags.required,
            Section(self.languages.text(block.section)) if block.section else None,
            self._lead_text(lead) if lead else None,
            at_most=tags.at_most if answers.kind is ItemKind.CHOICES else None,
            at_least=tags.at_least if answers.kind is ItemKind.CHOICES else None,
            reverse=reverse and is_worded_the_other_way(answers.text),
            unit=self.languages.text(answers.unit) if answers.unit else None,
            is_left_out=answers.kind is ItemKind.RANKING or _asks_who(answers),
        )

    def _lead_text(self, lead: QuestionBlock) -> Text:
        return self.languages.text(lead.read_text()[0], lead.foreign)

    def _head(self, items: Sequence[DraftItem]) -> FormHead:
        title = undecorated(self.blocks.title.text).strip() if self.blocks.title else ""
        intro = "\n".join(segment.text.strip() for segment in self.blocks.intro)
        audience = self.audience or audience_named(title)
        if not audience:
            audience = audience_suggested([*(next(iter(item.text.values()), "") for item in items), intro])
            self.remarks.on_audience(audience)
        return FormHead(
            self.languages.text(title) if title else None,
            self.languages.text(intro) if intro else None,
            (audience,) if audience else (),
            languages=self.languages.tags,
        )


def _tags_of(block: QuestionBlock) -> Tags:
    """What the tags of a question say; those of the matrix hold for its rows."""
    tags = block.read_text()[1]
    if block.lead is None:
        return tags
    above = block.lead.read_text()[1]
    required = above.required if tags.required is None else tags.required
    return replace(
        tags, required=required, kind=tags.kind or above.kind, conditions=(*tags.conditions, *above.conditions)
    )


def _asks_who(answers: Answers) -> bool:
    """Whether a question asks for a name or number by which a person is known."""
    text = half_width(answers.text)
    return answers.kind in (ItemKind.TEXT, ItemKind.NUMBER) and len(text) < 16 and PERSON.search(text) is not None


def _names(blocks: Sequence[QuestionBlock]) -> list[str]:
    """A name for every question, by its number in the text; unique, and the same for the same text."""
    rows: Counter[str] = Counter()
    names: list[str] = []
    for position, block in enumerate(blocks, 1):
        number = "_".join(filter(None, "".join(c if c.isdecimal() else " " for c in block.number or "").split()))
        name = f"Q{number}" if number else f"Q{position}"
        if (block.is_row or block.is_split) and number:
            rows[number] += 1
            name = f"{name}_{rows[number]}"
        while name in names:
            name = f"{name}_{position}"
        names.append(name)
    return names
