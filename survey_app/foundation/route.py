"""A route: one address of the web, who may call it, what is checked and what is written down.

Every room with pages declares its routes in its ``routes.py``; ``web`` collects them into the one table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .roles import NOBODY, Role


class Method(StrEnum):
    GET = "GET"
    POST = "POST"


class Scope(StrEnum):
    """What an account's grants are compared with before the view is called."""

    NONE = "none"  # the role alone decides; not for roles whose grants say what they are for
    SELF = "self"  # one's own account and what follows from it: for everybody who is logged in
    SCHOOL = "school"  # the address has the ``code`` of a school, which a grant must be for
    RELEASED = "released"  # the address has a ``wave_id``; a leader sees it only once its results are released
    SENT = "sent"  # the address has a ``case_id``; a leader sees it only once its letter went to the school


class Area(StrEnum):
    """Whose pages these are: it decides about cookies, language, headers and how an error looks."""

    PUBLIC = "public"  # respondents, machines: no cookie is read or set
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint with its address.

    ``view`` is a function or ``"package.module:function"``, imported at the first call so that the workers that collect
    answers carry no statistics, drawing and PDF. Nobody may call a route unless it names ``roles`` or says
    ``needs_login=False``. ``audit`` is the action under which each call is written down.
    """

    method: Method
    address: str
    endpoint: str
    view: str | Callable[..., Any]
    roles: frozenset[Role] = NOBODY
    needs_login: bool = True
    area: Area = Area.STAFF
    scope: Scope = Scope.NONE
    csrf: bool = True  # checked for what changes something, that is for POST
    audit: str = ""
    max_body: int = 0  # bytes of a request where this form takes larger files than others; 0: as all forms

    def __post_init__(self) -> None:
        if self.roles and not self.needs_login:
            raise ValueError(f"{self.endpoint}: roles are named, but no login is needed")
        if self.area is Area.PUBLIC and (self.needs_login or self.audit):
            raise ValueError(f"{self.endpoint}: public pages know nobody, so they need no login and audit nothing")

    def admits(self, role: str | None) -> bool:
        """Return whether somebody with this role, or nobody known (None), may call it."""
        return not self.needs_login or (role is not None and role in self.roles)
