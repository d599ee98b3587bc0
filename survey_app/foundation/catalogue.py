"""The sentences of the program and the catalogues that translate them: what a language lacks, and a file to fill in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from .translation import CATALOGUES, language_name, read_catalogue

SOURCES = Path(__file__).parents[1]
_FIXED_DATE = datetime(2026, 11, 22, tzinfo=UTC)  # so that the file changes only with its sentences
_KEYWORDS = {"_": None, "message": None, "user_error": None}
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """How much of the program a language can say; ``stale``: what its file translates and nothing says any more."""

    language: str
    sentence_count: int
    untranslated: tuple[str, ...]
    stale: tuple[str, ...] = ()


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of the sources with the file in which it stands."""
    for name, _line, text, _comments, _context in extract_from_dir(SOURCES, _METHODS, keywords=_KEYWORDS):
        if isinstance(text, str) and text:
            yield text, name.replace("\\", "/")


def updated_catalogue(tag: str) -> Catalog:
    """The catalogue with exactly the sentences of the sources; those that it translates already stay translated."""
    old = read_catalogue(tag) or Catalog()
    new = Catalog(project="survey-app", fuzzy=False, creation_date=_FIXED_DATE, revision_date=_FIXED_DATE)
    new.locale = tag.replace("-", "_")
    new.header_comment = _header_comment(tag, old)
    files: dict[str, dict[str, None]] = {}
    for text, name in sentences():
        files.setdefault(text, {})[name] = None
    for text, names in files.items():
        known = old.get(text)
        new.add(text, str(known.string) if known else "", [(name, 0) for name in names])
    return new


def _header_comment(tag: str, old: Catalog) -> str:
    if old.header_comment and len(old):
        return str(old.header_comment)
    return f"# {language_name(tag)}. The keys are the Chinese sentences of the sources; flask catalogue keeps them."


def catalogue_state(tag: str) -> CatalogueState:
    """What the language lacks today."""
    catalogue = updated_catalogue(tag)
    untranslated = tuple(str(entry.id) for entry in catalogue if entry.id and not entry.string)
    stale = tuple(str(entry.id) for entry in read_catalogue(tag) or () if entry.id and entry.id not in catalogue)
    return CatalogueState(tag, len(catalogue), untranslated, stale)


def write_catalogue(tag: str, folder: Path = CATALOGUES) -> Path:
    """Writes the file of a language with all sentences, the untranslated ones empty; returns where it is."""
    path = folder / f"{tag}.po"
    catalogue = updated_catalogue(tag)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    return path
