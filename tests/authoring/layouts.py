"""One questionnaire in many layouts, none of which the rules were written against."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

SATISFIED = ("非常满意", "比较满意", "一般", "不太满意", "很不满意")
AGREED = ("完全同意", "比较同意", "说不清", "不太同意", "完全不同意")
GOOD = ("很好", "较好", "一般", "较差", "很差")


@dataclass(frozen=True)
class Asked:
    """A question as it is meant."""

    text: str
    kind: str
    options: tuple[str, ...] = ()
    tag: str = ""
    section: str = ""


QUESTIONS = (
    Asked("您与学校的关系是", "choice", ("学生的父亲", "学生的母亲", "其他监护人"), section="基本信息"),
    Asked("孩子是否住校", "choice", ("住校", "走读"), section="基本信息"),
    Asked("您对班主任工作的看法", "scale", SATISFIED, section="教师队伍"),
    Asked("任课教师批改作业是否认真，您的评价是", "scale", SATISFIED, section="教师队伍"),
    Asked("老师对待学生一视同仁", "scale", AGREED, section="教师队伍"),
    Asked("学校伙食的总体水平", "scale", GOOD, section="后勤服务"),
    Asked("您对宿舍卫生状况是否满意？", "scale", (*SATISFIED, "不了解"), section="后勤服务"),
    Asked("孩子每天完成书面作业大约需要多长时间", "choice", ("1小时以内", "1~2小时", "2小时以上"), section="学业负担"),
    Asked(
        "您认为学校最需要加强的工作有", "choices", ("师资培训", "体育设施", "家校联系", "校园安全"), "多选", "学业负担"
    ),
    Asked("您对学校还有什么好的建议？", "text", (), "", "学业负担"),
)


@dataclass(frozen=True)
class Layout:
    """How the questions are set."""

    number: str
    mark: str
    arrangement: str
    section: str
    gap: bool
    bracket: str
    tag: str
    wide: bool
    furniture: bool
    head: bool
    joined: bool = False


NUMBERS = ("{n}. ", "{n}．", "{n}、", "（{n}）", "{c}", "第{n}题 ", "Q{n}. ", "{n}) ", "{n}. {n}、", "{n} ", "")
MARKS = ("A. ", "A、", "A．", "(A) ", "A", "a) ", "□", "○ ", "1) ", "1. ", "① ", "( ) ", "- ", "")
ARRANGEMENTS = ("lines", "one line", "tabs", "behind", "two lines")
SECTIONS = ("{h}、{s}", "【{s}】", "第{h}部分 {s}", "（{h}）{s}", "")
TAGS = ("（可{t}）", "【{t}题】", "[{t}题]", "（{t}，最多选3项）")
CHINESE = "一二三四五六七八九十"


def is_fair(layout: Layout) -> bool:
    """Whether a careful reader could tell questions from options at all."""
    if layout.joined:
        marked = layout.mark not in ("", "- ", "1. ", "1) ", "① ") and layout.number not in ("", "{n} ")
        return marked and layout.section in ("", "{h}、{s}") and not layout.furniture
    if layout.mark == "1. " and layout.number in ("{n}. ", "{n}．", ""):
        return layout.gap and layout.arrangement != "behind"
    if layout.mark == "1) " and layout.number in ("{n}) ", "（{n}）"):
        return layout.gap and layout.arrangement != "behind"
    if layout.mark == "① " and layout.number == "{c}":
        return layout.gap and layout.arrangement != "behind"
    if layout.mark in ("", "- ") and layout.number == "":
        return layout.gap and layout.arrangement not in ("behind", "two lines")
    return not (layout.mark in ("", "- ") and layout.arrangement in ("behind", "two lines"))


def random_layout(chance: random.Random) -> Layout:
    """Return a fair layout."""
    while True:
        layout = Layout(
            chance.choice(NUMBERS), chance.choice(MARKS), chance.choice(ARRANGEMENTS), chance.choice(SECTIONS),
            chance.random() < 0.5, chance.choice(("", "（   ）", "：", "*")), chance.choice(TAGS),
            chance.random() < 0.25, chance.random() < 0.3, chance.random() < 0.7,
            chance.random() < 0.2,
        )  # fmt: skip
        if is_fair(layout):
            return layout


def write_layout(questions: Sequence[Asked], layout: Layout) -> str:
    """Return the questionnaire as somebody would have typed it."""
    lines = ["某区家长问卷调查", "尊敬的家长：您好！本问卷不记名，请如实填写。"] if layout.head else []
    section, sections = "", 0
    for number, asked in enumerate(questions, 1):
        if layout.section and asked.section != section:
            section, sections = asked.section, sections + 1
            lines += [""] * layout.gap + [layout.section.format(h=CHINESE[sections - 1], s=section)]
        elif layout.gap and lines:
            lines.append("")
        lines += _question(asked, number, layout)
        if layout.furniture and number % 4 == 0:
            lines.append(f"第 {number // 4} 页 共 3 页")
    text = "  ".join(filter(None, lines)) if layout.joined else "\n".join(lines)
    if layout.wide:
        text = text.translate({code: 0xFEE0 + code for code in range(0x30, 0x3A)} | {ord("."): "．", ord(" "): "　"})
    return text


def _question(asked: Asked, number: int, layout: Layout) -> list[str]:
    circled = chr(0x245F + number)
    tag = layout.tag.format(t=asked.tag) if asked.tag else ""
    bracket = layout.bracket if asked.options and not (layout.bracket == "：" and asked.text.endswith("？")) else ""
    stem = f"{layout.number.format(n=number, c=circled)}{asked.text}{tag}{bracket}"
    options = [f"{_mark(layout.mark, place)}{option}" for place, option in enumerate(asked.options)]
    if not options:
        return [stem]
    if layout.arrangement == "lines":
        return [stem, *options]
    if layout.arrangement == "tabs":
        return [stem, "\t".join(options)]
    if layout.arrangement == "behind":
        return [f"{stem} {'  '.join(options)}"]
    if layout.arrangement == "two lines" and len(options) > 3:
        return [stem, "   ".join(options[:3]), "   ".join(options[3:])]
    return [stem, "    ".join(options)]


def _mark(mark: str, place: int) -> str:
    for first, following in (("A", "ABCDEFG"), ("a", "abcdefg"), ("①", "①②③④⑤⑥⑦"), ("1", "1234567")):
        if first in mark:
            return mark.replace(first, following[place])
    return mark
