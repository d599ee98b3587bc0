"""Issue 10: every figure of an awkward district once more, by a program written from docs/method.md alone.

Seventeen schools, scales of 4, 5, 7 and 11 points, reverse and conditional items, inspectors, unanimous cells, missing
grades, more answers than people, links of classes; three schemes. No column of ``results … --full`` is left out.
"""

import ast
import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from testing.district import District
from tests.independent.league import composite_rows, composites, ranking_rows
from tests.independent.odd_district import SCHEME, WAVE, Row, ballots, forms, roster
from tests.independent.people import Yaml
from tests.independent.recompute import Table, Value, read_wave
from tests.independent.tables import all_figures, index_rows, item_rows

LAST_PLACE = 6e-11  # --full prints ten decimals
PROGRAM = ("people", "cells", "recompute", "tables", "league", "between")
OTHER = """
method: {map: cn100, stratify_from: 45, min_cell: 9, valid_share: 0.75, nonresponse: 1.3, conditional_items: include,
  class_size: 25, rater_sd: 3, rank_from: 5, rank_response: 0.1, decimals: 1, class_correlation: {parent: 0.2},
  rank_unverified: 首年}
minimum_response: {parent: 0.1}
categories: {primary: {parent: 60, student: 40}, direct: {student: 50, parent: 30, teacher: 20}}
"""
STRICT = """
method: {map: cn100_0, min_n: 20, min_n_for: {teacher: 8}, nonresponse: 1, stratify_from: 20}
minimum_response: {student: 0.4}
categories: {primary: {parent: 100}, direct: {parent: 50, teacher: 50}}
"""
SCHEMES = {"its own": "", "another map": OTHER, "one that hides more": STRICT}
FLAGS = {
    "borrowed", "overcount", "census", "unstratified", "conditional", "missing_grade", "missing_audience",
    "low_response", "assumed_correlation", "assumed_rater", "unverified",
}  # fmt: skip
KEYS = {
    "indices": ("school_code", "audience", "dimension"), "items": ("school_code", "audience", "item"),
    "ranking": ("category", "school_code"), "sampling": ("category", "school_code"),
}  # fmt: skip


def written_scheme(name: str, home: Path) -> tuple[Yaml, list[str]]:
    """The scheme as it is read, and what commands need to use it."""
    scheme = yaml.safe_load(SCHEME.read_text("utf-8"))
    if not SCHEMES[name]:
        return scheme, []
    scheme |= yaml.safe_load(SCHEMES[name])
    path = home / f"{name}.yaml"
    path.write_text(yaml.safe_dump(scheme, allow_unicode=True), "utf-8")
    return scheme, ["--scheme", str(path)]


def exported(district: District, home: Path, words: Sequence[str]) -> dict[str, list[Row]]:
    found = {}
    for name in KEYS:
        path = home / f"{name}.csv"
        table = ["ranking", "--errors", "sampling"] if name == "sampling" else [name]
        district.command("results", *table, "--wave", WAVE, "--full", *words, "--out", str(path))
        found[name] = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    return found


def computed(scheme: Yaml, dealt: Sequence[Row], seed: int) -> dict[str, Table]:
    wave = read_wave(scheme, forms(), roster(), dealt, ballots(seed))
    figures = all_figures(wave)
    schools = composites(wave, figures)
    return {
        "indices": index_rows(wave, figures) + composite_rows(wave, schools), "items": item_rows(wave),
        "ranking": ranking_rows(wave, schools, False), "sampling": ranking_rows(wave, schools, True),
    }  # fmt: skip


def is_same(printed: str, value: Value) -> bool:
    if value is None or value == "":
        return printed == ""
    if isinstance(value, str):
        return set(printed.split("|")) == set(value.split("|"))
    return printed != "" and math.isclose(float(printed), value, rel_tol=1e-9, abs_tol=LAST_PLACE)


def differences(name: str, printed: Sequence[Row], mine: Sequence[Mapping[str, Value]]) -> tuple[list[str], int]:
    """What is not the same, and how many figures (not words, not empty cells) were compared."""
    by_key = {tuple(str(row[part]) for part in KEYS[name]): row for row in mine}
    assert sorted(by_key) == sorted(tuple(row[part] for part in KEYS[name]) for row in printed)
    found, figures = [], 0
    for row in printed:
        values = {"wave": WAVE, **by_key[tuple(row[part] for part in KEYS[name])]}
        assert values.keys() <= row.keys(), values.keys() - row.keys()
        for column, cell in row.items():
            value = values.get(column)
            figures += isinstance(value, float | int)
            if not is_same(cell, value):
                found.append(f"{name} {[row[part] for part in KEYS[name]]} {column}: printed {cell}, computed {value}")
    return found, figures


LEAST_FIGURES = 11_000  # of each scheme: counts, indices, errors, limits, ranks; no words, no empty cells


@pytest.mark.parametrize("name", SCHEMES)
def test_every_figure_is_that_of_a_program_written_from_the_documents(
    measured: tuple[District, list[Row], Path], seed: int, name: str
) -> None:
    district, dealt, home = measured
    scheme, words = written_scheme(name, home)
    printed, mine = exported(district, home, words), computed(scheme, dealt, seed)
    compared = {table: differences(table, printed[table], mine[table]) for table in KEYS}
    assert [line for lines, _ in compared.values() for line in lines] == []
    assert sum(figures for _, figures in compared.values()) >= LEAST_FIGURES, compared


def test_the_district_is_as_awkward_as_it_should_be(measured: tuple[District, list[Row], Path]) -> None:
    """Else the comparison would be cheap: each flag, a measured correlation, an error that is 0, each reason."""
    district, _, home = measured
    printed = exported(district, home, [])
    assert len({row["school_code"] for row in printed["indices"]}) == 17
    assert {flag for row in printed["indices"] for flag in row["flags"].split("|")} >= FLAGS
    correlations = {row["class_correlation"] for row in printed["indices"] if row["audience"] == "parent"}
    assert len(correlations) > 4, "measured in one category, assumed in the other"
    assert {"0.0000000000"} < {row["se_year"] for row in printed["indices"]}
    assert {"missing_audience", "low_response", "overcount"} <= {row["reason"] for row in printed["ranking"]}
    assert {row["band"] for row in printed["ranking"]} == {"A", "B", "C", ""}


def test_the_program_knows_nothing_of_the_product() -> None:
    allowed = {"math", "re", "collections", "dataclasses", "decimal", "functools", "typing", "numpy", "scipy", "types"}
    for name in PROGRAM:
        for node in ast.walk(ast.parse((Path(__file__).parent / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed, name
            elif isinstance(node, ast.ImportFrom):
                source = (node.module or "").split(".")[0]
                assert source in (PROGRAM if node.level else allowed), (name, node.module)
