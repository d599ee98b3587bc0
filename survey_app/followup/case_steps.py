"""What can happen to a case: its kinds, its states, and each step with who may take it from where to where."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.foundation.roles import Role


class CaseState(StrEnum):
    """Where a case stands. Overdue is none of them: it follows from the deadline."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    DELIVERED = "delivered"
    UNDER_WAY = "under_way"
    REPORTED = "reported"
    VERIFIED = "verified"
    CLOSED = "closed"
    LOOKING_BACK = "looking_back"
    REOPENED = "reopened"


STATE_LABELS: dict[str, Message] = {
    CaseState.PROPOSED: message("已提出"), CaseState.DECLINED: message("不予立案"),
    CaseState.DELIVERED: message("已送达"), CaseState.UNDER_WAY: message("整改中"),
    CaseState.REPORTED: message("已报送"), CaseState.VERIFIED: message("核验通过"),
    CaseState.CLOSED: message("已销号"), CaseState.LOOKING_BACK: message("回头看中"),
    CaseState.REOPENED: message("已重开"),
}  # fmt: skip
AT_SCHOOL = frozenset({CaseState.DELIVERED, CaseState.UNDER_WAY, CaseState.REOPENED})  # the school is to act
NOT_SENT = frozenset({CaseState.PROPOSED, CaseState.DECLINED})  # the school does not know of it
SETTLED = frozenset({CaseState.DECLINED, CaseState.CLOSED})
LOOKED_BACK_AT = frozenset({CaseState.VERIFIED, CaseState.CLOSED})  # what may be looked back at


@dataclass(frozen=True, slots=True)
class Severity:
    """A kind of case, as the triggers of a scheme call it, with the title of its letter; ``days`` where none say."""

    id: str
    label: Message
    letter: Message
    days: int = 30
    needs_reply: bool = True


SEVERITIES: Registry[Severity] = Registry(
    Severity("notice", message("整改通知"), message("教育督导整改通知书")),
    Severity("reminder", message("提醒函"), message("教育督导提醒函")),
    Severity("ledger", message("台账"), message("教育督导问题整改通知")),
    Severity("interview", message("约谈"), message("教育督导约谈通知书"), needs_reply=False),
    Severity("watch_list", message("关注"), message("教育督导关注函"), needs_reply=False),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a problem comes from; ``opening`` begins the letter. ``is_survey``: it tells results of the survey."""

    id: str
    label: Message
    opening: Message
    is_survey: bool = False


_SURVEY = message("根据学校满意度测评的结果，你校存在以下问题：")
SOURCES: Registry[Source] = Registry(
    Source("item", message("测评：一道题"), _SURVEY, True),
    Source("dimension", message("测评：对象或维度"), _SURVEY, True),
    Source("topic", message("测评：意见的话题"), message("根据学校满意度测评中反映的意见，你校存在以下问题："), True),
    Source("inspection", message("督导检查"), message("督导检查中，发现你校存在以下问题：")),
    Source("complaint", message("投诉举报"), message("经核实群众反映的情况，你校存在以下问题：")),
)
OF_ITEMS = frozenset({"item", "dimension"})  # whose figures can be measured again


@dataclass(frozen=True, slots=True)
class StepKind:
    """A step. ``to`` None: the case stays where it is. ``needs_note``: nobody takes it without saying why.

    ``opens_term``: from then on the school has the days of the case once more.
    """

    id: str
    label: Message
    states: frozenset[CaseState]
    to: CaseState | None
    roles: frozenset[Role]
    needs_note: bool = False
    opens_term: bool = False
    without_reply: bool = False  # only for kinds that the school need not answer


_OFFICE = frozenset({Role.OFFICE})
_SCHOOL = frozenset({Role.PRINCIPAL, Role.OFFICE})  # the office enters what came on paper
_VERIFIERS = frozenset({Role.INSPECTOR, Role.OFFICE})
CREATE = "create"
STEPS: Registry[StepKind] = Registry(
    StepKind(CREATE, message("立案"), frozenset(), CaseState.PROPOSED, _OFFICE),
    StepKind("edit", message("改内容"), frozenset({CaseState.PROPOSED}), None, _OFFICE),
    StepKind("decline", message("不立案"), frozenset({CaseState.PROPOSED}), CaseState.DECLINED, _OFFICE, True),
    StepKind(
        "deliver", message("送达"), frozenset({CaseState.PROPOSED}), CaseState.DELIVERED, _OFFICE, opens_term=True
    ),
    StepKind(
        "accept", message("签收"), frozenset({CaseState.DELIVERED, CaseState.REOPENED}), CaseState.UNDER_WAY, _SCHOOL
    ),
    StepKind("report", message("报送"), AT_SCHOOL, CaseState.REPORTED, _SCHOOL, True),
    StepKind("extend", message("延期"), AT_SCHOOL, None, _OFFICE, True),
    StepKind("pass", message("核验通过"), frozenset({CaseState.REPORTED}), CaseState.VERIFIED, _VERIFIERS),
    StepKind(
        "fail", message("核验不通过"), frozenset({CaseState.REPORTED}), CaseState.UNDER_WAY, _VERIFIERS, True,
        opens_term=True,
    ),
    StepKind("close", message("销号"), frozenset({CaseState.VERIFIED}), CaseState.CLOSED, _OFFICE),
    StepKind("settle", message("直接销号"), AT_SCHOOL, CaseState.CLOSED, _OFFICE, True, without_reply=True),
    StepKind("look_back", message("回头看"), LOOKED_BACK_AT, CaseState.LOOKING_BACK, _OFFICE),
    StepKind(
        "keep", message("回头看没有反弹"), frozenset({CaseState.LOOKING_BACK}), CaseState.CLOSED, _OFFICE, True
    ),
    StepKind(
        "reopen", message("重开"), frozenset({CaseState.CLOSED, CaseState.LOOKING_BACK}), CaseState.REOPENED, _OFFICE,
        True, opens_term=True,
    ),
)  # fmt: skip


def possible_steps(state: str, role: str, severity: str) -> tuple[StepKind, ...]:
    """Return what somebody with this role may do with a case now."""
    return tuple(
        step
        for step in STEPS
        if state in step.states and role in step.roles
        and not (step.without_reply and SEVERITIES[severity].needs_reply)
    )  # fmt: skip
