"""Odd input, from the form or the file through ``flask run-due`` to page, tables and workbook: a flag or a sentence.

Never a NaN, never a None, never an error page.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from survey_app.frame.roster import RosterSchool
from testing.answers import write_answers
from testing.application import START, make_app
from testing.district import COMPULSORY, District, school
from testing.instruments import tiny_text
from testing.published import ended, imported, published

ITEMS = ("A1", "A2", "A3", "B1", "B2", "OV1")
PAIR = (school("0101", "河东小学"), school("0102", "河西小学"))
Fill = Callable[[District, Path], None]


@pytest.fixture
def fresh(tmp_path: Path, migrated: Path) -> Iterator[District]:
    """An application with questionnaires of its own, so that a case can change them."""
    (tmp_path / "survey.db").write_bytes(migrated.read_bytes())
    shutil.copytree(PROJECT / "questionnaires", tmp_path / "questionnaires")
    app = make_app(f"sqlite:///{tmp_path / 'survey.db'}", tmp_path, ManualClock(START), tmp_path / "questionnaires")
    yield District(app, app.extensions["clock"])
    app.extensions["database"].dispose()


def drawn(code: str, people: int, seed: int, items: tuple[str, ...] = ITEMS) -> list[dict[str, str]]:
    """Answers to ``disclosure.yaml``; the schools differ a little."""
    chance = random.Random(f"{code}-{seed}")
    good = 2 + int(code) % 5
    who = {"school_code": code, "audience": "parent"}
    return [who | {item: chance.choices("321", [good, 2, 1])[0] for item in items} for _person in range(people)]


def answered(**sizes: int) -> Fill:
    """The answers of three audiences as a file; sizes by ``a0101_parent``."""
    by_cell = {(name[1:5], name[6:]): count for name, count in sizes.items()}

    def fill(district: District, home: Path) -> None:
        path = write_answers(district, home / "answers.csv", by_cell)
        district.command("responses", "import", "--wave", district.wave, str(path))

    return fill


def one_answer(district: District, _home: Path) -> None:
    district.send_many(district.link("parent", "0101"), 1)


def all_alike(district: District, _home: Path) -> None:
    """Through the form: twelve parents of one school send the same, those of the other what they like."""
    first, second = district.link("parent", "0101"), district.link("parent", "0102")
    same = {name: value for name, value in district.answer(first).items() if name != "_token"}
    for _person in range(12):
        assert district.send(first, district.answer(first, same)).status_code == 303
    district.send_many(second, 12, seed=5)


def one_grade_only(district: District, _home: Path) -> None:
    """Through the form: thirty-two parents, all of the first grade."""
    link = district.link("parent", "0101")
    for person in range(32):
        assert district.send(link, district.answer(link, {"grade": "1"}, seed=person)).status_code == 303


def without(found: RosterSchool, audience: str) -> RosterSchool:
    found.populations = {key: count for key, count in found.populations.items() if key[0] != audience}
    return found


@dataclass(frozen=True)
class Case:
    schools: tuple[RosterSchool, ...]
    fill: Fill
    flags: frozenset[str] = frozenset()
    sentence: str = ""


CASES = {
    "one answer": Case(PAIR[:1], one_answer, frozenset({"suppressed"}), "人数太少，不公布"),
    "all equal": Case(PAIR, all_alike, frozenset({"borrowed"}), "误差主要借自同类学校"),
    "strata without answers": Case(PAIR[:1], one_grade_only, sentence="没有人答卷"),
    "more answers than people": Case(
        (school("0101", "河东小学", parents=12), PAIR[1]), answered(), frozenset({"overcount"}), "答卷多于名册人数"
    ),
    "an audience without roster": Case(
        (without(school("0101", "河东小学"), "teacher"), PAIR[1]),
        answered(a0101_teacher=0),
        frozenset({"missing_audience"}),
        "不排名：缺少应有的对象",
    ),
    "answers without roster": Case(
        (without(school("0101", "河东小学"), "teacher"), PAIR[1]), answered(a0101_teacher=12), sentence="河东小学"
    ),
    "a category with one school": Case((*PAIR, school("0201", "河东中学", "direct")), answered(), sentence="河东中学"),
    "nobody of an audience": Case(
        PAIR, answered(a0101_student=0, a0102_student=0), frozenset({"missing_audience"}), "没有人答卷"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_odd_input_has_a_flag_or_a_sentence(fresh: District, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    district = fresh.opened(case.schools, COMPULSORY)
    case.fill(district, tmp_path)
    found = published(ended(district), tmp_path)
    assert case.flags <= found.flags()
    assert case.sentence in found.sentences()


def test_a_school_that_is_not_on_the_roster_is_refused_with_its_code(fresh: District, tmp_path: Path) -> None:
    district = fresh.opened(PAIR)
    path = write_answers(district, tmp_path / "answers.csv")
    path.write_text(path.read_text("utf-8").replace("0101,parent", "0999,parent"), "utf-8")
    assert "0999" in district.command("responses", "import", "--wave", district.wave, str(path), code=1)
    assert district.count("response") == 0, "all or nothing"


def test_a_wave_that_nobody_answered_has_no_report_but_a_sentence(fresh: District) -> None:
    district = ended(fresh.opened(PAIR))
    assert "没有收到答卷" in district.command("results", "indices", "--wave", district.wave, code=1)
    page = district.staff().get("/staff/waves/1/results/all")
    assert page.status_code < 500
    assert "没有收到答卷" in page.text


def tiny_wave(district: District, home: Path, wave: str, text: str, rows: list[dict[str, str]],
              schools: tuple[RosterSchool, ...] = PAIR) -> District:  # fmt: skip
    """A sealed wave with this text of the instrument."""
    (home / "questionnaires" / "disclosure.yaml").write_text(text, "utf-8")
    found = District(district.app, district.clock, wave).opened(schools, ("disclosure",))
    imported(found, home, rows)
    ended(found)
    district.clock.advance(seconds=timedelta(days=100).total_seconds())
    return found


def rows_of(schools: tuple[RosterSchool, ...], seed: int, items: tuple[str, ...] = ITEMS) -> list[dict[str, str]]:
    return [row for entry in schools for row in drawn(entry.code, 24, seed, items)]


OLD = tiny_text("disclosure")
A3 = next(line for line in OLD.splitlines(keepends=True) if "id: A3" in line)
B2 = next(line for line in OLD.splitlines(keepends=True) if "id: B2" in line)
SCALE = '      - {code: "2", points: 50, label'
CHANGED = {
    "an item moved to another dimension": OLD.replace(A3, "").replace(B2, B2 + A3),
    "an item is new": OLD.replace(B2, B2 + B2.replace("B2", "B3")),
    "an item is reversed": OLD.replace(A3, A3.replace("required", "reverse: true, required")),
    "an option is worth something else": OLD.replace(SCALE, SCALE.replace("50", "60")),
    "a dimension weighs more": OLD.replace("weight: 3", "weight: 2"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_form_is_not_compared_and_says_so(fresh: District, tmp_path: Path, change: str) -> None:
    new = CHANGED[change].replace('version: "1"', 'version: "2"')
    assert new.replace('version: "2"', 'version: "1"') != OLD
    tiny_wave(fresh, tmp_path, "2025秋", OLD, rows_of(PAIR, 1))
    items = (*ITEMS, "B3") if "B3" in new else ITEMS
    found = published(tiny_wave(fresh, tmp_path, "2026秋", new, rows_of(PAIR, 2, items)), tmp_path)
    assert "与“2025秋”相比，家长的题目、选项或赋分有变动，不作比较。" in found.page
    place = {key[1]: value for key, value in found.workbook.items() if key[0] == "学校位置"}
    assert not any(isinstance(value, float) for key, value in place.items() if key[0] in "NORU" and key[1:].isdigit())


def test_items_in_another_order_are_compared(fresh: District, tmp_path: Path) -> None:
    tiny_wave(fresh, tmp_path, "2025秋", OLD, rows_of(PAIR, 1))
    new = OLD.replace(A3, "").replace('    items:\n      - {id: A1', f'    items:\n{A3}      - {{id: A1').replace(
        'version: "1"', 'version: "2"')  # fmt: skip
    found = published(tiny_wave(fresh, tmp_path, "2026秋", new, rows_of(PAIR, 1)), tmp_path)
    assert "不作比较" not in found.page
    changes = [value for key, value in found.workbook.items() if key[0] == "学校位置" and re.fullmatch(r"O\d+", key[1])]
    assert [value for value in changes if isinstance(value, int | float)] == [0] * 4


def test_a_wave_without_the_overall_item_says_what_cannot_be_computed(fresh: District, tmp_path: Path) -> None:
    text = re.sub(r"^overall:.*\n", "", OLD, flags=re.M)
    items = ITEMS[:-1]
    found = published(tiny_wave(fresh, tmp_path, "2026秋", text, rows_of(PAIR, 1, items)), tmp_path)
    assert "问卷没有总体满意题" in found.page
    assert any("问卷没有总体满意题" in value for value in found.workbook.values() if isinstance(value, str))
    assert all(row["index"] for row in found.indices if row["audience"] == "parent")


@pytest.mark.parametrize("number", [19, 20])
def test_value_added_is_there_from_twenty_schools_on(fresh: District, tmp_path: Path, number: int) -> None:
    schools = tuple(school(f"01{at:02}", f"第{at}小学") for at in range(1, number + 1))
    tiny_wave(fresh, tmp_path, "2025秋", OLD, rows_of(schools, 1), schools)
    found = published(tiny_wave(fresh, tmp_path, "2026秋", OLD, rows_of(schools, 2), schools), tmp_path)
    added = [value for key, value in found.workbook.items() if key[0] == "学校位置" and re.fullmatch(r"U\d+", key[1])]
    scores = [value for value in added if isinstance(value, int | float)]
    assert len(scores) == (2 * number if number >= 20 else 0), "parents and composite"
    table = re.search(r"与“2025秋”相比.*?<tbody>(.*?)</tbody>", found.page, re.S)
    assert table
    last = [re.sub(r"<[^>]+>", "", row).strip() for row in re.findall(r"<td[^>]*>[^<]*</td>\s*</tr>", table[1])]
    assert len(last) == number
    assert all((text != "—") == (number >= 20) for text in last)
