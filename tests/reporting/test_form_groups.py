"""The index without flagged forms and paper beside online forms: as a second count has them, and never of a few."""

import csv
import io
import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from scipy.optimize import linprog
from sqlalchemy import text

from survey_app.cli.scheme_group import load_scheme
from survey_app.foundation.settings import PROJECT
from survey_app.frame.queries import frozen_instruments, wave_by_name
from survey_app.measurement.estimate import estimate_school_audience
from survey_app.measurement.scoring import Scoring, build_scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import TallyCell
from survey_app.measurement.tally_builder import tally_responses
from survey_app.reporting.build import build_report
from survey_app.reporting.disclosure.figures import FormGroupFigures, ModeFigures, UnavailableCount, WithoutFlagged
from survey_app.reporting.html.form_groups import form_group_blocks, school_form_group_blocks
from survey_app.reporting.wave_report import WaveReport
from testing.answers import write_answers
from testing.careless import CONDITIONS, answered_carelessly, send
from testing.district import District
from testing.time import seal_by_time

Row = tuple[str, str, str]  # grade, answers, response speed


@pytest.fixture
def in_two_ways(small_district: District, tmp_path: Path) -> District:
    """Parents of one school: 24 careless and 8 other forms online, 24 on paper; sealed."""
    answered_carelessly(small_district)
    for number in range(8):
        send(small_district, 90, CONDITIONS, seed=4000 + number)
    sizes = {("0101", "parent"): 24, ("0101", "student"): 0, ("0101", "teacher"): 0}
    sizes |= {("0201", audience): 0 for audience in ("parent", "student", "teacher")}
    file = write_answers(small_district, tmp_path / "paper.csv", sizes)
    small_district.command("responses", "import", "--wave", small_district.wave, str(file))
    seal_by_time(small_district)
    return small_district


def report_of(district: District, scheme: Path | None = None) -> WaveReport:
    with district.app.app_context(), district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, district.wave)
        return build_report(session, wave, district.app.extensions["categories"], load_scheme(scheme))


def rows_of(district: District) -> tuple[Scoring, list[Row]]:
    """Each form of the parents, which no page ever reads one by one."""
    categories = district.app.extensions["categories"]
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, district.wave)
        found = next(one for one in frozen_instruments(session, wave.id, categories)
                     if "parent" in one.instrument.audiences)  # fmt: skip
        rows = session.execute(text("SELECT grade, answers, response_speed FROM response WHERE audience = 'parent'"))
        return build_scoring(found.instrument, "parent"), [(row[0], row[1], row[2]) for row in rows]


def is_flagged(scoring: Scoring, row: Row, copies: Counter[str]) -> bool:
    """In haste, one option throughout, or a varied form word for word like another."""
    answers = row[1][: len(scoring.items)]
    given = [sign for sign in answers if sign not in "?.-"]
    most = max(Counter(given).values(), default=0)
    is_varied = len(given) - most >= max(1, 0.2 * len(given) - 1e-9)
    return row[2] == "1" or len(set(given)) == 1 < len(given) or (is_varied and copies[answers] > 1)


def index_of(scoring: Scoring, rows: list[Row]) -> tuple[int, float]:
    tally = tally_responses(scoring, [(TallyCell(1, grade), answers.encode()) for grade, answers, _speed in rows])
    roster = RosterPopulation(dict.fromkeys("123456", 10))
    overall = estimate_school_audience(tally, 1, roster, MeasurementSettings()).overall
    assert overall.index.points is not None
    return overall.n, overall.index.points


def test_figures_are_those_of_a_second_count_of_the_forms(in_two_ways: District, tmp_path: Path) -> None:
    scoring, rows = rows_of(in_two_ways)
    copies = Counter(answers[: len(scoring.items)] for _grade, answers, _speed in rows)
    flagged = [row for row in rows if is_flagged(scoring, row, copies)]
    report = report_of(in_two_ways)
    figures = report.schools[0].cells["parent"].form_groups
    assert figures is not None
    found, pair = figures.without, figures.modes
    assert isinstance(found, WithoutFlagged)
    n, points = index_of(scoring, [row for row in rows if row not in flagged])
    assert (found.flagged, found.n) == (len(flagged), n)
    assert len(flagged) == 16, "five in haste, five uniform, six alike"
    assert found.without.points == pytest.approx(points)
    assert found.index.points == pytest.approx(index_of(scoring, rows)[1])
    assert found.without.low is not None
    assert found.index.low is not None
    assert found.without.high is not None
    assert found.index.high is not None
    assert found.without.high - found.without.low > found.index.high - found.index.low, "as if they had not answered"
    assert isinstance(pair, ModeFigures)
    assert (pair.paper_n, pair.online_n) == (24, 32)
    assert pair.difference.points == pytest.approx((pair.paper.points or 0) - (pair.online.points or 0))
    assert pair.difference.low is not None
    assert pair.difference.low < pair.difference.points
    _check_what_is_drawn(in_two_ways, report, found, pair, tmp_path)
    _check_another_scheme(in_two_ways, report, tmp_path)


def _check_what_is_drawn(
    district: District, report: WaveReport, found: WithoutFlagged, pair: ModeFigures, tmp_path: Path
) -> None:
    """Page, workbook and CSV say the same; whoever is neither office nor auditor reads nothing of it."""
    quality = district.staff("auditor", name="审计").get("/staff/waves/1/results/quality?view=forms").text
    school = district.staff(name="督导").get("/staff/waves/1/results/school/0101?view=quality").text
    for page in (quality, school):
        assert f"{found.without.points:.2f}" in page
        assert f"{pair.difference.points:+.2f}" in page
    with district.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE wave SET released_at = sealed_at"))
    leader = district.staff("leader", name="局长")
    for ending in ("", "&format=csv"):
        shown = leader.get(f"/staff/waves/1/results/school/0101?view=response{ending}")
        assert shown.status_code == 200
        assert f"{found.without.points:.2f}" not in shown.text, "a leader is neither office nor auditor"
    out = tmp_path / "book.xlsx"
    district.command("results", "report", "--wave", district.wave, "--out", str(out))
    sheet = openpyxl.load_workbook(out)["数据质量"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "河东小学" and row[3] == "家长")
    expected = [16, found.index.points, found.without.points, found.without.low, found.without.high, found.difference,
                24, 32, pair.paper.points, pair.online.points, pair.difference.points, pair.difference.low,
                pair.difference.high]  # fmt: skip
    assert list(row[28:41]) == pytest.approx(expected, abs=0.005)
    printed = district.command("results", "quality", "--wave", district.wave)
    (line,) = [
        line for line in csv.DictReader(io.StringIO(printed)) if line["audience"] == "parent" and line["flagged"]
    ]
    assert (line["flagged"], line["paper_n"], line["online_n"]) == ("16", "24", "32")
    assert float(line["index_without"]) == pytest.approx(found.without.points, abs=0.005)
    assert float(line["mode_difference"]) == pytest.approx(pair.difference.points, abs=0.005)
    public = report.without_private()
    assert list(form_group_blocks(public, "primary")) == []
    assert list(school_form_group_blocks(public, public.schools[0])) == []
    assert all(cell.form_groups is None for one in public.schools for cell in one.cells.values())


def _check_another_scheme(district: District, report: WaveReport, tmp_path: Path) -> None:
    """Sums are made as shipped at the seal and serve every scheme: no answer is read for it again."""
    shipped = PROJECT / "questionnaires" / "assessment" / "default.yaml"
    other = tmp_path / "other.yaml"
    other.write_text(shipped.read_text("utf-8").replace("method:", "method:\n  map: cn100", 1), "utf-8")
    district.command("results", "indices", "--wave", district.wave, "--scheme", str(other))
    cells = [one.schools[0].cells["parent"] for one in (report, report_of(district, other))]
    assert cells[0].publishable is not None
    assert cells[1].publishable is not None
    assert cells[0].publishable.overall.index.points != cells[1].publishable.overall.index.points
    found = [cell.form_groups for cell in cells]
    assert isinstance(found[0], FormGroupFigures)
    assert isinstance(found[1], FormGroupFigures)
    assert isinstance(found[0].without, WithoutFlagged)
    assert isinstance(found[1].without, WithoutFlagged)
    assert found[0].without.without.points == pytest.approx(found[1].without.without.points)


def test_a_pair_with_a_part_of_few_is_hidden(small_district: District) -> None:
    """Sixteen flagged of 24: eight would remain, and the pair would say what they answered."""
    answered_carelessly(small_district)
    seal_by_time(small_district)
    figures = report_of(small_district).schools[0].cells["parent"].form_groups
    assert figures == FormGroupFigures(UnavailableCount.HIDDEN, UnavailableCount.UNDEFINED)
    page = small_district.staff().get("/staff/waves/1/results/quality?view=forms").text
    assert "没有可以显示的信号" in page


MIN_N = 10
TOP, OTHER, REST = "best option throughout", "another signal", "no signal"
Part = tuple[str, bool]  # kind of form, on paper


def shown_sums(counts: dict[Part, int]) -> list[tuple[list[Part], int]]:
    """Which sums over parts follow from the figures that are shown, by the rules of the product."""
    every = list(counts)
    known = [(every, sum(counts.values()))]
    flagged = [part for part in every if part[0] != REST]
    paper = [part for part in every if part[1]]
    others = sum(counts[part] for part in every if part[0] == OTHER)
    for inside, is_hidden in ((flagged, 0 < others < MIN_N), (paper, False)):
        sides = [inside, [part for part in every if part not in inside]]
        sizes = [sum(counts[part] for part in side) for side in sides]
        if min(sizes) >= MIN_N and not is_hidden:
            known += list(zip(sides, sizes, strict=True))
    return known


@pytest.mark.parametrize("seed", range(40))
def test_no_small_part_follows_from_the_pairs(seed: int) -> None:
    """Both pairs and the signals together: what fewer than ten answered stays open by more than one person's answer.

    A reader knows how many chose the best throughout and that they have 100 points, the worst one also how many are in
    each other part, and of these not how satisfied they are. Two small parts are as little known as one.
    """
    chance = random.Random(seed)
    counts = {(kind, paper): chance.choice([0, 1, 3, 9, 10, 12, 40]) for kind in (TOP, OTHER, REST)
              for paper in (True, False)}  # fmt: skip
    truth = {part: (100.0 if part[0] == TOP else chance.uniform(20, 80)) * n for part, n in counts.items()}
    parts = list(counts)
    known = shown_sums(counts) if sum(counts.values()) >= MIN_N else []
    best = [part for part in parts if part[0] == TOP]
    known.append((best, sum(counts[part] for part in best)))
    equal = np.array([[part in members for part in parts] for members, _n in known], dtype=float)
    totals = [sum(truth[part] for part in members) for members, _n in known]
    limits = [(0.0, 100.0 * (known[-1][1] if part in best else counts[part])) for part in parts]
    open_parts = [part for part in parts if part[0] != TOP]
    groups = [group for size in (1, 2) for group in combinations(open_parts, size)]
    small = [group for group in groups if 0 < sum(counts[part] for part in group) < MIN_N]
    whole = sum(counts[part] for part in open_parts)
    for group in small:
        if whole - sum(counts[part] for part in group) == 0:
            continue  # everybody else chose the best: the index of the school says it by itself
        ends = []
        for sign in (1, -1):
            cost = np.array([sign * float(part in group) for part in parts])
            end = linprog(cost, A_eq=equal, b_eq=totals, bounds=limits, method="highs")
            assert end.status == 0, end.message
            ends.append(sign * float(end.fun or 0.0))
        assert ends[1] - ends[0] > 1.0, (group, counts)


def test_the_programme_finds_a_part_that_is_not_protected() -> None:
    """Were the pair shown, eleven who chose the best and one other flagged person would say what the one answered."""
    counts = {(TOP, False): 11, (OTHER, False): 1, (REST, False): 40}
    assert shown_sums(counts) == [(list(counts), 52)]
