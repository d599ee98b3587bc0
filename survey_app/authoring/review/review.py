"""The whole review of a questionnaire."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from survey_app.definition.categories import Categories
from survey_app.definition.messages import Message, message
from survey_app.definition.model import Instrument

from . import consistency, double_questions, form_rules, influence, person, scale_rules, wording
from .finding import Finding, Severity
from .paper import papers
from .rule import Rule

RULES: tuple[Rule, ...] = tuple(
    value
    for module in (double_questions, influence, wording, person, consistency, scale_rules, form_rules)
    for value in vars(module).values()
    if isinstance(value, Rule)
)
_ORDER = {severity: place for place, severity in enumerate(Severity)}


def review_instrument(instrument: Instrument, categories: Categories) -> tuple[Finding, ...]:
    """Everything that the rules find, errors first. What is seen for several audiences or languages stands once."""
    findings: dict[tuple[str, str, str], Finding] = {}
    for paper in papers(instrument, categories):
        for rule in RULES:
            for hit in rule.check(paper):
                key = (rule.id, hit.subject, hit.ids[-1] if rule.id == "duplicate" else "")
                known = findings.get(key)
                if known is None:
                    findings[key] = _accept(rule, instrument.accepted, Finding(
                        rule.id, rule.severity, hit.subject, hit.ids, hit.message, rule.suggestion, rule.source,
                    ))  # fmt: skip
                elif not set(hit.ids) <= set(known.ids):
                    findings[key] = replace(known, ids=tuple(dict.fromkeys((*known.ids, *hit.ids))))
    every = [*findings.values(), *_accepted_in_vain(instrument, findings.values())]
    return tuple(sorted(every, key=lambda one: _ORDER[one.severity]))


def _accept(rule: Rule, accepted: Mapping[str, Mapping[str, str]], finding: Finding) -> Finding:
    if not rule.may_be_accepted:
        return finding
    reason = accepted.get(finding.subject, {}).get(rule.id)
    return replace(finding, accepted=reason, may_be_accepted=True)


def _accepted_in_vain(instrument: Instrument, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Reasons for what is not there, or may not be accepted."""
    known = {(one.subject, one.rule): one for one in findings}
    suggestion = message("删去 accepted 里的这一条")
    for subject, reasons in instrument.accepted.items():
        for rule in reasons:
            finding = known.get((subject, rule))
            if finding is None or finding.accepted is None:
                why = message("这个错误不能接受，只能改") if finding else message("这里没有这个问题，不用接受")
                ids = (subject,) if subject in set(instrument.ids()) else ()
                yield Finding("accepted-in-vain", Severity.HINT, subject, ids, _named(why, rule), suggestion, "trial")


def _named(why: Message, rule: str) -> Message:
    return message("{rule}：{why}", rule=rule, why=why)
