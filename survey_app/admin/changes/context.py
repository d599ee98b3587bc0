"""What the pages of changes list: records in words, requests with what they would alter, and what can be chosen."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from survey_app.accounts.two_people import are_in_one_hand
from survey_app.collection.models import MIN_EXCLUDED
from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.canonical import canonical_text
from survey_app.definition.categories import Categories
from survey_app.definition.messages import message
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, language, render
from survey_app.frame.models import ChangeRequest, ManifestRecord, Wave
from survey_app.frame.queries import frozen_group_rows, frozen_instruments, frozen_schools, list_roster
from survey_app.frame.wording import wording_differences
from survey_app.integrity.exclusions import excludable_files
from survey_app.integrity.signals_store import load_signals

from ..questionnaires.context import title_of
from .kinds import KINDS, ChangeKind

RECORDED_BY_RUNS = {
    "seal": message("封存"), "close": message("截止"), "purge-answers": message("清除答卷和提交回执"),
    "purge-comments": message("清除意见的文字"),
}  # fmt: skip
ONE_HAND = message("两个账号中，一个的密码是用另一个给的链接设的，可能是同一个人")
Choices = list[tuple[str, str]]


def record_rows(records: list[ManifestRecord], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """(when, what, details, reason, who) of each record, the latest first; ``names`` as of :func:`names_in`."""
    return [
        (
            format_local(record.recorded_at), kind_label(record.kind), record_details(record.detail, names),
            record.reason, "、".join(record.actors),
        )
        for record in reversed(records)
    ]  # fmt: skip


def kind_label(kind: str) -> str:
    return render(KINDS[kind].title if kind in KINDS else RECORDED_BY_RUNS.get(kind) or message("{kind}", kind=kind))


def _purged_rows(detail: dict[str, Any]) -> list[str]:
    return [_("{n} 行", n=sum(detail["rows"].values()))] if "rows" in detail else []


def _whose_rows(detail: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """Which school, audience, group and questionnaire it is about."""
    audience = detail.get("audience", "")
    parts = [
        names.get(detail.get("school", ""), str(detail.get("school", ""))),
        render(AUDIENCES[audience].label) if audience in AUDIENCES else str(audience or ""),
        *(str(detail.get(name) or "") for name in ("grade", "class_name")),
        names.get(detail.get("instrument", ""), str(detail.get("instrument") or "")),
    ]
    return [part for part in parts if part]


def names_in(session: Any, wave: Wave, categories: Categories) -> dict[str, str]:
    """What a record's codes of schools and ids of questionnaires are called in this wave."""
    schools = {school.code: f"{school.name}（{school.code}）" for school in frozen_schools(session, wave.id)}
    titles = [entry.instrument for entry in frozen_instruments(session, wave.id, categories)]
    return schools | {instrument.id: title_of(instrument) for instrument in titles}


def record_details(detail: dict[str, Any], names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The particulars of a record as they were written down, with the names that people know."""
    parts = [*_purged_rows(detail), *_whose_rows(detail, names)]
    if detail.get("file"):
        parts.append(_("第 {n} 个导入的文件", n=detail["file"]))
    parts += [_("“{before}” → “{after}”", before=before, after=after) for before, after in detail.get("words", ())]
    if "responses" in detail:
        parts.append(_("{n} 份答卷不计入", n=detail["responses"]))
    if "before" in detail:
        parts.append(f"{detail['before']} → {detail['after']}")
    if "closes_at_before" in detail:
        parts.append(f"{detail['closes_at_before']} → {detail.get('closes_at', '')}".removesuffix(" → "))
    if "links" in detail:
        parts.append(_("{n} 个链接", n=detail["links"]))
    if detail.get("one_hand"):
        parts.append(f"⚠ {render(ONE_HAND)}")
    return " ".join(parts)


def request_rows(
    session: Any, wave: Wave, requests: list[ChangeRequest], categories: Categories, reader: str
) -> list[dict[str, Any]]:
    """Each request with the texts that it would alter, or the group that it would leave out.

    ``reader`` may be the one to confirm: what the record would say of these two accounts is said before.
    """
    names = names_in(session, wave, categories)
    documents = {
        entry.structure_hash: canonical_text(entry.instrument)
        for entry in frozen_instruments(session, wave.id, categories)
    }
    return [
        {
            "id": request.id, "kind": request.kind, "who": request.requested_by,
            "is_one_hand": are_in_one_hand(session, request.requested_by, reader),
            "when": format_local(request.requested_at), "reason": request.reason,
            "instrument": names.get(request.payload.get("instrument", ""), ""),
            "group": record_details(request.payload, names),
            "differences": wording_differences(
                documents.get(request.payload.get("structure", ""), "{}"), request.payload.get("document", "{}")
            ),
        }
        for request in requests
    ]  # fmt: skip


def change_form_choices(
    session: Any, wave: Wave, kind: ChangeKind, values: dict[str, str], categories: Categories
) -> dict[str, Choices]:
    """What the fields of a kind can be chosen from."""
    choices: dict[str, Choices] = {}
    if "school" in kind.fields:
        choices["school"] = [("", _("请选择")), *_schools(session, wave, kind)]
    if "audience" in kind.fields:
        choices["audience"] = [("", _("所有对象")), *((row.id, render(row.label)) for row in AUDIENCES)]
    if "instrument" in kind.fields:
        frozen = [entry.instrument for entry in frozen_instruments(session, wave.id, categories)]
        choices["instrument"] = [(instrument.id, title_of(instrument)) for instrument in frozen]
    if "exclusion" in kind.fields:
        choices["exclusion"] = [("", _("请选择")), *_exclusions(session, wave)]
    if "group" in kind.fields:
        choices["group"] = _groups(session, wave, values["school"], categories)
    return choices


def _exclusions(session: Any, wave: Wave) -> Choices:
    """Imported files, and schools whose signals know of copies enough."""
    files = [
        (f"file/{file.number}", _("导入的文件 {name}（{day}）：{n} 份", name=file.name, day=file.day, n=count))
        for file, count in excludable_files(session, wave)
    ]
    schools = {school.school_id: school for school in frozen_schools(session, wave.id)}
    copies = [
        (f"copies/{schools[school].code}/{audience}",
         _("{school} {audience}：一字不差的答卷", school=schools[school].name,
           audience=render(AUDIENCES[audience].label)))
        for (school, audience), signals in sorted(load_signals(session, wave.id).items())
        if signals.duplicates >= MIN_EXCLUDED
    ]  # fmt: skip
    return files + copies


def _schools(session: Any, wave: Wave, kind: ChangeKind) -> Choices:
    own = [(school.code, f"{school.name}（{school.code}）") for school in frozen_schools(session, wave.id)]
    if kind.id != "add-school":
        return own
    codes = {code for code, _label in own}
    return [(entry.code, f"{entry.name}（{entry.code}）") for entry in list_roster(session) if entry.code not in codes]


def _groups(session: Any, wave: Wave, code: str, categories: Categories) -> Choices:
    """The numbers of people of a school as the wave froze them."""
    school = next((school for school in frozen_schools(session, wave.id) if school.code == code), None)
    if school is None:
        return []
    labels = {grade.code: grade.label.in_language(language()) for grade in categories[school.category].grades}
    return [
        (
            f"{row.audience}/{row.grade}/{row.class_name}",
            " ".join(
                part
                for part in (render(AUDIENCES[row.audience].label), labels.get(row.grade, row.grade), row.class_name)
                if part
            )
            + _("：现在 {n} 人", n=row.population),
        )
        for row in frozen_group_rows(session, wave.id, school.school_id)
    ]
