"""Other counters doing the counts of a wave: options by item and cell, from the array that ``benchmarks.tally`` made.

They do less than a tally (no person scores, no sums), and start with the answers in memory. polars and duckdb are no
part of the product's environment: install them to compare.
"""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

PEERS = ("pandas", "polars", "duckdb")


def installed() -> list[str]:
    return [name for name in PEERS if importlib.util.find_spec(name)]


def columns(home: Path) -> dict[str, np.ndarray]:
    answers = np.load(home / "answers.npy")
    found = {f"Q{item}": np.ascontiguousarray(answers[:, item]) for item in range(answers.shape[1] - 2)}
    return found | {"cell": answers[:, -2].astype(np.int16) * 100 + answers[:, -1]}


def frame(name: str, home: Path) -> Any:
    """The answers as the peer likes them best; not part of what is timed."""
    if name == "polars":
        import polars

        return polars.DataFrame(columns(home))
    import pandas as pd

    table = pd.DataFrame(columns(home))
    if name == "pandas":
        return table
    import duckdb

    connection = duckdb.connect()
    connection.register("given", table)
    connection.execute("CREATE TABLE answers AS SELECT * FROM given")
    return connection


def count(name: str, found: Any, items: int) -> None:
    """Counts every item by cell and option."""
    names = [f"Q{item}" for item in range(items)]
    if name == "polars":
        import polars

        polars.collect_all([found.lazy().group_by("cell", item).len() for item in names])
    elif name == "pandas":
        for item in names:
            found.groupby(["cell", item], sort=False).size()
    else:
        for item in names:
            found.execute(f"SELECT cell, {item}, count(*) FROM answers GROUP BY ALL").fetchall()
