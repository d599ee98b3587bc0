"""What the checker says of a questionnaire file, as ``flask questionnaires review`` prints it."""

from pathlib import Path

import click

from survey_app.authoring.review.draft_review import review_draft
from survey_app.authoring.review.file_review import FileReview, PlacedFinding, review_file
from survey_app.authoring.review.finding import SEVERITY_LABELS
from survey_app.definition.categories import Categories
from survey_app.definition.nodes import Issue, SourcePosition
from survey_app.foundation.errors import UserError
from survey_app.foundation.translation import _, render
from survey_app.frame.draft_import import import_source
from survey_app.frame.draft_readers import READERS, ReadOptions
from survey_app.frame.roster_columns import parse_audience

from .hints import command_hint


def review_any(path: Path, audience: str, categories: Categories) -> FileReview:
    """A questionnaire file, or a source that can be imported as the draft that importing makes of it."""
    if path.suffix.lower() not in READERS:
        return review_file(path, categories)
    try:
        draft = import_source(path, ReadOptions(parse_audience(audience) or ""))
    except UserError as error:
        start = SourcePosition(str(path), 1, 1)
        return FileReview(None, tuple(Issue(start, sentence) for sentence in error.messages))
    return review_draft(draft.content, str(path), categories)


def print_review(file: str, review: FileReview) -> None:
    """Faults go to stderr, findings to stdout."""
    for issue in review.issues:
        what = " ".join(filter(None, (render(issue.message), command_hint(issue.message))))
        click.echo(f"{issue.position}: {what}", err=True)
    for line in review_lines(file, review):
        click.echo(line)


def review_lines(file: str, review: FileReview) -> list[str]:
    """Two lines a finding: where and what, then what to do or why it was accepted."""
    lines = []
    for placed in review.findings:
        finding = placed.finding
        severity = render(SEVERITY_LABELS[finding.severity])
        place = f"{file}:{placed.position.line}"
        lines.append(f"{place}: {severity} {finding.rule} {finding.subject}: {render(finding.message)}")
        is_accepted = finding.accepted is not None
        advice = _("已接受：{why}", why=finding.accepted) if is_accepted else render(finding.suggestion)
        lines.append(f"    {advice}")
    return lines if lines or review.issues else [_("{file}：没有发现问题", file=file)]


def accepted_lines(review: FileReview) -> list[str]:
    """What somebody accepted, with the reason: it is no error, and never passed over in silence."""
    return [
        f"{placed.position}: {placed.finding.rule} {placed.finding.subject}: "
        + _("已接受：{why}", why=placed.finding.accepted)
        for placed in review.findings
        if placed.finding.accepted is not None
    ]


def review_row(file: str, review: FileReview) -> dict[str, object]:
    faults = [
        {"file": issue.position.file, "line": issue.position.line, "column": issue.position.column,
         "message": render(issue.message)}
        for issue in review.issues
    ]  # fmt: skip
    return {"file": file, "faults": faults, "findings": [_finding_row(placed) for placed in review.findings]}


def _finding_row(placed: PlacedFinding) -> dict[str, object]:
    finding = placed.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "ids": list(finding.ids),
        "subject": finding.subject,
        "line": placed.position.line,
        "message": render(finding.message),
        "suggestion": render(finding.suggestion),
        "source": finding.source,
        "accepted": finding.accepted,
    }
