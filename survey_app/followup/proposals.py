"""What the triggers of a year propose, each with its evidence in words; a person makes a case of it, or declines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import latest_computation, wave_of
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.school_name import with_school
from survey_app.frame.queries import frozen_instruments

from .case_steps import SEVERITIES
from .models import RectificationCase

NEARLY_SURE = 0.025  # one-sided, of one figure by itself
ItemTexts = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class CaseProposal:
    """One proposal of the marks that are kept. ``findings``: the figure and its certainty, in the words of a letter."""

    key: str
    severity: str
    school_code: str
    school_name: str
    source: str
    days: int
    row: Mapping[str, Any]
    item: str  # the words of the question, if it is of one

    @property
    def subject(self) -> Message:
        who, kind = self._who(), SEVERITIES[self.severity]
        return message("{who}：{item}", who=who, item=self.item) if self.item else _subject(kind.id, who)

    @property
    def findings(self) -> Message:
        return _findings(self.row, self._who(), self.item)

    def _who(self) -> Message:
        audience = str(self.row["audience"])
        return AUDIENCES[audience].label if audience in AUDIENCES else message("综合得分")


def open_proposals(session: Session, year: AssessmentYear, categories: Categories) -> list[CaseProposal]:
    """Return what was proposed when the marks were last computed and nobody has decided about; figures as printed."""
    computation = latest_computation(session, year)
    if computation is None:
        return []
    query = select(RectificationCase.proposal).where(RectificationCase.year_id == year.id)
    decided = set(session.scalars(query))
    rows = [row for row in computation.tables["proposals"] if row["kind"] in SEVERITIES and _key(row) not in decided]
    texts = _item_texts(session, year, categories) if rows else {}
    return [_proposal(row, texts) for row in rows]


def find_proposal(session: Session, year: AssessmentYear, categories: Categories, key: str) -> CaseProposal | None:
    """Return one that is still open."""
    return next((proposal for proposal in open_proposals(session, year, categories) if proposal.key == key), None)


def _key(row: Mapping[str, Any]) -> str:
    return "/".join((str(row["kind"]), str(row["school_code"]), str(row["audience"]), str(row["item"])))


def _item_texts(session: Session, year: AssessmentYear, categories: Categories) -> ItemTexts:
    wave = wave_of(session, year)
    instruments = [frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)] if wave else []
    return {
        (category, audience, item.id): with_school(item.text_for_audience(audience).in_language("zh"), "本校")
        for instrument in instruments
        for category in instrument.categories
        for audience in instrument.audiences
        for item in instrument.scored_items()
    }


def _proposal(row: Mapping[str, Any], texts: ItemTexts) -> CaseProposal:
    item = str(row["item"])
    kind = SEVERITIES[str(row["kind"])]
    return CaseProposal(
        _key(row), kind.id, str(row["school_code"]), str(row["school_name"]), "item" if item else "dimension",
        int(row["days"] or kind.days), row, texts.get((str(row["category"]), str(row["audience"]), item), item),
    )  # fmt: skip


def _subject(kind: str, who: Message) -> Message:
    """What a proposal is about that is of no single question."""
    if kind == "interview":
        return message("综合得分低于同类学校")
    return message("{who}的指数下降", who=who) if kind == "ledger" else message("{who}的总体满意度", who=who)


def _findings(row: Mapping[str, Any], who: Message, item: str) -> Message:
    """What was looked at, what it was held against, and how certain that is; all of it is in the published tables."""
    limit = float(row["limit"])
    tipping = row["tipping_odds"]
    kind = "item" if item else str(row["kind"])
    is_nearly_sure = kind == "reminder" and row["p"] is not None and row["p"] <= NEARLY_SURE
    template = _FINDINGS["nearly sure" if is_nearly_sure else kind]
    certain = message(
        template, who=who, item=item, value=float(row["value"]), limit=limit, drop=abs(limit), p=_probability(row["p"])
    )
    if row["kind"] != "notice" or tipping in (None, "inf"):
        return certain
    return message(
        "{certain}没有答卷的人，满意的几率要达到答卷的人的 {tipping:.2f} 倍，这个结论才会改变。", certain=certain,
        tipping=float(tipping),
    )  # fmt: skip


_FINDINGS = {
    "notice": message(
        "{who}中满意的占 {value:.1%}，低于 {limit:.0%} 的标准线；已计入误差和多重比较（校正后 p {p}），确定低于标准线。"
    ).template,
    "reminder": message(
        "{who}中满意的占 {value:.1%}，低于 {limit:.0%} 的标准线；误差范围够得着标准线（p {p}），不能说确定低于标准线。"
    ).template,
    "nearly sure": message(
        "{who}中满意的占 {value:.1%}，低于 {limit:.0%} 的标准线；单看这个数字多半低于标准线（p {p}），"
        "计入多重比较和没有答卷的人以后不能说确定。"
    ).template,
    "interview": message(
        "综合得分明显低于同类学校：如果与同类学校没有差别，低到这样或更低的可能性是 {value:.2%}。"
    ).template,
    "ledger": message(
        "{who}的指数比上一次变化 {value:+.2f} 分，降幅超过 {drop:g} 分，不是偶然波动（校正后 p {p}）。"
    ).template,
    "item": message(
        "{who}对“{item}”不满意的占 {value:.1%}，超过 {limit:.0%} 的界限；95% 置信区间的下限也在界限以上。"
    ).template,
    "watch_list": message(
        "{who}中满意的占 {value:.1%}，低于 {limit:.0%} 的标准线，控制误报比例以后列入关注（校正后 p {p}）。"
    ).template,
}


def _probability(p: float | None) -> str:
    if p is None:
        return "—"
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"
