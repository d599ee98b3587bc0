"""Rows of the route table in one line each: the endpoint is called after the view."""

from survey_app.foundation.roles import Role
from survey_app.foundation.route import Method, Route, Scope


def page_row(address: str, view: str, roles: frozenset[Role], audit: str = "", scope: Scope = Scope.NONE) -> Route:
    """A page or a file that is fetched."""
    return Route(Method.GET, address, _endpoint(view), f"{__package__}.{view}", roles, audit=audit, scope=scope)


def action_row(
    address: str, view: str, roles: frozenset[Role], audit: str, scope: Scope = Scope.NONE, max_body: int = 0
) -> Route:
    """Something that is done, and written down."""
    return Route(
        Method.POST, address, _endpoint(view), f"{__package__}.{view}", roles, audit=audit, scope=scope,
        max_body=max_body,
    )  # fmt: skip


def entrance_row(method: Method, address: str, view: str, audit: str = "") -> Route:
    """A page for those who are not logged in."""
    return Route(method, address, _endpoint(view), f"{__package__}.{view}", needs_login=False, audit=audit)


def _endpoint(view: str) -> str:
    return f"admin.{view.partition(':')[2]}"
