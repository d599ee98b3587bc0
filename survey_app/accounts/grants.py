"""For which schools somebody has an account: nodes of the district, each with days from and to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.foundation.errors import user_error
from survey_app.foundation.roles import SCOPED_ROLES
from survey_app.frame.models import School

from .models import Staff, StaffGrant


class NodeKind(StrEnum):
    """What a grant is for: everything, the schools of an area or of a group (which may lie across areas), or one."""

    DISTRICT = "district"
    AREA = "area"
    GROUP = "group"
    SCHOOL = "school"


COLUMNS = {NodeKind.AREA: School.area, NodeKind.GROUP: School.school_group, NodeKind.SCHOOL: School.code}


@dataclass(frozen=True, slots=True)
class Node:
    """``name``: an area's or a group's name or a school's code; empty for the district."""

    kind: NodeKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


def replace_grants(
    session: Session, staff: Staff, nodes: Sequence[Node], begins_on: date | None = None, ends_on: date | None = None
) -> None:
    """Give the account these nodes and no others. Raises :class:`UserError` for a node that does not exist."""
    if staff.role not in SCOPED_ROLES:
        if nodes:
            raise user_error("这个角色看整个区，不用指定学校")
    elif not nodes:
        raise user_error("请至少指定一所学校、一个片区或一个集团")
    if begins_on and ends_on and ends_on < begins_on:
        raise user_error("结束的日期早于开始的日期")
    for node in nodes:
        _check_node(session, node)
    session.execute(delete(StaffGrant).where(StaffGrant.staff_id == staff.id))
    session.add_all(
        StaffGrant(staff_id=staff.id, node_kind=str(node.kind), node=node.name, begins_on=begins_on, ends_on=ends_on)
        for node in dict.fromkeys(nodes)
    )
    session.flush()


def _check_node(session: Session, node: Node) -> None:
    column = COLUMNS.get(node.kind)
    if column is not None and session.scalar(select(School.id).where(column == node.name).limit(1)) is None:
        raise user_error("名册里没有学校、片区或集团“{name}”", name=node.name)


def grants_of(session: Session, staff_ids: Iterable[int]) -> dict[int, list[StaffGrant]]:
    """Return the grants of each account."""
    found: dict[int, list[StaffGrant]] = {}
    rows = session.scalars(select(StaffGrant).where(StaffGrant.staff_id.in_(list(staff_ids))).order_by(StaffGrant.id))
    for grant in rows:
        found.setdefault(grant.staff_id, []).append(grant)
    return found


def granted_codes(session: Session, staff: Staff, today: date) -> frozenset[str]:
    """Return the codes of the schools that somebody with a scoped role may see today."""
    grants = [grant for grant in grants_of(session, [staff.id]).get(staff.id, []) if _is_valid(grant, today)]
    names = {kind: {grant.node for grant in grants if grant.node_kind == kind} for kind in NodeKind}
    codes = set(names[NodeKind.SCHOOL])
    if names[NodeKind.DISTRICT]:
        codes |= set(session.scalars(select(School.code)))
    elif names[NodeKind.AREA] or names[NodeKind.GROUP]:
        is_in = School.area.in_(names[NodeKind.AREA]) | School.school_group.in_(names[NodeKind.GROUP])
        codes |= set(session.scalars(select(School.code).where(is_in)))
    return frozenset(codes)


def _is_valid(grant: StaffGrant, today: date) -> bool:
    return (grant.begins_on is None or grant.begins_on <= today) and (grant.ends_on is None or today <= grant.ends_on)
