"""Pictures that stay whole on paper and names that stay apart."""

import re

import pytest
from flask import Flask

from survey_app.reporting.charts.dot_plot import ROWS_PER_BLOCK, DotPlot, IntervalDatum, index_dot_plot, shorten

LANDSCAPE_HEIGHT = 718  # px of A4 at 96 dpi inside margins of 10 mm
MAX_SCALE = 900 / 720  # the style sheet's greatest width over the width of the drawing


def plot(schools: int) -> DotPlot:
    data = [IntervalDatum(f"第{n}小学", 60 + n / 20, 55 + n / 20, 65 + n / 20, f"{n}") for n in range(schools)]
    return index_dot_plot("综合得分", "圆点是得分", data)


@pytest.mark.parametrize("schools", [1, 19, 20, 21, 60, 300])
def test_a_chart_comes_in_blocks_that_fit_on_a_page(schools: int) -> None:
    """X-F15: one picture of 60 schools left three nearly empty pages, at 300 it lay over the table."""
    whole = plot(schools)
    blocks = whole.blocks()
    assert [row.label for block in blocks for row in block.rows] == [row.label for row in whole.rows]
    for block in blocks:
        assert block.height * MAX_SCALE <= LANDSCAPE_HEIGHT
        assert len(block.rows) <= ROWS_PER_BLOCK
        assert block.ticks == whole.ticks, "every block has the axis of the whole"
        assert all(0 < row.y < block.bottom for row in block.rows)
    positions = [(row.left, row.x, row.right) for block in blocks for row in block.rows]
    assert positions == [(row.left, row.x, row.right) for row in whole.rows]
    assert len({block.title for block in blocks}) == len(blocks)


def test_every_block_is_a_figure_of_its_own_with_names_of_its_own() -> None:
    """X-F15: only a figure can be kept whole by the printer, and a screen reader needs its ids once."""
    app = Flask("pictures", root_path="survey_app")
    macro = app.jinja_env.from_string(
        '{% import "reporting/charts.html" as charts %}{{ charts.dots(chart, "c") }}'
    )  # fmt: skip
    page = macro.render(chart=plot(45))
    assert page.count("<figure") == 3
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert " · 2/3" in page


@pytest.mark.parametrize("limit", [8, 13])
def test_names_that_differ_only_at_an_end_stay_apart(limit: int) -> None:
    """X-F16: cut at 13 characters, two branches of one school had the same label."""
    names = ["青石区实验教育集团第一小学东校区", "青石区实验教育集团第一小学西校区", "青石区实验教育集团第一小学"]
    labels = [shorten(name, limit) for name in names]
    assert len(set(labels)) == 3
    assert all(len(label) <= limit for label in labels)
    assert all(label.startswith("青") for label in labels)
    assert shorten("河东小学", limit) == "河东小学"
