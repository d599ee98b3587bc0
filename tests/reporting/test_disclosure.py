"""No hidden answer can be worked out: linear programmes bound it from everything that is published."""

import csv
import io
import math
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scipy.optimize import linprog

from survey_app.admin.results.report import scheme
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.queries import wave_by_name
from survey_app.measurement.suppression import near_unanimity_share
from survey_app.reporting.build import build_report
from survey_app.reporting.disclosure.figures import CellSignals, PublishableCount
from testing.application import START, make_app
from testing.disclosure import (
    BLANK,
    DIMENSIONS,
    DONT_KNOW,
    FAVOURABLE,
    FOLLOW_UP,
    ITEMS,
    LEAST,
    OPTIONS,
    Reader,
    Row,
    column,
    total,
)
from testing.district import District, school
from testing.instruments import TINY
from testing.workbooks import cells

RESULTS = "/staff/waves/1/results/all"
SEEDS = (1, 6, 9)
SCHOOLS = tuple(school(f"01{number:02}", f"第{number}小学", parents=600) for number in range(1, 31))


def people(chance: random.Random, number: int) -> Iterator[dict[str, str]]:
    """The answers of one school; what is odd about it depends on its number."""
    size = chance.choice([6, 9]) if number % 10 == 0 else chance.randint(10, 45)
    odd = chance.choice(ITEMS)
    same = chance.choice(OPTIONS)
    for person in range(size):
        answers = {}
        for item in ITEMS:
            drawn = chance.choices([*OPTIONS, BLANK], [0.7, 0.17, 0.08, 0.05])[0]
            if item[0] == "B" and chance.random() < 0.08:
                drawn = DONT_KNOW
            if item == odd:
                drawn = _odd(chance, number, person, same, drawn)
            if number % 10 == 4 and item[0] == "B":  # nearly nobody answers the second dimension
                drawn = drawn if person < 4 else BLANK
            if number % 10 == 7 and item[0] == odd[0]:
                drawn = same  # a whole dimension alike
            answers[item] = drawn
        low = any(answers[item] in ("2", "1") for item in DIMENSIONS["d"])
        why = "ab"[person % 2] if low and person % 5 else BLANK
        overall = chance.choice(OPTIONS)
        if number % 10 == 8:  # (nearly) everybody is content with everything
            overall = "3" if person or number == 8 else "1"
        yield answers | {"OV1": overall, FOLLOW_UP: why}


def _odd(chance: random.Random, number: int, person: int, same: str, drawn: str) -> str:
    if number % 10 in (1, 2):
        return same
    if number % 10 == 3:
        return same if person else drawn
    if number % 10 in (5, 6):
        return drawn if person < chance.choice([3, 6]) else BLANK
    return drawn


@dataclass(frozen=True)
class Tables:
    """The published tables of a district, and what is true of the items."""

    indices: list[Row]
    items: list[Row]
    full: list[Row]
    exact: list[Row]
    rows: list[Row]
    signals: dict[str, CellSignals]

    def reader(self, code: str, with_errors: bool = True) -> Reader:
        found = Reader(with_errors)
        own = [row for row in self.indices if row["school_code"] == code and row["audience"] == "parent"]
        found.learns_the_school(own[0])
        for row in own:
            found.learns_a_dimension(row)
        for row in self.items_of(code):
            found.learns_an_item(row)
        whole = next(row for row in self.exact if (row["school_code"], row["dimension"]) == (code, "OVERALL"))
        found.learns_the_exact_index(whole)
        if signals := self.signals.get(code):
            found.learns_signals(signals.counts)
        if exported := self.rows_of(code):
            found.learns_the_rows(exported, [row["item"] for row in self.items_of(code) if not row["flags"]])
        return found

    def rows_of(self, code: str) -> list[Row]:
        return [row for row in self.rows if row["school_code"] == code]

    def items_of(self, code: str) -> list[Row]:
        return [row for row in self.items if row["school_code"] == code]

    def truth(self, code: str, item: str) -> Row:
        return next(row for row in self.full if (row["school_code"], row["item"]) == (code, item))

    def is_shown(self, code: str, dimension: str) -> bool:
        return any(
            "suppressed" not in row["flags"] for row in self.indices
            if (row["school_code"], row["audience"], row["dimension"]) == (code, "parent", dimension)
        )  # fmt: skip


def rows_of(district: District, table: str, *more: str) -> list[Row]:
    text = district.command("results", table, "--wave", district.wave, *more)
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def exported_rows(district: District) -> list[Row]:
    text = district.command("responses", "export", "--wave", district.wave)
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def published_signals(district: District) -> dict[str, CellSignals]:
    """Those of the quality page, by school."""
    extensions = district.app.extensions
    with district.app.app_context(), extensions["database"].read_session() as session:
        report = build_report(session, wave_by_name(session, district.wave), extensions["categories"], scheme())
    found = {school.code: school.cells["parent"].signals for school in report.schools if "parent" in school.cells}
    return {code: signals for code, signals in found.items() if signals is not None}


def questionnaires_with_ours(home: Path) -> Path:
    shutil.copytree(PROJECT / "questionnaires", home / "questionnaires")
    shutil.copy(TINY / "disclosure.yaml", home / "questionnaires")
    return home / "questionnaires"


def imported(district: District, path: Path, rows: list[Row]) -> None:
    """The answers of the whole wave, which is then sealed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    district.command("responses", "import", "--wave", district.wave, str(path))
    district.sealed()


@pytest.fixture(scope="module", params=SEEDS)
def tables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> Iterator[Tables]:
    home = tmp_path_factory.mktemp("disclosure")
    (home / "survey.db").write_bytes(migrated.read_bytes())
    app = make_app(f"sqlite:///{home / 'survey.db'}", home, ManualClock(START), questionnaires_with_ours(home))
    district = District(app, app.extensions["clock"]).opened(SCHOOLS, ("disclosure",))
    chance = random.Random(request.param)
    rows = [{"school_code": entry.code, "audience": "parent"} | answers
            for number, entry in enumerate(SCHOOLS) for answers in people(chance, number)]  # fmt: skip
    imported(district, home / "answers.csv", rows)
    yield Tables(
        rows_of(district, "indices"), rows_of(district, "items"), rows_of(district, "items", "--full"),
        [row for row in rows_of(district, "indices", "--full") if row["audience"] == "parent"],
        exported_rows(district), published_signals(district),
    )  # fmt: skip
    app.extensions["database"].dispose()


@dataclass(frozen=True)
class Withheld:
    """An item that is not shown in full. ``is_all``: no other of its dimension is; ``is_open``: the total says less."""

    school: str
    name: str
    people: int
    largest: str
    is_range: bool
    is_all: bool
    is_open: bool


def withheld_items(tables: Tables) -> Iterator[Withheld]:
    """Of the shown dimensions of the shown schools."""
    for entry in SCHOOLS:
        flags = {row["item"]: row["flags"] for row in tables.items_of(entry.code)}
        truth = {item: tables.truth(entry.code, item) for item in ITEMS}
        for dimension, items in DIMENSIONS.items():
            if tables.is_shown(entry.code, dimension):
                answered = [item for item in items if truth[item]["n"] != "0"]
                is_all = all(flags[item] for item in answered)
                sides = {code == "3" for item in items for code in OPTIONS if truth[item][f"count_{code}"] != "0"}
                for item in items:
                    counts = {code: int(truth[item][f"count_{code}"]) for code in OPTIONS}
                    if flags[item] and sum(counts.values()):
                        largest = max(counts, key=lambda code: counts[code])
                        yield Withheld(
                            entry.code, item, sum(counts.values()), largest, flags[item] == "range", is_all,
                            len(answered) > 1 and len(sides) > 1,
                        )  # fmt: skip


def excess(tables: Tables, found: Withheld, with_errors: bool) -> float:
    """By how much more is known than promised; 0 or below if nothing is.

    Of a small item at least one answer is open; of a nearly unanimous one no more is certain than its range, in people.
    """
    reader = tables.reader(found.school, with_errors)
    if found.is_range:
        low, _high = reader.bounds(column(found.name, found.largest))
        return low - math.ceil(near_unanimity_share(found.people) * found.people)
    low, high = reader.bounds(FAVOURABLE[found.name])
    return 1 - (high - low)


def protected(tables: Tables) -> list[Withheld]:
    """Without those that are hidden for the sake of another, or whose dimension says it by itself."""
    return [
        found for found in withheld_items(tables)
        if (found.is_open if found.people < LEAST else found.is_range and not found.is_all)
    ]  # fmt: skip


def test_no_item_is_known_more_closely_than_promised(tables: Tables) -> None:
    """From all counts, rates, shares and indices: subtraction in every form."""
    found = protected(tables)
    assert sum(one.is_range for one in found) >= 2
    assert sum(not one.is_range for one in found) >= 2
    assert [one for one in found if excess(tables, one, with_errors=False) > 1e-4] == []


def test_satisfied_persons_tell_no_more_than_the_overall_item(tables: Tables) -> None:
    """They are its favourable answers: beside a range of 95 % stood that it was everybody, or all but one."""
    in_range = 0
    for entry in SCHOOLS:
        item = next(row for row in tables.items_of(entry.code) if row["item"] == "OV1")
        (figure,) = [row for row in tables.indices if (row["school_code"], row["audience"], row["dimension"])
                     == (entry.code, "parent", "OVERALL")]  # fmt: skip
        truth = tables.truth(entry.code, "OV1")
        low, high = satisfied_bounds(item, figure, int(truth["n"]))
        most = max(int(truth[f"count_{code}"]) for code in OPTIONS)
        if item["flags"] == "range":
            in_range += 1
            assert low <= math.ceil(near_unanimity_share(int(truth["n"])) * int(truth["n"])), (entry.code, most)
            assert high == int(truth["n"])
            assert "satisfied_range" in figure["flags"]
        elif item["flags"] == "suppressed" and int(truth["n"]):
            assert high - low >= 1, entry.code
    assert in_range >= 2


def satisfied_bounds(item: Row, figure: Row, n: int) -> tuple[float, float]:
    """The least and the most persons of ``n`` who can have chosen the favourable option, by linear programme."""
    share = figure["satisfied"]
    if not share and item["flags"]:
        return 0.0, float(n)
    equal, at_most = [[1.0, 1.0, 1.0]], []
    totals, limits = [float(n)], []
    if not item["flags"]:
        equal += [[float(code == other) for other in OPTIONS] for code in OPTIONS]
        totals += [float(item[f"count_{code}"]) for code in OPTIONS]
    if share:
        count, slack = float(share) * n, 0.00005 * n + 1e-9
        bounded = "satisfied_range" in figure["flags"]
        if not bounded or float(share) > 0.5:  # at least
            at_most.append([-1.0, 0.0, 0.0])
            limits.append(slack - count)
        if not bounded or float(share) <= 0.5:
            at_most.append([1.0, 0.0, 0.0])
            limits.append(count + slack)
    ends = []
    for sign in (1.0, -1.0):
        found = linprog([sign, 0.0, 0.0], A_eq=equal, b_eq=totals, A_ub=at_most or None, b_ub=limits or None)
        assert found.status == 0, found.message
        ends.append(sign * float(found.fun or 0.0))
    return ends[0], ends[1]


def test_signals_are_part_of_what_is_known(tables: Tables) -> None:
    """Otherwise the programmes of this file would say nothing of them."""
    counts = [count for one in tables.signals.values() for count in one.counts.values()]
    assert sum(isinstance(count, PublishableCount) and count.count > 0 for count in counts) > 20


def test_standard_errors_hardly_tell_more(tables: Tables) -> None:
    """Printed to two decimals they say a little about who answered what; too much of 2 of 471 items (seeds 1–36)."""
    assert sum(excess(tables, one, with_errors=True) > 1e-4 for one in protected(tables)) <= 1


def test_no_hidden_dimension_is_known(tables: Tables) -> None:
    tried = 0
    for entry in SCHOOLS:
        if tables.is_shown(entry.code, "OVERALL"):
            hidden = [name for name in DIMENSIONS if not tables.is_shown(entry.code, name)]
            for name in hidden:
                low, high = tables.reader(entry.code).bounds(total(FAVOURABLE, DIMENSIONS[name]))
                assert high - low >= 1 - 1e-4, (entry.code, name, low, high)
                tried += 1
    assert tried >= 1


def test_the_programme_finds_what_is_not_protected(tables: Tables) -> None:
    """If the items that were hidden for the sake of another were shown, the other would be known exactly."""
    exposed = 0
    for found in withheld_items(tables):
        if found.people >= LEAST and not found.is_range:
            continue
        reader = tables.reader(found.school)
        others = DIMENSIONS[found.name[0].replace("A", "d").replace("B", "e")]
        for item in others:
            if item != found.name:
                reader.learns_an_item(tables.truth(found.school, item) | {"flags": ""})
        low, high = reader.bounds(column(found.name, found.largest))
        assert high - low < 0.6, (found, low, high)  # the dissatisfied are known by a rounded share
        exposed += 1
    assert exposed >= 4


def test_rows_leave_out_what_the_tables_hide(tables: Tables) -> None:
    """S4: hidden cells had their rows, hidden items and those shown as a range could be read exactly."""
    withheld = 0
    for entry in SCHOOLS:
        rows = tables.rows_of(entry.code)
        assert bool(rows) == tables.is_shown(entry.code, "OVERALL")
        for item in tables.items_of(entry.code) if rows else ():
            if item["flags"] not in ("", "follow_up"):
                assert {row[item["item"]] for row in rows} == {""}
                withheld += 1
    assert withheld >= 4


HIDDEN, ALIKE = SCHOOLS[0].code, SCHOOLS[1].code


def test_a_follow_up_is_shown_only_beside_all_items_that_it_depends_on(tables: Tables) -> None:
    """How many are asked says how some item was answered; the programmes above use it too."""
    shown = 0
    for entry in SCHOOLS:
        flags = {row["item"]: row["flags"] for row in tables.items_of(entry.code)}
        if flags[FOLLOW_UP] == "follow_up":
            shown += 1
            assert [flags[item] for item in DIMENSIONS["d"]] == ["", "", ""]
            assert (
                int(tables.truth(entry.code, FOLLOW_UP)["n"]) >= LEAST
                or tables.truth(entry.code, FOLLOW_UP)["n"] == "0"
            )
    assert shown >= 2, "nothing was tried"


def district_of(home: Path, migrated: Path, hidden: str) -> District:
    """Three schools; the answers of the first one's nine parents are ``is_hidden``, all parents of the second agree."""
    home.mkdir()
    (home / "survey.db").write_bytes(migrated.read_bytes())
    app = make_app(f"sqlite:///{home / 'survey.db'}", home, ManualClock(START), questionnaires_with_ours(home))
    district = District(app, app.extensions["clock"]).opened(SCHOOLS[:3], ("disclosure",))
    chance = random.Random(4)
    rows = [filled(HIDDEN, hidden[number % len(hidden)]) for number in range(9)]
    rows += [filled(ALIKE, "2") for _ in range(20)]
    rows += [{**filled(SCHOOLS[2].code, "3"), "A1": chance.choice(OPTIONS)} for _ in range(30)]
    imported(district, home / "answers.csv", rows)
    return district


def filled(code: str, answer: str) -> Row:
    return {"school_code": code, "audience": "parent"} | dict.fromkeys((*ITEMS, "OV1"), answer)


def everything_published(district: District, out: Path) -> str:
    texts = [district.command("results", name, "--wave", district.wave) for name in ("indices", "items", "ranking")]
    district.command("results", "report", "--wave", district.wave, "--out", str(out))
    page = re.sub(r'(?s)<meta name="csrf.*?>|name="csrf_token"[^>]*>', "", district.staff().get(RESULTS).text)
    return "\n".join([*texts, page, *(f"{place} {value}" for place, value in cells(out, values=True).items())])


def test_what_a_hidden_school_answered_changes_nothing_anywhere(tmp_path: Path, migrated: Path) -> None:
    """Nine parents, ten are needed. The error of a unanimous school is borrowed: never from the hidden one."""
    published = []
    for hidden in ("3", "1", "31", "321"):
        district = district_of(tmp_path / hidden, migrated, hidden)
        published.append(everything_published(district, tmp_path / f"{hidden}.xlsx"))
        district.app.extensions["database"].dispose()
    assert "borrowed" in published[0]
    assert {without_hashes(text) for text in published} == {without_hashes(published[0])}


def without_hashes(text: str) -> str:
    """Each wave has its own manifest and seal."""
    return re.sub(r"[0-9a-f]{16,}", "", text)
