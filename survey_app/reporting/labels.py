"""What codes are called on pages and in workbooks."""

from collections.abc import Iterable, Mapping
from typing import Any

from survey_app.assessment.scheme_rules import Marks
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, render
from survey_app.frame.access_modes import ACCESS_MODES

from .analysis.models import GroupFinding, RateVerdict
from .wave_report import SchoolReport, WaveReport

FLAG_LABELS = {
    "suppressed": message("人数太少，不公布"),
    "satisfied_range": message("几乎人人答同一项，满意人数比例只写界限"),
    "borrowed": message("误差主要借自同类学校，无处可借时按最大离散计"),
    "overcount": message("答卷多于名册人数"),
    "census": message("名册中的人全部答卷"),
    "unstratified": message("未按年级加权"),
    "missing_grade": message("有答卷缺年级"),
    "missing_audience": message("缺少应有的对象"),
    "low_response": message("回收率低于方案要求"),
    "conditional": message("只有部分人被问到的题目"),
    "assumed_correlation": message("同班相关用方案的假定值"),
    "assumed_rater": message("督学之间的差别用方案的假定值"),
    "unverified": message("未核验唯一性"),
    "nobody": message("没有人答卷"),
}
RANKING_REASON_LABELS = {
    "no_composite": message("没有可公布的得分"),
    "missing_audience": message("缺少应有的对象"),
    "few_answers": message("主要对象答卷太少"),
    "low_response": message("回收率不足"),
    "overcount": message("答卷超过名册人数 5% 以上"),
    "unverified": message("开放链接，未核验唯一性"),
    "no_error": message("标准误无法计算"),
}

LARGEST_TIPPING_ODDS = 100.0
RATE_VERDICT_LABELS = {
    "met": message("达到"),
    "not_met": message("未达到"),
    "undecided": message("不能判定"),
}
FUNNEL_ZONE_LABELS = {
    0: message("在漏斗内"),
    1: message("偏高（95% 之外）"),
    2: message("异常高（99.8% 之外）"),
    -1: message("偏低（95% 之外）"),
    -2: message("异常低（99.8% 之外）"),
}
CHANGE_LABELS = {
    "up": message("上升"),
    "down": message("下降"),
    "equivalent": message("相当"),
    "undecided": message("不能判定"),
    "unknown": message("不能判定"),
}
DRIVER_REASON_LABELS = {
    "no_overall_item": message("问卷没有总体满意题，不能计算重要性"),
    "few_persons": message("答卷太少，不能计算重要性"),
    "no_variation": message("有的维度或总体满意题没有差异，不能计算重要性"),
}


def audience(name: str) -> str:
    return _("综合得分") if name == "composite" else render(AUDIENCES[name].label)


def access_mode(mode: str) -> str:
    return render(ACCESS_MODES[mode].label)


def flags(present: Iterable[str]) -> str:
    """Sentences for flags, in one line; the flags that hold nearly everywhere are left to the cover."""
    return _("；").join(render(FLAG_LABELS[flag]) for flag in FLAG_LABELS if flag in set(present))


def rate_verdict(found: RateVerdict) -> str:
    """The verdict on the 85 % line, on what it is judged, and about how many answers would decide."""
    text = render(RATE_VERDICT_LABELS[found.verdict])
    if not found.of_persons:
        text = _("{verdict}（按满意率，问卷没有总体满意题）", verdict=text)
    return text if found.needed is None else _("{verdict}（约需 {n} 份答卷）", verdict=text, n=found.needed)


def rate_share(found: RateVerdict, share: str) -> str:
    """The share that a verdict is on, printed as ``share``; a bound where only that may be said."""
    if found.bound == "at_least":
        return _("不低于 {share}", share=share)
    return _("不高于 {share}", share=share) if found.bound else share


def tipping(found: RateVerdict) -> str:
    """From which selectivity of non-response the verdict would fall."""
    return tipping_odds(found.tipping_odds)


def tipping_odds(odds: float) -> str:
    if odds <= 1:
        return "—"
    return _("不会推翻") if odds >= LARGEST_TIPPING_ODDS else _("{odds:.2f} 倍", odds=odds)


def kept_verdict(row: Mapping[str, Any]) -> str:
    """The 85 % line of a row of a ranking that was kept: the share, the verdict, what would tip it; empty without."""
    if not row["line_verdict"]:
        return ""
    share, verdict = row["satisfied"], render(RATE_VERDICT_LABELS[row["line_verdict"]])
    if isinstance(share, str):
        limit = f"{float(share[1:]) * 100:.2f}%"
        words = _("不低于 {share}", share=limit) if share[0] == "≥" else _("不高于 {share}", share=limit)
    else:
        words = f"{share * 100:.2f}%"
    sentence = _("{share}：{verdict}", share=words, verdict=verdict)
    odds = tipping_odds(float(row["tipping_odds"]))
    return sentence if odds == "—" else _("{sentence}（{odds}）", sentence=sentence, odds=odds)


def ranking_reason(code: str) -> str:
    return render(RANKING_REASON_LABELS[code]) if code else ""


def rank_set_methods(report: WaveReport) -> str:
    """By which tests the schools' own rank sets were found."""
    if any(school.ranking.uses_holm for school in report.schools):
        return _("单校区间：学校不超过 300 所的类别用精确步降法，更多的用 Holm 检验；同时区间：Holm 检验")
    return _("单校区间：精确步降法；同时区间：Holm 检验")


def received(report: WaveReport) -> str:
    """How many responses are counted, and how many are not because two people said so."""
    counted = _("收到 {n} 份答卷", n=f"{report.received:,}")
    if not report.excluded:
        return counted
    return counted + _("（另有 {n} 份经两人决定不计入，见更正记录）", n=f"{report.excluded:,}")


def low_reliability_warning(report: WaveReport, group: GroupFinding) -> str:
    """The warning about a category × audience whose school means are mostly noise."""
    return _("{category}·{audience}：校均值信度中位数 {value:.2f}，低于 0.7，仅凭这些答卷很难分出这些学校的高下。",
             category=category(report, group.category), audience=audience(group.audience),
             value=group.reliability)  # fmt: skip


def category(report: WaveReport, category_id: str) -> str:
    label: Message | str = category_id
    for candidate in report.categories:
        if candidate.id == category_id:
            label = candidate.label.in_language(language())
    return str(label)


def instrument(report: WaveReport, instrument_id: str) -> str:
    instruments = (entry.instrument for entry in report.audience_instruments if entry.instrument.id == instrument_id)
    title = next((instrument.title.in_language(language()) for instrument in instruments), instrument_id)
    return title


def item_texts(report: WaveReport) -> dict[tuple[str, str, str], str]:
    """What was asked, by category, audience and item or follow-up, as that audience read it."""
    texts = {
        (entry.category, entry.audience, question_id): text
        for entry in report.audience_instruments
        for question_id, text in (
            *((item.id, item.text_for_audience(entry.audience)) for item in entry.instrument.scored_items()),
            *((asked.id, asked.text_for_audience(entry.audience)) for asked in entry.instrument.follow_up),
        )
    }
    return {key: with_school(text.in_language(language()), _("这所学校")) for key, text in texts.items()}


def dimension(report: WaveReport, dimension_id: str) -> str:
    if dimension_id == "OVERALL":
        return _("总指数")
    label = report.dimension_labels.get(dimension_id)
    return label.in_language(language()) if label else dimension_id


def mark_lines(report: WaveReport, marks: Marks) -> dict[str, str]:
    """What each line of the marks is of, as a heading, by its id."""
    labels = marks.line_labels(lambda dimension_id: dimension(report, dimension_id))
    return {line: render(label) for line, label in labels.items()}


def missing_figure_note(school: SchoolReport) -> str:
    """Why a figure of a school is missing, in words."""
    sentences = []
    for name, cell in school.cells.items():
        if cell.cell.received == 0:
            sentences.append(_("{audience}没有人答卷", audience=audience(name)))
        elif cell.publishable is None:
            sentences.append(_("{audience}人数太少，不公布", audience=audience(name)))
    if school.ranking.reason:
        sentences.append(_("不排名：{reason}", reason=ranking_reason(school.ranking.reason)))
    return _("；").join(sentences)


def chance(value: float) -> str:
    """Return a probability in whole percent; never a certainty that it is not."""
    percent = round(value * 100)
    return "<1%" if percent < 1 else ">99%" if percent > 99 else f"{percent}%"


def rank_range(low: int | None, high: int | None) -> str:
    """Return a set of ranks as it is printed; empty without one."""
    if low is None or high is None:
        return ""
    return str(low) if low == high else f"{low}–{high}"
