"""What real questionnaires ask, from the file through the form and the paper to what is kept."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
