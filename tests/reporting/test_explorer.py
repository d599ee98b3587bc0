"""The pages of the results explorer: one value everywhere, nothing hidden, light, and whatever the address says."""

import csv
import gzip
import io
import re
import threading
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from survey_app.admin.results import report
from survey_app.cli.scheme_group import load_scheme
from survey_app.foundation import background
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.build import build_report
from survey_app.reporting.html.school_page import school_page
from testing.district import District

RESULTS = "/staff/waves/1/results"
CATEGORY_VIEWS = (
    "ranking",
    "ranking&figure=rank",
    "dimensions",
    "dimensions&figure=rate",
    "response",
    "spread",
    "line",
)
PLACES = (
    "", *(f"/category?category={category}&view={view}"
          for category in ("primary", "direct") for view in CATEGORY_VIEWS),
    *(f"/questions?category=primary&audience={name}&view={view}"
      for name in ("parent", "teacher", "student") for view in ("items", "item", "importance")),
    "/school", "/school?q=小学", "/change", "/quality", "/quality?view=consistency", "/method",
    *(f"/school/{code}?view={view}" for code in ("0101", "0103", "0202")
      for view in ("summary", "items", "response", "quality")),
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(measured: District) -> FlaskClient:
    client = measured.staff(name="读结果")
    while client.get(RESULTS).status_code == 202:  # on a busy machine the report takes longer than a page waits
        pass
    return client


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def table_of(reader: FlaskClient, place: str) -> list[list[str]]:
    response = reader.get(RESULTS + place + ("&" if "?" in place else "?") + "format=csv")
    assert response.mimetype == "text/csv", place
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("place", [place for place in PLACES if place])
def test_the_workbook_of_a_page_has_exactly_its_tables(reader: FlaskClient, place: str) -> None:
    """CSV and xlsx of what is shown: the same cells, numbers as numbers, sheets that print."""
    response = reader.get(RESULTS + place + ("&" if "?" in place else "?") + "format=xlsx")
    assert response.status_code == 200
    if place in ("/method", "/school", "/school?q=小学"):
        return
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    rows = [[comparable(cell.value) for cell in row] for sheet in book for row in sheet.iter_rows()]
    shown = [[comparable(text.removeprefix("'")) for text in row] for row in table_of(reader, place) if row]
    width = max((len(row) for row in shown), default=0)
    assert [row + [""] * (width - len(row)) for row in rows] == [row + [""] * (width - len(row)) for row in shown]
    if "ranking" in place:
        assert any(isinstance(cell.value, float) for row in book.worksheets[0].iter_rows() for cell in row)


def comparable(value: object) -> object:
    """A figure as a number, whether it is written as one or printed as one."""
    text = "" if value is None else str(value)
    try:
        return float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return text


@pytest.mark.parametrize("place", PLACES)
def test_every_page_is_there_and_light(reader: FlaskClient, place: str) -> None:
    page = reader.get(RESULTS + place)
    assert page.status_code == 200
    assert len(gzip.compress(page.data)) <= 60 * 1024
    assert page.text.count("<h1>") == 1
    assert 'href="#how-' not in page.text, "the explanation stands on the page about the method"


def test_what_is_hidden_is_hidden_on_every_page(reader: FlaskClient) -> None:
    """K16, S4: three teachers of school 0103 and eight parents of 0202 answered."""
    for code, name, category, audience, label in (
        ("0103", "河南小学", "primary", "teacher", "教师"), ("0202", "河西中学", "direct", "parent", "家长"),
    ):  # fmt: skip
        shown = [row for row in table_of(reader, f"/school/{code}?view=summary") if row[:1] == [label]]
        summary = [row for row in shown if len(row) == 8]
        assert shown == summary, "nor what is best and worst"
        assert len(summary) == 7
        assert all(row[2:6] == ["＊"] * 4 for row in summary)
        assert "人数太少" in summary[0][7]
        assert f"audience={audience}" not in reader.get(f"{RESULTS}/school/{code}?view=items").text
        places = f"category={category}&audience={audience}"
        (heat,) = [row for row in table_of(reader, f"/category?view=dimensions&{places}") if row[0] == name]
        assert set(heat[1:]) == {"＊"}
        (item,) = [row for row in table_of(reader, f"/questions?view=item&{places}") if row[0] == name]
        assert set(item[1:]) == {"＊"}
        line = table_of(reader, f"/category?view=line&{places}")
        assert [name, label] not in [row[:2] for row in line]
        signals = [row for row in table_of(reader, f"/quality?{places}") if row[:2] == [name, label]]
        assert signals
        for row in signals:  # columns 5 and 6 are of classes, of which this school had none
            assert (set(row[3:5] + row[7:]), set(row[5:7])) == ({"＊"}, {"—"})


def test_the_pages_say_what_the_tables_say(measured: District, reader: FlaskClient) -> None:
    """Walk 3 of the console: every number on the way equals the CSV."""
    ranking = rows_of(measured.command("results", "ranking", "--wave", "2026秋"))
    indices = rows_of(measured.command("results", "indices", "--wave", "2026秋"))
    lines = {row[0]: row for row in table_of(reader, "/category?category=primary")[1:]}
    for entry in (entry for entry in ranking if entry["category"] == "primary"):
        row = lines[entry["school_name"]]
        assert row[4].replace("—", "") == entry["rank"]
        assert row[5].replace("—", "") == (f"{float(entry['composite']):.2f}" if entry["composite"] else "")
    names = {"parent": "家长", "teacher": "教师", "student": "学生"}
    school = {(row[0], row[1]): row for row in table_of(reader, "/school/0101?view=summary") if len(row) == 8}
    for line in indices:
        if line["school_code"] == "0101" and line["dimension"] == "OVERALL" and line["audience"] in names:
            audience = names[line["audience"]]
            assert school[audience, "总指数"][3] == f"{float(line['index']):.2f}"


def test_the_download_has_what_the_page_shows(reader: FlaskClient) -> None:
    page = text_of(reader.get(f"{RESULTS}/category?category=primary&view=response").text)
    for row in table_of(reader, "/category?category=primary&view=response"):
        assert all(cell in page for cell in row if cell)


def test_words_stand_before_figures_and_lead_to_their_page(reader: FlaskClient) -> None:
    overview = reader.get(RESULTS).text
    assert "什么最突出" in overview
    statements = re.search(r'<ul class="lines statements">(.*?)</ul>', overview, re.DOTALL)
    assert statements
    links = re.findall(r'href="([^"]+)"', statements[1])
    assert 1 <= len(links) <= 8
    for link in links:
        assert reader.get(unescape(link)).status_code == 200
    assert "名次区间" in reader.get(f"{RESULTS}/school/0101").text


@pytest.mark.parametrize(
    "place",
    [
        "/category?category=nothing&view=nothing&figure=nothing&page=99999999999", "/category?category=&page=-1",
        "/questions?category=x&audience=x&item=x&view=x", "/change?category=x&part=x&page=x",
        "/quality?category=x&view=x&page=0", "/school/0101?view=x&audience=x",
    ],
)  # fmt: skip
def test_an_address_that_says_nonsense_shows_the_nearest_page(reader: FlaskClient, place: str) -> None:
    assert reader.get(RESULTS + place).status_code == 200


def test_a_school_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get(f"{RESULTS}/school/nothing").status_code == 404
    assert reader.get("/staff/waves/99/results/category").status_code == 404


def test_a_wave_that_is_not_counted_yet_says_so(small_district: District) -> None:
    page = small_district.staff().get(f"{RESULTS}/category")
    assert page.status_code == 409
    assert "还没有封存" in page.text


def test_every_page_speaks_english(reader: FlaskClient) -> None:
    for place in PLACES:
        page = reader.get(RESULTS + place, headers={"Accept-Language": "en"}).text
        main = re.search(r"<main.*?</main>", page, re.DOTALL)
        assert main
        for sentence in ("什么最突出", "难分高下", "回收率", "满意率", "本页的表", "区间"):
            assert sentence not in main[0], (place, sentence)


def test_a_report_that_takes_long_is_made_behind_a_page_that_looks_again(
    measured: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-F18: with 1,000 schools the first page of results took half a minute, the workbook as long again."""
    client = measured.staff(name="等结果")
    go = threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        go.wait(120)
        return build_report(*given, **more)

    monkeypatch.setattr(report, "build_report", slow)
    monkeypatch.setattr(background, "PATIENCE", 0.05)
    for address in ("results", "results/category", "results/all", "results.xlsx"):
        response = client.get(f"/staff/waves/1/{address}")
        assert (response.status_code, response.headers["Refresh"]) == (202, "5"), address
        assert "算好以后本页会自己显示" in response.text
    assert client.get("/staff/waves/1/indices.csv").status_code == 409
    go.set()
    monkeypatch.setattr(background, "PATIENCE", 120.0)
    assert client.get("/staff/waves/1/results").status_code == 200
    assert client.get("/staff/waves/1/results.xlsx").data[:2] == b"PK"


def test_the_dimensions_of_a_category_are_seen_as_index_or_as_rate(reader: FlaskClient) -> None:
    place = "/category?category=primary&view=dimensions&audience=parent"
    index, rate = table_of(reader, place), table_of(reader, f"{place}&figure=rate")
    assert index[0] == rate[0]
    assert [row[0] for row in index] == [row[0] for row in rate]
    assert all(cell.endswith("%") or cell in "—＊" for row in rate[1:] for cell in row[1:])
    summary = table_of(reader, "/school/0101?view=summary")
    overall = [row[5] for row in summary if len(row) == 8 and row[0] == "家长"][-1]
    assert next(row for row in rate if row[0] == "河东小学")[-1] == overall


def test_the_page_of_a_school_has_its_grades_its_signals_and_the_way_to_its_comments(
    measured: District, reader: FlaskClient
) -> None:
    """Signals are for the office and auditors; the grades add up to what the school has."""
    response = table_of(reader, "/school/0101?view=response")
    grades = [row for row in response if len(row) == 5 and row[0] == "家长" and "年级" in row[1]]
    assert [int(row[2]) for row in grades] == [10] * 6
    assert sum(int(row[3]) for row in grades) == int(next(row for row in response if row[0] == "家长")[3])
    assert [row[0] for row in table_of(reader, "/school/0101?view=quality")[1:]] == ["家长", "教师", "学生"]
    assert 'comments?school=0101"' in reader.get(f"{RESULTS}/school/0101").text
    with measured.app.test_request_context(), measured.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, measured.wave)
        shown = build_report(session, wave, measured.app.extensions["categories"], load_scheme(None)).without_private()
        page = school_page(shown, shown.schools[0], {"view": "quality"})
    views = [choice.query["view"] for choice in page.choices[0]]
    assert views == ["summary", "items", "response"]


def test_a_school_is_found_by_a_part_of_its_name_or_its_code(reader: FlaskClient) -> None:
    """K17, (b) 7: no search; with a thousand schools the page of one was fifty pages away."""
    assert reader.get(f"{RESULTS}/school?q=0103").headers["Location"].endswith("/results/school/0103")
    assert reader.get(f"{RESULTS}/school?q=河东 小学").headers["Location"].endswith("/results/school/0101")
    page = reader.get(f"{RESULTS}/school?q=河东").text
    assert re.findall(r"results/school/(\d+)", page) == ["0101", "0201"]
    assert "没有这样的学校" in reader.get(f"{RESULTS}/school?q=河中").text
    for place in ("", "/category"):
        assert 'href="/staff/waves/1/results/school"' in reader.get(RESULTS + place).text


def test_a_school_stands_beside_its_category_in_every_dimension(measured: District, reader: FlaskClient) -> None:
    """The mean of a dimension is made as that of all of them together is: one mean everywhere."""
    rows = [row for row in table_of(reader, "/school/0101?view=summary") if len(row) == 8 and row[0] == "家长"]
    assert len(rows) > 3
    assert all(0 < float(row[6]) < 100 for row in rows)
    means = table_of(reader, "/category?category=primary&view=spread")
    overall = next(row for row in means if row[0] == "家长")
    assert rows[-1][6] in overall, (rows[-1], overall)
    strengths = [row for row in table_of(reader, "/school/0101?view=summary") if len(row) == 3]
    assert [row[0] for row in strengths] == ["对象", "家长", "教师", "学生"]
    assert all(row[1].count("%") == row[2].count("%") == 2 for row in strengths[1:])
