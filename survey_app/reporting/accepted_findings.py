"""What the checker says of the questionnaires that a wave asked and somebody let stand, with the reason in the file."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.authoring.review.finding import SEVERITY_LABELS
from survey_app.authoring.review.review import review_instrument
from survey_app.definition.categories import Categories
from survey_app.definition.languages import Text
from survey_app.definition.messages import Message
from survey_app.definition.model import Instrument
from survey_app.definition.reserved_ids import FORM_WIDE
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language, render


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """One finding: ``question`` is None where it is about a scale, a dimension or the whole form."""

    instrument: str
    version: str
    subject: str
    question: Text | None
    severity: Message
    message: Message
    reason: str


def accepted_findings(instruments: Iterable[Instrument], categories: Categories) -> tuple[AcceptedFinding, ...]:
    """Return them in the order of the questionnaires; most have none, and are not looked at."""
    found: list[AcceptedFinding] = []
    for instrument in instruments:
        if not instrument.accepted:
            continue
        texts = {question.id: question.text for question in instrument.questions()}
        found += (
            AcceptedFinding(
                instrument.id, instrument.version, one.subject, texts.get(one.subject), SEVERITY_LABELS[one.severity],
                one.message, one.accepted,
            )
            for one in review_instrument(instrument, categories)
            if one.accepted is not None
        )  # fmt: skip
    return tuple(found)


def accepted_texts(one: AcceptedFinding) -> tuple[str, ...]:
    """Return the questionnaire, what is meant, what was found, and the reason, in words."""
    words = with_school(one.question.in_language(language()), _("这所学校")) if one.question else ""
    subject = _("整份问卷") if one.subject == FORM_WIDE else f"{one.subject} {words}".strip()
    return f"{one.instrument} {one.version}", subject, render(one.severity), render(one.message), one.reason


def review_note() -> str:
    return _(
        "问卷开放以前由程序按字面审阅：必须改的不能开放，提醒可以由督导室写明理由留下。"
        "理由写在问卷文件里，和问卷一起冻结，这里照原样列出。"
    )
