"""What differs between two versions of a questionnaire: those that waves froze, and the file of today."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request

from survey_app.definition.languages import DEFAULT_LANGUAGES
from survey_app.definition.model import Instrument
from survey_app.definition.school_name import with_school
from survey_app.definition.version_difference import FIELD_LABELS, FieldChange, PartDifference, version_difference
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _, language, language_name, render
from survey_app.frame.instrument_uploads import UsedVersion, used_versions
from survey_app.frame.queries import frozen_instruments

from ..lookup import categories
from .context import title_of
from .views import checked_or_404

FILE = "file"
STATES = ("new", "gone", "changed")


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A question, dimension or scale: its id and words, and (what, before, after) of each change."""

    id: str
    text: str
    changes: tuple[tuple[str, str, str], ...]


def differences(instrument_id: str) -> str:
    today = checked_or_404(instrument_id).instrument
    with database().read_session() as db:
        used = used_versions(db, instrument_id)
        keys = [FILE, *(str(version.wave_id) for version in used)] if today else [str(one.wave_id) for one in used]
        before, after = _chosen(keys, "before", keys[-1] if keys else ""), _chosen(keys, "after", FILE)
        sides = [_version(db, key, instrument_id, today) for key in (before, after)]
    if sides[0] is None or sides[1] is None:
        abort(404)
    difference = version_difference(sides[0], sides[1])
    parts = {"questions": difference.questions, "dimensions": difference.dimensions, "scales": difference.scales}
    return render_template(
        "admin/questionnaires/questionnaire_differences.html", id=instrument_id, title=title_of(sides[1]),
        before=before, after=after,
        choices=_choices(keys, used, today), is_empty=difference.is_empty, is_reordered=difference.is_reordered,
        rest=[_change(change) for change in difference.rest],
        parts={name: _by_state(entries) for name, entries in parts.items()},
    )  # fmt: skip


def _chosen(keys: list[str], name: str, usual: str) -> str:
    given = request.args.get(name, usual)
    return given if given in keys else abort(404)


def _version(db: Any, key: str, instrument_id: str, today: Instrument | None) -> Instrument | None:
    if key == FILE:
        return today
    frozen = (entry.instrument for entry in frozen_instruments(db, int(key), categories()))
    return next((instrument for instrument in frozen if instrument.id == instrument_id), None)


def _choices(keys: list[str], used: list[UsedVersion], today: Instrument | None) -> list[tuple[str, str]]:
    labels = {str(one.wave_id): _("批次 {wave}（版本 {version}）", wave=one.wave, version=one.version) for one in used}
    if today is not None:
        labels[FILE] = _("现在的文件（版本 {version}）", version=today.version)
    return [(key, labels[key]) for key in keys]


def _by_state(entries: tuple[PartDifference, ...]) -> dict[str, list[DifferenceRow]]:
    return {
        state: [
            DifferenceRow(entry.id, _words(dict(entry.text)), tuple(map(_change, entry.changes)))
            for entry in entries if entry.state == state
        ]
        for state in STATES
    }  # fmt: skip


def _words(text: dict[str, str]) -> str:
    return with_school(text.get(language()) or next(iter(text.values()), ""), _("这所学校"))


def _change(change: FieldChange) -> tuple[str, str, str]:
    label = render(FIELD_LABELS[change.field]) if change.field in FIELD_LABELS else change.field
    words = {"true": _("是"), "false": _("否"), "": "—"}
    before, after = (words.get(value, value) for value in (change.before, change.after))
    return f"{label} {_place(change.place)}".strip(), before, after


def _place(place: str) -> str:
    """Where in the part: an option by its code, a language by its name."""
    parts = [part for part in place.split() if part != "label"]
    return " ".join(language_name(part) if part in DEFAULT_LANGUAGES else part for part in parts)
