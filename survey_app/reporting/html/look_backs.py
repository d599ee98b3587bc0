"""Before and after of a case in words, and as a table of text."""

from collections import Counter
from dataclasses import dataclass

from survey_app.definition.messages import message
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, render
from survey_app.measurement.rounding import round_half_up

from .. import labels
from ..disclosure.figures import ItemFigures, ItemRange, PublishableItem
from ..look_backs import ItemChange, LookBackResult

VERDICTS = {
    "up": message("可以确定好转"), "down": message("可以确定变差"), "undecided": message("看不出变化"),
    "equivalent": message("可以确定变化不到 3 分"), "unknown": message("不能比较"),
}  # fmt: skip
HIDDEN = "＊"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One item; every cell as it is printed."""

    question: str
    verdict: str
    before: str
    after: str
    difference: str
    interval: str
    dissatisfied: str
    answers: str


@dataclass(frozen=True, slots=True)
class LookBackPage:
    """``sentences`` say what it means; ``has_hidden``: whether a figure may not be read."""

    earlier: str
    later: str
    sentences: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    has_hidden: bool


def look_back_page(result: LookBackResult) -> LookBackPage:
    """Return what is printed of a look back, words before figures."""
    lines = tuple(_line(change, result.decimals) for change in result.changes)
    return LookBackPage(
        result.earlier, result.later, tuple(_sentences(result, lines)), lines, any(HIDDEN in line.after + line.before
                                                                                  for line in lines),
    )  # fmt: skip


def _sentences(result: LookBackResult, lines: tuple[ChangeLine, ...]) -> list[str]:
    """A count where there are several items, then each of which something is certain."""
    counts = Counter(change.verdict for change in result.changes)
    said = []
    if len(result.changes) != 1:
        parts = [
            _("{n} 道{verdict}", n=counts[name], verdict=render(words))
            for name, words in VERDICTS.items()
            if counts[name]
        ]
        said.append(_("{n} 道题中：{parts}。", n=len(result.changes), parts=_("，").join(parts)))
    for change, line in zip(result.changes, lines, strict=True):
        if change.verdict in ("up", "down") or len(result.changes) == 1:
            said.append(_sentence(change, line))
    return said


def _sentence(change: ItemChange, line: ChangeLine) -> str:
    if change.difference is None:
        return _("{question}：{verdict}。有一次的人数太少，或者几乎所有人选了同一项。", question=line.question,
                 verdict=line.verdict)  # fmt: skip
    return _(
        "{question}：{verdict}。指数从 {before} 到 {after}，变化 {difference} 分（95% 区间 {interval}）。",
        question=line.question, verdict=line.verdict, before=line.before, after=line.after,
        difference=line.difference, interval=line.interval,
    )  # fmt: skip


def _line(change: ItemChange, decimals: int) -> ChangeLine:
    text = with_school(change.text.in_language(language()), _("这所学校"))
    shares = [_dissatisfied(figures) for figures in (change.before, change.after)]
    answers = [_answers(figures) for figures in (change.before, change.after)]
    return ChangeLine(
        question=_("{who}：{item}", who=labels.audience(change.audience), item=text),
        verdict=render(VERDICTS[change.verdict]), before=_index(change.before, decimals),
        after=_index(change.after, decimals), difference=_signed(change.difference, decimals),
        interval=_("{low} 至 {high}", low=_signed(change.low, decimals), high=_signed(change.high, decimals))
        if change.low is not None else "—",
        dissatisfied=_("{before} → {after}", before=shares[0], after=shares[1]),
        answers=_("{before} → {after}", before=answers[0], after=answers[1]),
    )  # fmt: skip


def _index(figures: ItemFigures, decimals: int) -> str:
    """The mean in points; of a range the share of the satisfied."""
    if isinstance(figures, ItemRange):
        return _("满意率 {low:.0%}–{high:.0%}", low=figures.rate_low, high=figures.rate_high)
    if not isinstance(figures, PublishableItem):
        return HIDDEN
    index = figures.distribution.index
    return "—" if index is None else f"{round_half_up(index, decimals):.{decimals}f}"


def _dissatisfied(figures: ItemFigures) -> str:
    share = figures.distribution.dissatisfied if isinstance(figures, PublishableItem) else None
    return HIDDEN if share is None else f"{round_half_up(share * 100, 1):.1f}%"


def _answers(figures: ItemFigures) -> str:
    return f"{figures.distribution.n:,}" if isinstance(figures, PublishableItem) else HIDDEN


def _signed(value: float | None, decimals: int) -> str:
    return "—" if value is None else f"{round_half_up(value, decimals) + 0.0:+.{decimals}f}"
