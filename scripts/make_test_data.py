"""Makes ``tests/data``: rosters as offices send them, and figures computed by other means than the product's own code.

Run ``python -m scripts.make_test_data`` in the test environment when a case is added; what it makes is tracked, so that
a clone without anything beside it tests rosters and figures. All names and numbers are made up.
"""

import csv
import random
import statistics
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from scipy.optimize import brentq
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

DATA = Path(__file__).parents[1] / "tests" / "data"
FIXED = datetime(2026, 11, 22)
HEADING = ("学校代码", "学校名称", "类别", "家长数", "教师数", "学生数")


def book(name: str) -> tuple[openpyxl.Workbook, Worksheet]:
    workbook = openpyxl.Workbook()
    workbook.properties.created = workbook.properties.modified = FIXED
    sheet = workbook.worksheets[0]
    sheet.title = name
    return workbook, sheet


def deep_heading(path: Path) -> None:
    """A title, merged groups above the real heading, a row of totals at the end, a second sheet with remarks."""
    workbook, sheet = book("名册")
    sheet.append(["青石区中小学校基本情况表（2026年秋）"])
    sheet.merge_cells("A1:F1")
    sheet.append(["学校", None, None, "人数", None, None])
    sheet.merge_cells("A2:C2")
    sheet.merge_cells("D2:F2")
    sheet.append(HEADING)
    sheet.append(["0501", "青石第一小学", "学区小学", 480, 32, 240])
    sheet.append(["0502", "青石中学", "直属义务教育学校", "１，０２０", 88, 1020])
    sheet.append(["0503", "青石幼儿园", "幼儿园", 150, 18, None])
    workbook.create_sheet("说明").append(["本表由各校填报"])
    workbook.save(path)


def by_class(path: Path) -> None:
    workbook, sheet = book("分班")
    sheet.append(["学校代码", "学校名称", "类别", "对象", "年级", "班级", "人数"])
    for grade in ("一年级", "四年级"):
        for name in ("1班", "2班"):
            sheet.append(["0501", "青石第一小学", "学区小学", "家长", grade, name, 41])
            if grade == "四年级":
                sheet.append(["0501", "青石第一小学", "学区小学", "学生", grade, name, 41])
    sheet.append(["0501", "青石第一小学", "学区小学", "教师", None, None, 32])
    workbook.save(path)


def faulty(path: Path) -> None:
    """A fault in every row from the second on: repeated code, no code, negative, words, unknown category, no name."""
    workbook, sheet = book("名册")
    sheet.append(HEADING)
    sheet.append(["0501", "青石第一小学", "学区小学", 480, 32, 240])
    sheet.append(["0501", "青石第二小学", "学区小学", 300, 20, 150])
    sheet.append([None, "青石第三小学", "学区小学", 300, 20, 150])
    sheet.append(["0504", "青石第四小学", "学区小学", -3, 20, 150])
    sheet.append(["0505", "青石第五小学", "学区小学", "三百左右", 20, 150])
    sheet.append(["0506", "青石培训学校", "校外机构", 300, 20, 150])
    sheet.append(["0507", None, "学区小学", 300, 20, 150])
    workbook.save(path)


def gbk(path: Path) -> None:
    """As a Chinese Excel saves a csv: GBK, and a comma inside quotes."""
    rows = [("学校代码", "学校名称", "类别", "片区", "家长数", "教师数", "学生数"),
            ("0061", "青石实验学校（东校区）", "直属义务教育学校", "东,北片", "433", "37", "433"),
            ("0062", "青石村小", "学区小学", "西片", "9", "3", "")]  # fmt: skip
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows(rows)


def ratings() -> list[list[int]]:
    """Forty people who rate four things that hang together."""
    chance = random.Random(20261122)
    moods = [chance.gauss(3.6, 0.9) for _ in range(40)]
    return [[min(5, max(1, round(mood + chance.gauss(0, 0.7)))) for _ in range(4)] for mood in moods]


STRATA = {"A": (120, [62, 71, 80, 75, 68]), "B": (45, [55, 49, 60]), "C": (30, [90, 85, 88, 93])}  # N and sample
SCHOOLS = [(78.2, 1.1), (81.0, 0.9), (75.5, 2.3), (84.1, 1.6), (79.9, 0.7), (71.3, 3.0)]  # index and its error
P_VALUES = [0.004, 0.03, 0.012, 0.6, 0.045]


def figures() -> Iterator[tuple[str, str, str]]:
    """Name, value, and how it was worked out: exact fractions, the standard library, scipy or statsmodels."""
    people = ratings()
    items, total = list(zip(*people, strict=True)), [sum(person) for person in people]
    spread = sum(Fraction(statistics.variance(map(Fraction, item))) for item in items)
    alpha = Fraction(4, 3) * (1 - spread / statistics.variance(map(Fraction, total)))
    yield "alpha", repr(float(alpha)), "k/(k−1)·(1 − Σ variances / variance of the sum), exact fractions"
    pairs = [statistics.correlation(items[i], items[j]) for i in range(4) for j in range(i)]
    mean = statistics.fmean(pairs)
    yield "average-correlation", repr(mean), "mean of six Pearson correlations, statistics.correlation"
    yield "standardized-alpha", repr(4 * mean / (1 + 3 * mean)), "Spearman–Brown from the mean correlation"
    population = sum(size for size, _ in STRATA.values())
    parts = [(Fraction(size, population), Fraction(size), [Fraction(v) for v in sample])
             for size, sample in STRATA.values()]  # fmt: skip
    yield ("stratified-mean", repr(float(sum(share * statistics.mean(s) for share, _, s in parts))),
           "Σ N_h/N · mean, exact fractions (Cochran 1977, 5.1)")  # fmt: skip
    variance = sum(share**2 * (1 - len(s) / size) * statistics.variance(s) / len(s) for share, size, s in parts)
    yield "stratified-se", repr(float(variance) ** 0.5), "√Σ W²(1−f)s²/n, exact fractions (Cochran 1977, 5.6)"
    for name, low in zip(("low", "high"), proportion_confint(37, 52, method="wilson"), strict=True):
        yield f"wilson-37-of-52-{name}", repr(float(low)), "statsmodels proportion_confint(method='wilson')"
    for name, low in zip(("low", "high"), proportion_confint(3, 52, method="beta"), strict=True):
        yield f"clopper-pearson-3-of-52-{name}", repr(float(low)), "statsmodels proportion_confint(method='beta')"
    indices, variances = np.array([m for m, _ in SCHOOLS]), np.array([e**2 for _, e in SCHOOLS])
    found = combine_effects(indices, variances, method_re="chi2")
    yield "dl-tau2", repr(float(found.tau2)), "statsmodels combine_effects(method_re='chi2')"
    yield "dl-mean", repr(float(found.mean_effect_re)), "statsmodels combine_effects(method_re='chi2')"
    tau2 = float(brentq(lambda tau2: _q(indices, variances + tau2) - (len(SCHOOLS) - 1), 0, 1000, xtol=1e-13))
    yield "pm-tau2", repr(tau2), "root of Q(τ²) = k − 1 (Paule and Mandel 1982) by scipy.optimize.brentq"
    yield "pm-mean", repr(float(np.average(indices, weights=1 / (variances + tau2)))), "numpy.average with that τ²"
    for number, value in enumerate(multipletests(P_VALUES, method="holm")[1]):
        yield f"holm-{number}", repr(float(value)), "statsmodels multipletests(method='holm')"


def _q(indices: np.ndarray, variances: np.ndarray) -> float:
    mean = np.average(indices, weights=1 / variances)
    return float(np.sum((indices - mean) ** 2 / variances))


def main() -> None:
    rosters = DATA / "rosters"
    rosters.mkdir(parents=True, exist_ok=True)
    for make, name in ((deep_heading, "deep-heading.xlsx"), (by_class, "by-class.xlsx"), (faulty, "faulty.xlsx"),
                       (gbk, "gbk.csv")):  # fmt: skip
        make(rosters / name)
    with (DATA / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("figure", "value", "how"))
        writer.writerows(figures())


if __name__ == "__main__":
    main()
