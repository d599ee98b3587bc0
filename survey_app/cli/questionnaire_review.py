"""What the checker says of a questionnaire file, as ``flask questionnaires review`` prints it."""

import click

from survey_app.authoring.review.file_review import FileReview, PlacedFinding
from survey_app.authoring.review.finding import Severity
from survey_app.definition.messages import Message, message
from survey_app.foundation.translation import _, render

SEVERITY_LABELS: dict[Severity, Message] = {
    Severity.ERROR: message("错误"),
    Severity.WARNING: message("提醒"),
    Severity.HINT: message("建议"),
}


def print_review(file: str, review: FileReview) -> None:
    for issue in review.issues:
        click.echo(f"{issue.position}: {render(issue.message)}", err=True)
    for placed in review.findings:
        finding = placed.finding
        severity = render(SEVERITY_LABELS[finding.severity])
        place = f"{file}:{placed.position.line}"
        click.echo(f"{place}: {severity} {finding.rule} {finding.subject}: {render(finding.message)}")
        if finding.accepted is not None:
            click.echo("    " + _("已接受：{why}", why=finding.accepted))
        else:
            click.echo("    " + render(finding.suggestion))
    if not review.issues and not review.findings:
        click.echo(_("{file}：没有发现问题", file=file))


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
