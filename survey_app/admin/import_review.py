"""What the checker says of a draft on the page of the import, and the reasons that were typed for what may stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.authoring.review.draft_review import review_draft
from survey_app.authoring.review.file_review import PlacedFinding
from survey_app.authoring.review.finding import SEVERITY_LABELS, Severity
from survey_app.definition.categories import Categories
from survey_app.foundation.translation import _, render

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: ``field`` is the name under which a reason for keeping it is typed.

    It is empty where the finding must be mended, and for a hint, which asks for no answer.

    ``accepted`` is the reason that goes into the file.
    """

    severity: str
    label: str
    place: str
    text: str
    message: str
    suggestion: str
    accepted: str
    field: str
    stops: bool


@dataclass(frozen=True, slots=True)
class DraftReview:
    """The instrument with the reasons in it, and the findings as the page shows them."""

    content: dict[str, Any]
    rows: tuple[FindingRow, ...]


def reviewed(
    draft: Mapping[str, Any], content: dict[str, Any], typed: Mapping[str, str], categories: Categories
) -> DraftReview:
    """Review the instrument; a reason counts only for the finding beside which it was typed.

    The name of its field has the line of the source, so that after a line was mended, a reason for what was question 3
    does not stand beside another question 3.
    """
    found = review_draft({**draft, "instruments": [content]}, "", categories).findings
    said = {
        (one.finding.subject, one.finding.rule): typed[_field(one)].strip()[:MAX_REASON]
        for one in found
        if one.finding.may_be_accepted and _field(one) in typed
    }
    if said:
        content = _with_reasons(content, said)
        found = review_draft({**draft, "instruments": [content]}, "", categories).findings
    texts = {item["id"]: item["text"] for item in draft["items"] if item["id"]}
    return DraftReview(content, tuple(_row(one, draft, texts) for one in found))


def _with_reasons(content: dict[str, Any], said: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The instrument with the reasons that were typed; one that was cleared goes."""
    accepted = {subject: dict(reasons) for subject, reasons in (content.get("accepted") or {}).items()}
    for (subject, rule), reason in said.items():
        accepted.setdefault(subject, {})[rule] = reason
    kept = {subject: {rule: why for rule, why in reasons.items() if why} for subject, reasons in accepted.items()}
    kept = {subject: reasons for subject, reasons in kept.items() if reasons}
    rest = {key: value for key, value in content.items() if key != "accepted"}
    return rest | ({"accepted": kept} if kept else {})


def _field(one: PlacedFinding) -> str:
    return f"accept.{one.position.line}.{one.finding.rule}.{one.finding.subject}"


def _row(one: PlacedFinding, draft: Mapping[str, Any], texts: Mapping[str, str]) -> FindingRow:
    finding = one.finding
    said = render(finding.message)
    asks_reason = finding.may_be_accepted and (finding.severity is not Severity.HINT or finding.accepted)
    text = texts.get(finding.subject, "")
    return FindingRow(
        finding.severity.value, render(SEVERITY_LABELS[finding.severity]), _place(one, draft),
        "" if text in said else text, said, render(finding.suggestion), finding.accepted or "",
        _field(one) if asks_reason else "", finding.stops,
    )  # fmt: skip


def _place(one: PlacedFinding, draft: Mapping[str, Any]) -> str:
    """The line, row or code of the first question that it is about; the whole questionnaire has none."""
    item = next((item for name in one.finding.ids for item in draft["items"] if item["id"] == name), None)
    return place_words(item) if item else _("整份问卷")


def place_words(entry: Mapping[str, Any]) -> str:
    """Where in the source something stands, in words."""
    if "line" in entry:
        return _("第 {line} 行", line=entry["line"])
    if "row" in entry:
        return _("{sheet} 第 {row} 行", sheet=entry["sheet"], row=entry["row"])
    return str(entry.get("question") or entry.get("sheet") or "")
