"""Sheets 封面与口径 and 方法说明: what was asked, of whom, by which conventions; and how each figure is made."""

from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, language, render

from .. import labels
from ..method_notes import METHOD_NOTES
from ..wave_report import WaveReport
from .writer import LINE_HEIGHT, SheetColumn, SheetTable, WorkbookWriter, line_count, round_value

COVER_WIDTHS = (18, 120)


def cover_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """One page: what was asked, of whom, what came out, and the conventions that settle arguments."""
    sheet = writer.add_sheet(_("封面与口径"))
    sheet.fit_to_pages(1, 1)
    for column, width in enumerate(COVER_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 1, writer.title, writer.format(font_name="黑体", font_size=20, align="center"))
    sheet.set_row(0, 36)
    label = writer.cell_format("wide", font_name="黑体", bg_color="#DCE6F1")
    value = writer.cell_format("wide")
    row = 1
    for name, text in _cover_lines(report, writer.office):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, text, value)
        lines = sum(line_count(line, COVER_WIDTHS[1] - 2) for line in text.split("\n"))
        sheet.set_row(row, LINE_HEIGHT * lines + 2)
        row += 1
    signature_line = _("制表人：　　　　　　　　审核人：　　　　　　　　负责人：　　　　　　　　")
    sheet.merge_range(row + 1, 0, row + 1, 1, signature_line, writer.format())
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def method_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """How each figure is made, for whoever wants to compute it again; warnings about groups first."""
    name = _("方法说明")
    columns = [SheetColumn(_("数字"), "wide", 22), SheetColumn(_("怎样算的"), "wide", 120)]
    table = SheetTable(writer, name, name, columns)
    for group in report.findings.low_reliability_groups():
        table.write_row([_("提示"), labels.low_reliability_warning(report, group)], bold=True)
    for title, how in METHOD_NOTES.values():
        table.write_row([render(title), render(how)])
    table.finish(freeze_columns=1, with_filter=False)


def _cover_lines(report: WaveReport, office: str) -> list[tuple[str, str]]:
    scheme = report.scheme
    scheme_line = _("{title}（{document}，SHA-256 {code}）", title=scheme.title.in_language(language()),
                document=scheme.document or "—", code=scheme.sha256[:16])  # fmt: skip
    return [
        (_("组织单位"), office),
        (_("批次"), f"{report.wave}　{format_local(report.opens_at)} — {format_local(report.closes_at)}"),
        (_("答卷"), _("{received}，{schools} 所学校", received=labels.received(report), schools=len(report.schools))),
        *_result_lines(report),
        (_("考核方案"), scheme_line),
        (_("参与方式"), _access_text(report)),
        (_("问卷"), "\n".join(_instrument_lines(report))),
        (_("冻结清单"), f"SHA-256 {report.manifest_hash}"),
        *_convention_lines(report),
    ]


def _result_lines(report: WaveReport) -> list[tuple[str, str]]:
    """The result in one line, as the sheet of means has it; and how many groups are told apart badly."""
    decimals = report.scheme.settings.decimals
    means = [
        f"{labels.audience(audience)} {round_value(mean.points, 'points', decimals):.{decimals}f}"
        for audience, mean in report.findings.district_means.items()
        if mean.points is not None
    ]
    low = len(report.findings.low_reliability_groups())
    lines = [(_("全区平均"), _("、").join(means) + _("（0–100，按名册人数加权）"))] if means else []
    if low:
        lines.append((_("提示"), _("有 {n} 组的校均值信度低于 0.7，仅凭这些答卷很难分出高下，见“总体与差异”。", n=low)))
    return lines


def _convention_lines(report: WaveReport) -> list[tuple[str, str]]:
    """The conventions with the numbers of this scheme."""
    settings = report.scheme.settings
    small = _("、").join(f"{labels.audience(name)} {n}" for name, n in settings.min_n_for.items())
    return [
        (_("满意度指数"), _("每人每个维度取已答题目的平均分（0–100，反向题先翻转），再对学校求平均；不了解不计分。"
                           "有年级名册且不少于 {n} 人时按年级人数加权。", n=settings.stratify_from)),
        (_("满意率"), _("选择满意选项的答案数 ÷ 计分答案数。")),
        (_("区间"), _("印出的 95% 区间说的是今年全体人，含不答卷可能掩盖的偏差；"
                       "名次区间、等第、变化说的是水平，用另一种更大的误差。")),
        (_("综合得分"), _("各对象总指数按方案权重加权；某对象人数不足时按其余对象的权重折算，并注明。")),
        (_("名次区间"), _("若各校不答的人情形相仿，学校的名次有 95% 的把握在区间内（{sets}）；"
                         "区间越宽，名次越不确定。",
                         sets=labels.rank_set_methods(report))),
        (_("参加排名的条件"), _("{main} 有效答卷不少于 {n} 人、回收率不低于 {rate:.0%}，"
                               "应有的对象齐全且回收率都达到方案要求，"
                               "没有一类答卷超过名册人数 5% 以上。",
                               main=labels.audience(settings.main), n=settings.rank_from, rate=settings.rank_response)),
        (_("不公布的数字"), _("少于 {n} 人的数字不公布{small}；不公布不等于零。", n=settings.min_n,
                             small=_("（{small}）", small=small) if small else "")),
        (_("舍入"), _("先保留 9 位小数，再四舍五入到 {n} 位；名次按舍入后的得分，得分相同名次相同。",
                     n=settings.decimals)),
    ]  # fmt: skip


def _access_text(report: WaveReport) -> str:
    audiences = dict.fromkeys(entry.audience for entry in report.audience_instruments)
    access_by_audience = _("、").join(
        labels.audience(name) + _("：") + labels.access_mode(report.access[name]) for name in audiences
    )
    if report.is_verified:
        return access_by_audience
    reason = report.scheme.settings.rank_unverified
    scheme_note = _("；方案说明：{reason}", reason=reason) if reason else ""
    return access_by_audience + _("。开放链接未核验唯一性，同一人可能多次填写") + scheme_note


def _instrument_lines(report: WaveReport) -> list[str]:
    instruments = {entry.structure_hash: entry.instrument for entry in report.audience_instruments}
    return [
        _(
            "{title}　{version}　校验码 {code}",
            title=instrument.title.in_language(language()),
            version=instrument.version,
            code=digest[:8],
        )
        for digest, instrument in instruments.items()
    ]
