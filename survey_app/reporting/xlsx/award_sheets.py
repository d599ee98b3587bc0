"""Sheets 评优名单 and 提请: what follows from the marks for people to decide on."""

from survey_app.assessment.mark_report import MarkReport
from survey_app.assessment.trigger_facts import Proposal
from survey_app.definition.messages import message
from survey_app.foundation.translation import _, render
from survey_app.measurement.statistics.rank_sets import Award

from .. import labels
from ..wave_report import WaveReport
from .writer import SheetColumn, SheetTable, WorkbookWriter

OUTCOMES = {Award.CERTAIN: message("确定"), Award.POSSIBLE: message("可能"), Award.OUT: message("不在其内")}
KINDS = {
    "notice": message("整改通知"), "reminder": message("提醒函"), "ledger": message("台账"),
    "interview": message("约谈"), "watch_list": message("关注"),
}  # fmt: skip


def award_sheet(writer: WorkbookWriter, report: WaveReport, marks: MarkReport) -> None:
    title = _("评优名单")
    notes = [_("名额按有名次的学校数乘以比例，向下取整。“确定”“可能”按同类同时名次区间；概率供参考，由人决定。")]
    columns = [
        SheetColumn(_("类别"), "text", 16), SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "wide", 28), SheetColumn(_("比例"), "text", 8), SheetColumn(_("名额"), "int", 7),
        SheetColumn(_("综合得分名次"), "int", 9), SheetColumn(_("同类同时区间"), "text", 13),
        SheetColumn(_("结论"), "text", 12), SheetColumn(_("在名额内的概率"), "share", 10),
        SheetColumn(_("不参加的原因"), "wide", 24),
    ]  # fmt: skip
    table = SheetTable(writer, title, title, columns, notes)
    for awards in marks.awards:
        for entry in awards.entries:
            ranking = entry.school.ranking
            outcome = _("不参加") if entry.excluded_by else render(OUTCOMES[entry.outcome])
            table.write_row([
                labels.category(report, awards.category), entry.school.code, entry.school.name, awards.quota,
                awards.places, ranking.rank, labels.rank_range(ranking.low_simultaneous, ranking.high_simultaneous),
                outcome, entry.probability, _("、").join(entry.excluded_by),
            ])  # fmt: skip
    table.finish(freeze_columns=3)


def proposal_sheet(writer: WorkbookWriter, report: WaveReport, marks: MarkReport) -> None:
    title = _("提请")
    notes = [
        _("条件只提请，由人决定。数值和标准：整改通知、提醒和台账的题目是比例，台账的下降是分数，约谈和关注是概率。")
    ]
    columns = [
        SheetColumn(_("种类"), "text", 12), SheetColumn(_("类别"), "text", 16), SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "wide", 28), SheetColumn(_("对象"), "text", 10), SheetColumn(_("题目"), "text", 12),
        SheetColumn(_("数值"), "p", 9), SheetColumn(_("标准"), "p", 9), SheetColumn("p", "p", 8),
        SheetColumn(_("翻转倍数"), "text", 9), SheetColumn(_("期限（天）"), "int", 9),
    ]  # fmt: skip
    table = SheetTable(writer, title, title, columns, notes)
    schools = {school.school: school for school in (*(entry.school for entry in marks.schools), *marks.members)}
    for proposal in marks.proposals:
        if proposal.school in schools:
            school = schools[proposal.school]
            table.write_row([
                render(KINDS[proposal.kind]), labels.category(report, school.category), school.code, school.name,
                labels.audience(proposal.audience) if proposal.audience else "", proposal.item, proposal.value,
                proposal.limit, proposal.p, _tipping_odds(proposal), proposal.days,
            ])  # fmt: skip
    table.finish(freeze_columns=4)


def _tipping_odds(proposal: Proposal) -> str:
    if proposal.tipping is None:
        return ""
    return _("不会翻转") if proposal.tipping == float("inf") else f"{proposal.tipping:.2f}"
