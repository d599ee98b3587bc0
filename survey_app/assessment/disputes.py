"""What may be disputed about marks, each with its defined result; and what of it a year can tell beforehand."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.definition.audiences import AudienceId
from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_instruments, frozen_schools

from .schemes import Scheme


@dataclass(frozen=True, slots=True)
class Dispute:
    """One case and the sentence that says what happens then."""

    id: str
    sentence: Message


DISPUTES: Registry[Dispute] = Registry(
    Dispute("total", message("总分是各行印出的期望得分之和，减去扣分，最低 0 分；缺任何一行就没有总分，写明原因")),
    Dispute("weights", message("一类学校的权重、各行的份额合计不是 100 的方案存不了，写明第几行第几列、合计是几")),
    Dispute("no_form", message("方案里有权重、批次里没有问卷也没有评分的对象不计，其余对象按比例放大，同类学校都一样")),
    Dispute(
        "single_school",
        message("没有问到的一行不评，其余各行按比例放大；同类只有一所学校时不评与同类比的一行，名次是 1"),
    ),
    Dispute("equal", message("得分完全相同的学校名次相同，下一名空开（1、1、3）")),
    Dispute(
        "merged",
        message("学校停办、合并或者换了代码：新代码没有上一次可比，不写变化，增值得中间分；旧代码的得分留在原来的年度"),
    ),
    Dispute("overcount", message("答卷比名册多出 5% 以上的学校，名册更正以前不计分")),
    Dispute("appeal", message("申诉后更正了名册或者导入的得分，再计一次分：上次计的总分印在旁边，旧的一次计分留着")),
    Dispute("inspector_left", message("督学离任，在任时评过的分照样算；后任的评分另算一位")),
    Dispute(
        "inspector_twice",
        message("同一位督学既在系统里签了评价、又在导入的表里（姓名相同），只计签过的；每位督学一期只算一次"),
    ),
    Dispute("no_earlier", message("没有上一批次，或者同类不足 20 所学校：增值一行各校得同样的中间分")),
    Dispute("changed_scheme", message("看过得分再改方案，就是新的一版：两版都留着，逐项列出不同")),
)


def audiences_without_form(
    session: Session, wave: Wave, scheme: Scheme, categories: Categories, has_scores: bool
) -> list[tuple[str, str]]:
    """Return category and audience where the scheme has a weight and the wave asks nobody.

    ``has_scores``: inspectors signed evaluations, or scores of theirs were imported.
    """
    instruments = [frozen.instrument for frozen in frozen_instruments(session, wave.id, categories)]
    present = dict.fromkeys(school.category for school in frozen_schools(session, wave.id))
    asked = {(category, name) for found in instruments for category in found.categories for name in found.audiences}
    if has_scores:
        asked |= {(category, AudienceId.INSPECTOR.value) for category in present}
    return [
        (category, audience)
        for category in present
        for audience, weight in scheme.weights_for(category).items()
        if weight > 0 and (category, audience) not in asked
    ]
