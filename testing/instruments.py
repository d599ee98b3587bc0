"""The tiny instruments in ``tests/questionnaires``, one for each feature, and texts read as if they were files."""

from pathlib import Path

from survey_app.definition.categories import read_categories
from survey_app.definition.model import Instrument
from survey_app.definition.nodes import DefinitionError
from survey_app.definition.parse import read_instrument, read_instrument_text
from survey_app.foundation.settings import PROJECT

QUESTIONNAIRES = PROJECT / "questionnaires"
TINY = Path(__file__).resolve().parents[1] / "tests" / "questionnaires"
TINY_FILES = tuple(sorted(TINY.glob("*.yaml")))
SHIPPED_FILES = tuple(sorted(path for path in QUESTIONNAIRES.glob("*.yaml") if path.name != "categories.yaml"))
CATEGORIES = read_categories(QUESTIONNAIRES / "categories.yaml")


def tiny(name: str) -> Instrument:
    return read_instrument(TINY / f"{name}.yaml", CATEGORIES)


def tiny_text(name: str) -> str:
    return (TINY / f"{name}.yaml").read_text("utf-8")


def changed(name: str, old: str, new: str) -> str:
    """The text of a tiny instrument with one change."""
    text = tiny_text(name)
    assert text.count(old) >= 1, f"{old} is not in {name}.yaml"
    return text.replace(old, new, 1)


def read(text: str) -> Instrument:
    return read_instrument_text(text, "q.yaml", CATEGORIES)


def faults_of(text: str) -> list[str]:
    """What is said about a faulty text, each with its place; empty if there is nothing to say."""
    try:
        read(text)
    except DefinitionError as error:
        return [str(fault) for fault in error.issues]
    return []
