"""How long a wave takes to count, and how long its results page: ``python -m benchmarks.tally [--answers 1 5]``.

For each size (millions of answers) a wave of 200 schools, 3 audiences and 25 items is written into the product's own
tables. A child process counts it in full (counts, person scores, sums, cross products) and reports seconds and peak
memory; another does nothing but ``numpy.bincount`` over the same answers as an int8 array, which is the limit that the
ratios refer to. Rounds are interleaved and medians taken. The results page is asked for through the application.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy, as the product's measurement room does

import argparse
import gzip
import importlib
import json
import pkgutil
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.synthetic_wave import AUDIENCES, WIDTH, form, school_rows

SCHOOLS = 200
ROUNDS = 3


def prepare(home: Path, url: str, answers: int = 0) -> None:
    """In a child, as peak memory is inherited: a wave with this many answers, and the same answers as an array."""
    answers = answers or int((home / "answers.txt").read_text())
    from sqlalchemy import text

    from survey_app.foundation.db import Database
    from survey_app.foundation.migration import upgrade

    shutil.copytree(Path("questionnaires"), home / "questionnaires")
    (home / "questionnaires" / "bench.yaml").write_text(form(), "utf-8")
    database = Database(url)
    upgrade(database)
    database.dispose()
    district = _district(home, url)
    made = np.random.default_rng(7)
    arrays: list[np.ndarray] = []
    with district.app.extensions["database"].write_session() as session:
        digest, wave = session.execute(text("SELECT structure_hash, wave_id FROM wave_instrument")).one()
        statement = text("INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, "
                         "response_speed) VALUES (:w, :s, :i, :a, :h, :g, :x, '2')")  # fmt: skip
        for school in session.scalars(text("SELECT school_id FROM wave_school ORDER BY school_id")).all():
            rows, array = school_rows(made, answers // SCHOOLS, len(arrays))
            arrays.append(array)
            session.execute(statement, [{"w": wave, "s": school, "h": digest, **row} for row in rows])
    np.save(home / "answers.npy", np.concatenate(arrays))
    district.app.extensions["database"].dispose()
    print("{}")


def _district(home: Path, url: str, opened: bool = True):  # type: ignore[no-untyped-def]
    from survey_app.foundation.clock import ManualClock
    from testing.application import START, make_app
    from testing.district import District, school

    app = make_app(url, home, ManualClock(START), home / "questionnaires")
    district = District(app, app.extensions["clock"])
    if opened:
        schools = tuple(school(f"{number:04d}", f"第{number}小学", parents=6000) for number in range(1, SCHOOLS + 1))
        district.opened(schools, instruments=("bench",))
    return district


def count_wave(home: Path, url: str) -> None:
    """In a child: the full tally of every audience."""
    from survey_app.integrity.tally_store import count_tallies, wave_scorings
    from survey_app.measurement.settings import MeasurementSettings

    district = _district(home, url, opened=False)
    with district.app.extensions["database"].read_session() as session:
        from survey_app.frame.queries import wave_by_name

        wave = wave_by_name(session, district.wave)
        wanted = wave_scorings(session, wave, district.app.extensions["categories"], MeasurementSettings(), {})
        before, began = _peak(), time.perf_counter()
        received = sum(found.response_counts[:, 0].sum() for found in count_tallies(session, wave.id, wanted))
        _say(time.perf_counter() - began, before, int(received))


def count_array(home: Path, url: str) -> None:
    """In a child: nothing but counting options by school and audience."""
    answers = np.load(home / "answers.npy", mmap_mode=None)
    cell = answers[:, -2].astype(np.int64) * 100 + answers[:, -1]
    base, before, began = cell * 6, _peak(), time.perf_counter()
    for item in range(WIDTH - 1):
        np.bincount(base + answers[:, item], minlength=SCHOOLS * len(AUDIENCES) * 6)
    _say(time.perf_counter() - began, before, len(answers))


def show_page(home: Path, url: str) -> None:
    """In a child: the results page through the application, cold and warm, and the workbook."""
    district = _district(home, url, opened=False)
    began = time.perf_counter()
    district.sealed()
    sealed = time.perf_counter() - began
    client = district.staff(name=f"bench{secrets.token_hex(3)}")
    times = []
    for _ in range(6):
        began = time.perf_counter()
        page = client.get("/staff/waves/1/results/all")
        times.append(time.perf_counter() - began)
        assert page.status_code == 200
    began = time.perf_counter()
    assert client.get("/staff/waves/1/results.xlsx").status_code == 200
    book = time.perf_counter() - began
    size = len(gzip.compress(page.data))
    print(
        json.dumps(
            {"seal": sealed, "cold": times[0], "warm": statistics.median(times[1:]), "bytes": size, "book": book}
        )
    )


def count_by_peer(name: str, home: Path) -> None:
    """In a child: the counts alone, by another library."""
    table = peers.frame(name, home)
    before, began = _peak(), time.perf_counter()
    peers.count(name, table, WIDTH - 1)
    _say(time.perf_counter() - began, before, 0)


def import_room(_home: Path, _url: str) -> None:
    """In a child: everything of the measurement room, from nothing."""
    began = time.perf_counter()
    import survey_app.measurement as room

    for found in pkgutil.iter_modules(room.__path__):
        importlib.import_module(f"{room.__name__}.{found.name}")
    print(json.dumps({"seconds": time.perf_counter() - began}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(seconds: float, before: float, received: int) -> None:
    print(json.dumps({"seconds": seconds, "before": before, "peak": _peak(), "received": received}))


def _counted_by(peer: str) -> Callable[[Path, str], None]:
    return lambda home, _url: count_by_peer(peer, home)


CHILDREN = {"prepare": prepare, "tally": count_wave, "limit": count_array, "page": show_page, "import": import_room}
CHILDREN |= {name: _counted_by(name) for name in peers.PEERS}


def child(task: str, home: Path, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.tally", "--child", task, "--home", str(home), "--url", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def engines(home: Path) -> dict[str, str]:
    found = {"SQLite": f"sqlite:///{home / 'survey.db'}"}
    if server := os.environ.get("TEST_POSTGRESQL_URL"):
        from tests.conftest import _administer, _sibling

        name = f"bench_{secrets.token_hex(4)}"
        _administer(server, f"CREATE DATABASE {name}")
        found["PostgreSQL"] = _sibling(server, name)
    return found


def compare(home: Path, url: str, limit: float) -> None:
    for name in peers.installed():
        runs = [child(name, home, url) for _ in range(ROUNDS)]
        seconds, peak = (statistics.median(run[key] for run in runs) for key in ("seconds", "peak"))
        print(f"| | {name}, counts alone | {seconds:.2f} | | | {seconds / limit:.1f} | {peak:.0f} |", flush=True)


def measure(millions: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for engine, url in engines(Path(folder)).items():
            home = Path(folder) / engine
            home.mkdir()
            (home / "answers.txt").write_text(str(round(millions * 1_000_000)))
            child("prepare", home, url)
            runs = [(child("tally", home, url), child("limit", home, url)) for _ in range(ROUNDS)]
            tally = statistics.median(run["seconds"] for run, _ in runs)
            limit = statistics.median(run["seconds"] for _, run in runs)
            peak = statistics.median(run["peak"] for run, _ in runs)
            if engine == "SQLite":
                compare(home, url, limit)
            page = child("page", home, url)
            print(f"| {millions:g}M | {engine} | {tally:.2f} | {tally / millions:.2f} | {limit:.3f} | "
                  f"{tally / limit:.1f} | {peak:.0f} | {page['cold'] * 1000:.0f} | {page['warm'] * 1000:.0f} | "
                  f"{page['bytes'] / 1024:.0f} | {page['book']:.1f} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=float, nargs="+", default=[1, 5], help="millions of answers")
    parser.add_argument("--child", choices=CHILDREN)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url")
    given = parser.parse_args()
    if given.child:
        CHILDREN[given.child](given.home, given.url)
        return
    seconds = statistics.median(child("import", Path(), "")["seconds"] for _ in range(ROUNDS))
    print(f"import of the measurement room: {seconds:.2f} s\n")
    print(
        "| answers | from | tally s | s per million | bincount s | ratio | peak MB | page cold ms | warm ms "
        "| page KB gzip | workbook s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for millions in given.answers:
        measure(millions)


if __name__ == "__main__":
    main()
