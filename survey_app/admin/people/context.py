"""What the pages of accounts show: rows in words, what can be chosen, and which schools have nobody yet."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, grants_of
from survey_app.accounts.models import Staff, StaffGrant
from survey_app.accounts.one_time_links import waiting_links
from survey_app.accounts.staff import list_staff
from survey_app.foundation.clock import format_local
from survey_app.foundation.roles import SCOPED_ROLES, Role
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import list_roster

from .role_labels import ROLE_LABELS, ROLE_NOTES

MAX_SHOWN_NODES = 3


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is shown once. ``note``: whose it is, where the account's name does not say it."""

    username: str
    role: str
    token: str
    note: str = ""

    @property
    def role_label(self) -> str:
        return render(ROLE_LABELS[Role(self.role)])


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``state``: active, waiting (has not chosen a password), disabled. ``link_until`` where a link can be used."""

    id: int
    username: str
    role: str
    role_label: str
    role_note: str
    scope: str
    state: str
    created: str
    link_until: str = ""
    is_scoped: bool = False
    password_from: str = ""
    grant_values: dict[str, str] = field(default_factory=dict)


def role_choices() -> list[tuple[str, str, str]]:
    """(role, label, what it sees) of every role."""
    return [(str(role), render(label), render(ROLE_NOTES[role])) for role, label in ROLE_LABELS.items()]


def people_rows(session: Session, now: datetime, role: str = "", words: str = "") -> list[PersonRow]:
    """Every account, or those of a role whose name or schools have every word; disabled ones last."""
    people = [staff for staff in list_staff(session) if role in ("", staff.role)]
    grants, links = grants_of(session, [staff.id for staff in people]), waiting_links(session, now)
    names = _school_names(session)
    rows = [_row(staff, grants.get(staff.id, []), links.get(staff.id), names) for staff in people]
    wanted = words.lower().split()
    if wanted:
        texts = {row.id: _searched(row, grants.get(row.id, []), names) for row in rows}
        rows = [row for row in rows if all(word in texts[row.id] for word in wanted)]
    return sorted(rows, key=lambda row: (row.state == "disabled", row.username))


def _searched(row: PersonRow, grants: list[StaffGrant], school_names: dict[str, str]) -> str:
    nodes = (f"{grant.node} {school_names.get(grant.node, '')}" for grant in grants)
    return " ".join((row.username, *nodes)).lower()


def person_row(session: Session, staff: Staff, now: datetime) -> PersonRow:
    grants, links = grants_of(session, [staff.id]), waiting_links(session, now)
    return _row(staff, grants.get(staff.id, []), links.get(staff.id), _school_names(session))


def _school_names(session: Session) -> dict[str, str]:
    return {entry.code: entry.name for entry in list_roster(session)}


def _row(
    staff: Staff, grants: list[StaffGrant], link_until: datetime | None, school_names: dict[str, str]
) -> PersonRow:
    role = Role(staff.role)
    return PersonRow(
        id=staff.id, username=staff.username, role=staff.role, role_label=render(ROLE_LABELS[role]),
        role_note=render(ROLE_NOTES[role]), scope=_scope_words(role, grants, school_names),
        state="disabled" if staff.disabled_at else "active" if staff.password_hash else "waiting",
        created=format_local(staff.created_at), link_until=format_local(link_until) if link_until else "",
        is_scoped=role in SCOPED_ROLES, password_from=staff.password_from,
        grant_values={
            "area": next((grant.node for grant in grants if grant.node_kind == NodeKind.AREA), ""),
            "group": next((grant.node for grant in grants if grant.node_kind == NodeKind.GROUP), ""),
            "schools": " ".join(grant.node for grant in grants if grant.node_kind == NodeKind.SCHOOL),
            "begins_on": _day(grants, "begins_on"), "ends_on": _day(grants, "ends_on"),
        },
    )  # fmt: skip


def _day(grants: list[StaffGrant], name: str) -> str:
    return next((str(value) for grant in grants if (value := getattr(grant, name)) is not None), "")


def _scope_words(role: Role, grants: list[StaffGrant], school_names: dict[str, str]) -> str:
    if role not in SCOPED_ROLES:
        return _("全区")
    names = [
        _("全区") if grant.node_kind == NodeKind.DISTRICT else school_names.get(grant.node, grant.node)
        for grant in grants
    ]
    words = "、".join(names[:MAX_SHOWN_NODES]) or _("没有指定学校")
    if len(names) > MAX_SHOWN_NODES:
        words += _(" 等 {n} 个", n=len(names))
    begins, ends = _day(grants, "begins_on"), _day(grants, "ends_on")
    return words + (_("（{begins} — {ends}）", begins=begins or "…", ends=ends or "…") if begins or ends else "")


def given_nodes(area: str, group: str, schools: str) -> list[Node]:
    """What was typed: an area and a group of the lists, and codes with anything between them."""
    nodes = [Node(kind, name) for kind, name in ((NodeKind.AREA, area), (NodeKind.GROUP, group)) if name]
    return nodes + [Node(NodeKind.SCHOOL, code) for code in re.split(r"[\s,，、;；]+", schools) if code]


def grant_choices(session: Session) -> dict[str, list[str]]:
    """The areas and the groups of the roster."""
    entries = list_roster(session)
    return {
        "areas": sorted({entry.area for entry in entries if entry.area}),
        "groups": sorted({entry.school_group for entry in entries if entry.school_group}),
    }


def missing_principals(session: Session) -> list[tuple[str, str]]:
    """(code, name) of the schools of the roster that no principal's account is for."""
    principals = [staff.id for staff in list_staff(session) if staff.role == Role.PRINCIPAL]
    taken = {
        grant.node
        for grants in grants_of(session, principals).values()
        for grant in grants
        if grant.node_kind == NodeKind.SCHOOL
    }
    known = {staff.username for staff in list_staff(session)}
    return [
        (entry.code, entry.name)
        for entry in list_roster(session)
        if entry.code not in taken and f"x{entry.code}" not in known
    ]
