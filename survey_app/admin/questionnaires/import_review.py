"""What the checker says of a draft on the page of the import, and the reasons that were typed for what may stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.authoring.accepted_block import merge_reasons
from survey_app.authoring.review.draft_review import review_draft
from survey_app.authoring.review.file_review import PlacedFinding
from survey_app.authoring.review.finding import SEVERITY_LABELS
from survey_app.definition.categories import Categories
from survey_app.foundation.translation import _, render

from .context import ReviewLine, asks_reason, reason_field, said_reasons


@dataclass(frozen=True, slots=True)
class DraftReview:
    """The instrument with the reasons in it, and the findings as the page shows them.

    ``waits``: nothing can be said before it is known who is asked.
    """

    content: dict[str, Any]
    rows: tuple[ReviewLine, ...] = ()
    stopping: int = 0
    waits: bool = False


def reviewed(
    draft: Mapping[str, Any], content: dict[str, Any], typed: Mapping[str, str], categories: Categories
) -> DraftReview:
    """Review the instrument; a reason counts only for the finding beside which it was typed."""
    review = review_draft({**draft, "instruments": [content]}, "", categories)
    if review.issues:
        return DraftReview(content, waits=True)
    found = review.findings
    said = said_reasons(found, typed)
    if said:
        content = _with_reasons(content, said)
        found = review_draft({**draft, "instruments": [content]}, "", categories).findings
    texts = {item["id"]: item["text"] for item in draft["items"] if item["id"]}
    rows = tuple(_row(one, draft, texts) for one in found)
    return DraftReview(content, rows, sum(one.finding.stops for one in found))


def _with_reasons(content: dict[str, Any], said: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    kept = merge_reasons(content.get("accepted") or {}, said)
    rest = {key: value for key, value in content.items() if key != "accepted"}
    return rest | ({"accepted": kept} if kept else {})


def _row(one: PlacedFinding, draft: Mapping[str, Any], texts: Mapping[str, str]) -> ReviewLine:
    finding = one.finding
    said = render(finding.message)
    text = texts.get(finding.subject, "")
    return ReviewLine(
        finding.severity.value, render(SEVERITY_LABELS[finding.severity]), _place(one, draft),
        "" if text in said else text, said, render(finding.suggestion), finding.accepted or "",
        reason_field(one) if asks_reason(one) else "",
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
