"""What a school can do with its figures: only what is certain asks for something."""

from collections.abc import Iterator

from survey_app.foundation.translation import _

from .. import labels
from ..analysis.models import COMPOSITE, RATE_TARGET
from ..flags import participation_flags
from ..number_format import NumberFormat
from ..wave_report import SchoolReport, WaveReport
from .items import ItemLines
from .model import Paragraph, ParagraphStyle

MOST_ITEMS = 3


def advice(report: WaveReport, school: SchoolReport, items: ItemLines) -> Iterator[Paragraph]:
    """Return sentences, the most urgent first; the last one holds always."""
    sentences = [*_low_items(report, school, items), *_fall(report, school), *_low_response(report, school)]
    if not any(line.limits for line in items.lines(school)):
        sentences.append(_("人数太少，没有可以公布的题目：请面对面听家长、学生、教师说。"))
    elif not sentences:
        sentences = [_("没有一道题肯定不到 85%，也没有肯定下降的：请保持，不要按名次或几分的差别奖惩。")]
    sentences.append(
        _("向家长、学生、教师说一说结果和打算。不要追查是谁怎样回答的：答卷是匿名的，追查会毁掉下一次测评。")
    )
    for sentence in sentences:
        yield Paragraph(sentence, ParagraphStyle.POINT)


def _low_items(report: WaveReport, school: SchoolReport, items: ItemLines) -> Iterator[str]:
    """Questions whose whole interval lies below the promised rate, the lowest first."""
    number_format = NumberFormat(report)
    found = [line for line in items.lines(school)
             if line.limits is not None and line.limits[1] < RATE_TARGET and not line.item.scale.has_ideal]  # fmt: skip
    found.sort(key=lambda line: (line.rate or 0.0, line.audience, line.item.id))
    for line in found[:MOST_ITEMS]:
        low, high = line.limits or (0.0, 0.0)
        yield _("{audience}：“{item}”的满意率 {rate}（{low}–{high}），肯定不到 85%。找{audience}谈一谈，问清缘由，"
                "定一件一学期内能做成的事，下次测评再看。",
                audience=labels.audience(line.audience), item=line.label, rate=number_format.share(line.rate),
                low=number_format.share(low), high=number_format.share(high))  # fmt: skip
    if len(found) > MOST_ITEMS:
        yield _("另有 {n} 道题也肯定不到 85%，见上面各题的答案；先做最低的几项。", n=len(found) - MOST_ITEMS)


def _fall(report: WaveReport, school: SchoolReport) -> Iterator[str]:
    found = report.comparison.changes_of(COMPOSITE) if report.comparison else None
    changes = found.changes if found else ()
    if any(change.school == school.school_id and change.verdict == "down" for change in changes):
        yield _("综合得分比上次肯定下降：对照上次的报告，找出这一年变了什么。")


def _low_response(report: WaveReport, school: SchoolReport) -> Iterator[str]:
    names = [labels.audience(audience) for audience, cell in school.cells.items()
             if "low_response" in participation_flags(report, cell.cell)]  # fmt: skip
    if names:
        yield _("{audiences}的回收率低于方案要求，没答的人可能想法不同：下次先把问卷送到每个人手里。",
                audiences=_("、").join(names))  # fmt: skip
