"""Draws ``docs/architecture.svg``: ``python -m scripts.architecture_picture``. A test compares it with the contract.

With ``--png FILE`` Chromium also shows it as a picture, to be looked at.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).parents[1] / "docs" / "architecture.svg"
WIDTH, HEIGHT = 860, 690
ROW, STEP, TOP = 34, 41, 62
STYLE = """
    .page { fill: #ffffff } .box { fill: #f3f6fa; stroke: #5b6b7f } .pure { fill: #e6f2ea; stroke: #3f7d58 }
    .way { fill: #fff; stroke: #5b6b7f } .seal { fill: #fdf1dc; stroke: #a56a00 } text { fill: #1c2733 }
    .small { font-size: 12px; fill: #4a5868 } .line { stroke: #5b6b7f; stroke-width: 1.5; fill: none }
    .tip { fill: #5b6b7f } .dash { stroke-dasharray: 5 4 } .bold { font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #14191f } .box { fill: #1f2833; stroke: #8fa1b5 } .pure { fill: #1b3325; stroke: #7fc79b }
      .way { fill: #1a2027; stroke: #8fa1b5 } .seal { fill: #3a2c10; stroke: #e0ac4d } text { fill: #e8eef5 }
      .small { fill: #b4c2d1 } .line { stroke: #8fa1b5 } .tip { fill: #8fa1b5 }
    }
  """


class Layer(NamedTuple):
    """Rooms that stand side by side, and what they are for."""

    rooms: str
    note: str
    is_pure: bool = False


LAYERS = (
    Layer("demo", "演示区、单机启动 · demo district"),
    Layer("cli · admin · inspector · public", "命令、各人的页面 · ways in"),
    Layer("web", "一张路由表、权限、错误页 · routes"),
    Layer("reporting", "analysis html charts xlsx tabular"),
    Layer("followup · assessment · comments", "整改、方案 · schemes"),
    Layer("integrity", "封存、计数、备份、自检 · seal"),
    Layer("collection", "表单、答卷、回执 · the form"),
    Layer("distribution", "链接、口令、海报 · links, codes"),
    Layer("accounts", "人员、操作记录 · staff, audit"),
    Layer("frame", "学校、名册、批次 · roster, waves"),
    Layer("foundation", "数据库、钥匙、语言、任务 · db, keys"),
    Layer("authoring", "文字、表格 → 草稿 · pure", is_pure=True),
    Layer("measurement", "计数、指数、名次 · pure", is_pure=True),
    Layer("measurement.statistics", "数组进、数组出 · pure", is_pure=True),
    Layer("definition", "问卷、题型、对象 · pure", is_pure=True),
)


class Step(NamedTuple):
    """A box of the data's way: its corner, size, kind and lines of text."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    lines: tuple[str, ...]


STEPS = (
    Step(430, 62, 185, 54, "way", ("问卷文件", "questionnaires/*.yaml")),
    Step(645, 62, 185, 54, "way", ("名册", "roster (xlsx, csv)")),
    Step(490, 170, 280, 54, "box", ("批次开放：冻结问卷与名册", "wave opens: instrument, roster frozen")),
    Step(490, 278, 280, 54, "way", ("表单 /s/… → 一次事务 → 303", "form, one transaction, thank-you page")),
    Step(430, 386, 185, 54, "box", ("答卷（答案串）", "response")),
    Step(645, 386, 185, 54, "box", ("提交回执", "receipt: that one came")),
    Step(430, 512, 185, 84, "seal", ("封存 → 计数", "seal, then tallies:", "parts add up")),
    Step(645, 512, 185, 84, "way", ("报告（一个值）", "page, workbook, csv", "are drawn from it")),
)
ARROWS = ("M522 116 580 168", "M737 116 680 168", "M630 224V276", "M580 332 522 384", "M680 332 737 384",
          "M522 440V510", "M615 554H643")  # fmt: skip


def layer(number: int, entry: Layer) -> str:
    y = TOP + number * STEP
    kind = "pure" if entry.is_pure else "box"
    return (
        f'  <rect class="{kind}" x="20" y="{y}" width="360" height="{ROW}" rx="5"/>\n'
        f'  <text x="32" y="{y + 22}">{entry.rooms}</text>'
        f'<text class="small" x="368" y="{y + 22}" text-anchor="end">{entry.note}</text>\n'
    )


def step(entry: Step) -> str:
    middle = entry.x + entry.width / 2
    first = f'<text x="{middle:g}" y="{entry.y + 23}">{entry.lines[0]}</text>'
    more = "".join(
        f'<text class="small" x="{middle:g}" y="{entry.y + 23 + 18 * number}">{line}</text>'
        for number, line in enumerate(entry.lines[1:], start=1)
    )
    corner = f'x="{entry.x}" y="{entry.y}" width="{entry.width}" height="{entry.height}" rx="5"'
    return f'  <rect class="{entry.kind}" {corner}/>\n  <g text-anchor="middle">{first}{more}</g>\n'


def picture() -> str:
    arrows = "".join(f'<path d="{path}" marker-end="url(#a)"/>' for path in ARROWS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d" '
        "font-family=\"system-ui, -apple-system, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif\" "
        'font-size="14">\n'
        '  <title id="t">各室与数据的走向 · Rooms, and how data travels</title>\n'
        '  <desc id="d">Left: the rooms in layers, each importing only those below. Right: the way from instrument '
        "file and roster through form, response and receipt, seal and tallies to the report.</desc>\n"
        f"  <style>{STYLE}</style>\n"
        '  <defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>\n'
        f'  <rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="8"/>\n'
        '  <text class="bold" x="20" y="30">房间：只向下引用</text>'
        '<text class="small" x="20" y="48">Rooms import downwards only</text>\n'
        '  <text class="bold" x="430" y="30">数据的走向</text>'
        '<text class="small" x="430" y="48">How data travels</text>\n'
        + "".join(layer(number, entry) for number, entry in enumerate(LAYERS))
        + "".join(map(step, STEPS))
        + f'  <g class="line">{arrows}<path class="dash" d="M630 380V446"/></g>\n'
        '  <text class="small" x="536" y="466">没有相连的编号 · no key between them</text>\n'
        "</svg>\n"
    )


def show(target: Path) -> None:
    from playwright.sync_api import sync_playwright

    from testing.browser import FLAGS
    from testing.programs import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(TARGET.as_uri())
        page.screenshot(path=target)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--png", type=Path, help="also take a picture of it")
    given = parser.parse_args()
    TARGET.write_text(picture(), "utf-8")
    if given.png:
        show(given.png)


if __name__ == "__main__":
    main()
