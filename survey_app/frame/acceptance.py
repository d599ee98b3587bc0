"""Somebody lets stand what the review found: the reason is written into the questionnaire file."""

from dataclasses import replace

from sqlalchemy.orm import Session

from survey_app.authoring.accepted_block import SaidReasons, merge_reasons, with_accepted
from survey_app.definition.model import Instrument
from survey_app.foundation.errors import UserError, user_error

from .instrument_catalogue import InstrumentCatalogue
from .instrument_uploads import CheckedInstrument, read_uploaded, save_uploaded


def accept_findings(
    session: Session, catalogue: InstrumentCatalogue, checked: CheckedInstrument, said: SaidReasons
) -> tuple[str, ...]:
    """Write reasons for findings into the file; return what changed. A blank reason takes the earlier one away.

    Raises :class:`UserError` where there is nothing to write, or the file is written so that it cannot be done.
    """
    instrument = checked.instrument
    if instrument is None:
        raise user_error("问卷文件有错误，请先改正")
    allowed = {(one.finding.subject, one.finding.rule) for one in checked.findings if one.finding.may_be_accepted}
    changed = {
        (subject, rule): reason
        for (subject, rule), reason in said.items()
        if (subject, rule) in allowed and reason != instrument.accepted.get(subject, {}).get(rule, "")
    }
    if not changed:
        raise user_error("没有新写或改动的理由")
    expected = replace(instrument, accepted=merge_reasons(instrument.accepted, changed))
    path = catalogue.directory / f"{instrument.id}.yaml"
    content = with_accepted(path.read_text("utf-8-sig"), expected.accepted).encode()
    if _read_or_none(catalogue, content) != expected:
        raise user_error("这份文件的写法程序改不了，没有保存；请把理由写进文件的 accepted，再上传")
    save_uploaded(session, catalogue, expected, content)
    return tuple(f"{subject} {rule}" for subject, rule in changed)


def _read_or_none(catalogue: InstrumentCatalogue, content: bytes) -> Instrument | None:
    try:
        return read_uploaded(catalogue, "", content)
    except UserError:
        return None
