"""The page of private questions, such as whether somebody was told how to answer: for the office and the auditor."""

from collections.abc import Iterator, Mapping, Sequence

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import _, language

from .. import labels
from ..disclosure.figures import PublishableCount, UnanimousCount
from ..disclosure.private_answers import PrivateAnswers, PrivateCell, pool_private
from ..signal_labels import signal_text
from ..wave_report import SchoolReport, WaveReport
from .blocks import Heading, PageBlock, TextTable
from .explorer import Choice, ExplorerPage, choices, cut_table, valid_choice

TextRow = tuple[str, ...]


def private_page(report: WaveReport, answers: Sequence[PrivateAnswers], words: Mapping[str, str]) -> ExplorerPage:
    """One question, a category at a time; schools where it was answered most often first."""
    report.check_public()
    if not answers:
        return ExplorerPage(_("不公开的题"), (_("这个批次的问卷里没有不公开的题。"),))
    question = valid_choice(words.get("question", ""), [str(number) for number in range(len(answers))])
    categories = {entry.id: labels.category(report, entry.id) for entry in report.categories}
    category = valid_choice(words.get("category", ""), tuple(categories))
    chosen = answers[int(question)]
    texts = {str(number): entry.question.text.in_language(language()) for number, entry in enumerate(answers)}
    shown: tuple[tuple[Choice, ...], ...] = (choices("category", categories, category, {"question": question}),)
    if len(answers) > 1:
        shown = (choices("question", texts, question, {"category": category}), *shown)
    sentences = (texts[question], private_caution())
    rows = tuple(_rows(report, category, chosen))
    if not rows:
        return ExplorerPage(_("不公开的题"), (*sentences, _("这一类学校没有人回答这道题。")), shown)
    block = PageBlock("private", labels.category(report, category), "", TextTable(_headings(chosen), rows))
    cut, paged = cut_table(block, words.get("page", ""))
    return ExplorerPage(_("不公开的题"), sentences, shown, (cut,), paged=paged, all_blocks=(block,))


def private_caution() -> str:
    """What must be said beside the answers."""
    return _(
        "只给督导室和审计员看，不提供给学校，不进指数和考核，不与别的答案对照。它是线索，不是结论："
        "有人会误解题目，也有人只是听老师讲过怎样扫码。先与同类合计比较，比例高的建议核查。"
    )


def _headings(answers: PrivateAnswers) -> tuple[Heading, ...]:
    options = (Heading(option.label.in_language(language())) for option in answers.question.options[1:])
    return (Heading(_("学校"), numeric=False), Heading(_("对象"), numeric=False), Heading(_("回答这题的人")), *options)


def _rows(report: WaveReport, category: str, answers: PrivateAnswers) -> Iterator[TextRow]:
    """For each audience the usual share, then the schools."""
    schools = {school.school_id: school for school in report.in_category(category)}
    codes = tuple(option.code for option in answers.question.options)
    for audience in AUDIENCES:
        cells = [cell for cell in answers.cells if cell.school_id in schools and cell.audience == audience.id]
        if not cells:
            continue
        pooled = pool_private(cells, codes)
        label = labels.audience(audience.id)
        yield (_("同类合计"), label, "", *(signal_text(pooled[code]) for code in codes[1:]))
        yield from (_row(schools[cell.school_id], label, cell, codes) for cell in sorted(cells, key=_most_first))


def _row(school: SchoolReport, label: str, cell: PrivateCell, codes: Sequence[str]) -> TextRow:
    answered = "＊" if cell.answered is None else str(cell.answered)
    return (school.name, label, answered, *(signal_text(cell.counts[code]) for code in codes[1:]))


def _most_first(cell: PrivateCell) -> float:
    """By the second answer, which is the one to be looked into; hidden ones last."""
    count = next(iter(cell.counts.values()), None)
    if isinstance(count, UnanimousCount):
        return -1.0
    return -count.share if isinstance(count, PublishableCount) else 1.0
