"""The demo district: 24 schools with true differences, and people who answer. Always the same, by a fixed seed."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SEED = 20251101
TWIN_OF = {"1005": "1004"}  # answers exactly like the other one
TINY_SCHOOL, OVERFULL_SCHOOL, SILENT_SCHOOL = "1008", "2005", "5003"


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """``quality`` shifts every answer (in standard deviations); ``response`` is the share of families that answer."""

    code: str
    name: str
    category: str
    quality: float
    response: float
    per_grade: int
    teachers: int
    strengths: dict[str, float] = field(default_factory=dict)


GRADES = {
    "幼儿园": ("小班", "中班", "大班"),
    "学区小学": ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    "直属义务教育学校": ("七年级", "八年级", "九年级"),
    "普通高中": ("高一", "高二", "高三"),
    "中等职业学校": ("职一", "职二", "职三"),
}
_NAMES = {
    "学区小学": ("临江区实验小学", "临江区育才小学", "临江区南湖小学", "临江区青石小学", "临江区柳堤小学",
                 "临江区河湾小学", "临江区新城小学", "临江区云岭教学点"),
    "直属义务教育学校": ("临江区第一中学", "临江区第二中学", "临江区外国语学校", "临江区枫林中学", "临江区沙洲中学"),
    "幼儿园": ("临江区机关幼儿园", "临江区蓓蕾幼儿园", "临江区阳光幼儿园", "临江区小桥幼儿园", "临江区金穗幼儿园"),
    "普通高中": ("临江高级中学", "临江区第三中学", "临江区江北中学"),
    "中等职业学校": ("临江区职业技术学校", "临江区旅游学校", "临江区工业学校"),
}  # fmt: skip
_FIRST_CODE = {"学区小学": 1001, "直属义务教育学校": 2001, "幼儿园": 3001, "普通高中": 4001, "中等职业学校": 5001}
_QUALITY = {
    "学区小学": (0.75, 0.25, 0.15, 0.05, 0.05, -0.1, -0.75, 0.0), "直属义务教育学校": (0.6, 0.1, 0.0, -0.1, -0.6),
    "幼儿园": (0.5, 0.2, 0.15, 0.1, -0.3), "普通高中": (0.3, 0.25, -0.4), "中等职业学校": (0.2, -0.1, 0.0),
}  # fmt: skip
_RESPONSE = (0.62, 0.48, 0.55, 0.5, 0.5, 0.36, 0.58, 0.6)
_PER_GRADE = {"学区小学": 57, "直属义务教育学校": 96, "幼儿园": 60, "普通高中": 102, "中等职业学校": 90}
_STRENGTHS: tuple[dict[str, float], ...] = (
    {"teaching": 0.3, "burden": -0.3},
    {"safety": 0.25},
    {"communication": -0.35},
    {"ethics": 0.2},
    {},
)


def schools() -> list[DemoSchool]:
    demo_schools = []
    for category, names in _NAMES.items():
        for number, name in enumerate(names):
            code = str(_FIRST_CODE[category] + number)
            demo_schools.append(
                DemoSchool(
                    code=code, name=name, category=category, quality=_QUALITY[category][number],
                    response=0.0 if code == SILENT_SCHOOL else _RESPONSE[number],
                    per_grade=2 if code == TINY_SCHOOL else 10 if code == OVERFULL_SCHOOL else _PER_GRADE[category],
                    teachers=4 if code == TINY_SCHOOL else 18 + 3 * (number - (code in TWIN_OF)),
                    strengths={} if code in TWIN_OF or code in TWIN_OF.values() else _STRENGTHS[number % 5],
                )
            )  # fmt: skip
    return demo_schools


def write_roster(path: Path) -> None:
    """The roster of the district as an office would send it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("学校代码", "学校名称", "类别", "对象", "年级", "人数"))
        for school in schools():
            school_columns = (school.code, school.name, school.category)
            for number, grade in enumerate(GRADES[school.category]):
                writer.writerow((*school_columns, "家长", grade, school.per_grade))
                has_students = school.category != "幼儿园" and not (school.category == "学区小学" and number < 3)
                if has_students:
                    writer.writerow((*school_columns, "学生", grade, school.per_grade))
            writer.writerow((*school_columns, "教师", "", school.teachers))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers: at which school, of which audience and grade, and how they feel about it."""

    school: str
    audience: str
    grade: str
    mood: float
    strengths: dict[str, float]
    seed: int


def simulate_people(share: float = 1.0) -> Iterator[Person]:
    """Everybody who answers, in the order in which they come; ``share`` thins them out for a wave that has begun."""
    respondents = [person for school in schools() for person in _people_of(school, share)]
    random.Random(SEED).shuffle(respondents)
    yield from respondents


def _people_of(school: DemoSchool, share: float) -> Iterator[Person]:
    rng = random.Random(f"{SEED}-{TWIN_OF.get(school.code, school.code)}")
    grades = GRADES[school.category]
    for number, grade in enumerate(grades):
        trend = 0.25 - 0.5 * number / (len(grades) - 1)
        parent_rate = (
            school.response * (1.25 - 0.5 * number / (len(grades) - 1)) * (2.6 if school.code == OVERFULL_SCHOOL else 1)
        )
        for audience, rate in (("parent", parent_rate), ("student", min(0.9, parent_rate * 1.2))):
            is_too_young = school.category == "幼儿园" or (school.category == "学区小学" and number < 3)
            if audience == "student" and (is_too_young or school.code == OVERFULL_SCHOOL):
                continue
            for _ in range(round(school.per_grade * rate * share)):
                mood = school.quality + trend + rng.gauss(0, 0.8)
                yield Person(school.code, audience, grade, mood, school.strengths, rng.getrandbits(32))
    for _ in range(round(school.teachers * min(1.0, school.response * 1.5) * share)):
        mood = school.quality * 0.6 + 0.4 + rng.gauss(0, 0.7)
        yield Person(school.code, "teacher", "", mood, school.strengths, rng.getrandbits(32))
