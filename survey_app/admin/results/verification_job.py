"""The job that verifies one wave: what was fixed, what was corrected and what was counted, recomputed."""

from collections.abc import Mapping
from typing import Any

from survey_app.accounts.audit import DONE, add_audit_entry
from survey_app.foundation.errors import user_error
from survey_app.foundation.job import JobContext
from survey_app.foundation.translation import render, use_language
from survey_app.frame.manifest import current_hash, list_records
from survey_app.frame.queries import wave_by_id
from survey_app.integrity.verify import verification_note, verify_wave

MAX_ISSUES = 50


def verify(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the issues, at most fifty of them, with the hash and the number of corrections of that moment."""
    with context.database.read_session() as session:
        wave = wave_by_id(session, parameters["wave_id"])
        if wave is None or wave.opened_at is None:
            raise user_error("批次开放以后才有清单可以核验")
        issues = verify_wave(session, wave, context.categories)
        name, digest, records = wave.name, current_hash(session, wave), len(list_records(session, wave.id))
        is_counted, note = wave.sealed_at is not None, verification_note(session, wave)
    with use_language(parameters["language"]):
        texts = [render(issue) for issue in issues[:MAX_ISSUES]]
        purged = render(note) if note is not None else ""
    result = DONE if not issues else f"refused: {'；'.join(render(issue) for issue in issues)}"
    with context.database.write_session() as session:
        add_audit_entry(session, context.clock.now(), parameters["asked_by"], "wave.verify", f"{name} {digest}", result)
    return {"issues": texts, "more": max(0, len(issues) - MAX_ISSUES), "hash": digest, "records": records,
            "counted": is_counted, "purged": purged}  # fmt: skip
