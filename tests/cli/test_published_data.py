"""``results from-counts``, ``from-sample`` and ``frames``: figures of other people's data, and ours for analysts."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from survey_app.measurement.rounding import round_half_up
from testing.district import District, written

COLUMNS = ("school_code", "school_name", "category", "audience", "item", "option", "favourable", "count")
HEADING = ",".join(COLUMNS) + "\n"
SCALES = {"sd": "0", "d": "0", "a": "1", "sa": "1", "nev": "0", "rar": "0", "som": "1", "oft": "1", "idk": ""}


@pytest.fixture
def office(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_new_york_2016_through_the_command(office: District, reference: Path, tmp_path: Path) -> None:
    """issue 8, point 8: 1,854 published scores from the command's own rates, with its two roundings."""
    with (reference / "nyc2016_parents.csv").open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    source, out = tmp_path / "counts.csv", tmp_path / "rates.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for school in published:
            for name, count in school.items():
                item, _, option = name.rpartition("_")
                if item.startswith("p_q") and count:
                    writer.writerow([school["dbn"], school["locationname"], "other", "parent", item, option,
                                     SCALES[option], int(float(count))])  # fmt: skip
    office.command("results", "from-counts", str(source), "--out", str(out))
    rates: dict[str, list[float]] = {}
    for row in rows_of(out.read_text("utf-8-sig")):
        if row["item"] and row["rate"]:
            rates.setdefault(row["school_code"], []).append(round_half_up(float(row["rate"]), 2))
    scores = {code: round_half_up(sum(found) / len(found), 2) for code, found in rates.items()}
    assert len(scores) == 1854
    assert {code for code, score in scores.items() if score != float(next_score(published, code))} == set()


def next_score(published: list[dict[str, str]], code: str) -> str:
    scores = next_score.__dict__.setdefault("scores", {school["dbn"]: school["par_sat"] for school in published})
    return str(scores[code])


SMALL = HEADING + "".join(
    f"0101,河东小学,小学,家长,{item},{option},{favourable},{count}\n"
    for item, counts in (("T1", (6, 2, 1, 1, 4)), ("T2", (2, 2, 2, 4, 0)))
    for (option, favourable), count in zip(
        (("很满意", "1"), ("满意", "1"), ("一般", "0"), ("不满意", "0"), ("不了解", "")), counts, strict=True
    )
)


def test_a_small_table_by_hand(office: District, tmp_path: Path) -> None:
    """T1: (6·100 + 2·66.7 + 33.3 + 0)/10 = 76.67, 80 %; T2: (200 + 133.3 + 66.7)/10 = 40, 40 %."""
    found = json.loads(
        office.command("results", "from-counts", str(written(tmp_path / "c.csv", SMALL)), "--format", "json")
    )
    assert [(row["item"], row["dimension"]) for row in found] == [("T1", "ALL"), ("T2", "ALL"), ("", "OVERALL")]
    assert [row["index"] for row in found] == pytest.approx([230 / 3, 40.0, 175 / 3])
    assert [row["rate"] for row in found] == pytest.approx([0.8, 0.4, 0.6])
    assert (found[0]["n"], found[0]["na"]) == (10, 4)
    assert found[2]["flags"] == "error_bound|item_means"
    assert found[2]["index_low"] < 175 / 3 < found[2]["index_high"]


def test_points_and_dimensions_may_be_given(office: District, tmp_path: Path) -> None:
    text = (
        "dimension,points,"
        + HEADING
        + "".join(
            f"{dimension},{points},0101,河东小学,小学,parent,{item},{option},{int(points > 50)},{count}\n"
            for dimension, item in (("a", "X"), ("b", "Y"))
            for option, points, count in (("好", 100, 3), ("中", 60, 1), ("差", 0, 0))
        )
    )
    found = json.loads(
        office.command("results", "from-counts", str(written(tmp_path / "c.csv", text)), "--format", "json")
    )
    assert {row["dimension"] for row in found} == {"a", "b", "OVERALL"}
    assert {row["index"] for row in found} == {90.0}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0101,河东小学,小学,家长,T1,很满意,1,6", "第 12 行：与第 2 行重复"),
        ("0102,乙,小学,邻居,T1,很满意,1,6", "第 12 行：没有对象“邻居”"),
        ("0102,乙,小学,家长,T1,很满意,1,6.5", "第 12 行：“6.5”不是 0 或正整数的份数"),
        ("0102,乙,小学,家长,T1,很满意,也许,6", "第 12 行：favourable 只能是 1、0 或空"),
        ("0102,乙,小学,家长,T1,很满意,0,6", "第 12 行：题目 T1 的选项“很满意”与前面写的不一致"),
        ("0102,乙,小学,家长,T3,中,1,6", "题目 T3 至少要有两个表态的选项"),
    ],
)
def test_a_table_that_is_not_understood_is_refused(office: District, tmp_path: Path, line: str, reason: str) -> None:
    assert reason in office.command(
        "results", "from-counts", str(written(tmp_path / "c.csv", SMALL + line + "\n")), code=1
    )


def test_options_without_a_direction_need_points(office: District, tmp_path: Path) -> None:
    text = HEADING + "".join(f"0101,甲,小学,家长,T1,{n},{f},1\n" for n, f in (("少", 0), ("合适", 1), ("多", 0)))
    assert "加一列 points" in office.command("results", "from-counts", str(written(tmp_path / "c.csv", text)), code=1)


def sample_file(reference: Path, tmp_path: Path, name: str, columns: dict[str, str]) -> Path:
    with (reference / "published" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "sample.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row[source] for source in columns.values()] for row in rows)
    return path


def test_a_stratified_sample_agrees_with_r(office: District, reference: Path, tmp_path: Path) -> None:
    """R survey, apistrat: mean 662.29, error 9.4089, df 197."""
    columns = {"value": "api00", "stratum": "stype", "population": "fpc"}
    path = sample_file(reference, tmp_path, "apistrat.csv", columns)
    (found,) = json.loads(office.command("results", "from-sample", str(path), "--format", "json"))
    assert found["mean"] == pytest.approx(662.2874, abs=1e-3)
    assert found["se"] == pytest.approx(9.4089, abs=1e-4)
    assert (found["rows"], found["df"]) == (200, 197)
    assert found["population"] == pytest.approx(6194)


def test_a_cluster_sample_is_calibrated_to_known_counts(office: District, reference: Path, tmp_path: Path) -> None:
    """R survey, apiclus1 post-stratified by stype: the weights add up to the known counts, the error is smaller."""
    columns = {"value": "api00", "cluster": "dnum", "weight": "pw", "stype": "stype"}
    path = sample_file(reference, tmp_path, "apiclus1.csv", columns)
    counts = written(tmp_path / "k.csv", "column,group,count\nstype,E,4421\nstype,H,755\nstype,M,1018\n")
    (plain,) = json.loads(office.command("results", "from-sample", str(path), "--format", "json"))
    (fitted,) = json.loads(
        office.command("results", "from-sample", str(path), "--counts", str(counts), "--format", "json")
    )
    assert plain["se"] == pytest.approx(23.779011, abs=1e-5)
    assert fitted["population"] == pytest.approx(6194)
    assert fitted["total"] == pytest.approx(fitted["mean"] * 6194)
    assert plain["df"] == 14


def test_a_small_sample_by_hand_and_what_is_refused(office: District, tmp_path: Path) -> None:
    text = "value,stratum,population\n1,a,10\n0,a,10\n1,b,30\n1,b,30\n"
    (found,) = json.loads(
        office.command("results", "from-sample", str(written(tmp_path / "s.csv", text)), "--format", "json")
    )
    assert found["mean"] == pytest.approx((10 * 0.5 + 30 * 1) / 40)
    for bad, reason in (
        ("stratum\na\n", "缺少列：value"),
        ("value\n1\n", "要有 weight 列"),
        ("value,weight\n1,2\nx,2\n", "第 3 行 value 列：“x”不是数"),
        ("value,weight\n1,0\n", "not above 0"),
    ):
        assert reason in office.command("results", "from-sample", str(written(tmp_path / "s.csv", bad)), code=1)
