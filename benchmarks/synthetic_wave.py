"""A questionnaire of 25 items, and answers to it that go together as answers do."""

import secrets
from collections.abc import Iterator

import numpy as np

DIMENSIONS, ITEMS, WIDTH = 6, 4, 26
AUDIENCES = {"parent": ("123456", 0.6), "student": ("456", 0.3), "teacher": ("", 0.1)}
FORM = """format: 1
id: bench
version: "1"
title: {{zh: 计时问卷, en: Benchmark}}
audiences: [parent, student, teacher]
categories: [{categories}]
grades_from: {{student: "4"}}
scales:
  five:
    points:
      - {{code: "5", points: 100, favourable: true, label: {{zh: 非常满意, en: Very satisfied}}}}
      - {{code: "4", points: 75, favourable: true, label: {{zh: 满意, en: Satisfied}}}}
      - {{code: "3", points: 50, label: {{zh: 一般, en: Neither}}}}
      - {{code: "2", points: 25, label: {{zh: 不满意, en: Dissatisfied}}}}
      - {{code: "1", points: 0, label: {{zh: 非常不满意, en: Very dissatisfied}}}}
    not_applicable: {{code: "9", label: {{zh: 不了解, en: Don't know}}}}
dimensions:
{dimensions}
overall: {{id: OV1, text: {{zh: 总体满意度, en: Overall satisfaction}}, scale: five}}
background:
  - {{id: grade, kind: grade, text: {{zh: 年级, en: Grade}}, audiences: [parent, student]}}
  - {{id: boarding, kind: choice, text: {{zh: 是否住校, en: Boarding}}, audiences: [parent, student],
     options: [{{code: "yes", label: {{zh: 是, en: Boards}}}}, {{code: "no", label: {{zh: 否, en: Does not}}}}]}}
"""


def form(categories: str = "primary") -> str:
    """Return the questionnaire file."""
    lines = []
    for number in range(1, DIMENSIONS + 1):
        lines.append(f"  - id: dim{number}\n    label: {{zh: 维度{number}, en: Dimension {number}}}\n    weight: 1\n"
                     "    items:")  # fmt: skip
        for item in range(1, ITEMS + 1):
            text = f"{{zh: 第{number}维度第{item}题, en: Item {item} of dimension {number}}}"
            lines.append(f"      - {{id: D{number}I{item}, text: {text}, scale: five}}")
    return FORM.format(dimensions="\n".join(lines), categories=categories)


def school_rows(made: np.random.Generator, people: int, school: int) -> tuple[Iterator[dict[str, object]], np.ndarray]:
    """Return the rows of a school as they are stored, and the same answers as one array of small integers."""
    mood = made.normal(0, 0.4) + made.normal(0, 0.8, (people, 1))
    felt = mood + made.normal(0, 0.8, (people, WIDTH - 1))
    option = np.digitize(-felt, (-0.3, 0.8, 1.6, 2.3)).astype(np.int8)
    option[made.random(option.shape) < 0.04] = 5  # don't know
    signs = np.frombuffer(b"12345?", dtype=np.uint8)[option]
    signs = np.column_stack([signs, np.full(people, ord("1"), dtype=np.uint8)])
    texts = signs.tobytes().decode()
    audience = np.repeat(list(AUDIENCES), [people - people // 10 - people * 3 // 10, people * 3 // 10, people // 10])
    ids = sorted(secrets.token_bytes(16) for _ in range(people))

    def rows() -> Iterator[dict[str, object]]:
        for number in range(people):
            grades = AUDIENCES[str(audience[number])][0]
            grade = grades[number % len(grades)] if grades else ""
            yield {"i": ids[number], "a": str(audience[number]), "g": grade,
                   "x": texts[number * WIDTH : (number + 1) * WIDTH]}  # fmt: skip

    cell = school * len(AUDIENCES) + np.unique(audience, return_inverse=True)[1]
    return rows(), np.column_stack([option, (cell // 100).astype(np.int8), (cell % 100).astype(np.int8)])
