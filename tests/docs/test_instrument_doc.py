"""What docs/instrument.md promises, the reader of questionnaire files does: examples, messages, conditions.

``python -m tests.docs.test_instrument_doc`` writes the present messages into the tables of both documents.
"""

from pathlib import Path

import pytest

from survey_app.definition.answers import read_answers
from survey_app.definition.categories import Categories, read_categories
from survey_app.definition.condition_reader import read_condition
from survey_app.definition.conditions import to_source
from survey_app.definition.form import form_for
from survey_app.definition.kinds import KINDS
from survey_app.definition.kinds.background import BACKGROUND_KEYS
from survey_app.definition.kinds.comment import COMMENT_KEYS
from survey_app.definition.kinds.rating import ITEM_KEYS
from survey_app.definition.nodes import DefinitionError, Issue
from survey_app.definition.parse import DIMENSION_KEYS, INSTRUMENT_KEYS, read_instrument, read_instrument_text
from survey_app.definition.scale_reader import SCALE_KEYS
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.translation import render, use_language
from testing.documents import DOCS, anchors, complete_blocks, document, section, tables

NAME = "canteen.yaml"
DOCUMENTS = {"instrument.md": "zh", "instrument.en.md": "en"}
MISTAKES = {"zh": ("正确写法", "写成了", "检查器的话"), "en": ("Right", "Written", "What the checker says")}
SPELLINGS = {"zh": ("写法", "程序读作"), "en": ("Written", "Read as")}
KEYS = {
    *INSTRUMENT_KEYS, *DIMENSION_KEYS, *ITEM_KEYS, *BACKGROUND_KEYS, *COMMENT_KEYS, "options", "points",
    "not_applicable", "code", "label", "favourable", "weight", "items", "max_length", "last_version", *SCALE_KEYS,
    *(key for kind in KINDS for key in kind.keys), "exclusive", "text",
}  # fmt: skip
both = pytest.mark.parametrize(("name", "language"), DOCUMENTS.items())


def categories() -> Categories:
    return read_categories(PROJECT / "questionnaires" / "categories.yaml")


def faults(text: str) -> list[Issue]:
    try:
        read_instrument_text(text, NAME, categories())
    except DefinitionError as error:
        return error.issues
    return []


def mistakes(name: str, language: str) -> list[tuple[str, str, str]]:
    right, wrong, message = MISTAKES[language]
    found = [
        (row[right], row[wrong], row[message]) for table in tables(section(document(name), "mistakes")) for row in table
    ]
    assert len(found) >= 25
    return found


def spoken(right: str, wrong: str, language: str) -> list[str]:
    """What the checker says to the complete example with one mistake in it."""
    (example,) = complete_blocks(document("instrument.md"))
    right, wrong = right.replace("⇥", "\t"), wrong.replace("⇥", "\t")
    assert right in example, right
    with use_language(language):
        return [f"{fault.position}: {render(fault.message)}" for fault in faults(example.replace(right, wrong, 1))]


@both
def test_complete_examples_are_read(name: str, language: str, tmp_path: Path) -> None:
    blocks = complete_blocks(document(name))
    assert blocks
    for block in blocks:
        path = tmp_path / NAME
        path.write_text(block, "utf-8")
        assert read_instrument(path, categories()).id == path.stem


def test_both_documents_show_the_same_example() -> None:
    assert complete_blocks(document("instrument.md")) == complete_blocks(document("instrument.en.md"))
    assert anchors(document("instrument.md")) == anchors(document("instrument.en.md"))


@both
def test_quoted_messages_are_the_real_ones(name: str, language: str) -> None:
    wrong = [
        (right, mistake, message)
        for right, mistake, message in mistakes(name, language)
        if message not in spoken(right, mistake, language)
    ]
    assert not wrong


@both
def test_spellings_of_conditions_are_read_as_printed(name: str, language: str) -> None:
    given, read = SPELLINGS[language]
    rows = [row for table in tables(section(document(name), "conditions")) for row in table if given in row]
    assert len(rows) >= 6
    for row in rows:
        assert to_source(read_condition(row[given])) == row[read]


@both
def test_every_key_is_described(name: str, language: str) -> None:
    text = section(document(name), "keys")
    assert not [key for key in KEYS if f"`{key}`" not in text]


def test_hidden_answers_are_dropped_as_said() -> None:
    (example,) = complete_blocks(document("instrument.md"))
    form = form_for(read_instrument_text(example, NAME, categories()), "parent")
    fields = {"grade": ["1"], "lunch": ["no"], "F1": ["5"], "F2": ["5"], "R1": ["4"], "OV1": ["4"]}
    answers, problems = read_answers(form, fields, categories()["primary"].grades)
    assert not problems
    assert answers.codes("R1") == ("4",)
    assert answers.codes("F1") == ()
    assert {"F1", "F2", "C1"} == answers.hidden


def rewrite(name: str, language: str) -> None:
    """Puts the present messages into the table: the quoted one if it is still said, else the first one of the line."""
    text = document(name)
    for right, mistake, message in mistakes(name, language):
        said = spoken(right, mistake, language)
        assert said, f"{mistake} is no mistake"
        best = message if message in said else said[0]
        text = text.replace(f"| `{right}` | `{mistake}` | `{message}` |", f"| `{right}` | `{mistake}` | `{best}` |")
    (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    for each in DOCUMENTS.items():
        rewrite(*each)
