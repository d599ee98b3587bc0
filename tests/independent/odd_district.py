"""An awkward district, by seed: answers through the import and the writer of the pages, roster and wave by commands.

What it hands on are plain rows and files: nothing that has been computed.
"""

import csv
import random
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from sqlalchemy import text

from survey_app.collection.submission_store import Outcome, Submission, insert_batch
from survey_app.definition.answers import encode_answers, read_answers
from survey_app.definition.categories import read_categories
from survey_app.definition.form import form_for
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from testing.application import START, make_app
from testing.district import District
from testing.time import seal_by_time

HERE = Path(__file__).parent
FORMS = HERE / "questionnaires"
SCHEME = HERE / "odd-scheme.yaml"
WAVE = "2026秋"
Row = dict[str, str]


@dataclass(frozen=True)
class OddSchool:
    """How many are on the roster and how many answer: (people, answers) by grade, "" where nothing has grades."""

    code: str
    category: str
    mood: float
    parents: Mapping[str, tuple[int, int]]
    students: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    teachers: tuple[int, int] = (0, 0)
    inspectors: int = 0
    classes: int = 0  # of parents in each grade; (people, answers) are then those of one class
    unclassed: str = ""  # a grade without classes
    manner: str = "varied"  # or "unanimous", "top-heavy", "bottom-heavy"
    no_grade: int = 0  # parents who do not say their grade
    silent: int = 0  # parents who send a form without one scored answer

    @property
    def spread(self) -> float:
        """How much people of a school differ; schools are not alike in it."""
        return 0.25 + 0.45 * (int(self.code) * 7 % 5)

    def populations(self) -> Iterator[tuple[str, str, str, int]]:
        """Audience, grade, class and people, as the roster says them."""
        for grade, (people, _) in self.parents.items():
            if self.classes and grade != self.unclassed:
                yield from (("家长", grade, f"{at}班", people + at) for at in range(1, self.classes + 1))
            else:
                yield "家长", grade, "", people
        yield from (("学生", grade, "", people) for grade, (people, _) in self.students.items())
        if self.teachers[0]:
            yield "教师", "", "", self.teachers[0]


def same(grades: str, people: int, answers: int) -> dict[str, tuple[int, int]]:
    return dict.fromkeys(grades, (people, answers))


SCHOOLS = (
    OddSchool("0101", "primary", 0.9, same("123456", 22, 16), same("456", 50, 17), (20, 12), 2, classes=4),
    OddSchool("0102", "primary", 0.3, same("123456", 17, 13), same("456", 45, 20), (24, 14), 1, classes=5, silent=3),
    OddSchool("0103", "primary", -0.2, same("123456", 19, 4), same("456", 40, 12), (15, 9), 3, classes=3),
    OddSchool("0104", "primary", 0.5, {**same("12345", 16, 1), "6": (70, 42)}, same("456", 30, 11), (9, 5), 1,
              classes=2, unclassed="6"),
    OddSchool("0105", "primary", -0.6, {"": (90, 41)}, same("456", 22, 9), (12, 7), 2, silent=2),
    OddSchool("0106", "primary", 3.0, same("123456", 11, 5), same("456", 12, 4), (10, 6), 1, manner="unanimous"),
    OddSchool("0107", "primary", 0.8, same("123456", 7, 8), same("456", 9, 5), (8, 6), 2),
    OddSchool("0108", "primary", 0.1, same("123456", 6, 6), same("456", 8, 8), (7, 7), 1),
    OddSchool("0109", "primary", 0.4, {"1": (30, 3), "2": (25, 4), "4": (40, 19), "5": (28, 20), "6": (9, 2)},
              same("456", 20, 7), (14, 8), no_grade=1, silent=1),
    OddSchool("0110", "primary", -0.4, same("123456", 14, 6), same("456", 14, 6), (11, 8), 2, no_grade=7),
    OddSchool("0111", "primary", 1.1, same("123456", 15, 8), {"4": (12, 13), "5": (10, 10), "6": (11, 11)}, (0, 0), 1),
    OddSchool("0201", "direct", 0.2, same("789", 22, 7), same("789", 60, 24), (30, 17), classes=4),
    OddSchool("0202", "direct", 0.6, same("789", 100, 13), same("789", 50, 18), (18, 10)),
    OddSchool("0203", "direct", -0.9, same("789", 20, 2), same("789", 20, 8), (10, 6)),
    OddSchool("0204", "direct", 0.7, {"7": (21, 3), "8": (30, 4), "9": (50, 31)}, same("789", 24, 9), (13, 9),
              manner="top-heavy"),
    OddSchool("0205", "direct", 0.0, same("789", 33, 14), same("789", 15, 0), (3, 1)),
    OddSchool("0206", "direct", -1.5, same("789", 26, 12), same("789", 25, 9), (16, 11), manner="bottom-heavy"),
)  # fmt: skip
FORM_OF = {name: f"odd-{name}" for name in ("parent", "student", "teacher", "inspector")}


def forms() -> dict[str, dict[str, object]]:
    """The files of the questionnaires, by audience, as anybody may read them."""
    return {who: yaml.safe_load((FORMS / f"{name}.yaml").read_text("utf-8")) for who, name in FORM_OF.items()}


class Respondents:
    """People who fill in forms by a mood; some do not know, some leave things blank."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.forms = forms()

    def answers(self, audience: str, mood: float, spread: float, manner: str) -> Row:
        form, felt = self.forms[audience], mood + self.chance.gauss(0, spread)
        row = {}
        for question in form.get("background", ()):  # type: ignore[attr-defined]
            if question["kind"] == "choice" and self.chance.random() > 0.04:
                row[question["id"]] = self.chance.choices(("yes", "no"), (3, 1))[0]
        items = [item for dimension in form["dimensions"] for item in dimension["items"]]  # type: ignore[attr-defined]
        for item in (*items, *([form["overall"]] if "overall" in form else ())):
            row[item["id"]] = self._answer(form["scales"][item["scale"]], bool(item.get("reverse")), felt, manner)  # type: ignore[index]
        for question in form.get("follow_up", ()):  # type: ignore[attr-defined]
            row[question["id"]] = ";".join(o["code"] for o in question["options"] if self.chance.random() < 0.5)
        return row

    def _answer(self, scale: Mapping[str, object], reverse: bool, felt: float, manner: str) -> str:
        codes, points = options(scale)
        ends = {"unanimous": 1.0, "top-heavy": 0.93, "bottom-heavy": 0.95}.get(manner, 0.0)
        if self.chance.random() < ends:
            wanted = 0.0 if manner == "bottom-heavy" else 100.0
        else:
            luck = self.chance.random()
            if luck < 0.07 and "not_applicable" in scale:
                return str(scale["not_applicable"]["code"])  # type: ignore[index]
            if luck > 0.88:
                return ""
            wanted = 60 + 22 * felt + self.chance.gauss(0, 18)
        if reverse:
            points = points[::-1]
        return min(zip(codes, points, strict=True), key=lambda one: (abs(one[1] - wanted), one[0]))[0]


def options(scale: Mapping[str, object]) -> tuple[list[str], list[float]]:
    """The codes of a scale and what they are worth."""
    if "from" in scale:
        low, high = int(scale["from"]), int(scale["to"])  # type: ignore[call-overload]
        numbers = range(low, high + 1)
        return [str(number) for number in numbers], [100 * (number - low) / (high - low) for number in numbers]
    written: list[Mapping[str, object]] = scale["points"]  # type: ignore[assignment]
    return [str(point["code"]) for point in written], [float(str(point["points"])) for point in written]


def ballots(seed: int) -> list[Row]:
    """Every form that is sent: school_code, audience, grade, class, and the answers by question."""
    people = Respondents(seed)
    rows: list[Row] = []

    def send(school: OddSchool, audience: str, count: int, grade: str = "", class_name: str = "") -> None:
        shift = people.chance.gauss(0, 0.9) if class_name else 0.0
        manner = school.manner if audience == "parent" else "varied"
        where = {"school_code": school.code, "audience": audience, "grade": grade, "class": class_name}
        rows.extend(where | people.answers(audience, school.mood + shift, school.spread, manner) for _ in range(count))

    for school in SCHOOLS:
        for grade, (_, count) in school.parents.items():
            if school.classes and grade != school.unclassed:
                for at in range(1, school.classes + 1):
                    send(school, "parent", count + at % 2, grade, f"{at}班")
            else:
                send(school, "parent", count, grade)
        send(school, "parent", school.no_grade)
        where = {"grade": "1", "class": "1班"} if school.classes else {"grade": "", "class": ""}
        blank = {"school_code": school.code, "audience": "parent", "lunch": "yes", "T1": "9"}
        rows += [blank | where for _ in range(school.silent)]
        for grade, (_, count) in school.students.items():
            send(school, "student", count, grade)
        send(school, "teacher", school.teachers[1])
        send(school, "inspector", school.inspectors)
    return rows


def roster() -> list[Row]:
    return [
        {"学校代码": school.code, "学校名称": f"第{school.code}学校", "类别": school.category, "对象": audience,
         "年级": grade, "班级": class_name, "人数": str(people)}
        for school in SCHOOLS for audience, grade, class_name, people in school.populations()
    ]  # fmt: skip


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def opened(home: Path, database: str) -> District:
    """The district on its roster, with the wave open, by commands only."""
    shutil.copytree(FORMS, home / "forms")
    shutil.copy(PROJECT / "questionnaires" / "categories.yaml", home / "forms")
    (home / "forms" / "assessment").mkdir()
    shutil.copy(SCHEME, home / "forms" / "assessment" / "default.yaml")
    district = District(make_app(database, home, ManualClock(START), home / "forms"), ManualClock(START))
    district.clock = district.app.extensions["clock"]
    names = {"primary": "小学", "direct": "初中"}
    lines = [row | {"类别": names[row["类别"]]} for row in roster()]
    district.command("roster", "import", str(write_csv(home / "roster.csv", lines)))
    instruments = [word for name in FORM_OF.values() for word in ("--instrument", name)]
    district.command("wave", "create", WAVE, *instruments, "--opens", "2026-11-02", "--closes", "2026-11-10",
                     "--access", "parent=class,student=open,teacher=code")  # fmt: skip
    district.command("wave", "open", WAVE, "--yes")
    return district


def links(district: District) -> list[Row]:
    """Every link as it was made: the half into which its class was dealt, too."""
    statement = "SELECT school.code AS school_code, audience, grade, class_name AS class, half, link.id AS link, "
    statement += "school_id AS school, structure_hash AS structure FROM link JOIN school ON school.id = school_id"
    with district.app.extensions["database"].read_session() as session:
        return [{key: str(value) for key, value in row.items()} for row in session.execute(text(statement)).mappings()]


def collect(district: District, home: Path, rows: Iterable[Row], where: Iterable[Row]) -> None:
    """Forms of classes by the writer that pages use, the others by the import."""
    by_class = {(row["school_code"], row["grade"], row["class"]): row for row in where if row["class"]}
    categories = read_categories(PROJECT / "questionnaires" / "categories.yaml")
    grades = {name: categories.grades_from(name, None) for name in ("primary", "direct")}
    category = {school.code: school.category for school in SCHOOLS}
    form = form_for(district.app.extensions["catalogue"].instrument("odd-parent"), "parent")
    sent, others = [], []
    for row in rows:
        link = by_class.get((row["school_code"], row["grade"], row["class"]))
        if link is None:
            others.append({name: value for name, value in row.items() if name != "class"})
            continue
        fields = {name: [part for part in value.split(";") if part] for name, value in row.items()}
        read, problems = read_answers(
            form, fields | {"year": [row["grade"]]}, grades[category[row["school_code"]]], False
        )
        assert not problems, problems
        sent.append(
            Submission(
                1, int(link["school"]), int(link["link"]), "parent", link["structure"], secrets.token_bytes(16),
                read.grade, encode_answers(read), "3", district.clock.at.date(), half=link["half"],
            )
        )  # fmt: skip
    with district.app.extensions["database"].raw_transaction(writes=True) as transaction:
        assert set(insert_batch(transaction, sent)) == {Outcome.STORED}
    district.command("responses", "import", "--wave", WAVE, str(write_csv(home / "answers.csv", others)))


def sealed(district: District) -> District:
    assert (WAVE, "sealed") in seal_by_time(district)
    return district
