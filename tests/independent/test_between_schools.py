"""Issue 10: what the workbook says between schools, once more: means, outliers, reliability, the 85% line, chances."""

import math
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml

from testing.district import District
from tests.independent.between import chances, figured, inequality, mean_of, positions, verdict
from tests.independent.league import composites, is_ranked, rounded
from tests.independent.odd_district import SCHEME, WAVE, Row, ballots, forms, roster
from tests.independent.recompute import OVERALL, Wave, read_wave
from tests.independent.tables import all_figures

AUDIENCES = {
    "parent": "家长", "teacher": "教师", "student": "学生", "inspector": "责任督学", "composite": "综合得分",
}  # fmt: skip
CATEGORIES = {"primary": "学区小学", "direct": "直属义务教育学校"}
ZONES = {
    0: "在漏斗内",
    1: "偏高（95% 之外）",
    -1: "偏低（95% 之外）",
    2: "偏高（99.8% 之外）",
    -2: "偏低（99.8% 之外）",
}
WORDS = {"met": "达到", "not met": "未达到", "undecided": "不能判定"}
Lines = list[tuple[object, ...]]


def near(printed: object, value: float, places: int = 2) -> bool:
    return isinstance(printed, int | float) and math.isclose(printed, value, rel_tol=0, abs_tol=0.5001 * 10**-places)


@pytest.fixture(scope="module")
def book(measured: tuple[District, list[Row], Path]) -> dict[str, Lines]:
    district, _, home = measured
    path = home / "book.xlsx"
    district.command("results", "report", "--wave", WAVE, "--out", str(path))
    read = openpyxl.load_workbook(path, data_only=True)
    return {name: list(read[name].iter_rows(values_only=True)) for name in ("总体与差异", "学校位置", "分类排名表")}


@pytest.fixture(scope="module")
def wave(measured: tuple[District, list[Row], Path], seed: int) -> Wave:
    return read_wave(yaml.safe_load(SCHEME.read_text("utf-8")), forms(), roster(), measured[1], ballots(seed))


def test_means_inequality_and_reliability(book: dict[str, Lines], wave: Wave) -> None:
    figures = all_figures(wave)
    schools = composites(wave, figures)
    printed = {(row[0], row[1]): row for row in book["总体与差异"]}
    for audience in AUDIENCES.keys() - {"inspector"}:
        everybody = figured(wave, figures, schools, audience)
        for category in ("", *CATEGORIES):
            some = [one for one in everybody if not category or one.category == category]
            row = printed[CATEGORIES.get(category, "全区"), AUDIENCES[audience]]
            mean = mean_of(some)
            assert row[2] == len(some)
            assert all(near(*pair) for pair in zip(row[3:7], mean.values(), strict=True)), (row, mean)
            if category:
                trust = float(np.median([one.trust for one in positions(everybody, category).values()]))
                assert near(row[7], inequality(some), 4), (row, inequality(some))
                assert near(row[8], trust), (row, trust)


def test_positions_and_the_line(book: dict[str, Lines], wave: Wave) -> None:
    figures = all_figures(wave)
    schools = composites(wave, figures)
    printed = {(row[0], row[3]): row for row in book["学校位置"]}
    zones = set()
    for audience, label in AUDIENCES.items():
        everybody = figured(wave, figures, schools, audience)
        for category in CATEGORIES:
            for code, place in positions(everybody, category).items():
                row = printed[code, label]
                values = ((6, place.trust), (7, place.t), (9, place.shrunken))
                assert all(near(row[column], value) for column, value in values), (row, place)
                assert row[8] == ZONES[place.zone], (row, place)
                zones.add(place.zone)
    assert {-1, 0, 1} <= zones
    said, bounds = set(), 0
    for (code, audience, dimension), found in figures.items():
        cell = wave.cells[code, audience]
        if dimension != OVERALL or OVERALL in cell.hidden_dimensions or (judged := verdict(cell, found)) is None:
            continue
        share, words, odds = printed[code, AUDIENCES[audience]][10:13]
        if judged.is_bound:
            assert str(share) in (f"不低于 {judged.share:.0%}", f"不高于 {judged.share:.0%}"), (code, audience, judged)
        else:
            assert near(share, judged.share, 4), (code, audience, share, judged)
        bounds += judged.is_bound
        assert str(words).startswith(WORDS[judged.verdict]), (code, audience, words, judged)
        needed = f"（约需 {judged.needed} 份答卷）" if judged.needed else ""
        assert str(words).endswith(needed), (code, words, judged)
        tips = judged.odds or 0.0
        wanted = "—" if judged.odds is None else "不会推翻" if tips >= 100 else f"{tips:.2f} 倍"
        assert odds == wanted, (code, audience, odds, judged)
        said.add(judged.verdict)
    assert said == set(WORDS)
    assert bounds >= 3


def test_chances_of_the_first_places(book: dict[str, Lines], wave: Wave) -> None:
    schools = [one for one in composites(wave, all_figures(wave)) if is_ranked(wave, one)]
    printed = {row[0]: row[-5:-1] for row in book["分类排名表"]}
    for category in CATEGORIES:
        kind = [one for one in schools if one.category == category]
        y, se = np.array([rounded(wave, one.share) for one in kind]), np.array([one.level for one in kind])
        for column, q in enumerate((1, 3, 5, 10)):
            for one, chance in zip(kind, chances(y, se, q), strict=True) if q < len(kind) else ():
                assert near(printed[one.code][column], chance, 4), (one.code, q, chance)
