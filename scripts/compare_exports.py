"""Compares two folders of csv exports cell by cell, as after a change that must not alter a figure.

    python scripts/compare_exports.py BEFORE AFTER [--rename old=new …] [--key COLUMN …]

Each difference is named by file, row and column. Exit code 1 if there is any. ``--rename`` says what a column of
BEFORE is called in AFTER; rows are compared by position, and named by the columns of ``--key`` where they are there.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

DEFAULT_KEY = ("school_code", "category", "audience", "dimension", "item")
MAX_PRINTED = 50


def compare_folders(before: Path, after: Path, renames: Mapping[str, str], key: Sequence[str]) -> Iterator[str]:
    names = [{path.name for path in folder.glob("*.csv")} for folder in (before, after)]
    if not names[0]:
        yield f"{before}: no csv files"
    for name in sorted(names[0] ^ names[1]):
        yield f"{name}: only in {before if name in names[0] else after}"
    for name in sorted(names[0] & names[1]):
        yield from _compare_files(before / name, after / name, renames, key)


def _compare_files(before: Path, after: Path, renames: Mapping[str, str], key: Sequence[str]) -> Iterator[str]:
    (old_columns, old_rows), (new_columns, new_rows) = _read(before), _read(after)
    old_columns = [renames.get(column, column) for column in old_columns]
    if old_columns != new_columns:
        yield f"{after.name}: columns {_difference(old_columns, new_columns)}"
    if len(old_rows) != len(new_rows):
        yield f"{after.name}: {len(old_rows)} rows before, {len(new_rows)} after"
    shared = [column for column in old_columns if column in new_columns]
    for number, (old_cells, new_cells) in enumerate(zip(old_rows, new_rows, strict=False), start=2):
        old, new = dict(zip(old_columns, old_cells, strict=True)), dict(zip(new_columns, new_cells, strict=True))
        for column in shared:
            if old[column] != new[column]:
                row_name = " ".join(filter(None, (new.get(part, "") for part in key)))
                yield f"{after.name}: row {number} ({row_name}), column {column}: {old[column]!r} → {new[column]!r}"


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    return (rows[0], rows[1:]) if rows else ([], [])


def _difference(old: Sequence[str], new: Sequence[str]) -> str:
    gone, added = [c for c in old if c not in new], [c for c in new if c not in old]
    return f"gone {gone}, new {added}" if gone or added else "in another order"


def _rename(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--rename", type=_rename, action="append", default=[], metavar="OLD=NEW")
    parser.add_argument("--key", action="append", default=[], metavar="COLUMN")
    options = parser.parse_args(arguments)
    differences = list(compare_folders(options.before, options.after, dict(options.rename), options.key or DEFAULT_KEY))
    for difference in differences[:MAX_PRINTED]:
        print(difference)
    print(f"{len(differences)} differences" if differences else "equal")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
