"""Schemes to begin with: the shipped files, what other years adopted, and the versions of this one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.definition.categories import Categories
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.text_file import decode_text
from survey_app.foundation.translation import _

from .models import AssessmentYear
from .schemes import parse_scheme
from .years import list_years, scheme_versions


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """A text to begin with; ``id`` names it in addresses: ``shipped/ten-marks``, ``year/3``, ``version/2``."""

    id: str
    file_name: str
    title: str
    source: str
    text: str


def scheme_choices(
    session: Session, year: AssessmentYear, folder: Path, categories: Categories, language: str
) -> tuple[SchemeChoice, ...]:
    """Return the versions of the year (latest first), what other years adopted (latest first), and the shipped ones.

    A shipped file that gives no marks is left out; one that has faults is offered, so that they can be seen and mended.
    """
    found = [*_versions(session, year), *_adopted(session, year), *_shipped(folder)]
    titled = (_with_title(choice, categories, language) for choice in found)
    return tuple(choice for choice in titled if choice is not None)


def _versions(session: Session, year: AssessmentYear) -> Iterator[SchemeChoice]:
    for version in scheme_versions(session, year):
        yield SchemeChoice(
            f"version/{version.number}", f"{version.number}.yaml", "", _("第 {n} 版", n=version.number),
            version.content,
        )  # fmt: skip


def _adopted(session: Session, year: AssessmentYear) -> Iterator[SchemeChoice]:
    for other in list_years(session):
        version = next((entry for entry in scheme_versions(session, other) if entry.adopted_at is not None), None)
        if other.id != year.id and version is not None:
            yield SchemeChoice(
                f"year/{other.id}", f"{version.number}.yaml", "", _("{year}采用的方案", year=other.name),
                version.content,
            )  # fmt: skip


def _shipped(folder: Path) -> Iterator[SchemeChoice]:
    for path in sorted(folder.glob("*.yaml")):
        yield SchemeChoice(
            f"shipped/{path.stem}", path.name, "", _("附带的方案"), decode_text(path.read_bytes(), path.name)
        )


@lru_cache(maxsize=64)
def _with_title(choice: SchemeChoice, categories: Categories, language: str) -> SchemeChoice | None:
    """None where it gives no marks."""
    try:
        scheme = parse_scheme(choice.text, choice.file_name, categories)
    except DefinitionError:
        return SchemeChoice(choice.id, choice.file_name, choice.file_name, choice.source, choice.text)
    if scheme.rules is None or scheme.rules.marks is None:
        return None
    title = scheme.title.in_language(language)
    return SchemeChoice(choice.id, choice.file_name, title, choice.source, choice.text)
