"""Keeps ``survey_app/translations/en.po`` in step with the sources: new sentences are added, old ones removed.

``python scripts/catalogue.py`` updates the file and says how many sentences still need a translation;
``--check`` changes nothing and fails if there are any.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).parents[1] / "survey_app"
ENGLISH = SOURCES / "translations" / "en.po"
FIXED = datetime(2026, 11, 22, tzinfo=UTC)  # so that the file changes only with its sentences
KEYWORDS = {"_": None, "message": None, "user_error": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of the sources with the file in which it stands."""
    found = extract_from_dir(SOURCES, METHODS, keywords=KEYWORDS)
    for name, _line, text, _comments, _context in found:
        if isinstance(text, str) and text:
            yield text, name.replace("\\", "/")


def updated() -> Catalog:
    """The catalogue with exactly the sentences of the sources."""
    old = Catalog()
    if ENGLISH.exists():
        with ENGLISH.open("rb") as file:
            old = read_po(file)
    new = Catalog(locale="en", project="survey-app", fuzzy=False, creation_date=FIXED, revision_date=FIXED)
    new.header_comment = (
        "# English. The keys are the Chinese sentences of the sources; scripts/catalogue.py keeps them."
    )
    files: dict[str, dict[str, None]] = {}
    for text, name in sentences():
        files.setdefault(text, {})[name] = None
    for text, names in files.items():
        known = old.get(text)
        new.add(text, str(known.string) if known else "", [(name, 0) for name in names])
    return new


def untranslated(catalogue: Catalog) -> list[str]:
    return [str(entry.id) for entry in catalogue if entry.id and not entry.string]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    catalogue = updated()
    missing = untranslated(catalogue)
    if not given.check:
        with ENGLISH.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    print(f"{len(catalogue)} sentences, {len(missing)} without a translation")
    for text in missing if given.check else []:
        print(f"  {text}")
    return 1 if missing and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
