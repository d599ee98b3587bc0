"""The top navigation: the places that the route table has and that the role of this login may see."""

from dataclasses import dataclass

from flask import g, request, url_for

from survey_app.definition.messages import Message, message
from survey_app.foundation.translation import render

from .table import route_table

HOME = "admin.home"
PLACES: tuple[tuple[str, Message], ...] = (
    (HOME, message("首页")),
    ("admin.roster", message("名册")),
    ("admin.questionnaires", message("问卷")),
    ("admin.wave_list", message("批次")),
    ("admin.result_list", message("结果")),
    ("admin.assessment", message("考核")),
    ("inspector.own_schools", message("评价学校")),
    ("admin.rectification", message("整改")),
    ("admin.people", message("人员")),
    ("admin.audit_log", message("记录")),
)
OWN_PLACES: tuple[tuple[str, Message], ...] = (
    ("admin.office", message("设置")),
    ("admin.help_page", message("帮助")),
    ("admin.account", message("我的账号")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the navigation."""

    label: str
    address: str
    is_current: bool


def places() -> list[Place]:
    """Return the places in the middle of the top bar; none where nobody is logged in."""
    return _links_to(PLACES)


def own_places() -> list[Place]:
    """Return the places beside the name of who is logged in."""
    return _links_to(OWN_PLACES)


def _links_to(entries: tuple[tuple[str, Message], ...]) -> list[Place]:
    return [
        Place(render(label), address := url_for(endpoint), _is_current(endpoint, address))
        for endpoint, label in entries
        if may_see(endpoint)
    ]


def may_see(endpoint: str) -> bool:
    """Return whether a place is there and for this role; a link to another is not offered."""
    route = route_table().by_endpoint.get(endpoint)
    return route is not None and g.get("staff") is not None and route.admits(g.staff.role)


def _is_current(endpoint: str, address: str) -> bool:
    if (request.endpoint or "").startswith(
        ("admin.results", "admin.comment", "admin.documents")
    ):  # their addresses lie among those of the waves
        return endpoint == "admin.result_list"
    return request.path == address or (endpoint != HOME and request.path.startswith(f"{address.rstrip('/')}/"))
