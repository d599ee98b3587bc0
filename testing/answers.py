"""Answers of a whole wave as a file for ``flask responses import``: schools differ, people differ, some do not know."""

import csv
import random
from pathlib import Path

from survey_app.definition.form import form_for
from survey_app.definition.model import BackgroundQuestion, Item
from testing.district import District, instrument_once

QUALITY = {"0101": 0.9, "0102": 0.2, "0103": 0.15, "0104": -0.8, "0201": 0.4, "0202": -0.1}
SIZES = {"parent": 48, "student": 24, "teacher": 10}


def write_answers(district: District, path: Path, sizes: dict[tuple[str, str], int] | None = None) -> Path:
    """One row a person; ``sizes`` overrides how many of a (school, audience) answer."""
    catalogue = district.app.extensions["catalogue"]
    chance = random.Random(7)
    rows: list[dict[str, str]] = []
    for link in district.links:
        if link.class_label:
            continue
        form = form_for(instrument_once(catalogue, f"compulsory-{link.audience}"), link.audience)
        count = (sizes or {}).get((link.school_code, link.audience), SIZES[link.audience])
        grades = "789" if link.school_code.startswith("02") else "123456" if link.audience == "parent" else "456"
        for number in range(count):
            mood = QUALITY[link.school_code] + chance.gauss(0, 0.7)
            row = {"school_code": link.school_code, "audience": link.audience}
            for question in form.questions():
                if isinstance(question, Item):
                    row[question.id] = _opinion(question, mood, chance)
                elif isinstance(question, BackgroundQuestion) and question.kind == "grade":
                    row["grade"] = grades[number % len(grades)]
                elif isinstance(question, BackgroundQuestion):
                    row[question.id] = chance.choice([option.code for option in question.options])
            rows.append(row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _opinion(item: Item, mood: float, chance: random.Random) -> str:
    if chance.random() < 0.05:
        return "9"
    felt = mood + chance.gauss(0, 0.8)
    worse = sum(felt < threshold for threshold in (0.3, -0.8, -1.6, -2.3))
    best_first = sorted(item.scale.points, key=lambda point: -point.points)
    return best_first[-1 - worse if item.reverse else worse].code
