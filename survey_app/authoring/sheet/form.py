"""What is known while one form of a workbook is read, and the questions that were read so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.definition.languages import Text

from ..draft import DraftItem, Place, Section
from .options import OptionList
from .report import SheetReport
from .row import Languages


@dataclass(frozen=True, slots=True)
class WrittenCondition:
    """A condition as a cell has it. ``is_own``: on the question itself, not on its group."""

    text: str
    place: Place
    is_own: bool = True


@dataclass(slots=True)
class ReadQuestion:
    """A question with the conditions that its cells and groups set, which are read when all questions are known."""

    item: DraftItem
    place: Place
    conditions: tuple[WrittenCondition, ...] = ()


@dataclass(slots=True)
class FormInProgress:
    """One form. ``lists`` are those of the sheet of options; ``is_explicit``: that sheet states points."""

    number: int
    languages: Languages
    report: SheetReport
    lists: Mapping[str, OptionList] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    grades: tuple[str, ...] = ()
    is_explicit: bool = False
    intro: list[Text] = field(default_factory=list)
    questions: list[ReadQuestion] = field(default_factory=list)
    names: dict[str, Place] = field(default_factory=dict)

    def find(self, name: str) -> ReadQuestion | None:
        return next((question for question in self.questions if question.item.name == name), None)


def join_texts(texts: list[Text]) -> Text | None:
    """Return several texts as one, in the languages that they have."""
    tags = list(dict.fromkeys(tag for text in texts for tag in text))
    return Text.of({tag: " ".join(text[tag] for text in texts if tag in text) for tag in tags}) if texts else None
