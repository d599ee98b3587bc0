"""The name of the respondent's school inside a text: ``{school}``, put in when the text is shown to somebody."""

from collections.abc import Iterator

from .kinds import kind_of
from .model import Instrument

SCHOOL = "{school}"


def names_school(words: str) -> bool:
    return SCHOOL in words


def with_school(words: str, school: str) -> str:
    """The words with the name of a school, or with what is said where no school is meant."""
    return words.replace(SCHOOL, school)


def misplaced_school_names(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Id and words of what names the school where it means the same at every school: labels and titles."""
    for title in (instrument.title, *instrument.title_for.values()):
        yield from (("title", words) for words in title.values() if SCHOOL in words)
    for dimension in instrument.dimensions:
        labels = (dimension.label, *dimension.label_for.values())
        yield from ((dimension.id, words) for label in labels for words in label.values() if SCHOOL in words)
    for question in instrument.questions():
        options = kind_of(question).options(question, ())
        yield from ((question.id, words) for option in options for words in option.label.values() if SCHOOL in words)
