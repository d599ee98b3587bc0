"""What real questionnaires ask, from the file through the form and the paper to what is kept."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import String

from survey_app.collection.models import Comment
from testing.instruments import tiny_text
from testing.walk import Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,60\n"
Opened = Callable[..., Walk]


@pytest.fixture
def opened(tmp_path: Path, migrated: Path) -> Iterator[Opened]:
    """Opens a wave with one of the tiny instruments, changed or not; parents of one school are asked."""
    walks: list[Walk] = []

    def open_with(name: str, *changes: tuple[str, str]) -> Walk:
        text = tiny_text(name).replace(f"id: {name}", "id: quarter", 1)
        text = re.sub(r"audiences: \[parent, \w+\]", "audiences: [parent]", text, count=1)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        walk = prepare(tmp_path, migrated, text)
        walks.append(walk)
        walk.open(ROSTER)
        return walk

    yield open_with
    for walk in walks:
        walk.district.app.extensions["database"].dispose()


def imported(walk: Walk, *lines: str) -> str:
    file = walk.home / "paper.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    run = walk.district.app.test_cli_runner().invoke
    result = run(args=["responses", "import", "--wave", "2026秋", str(file)])
    assert result.exit_code == 0, result.output
    return result.output + result.stderr


def test_too_many_reasons_come_back_with_what_was_entered(opened: Opened) -> None:
    walk = opened("follow_up")
    page = walk.page()
    assert "（选 1 到 2 项）" in page
    assert page.index('id="q-OV1"') < page.index('id="q-why_low"') < page.index('id="q-told"')
    sent = {"T1": "1", "advise": "y", "why_low": ["lessons", "homework", "rooms"]}
    refused = walk.refused(**sent)  # type: ignore[arg-type]
    assert "最多选 2 项，现在选了 3 项，请去掉几项" in refused
    assert len(re.findall(r'name="why_low"[^>]* checked', refused)) == 3
    assert "“以上都没有”不能与别的选项一起选" in walk.refused(**sent | {"why_low": ["lessons", "none"]})  # type: ignore[arg-type]
    walk.answer(**sent | {"why_low": ["lessons", "homework"]})  # type: ignore[arg-type]
    assert walk.strings() == ["3...." + "1122" + "1"]


def test_one_language_offers_no_other(opened: Opened) -> None:
    walk = opened("follow_up")
    assert 'value="en"' not in walk.page()
    assert "讲课" in walk.page("?lang=en")


def test_what_was_ticked_on_paper_is_kept_and_said(opened: Opened) -> None:
    walk = opened("follow_up")
    head = "school_code,audience,T1,why_low,advise"
    said = imported(walk, head, "0101,parent,1,lessons;homework;rooms,y", "0101,parent,1,lessons;none,y")
    assert "第 2 行：列 why_low 的选项不该一起选（lessons homework rooms），照原样计入" in said
    assert "第 3 行" in said
    assert walk.strings() == ["3....11121", "3....12211"]


def test_of_a_number_only_its_band_is_anywhere(opened: Opened) -> None:
    walk = opened("number")
    assert 'inputmode="decimal"' in walk.page()
    refused = walk.refused(minutes="13737 or so")
    assert "请只填一个数，如 120" in refused
    assert 'value="13737 or so"' in refused
    walk.answer(minutes="13737", tired="y")
    assert walk.strings() == ["151"]
    assert imported(walk, "school_code,audience,minutes,A1", "0101,parent,45.5,2").endswith("已导入 1 份答卷\n")
    walk.district.app.extensions["database"].dispose()
    kept = [path for path in walk.home.rglob("*") if path.is_file() and path.suffix != ".csv"]
    assert any(b"151" in path.read_bytes() for path in kept)
    assert [path.name for path in kept if b"13737" in path.read_bytes() or b"45.5" in path.read_bytes()] == []


def test_a_band_is_exported_like_an_option_and_read_again(opened: Opened) -> None:
    walk = opened("number")
    for number in range(48):
        walk.answer(A1="321"[number % 3], minutes=str(number % 2 * 31))
    walk.seal()
    rows = walk.district.command("responses", "export", "--wave", "2026秋").splitlines()
    assert rows[0] == "school_code,audience,grade,minutes,tired,A1"
    assert {row.split(",")[3] for row in rows[1:]} == {"0", "30"}


NAMED = (
    ("{zh: 讲课}", '{zh: "{school}的讲课"}'),
    ("title: {zh: 小问卷}", 'title: {zh: 小问卷}\nintro: {zh: "只说{school}"}'),
)


def test_texts_name_the_school_on_every_page(opened: Opened) -> None:
    walk = opened("follow_up", *NAMED)
    assert "河东小学的讲课" in walk.page()
    assert "只说河东小学" in walk.page("?size=large")
    refused = walk.refused(advise="y")
    assert "河东小学的讲课" in refused
    assert "{school}" not in walk.page() + refused


def test_reports_and_paper_name_none(opened: Opened) -> None:
    walk = opened("follow_up", *NAMED)
    for number in range(12):
        walk.answer(T1="321"[number % 3], advise="y")
    walk.seal()
    page, cells = walk.results_page(), walk.workbook_cells()
    assert "这所学校的讲课" in page
    assert any("这所学校的讲课" in cell for cell in cells)
    assert not any("{school}" in text for text in (page, *cells))


def comments(walk: Walk) -> set[tuple[str, str]]:
    with walk.district.app.extensions["database"].read_session() as session:
        return {(row.question, row.text) for row in session.query(Comment)}


def test_other_is_kept_as_a_comment_without_a_way_back(opened: Opened) -> None:
    walk = opened("follow_up")
    assert re.search(r'<input class="typed"\s+name="why_low.rooms"', walk.page())
    sent = {"T1": "1", "advise": "y", "why_low": "rooms", "why_low.rooms": "太<b>挤"}
    refused = walk.refused(**sent | {"why_low": "lessons"})
    assert "您写了“教室”的内容" in refused
    assert 'value="太&lt;b&gt;挤"' in refused
    walk.answer(**sent)
    imported(walk, "school_code,audience,T1,why_low,why_low.rooms,advise", "0101,parent,1,rooms,太暗,y")
    assert comments(walk) == {("why_low.rooms", "太<b>挤"), ("why_low.rooms", "太暗")}
    assert walk.strings() == ["3....22121"] * 2


def test_numbers_and_stars_are_answered_without_a_script(opened: Opened) -> None:
    walk = opened("numbers")
    page = walk.page("?lang=en")
    assert len(re.findall(r'<input type="radio"\s+name="R1"', page)) == 12
    assert 'aria-label="10 Extremely likely"' in page
    assert page.count('<b aria-hidden="true">★</b>') == 5
    assert re.search(r"<span>0 Not at all likely</span>\s*<span>10 Extremely likely</span>", page)
    walk.answer(S1="4", W1="2", R1="0")
    assert walk.strings() == ["1421"]


def test_the_longest_name_of_such_a_text_fits_its_column() -> None:
    """An id of 32 characters, a dot and a code of 16; SQLite would not mind, PostgreSQL refuses what is longer."""
    column = Comment.__table__.c["question"].type
    assert isinstance(column, String)
    assert column.length is not None
    assert column.length >= 32 + 1 + 16
