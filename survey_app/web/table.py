"""The route table: every endpoint of the application with its address and who may call it."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from flask import Flask, Request, current_app
from werkzeug.routing import IntegerConverter, Map

from survey_app.foundation.roles import RELEASED_TO, SCOPED_ROLES
from survey_app.foundation.route import Area, Route, Scope

from .audit import audited_view

View = Callable[..., Any]
LARGEST_ID = 2**31 - 1


class DatabaseInteger(IntegerConverter):
    """``<int:…>``: a number that both databases take as an id; a larger one is the address of nothing."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class RouteTable:
    """The routes by endpoint. Adding one makes its address; an address that came in another way has no row."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        app.url_map.converters["int"] = DatabaseInteger
        self.by_endpoint: dict[str, Route] = {}
        self._staff_segments: frozenset[str] = frozenset()

    def add(self, *routes: Route) -> None:
        for route in routes:
            if route.endpoint in self.by_endpoint:
                raise RuntimeError(f"two routes are called {route.endpoint}")
            self.by_endpoint[route.endpoint] = route
            self.app.add_url_rule(
                route.address, route.endpoint, _view_of(route), methods=[route.method],
                provide_automatic_options=False,
            )  # fmt: skip
        self._staff_segments = self._segments(Area.STAFF)
        if shared := self._staff_segments & self._segments(Area.PUBLIC):
            raise RuntimeError(f"addresses of staff and public begin alike: {sorted(shared)}")

    def check(self) -> None:
        """Raise RuntimeError if the application answers at an address without a route."""
        for rule in self.app.url_map.iter_rules():
            route = self.by_endpoint.get(rule.endpoint)
            if route is None:
                raise RuntimeError(f"the endpoint {rule.endpoint} ({rule.rule}) has no route")
            if route.roles & SCOPED_ROLES and route.scope is Scope.NONE:
                raise RuntimeError(f"{rule.endpoint} admits roles that are for some schools only, and has no scope")
            if route.roles & RELEASED_TO and route.scope is Scope.NONE and "<" in route.address:
                raise RuntimeError(f"{rule.endpoint} admits those who see what is released, and has no scope")
            if route.scope is Scope.SCHOOL and "<code>" not in route.address:
                raise RuntimeError(f"{rule.endpoint}: the address names no school")
            if (rule.rule, (rule.methods or set()) - {"HEAD"}) != (route.address, {str(route.method)}):
                raise RuntimeError(f"{rule.endpoint} answers {rule.rule} {sorted(rule.methods or ())}, not its route")

    def route_of(self, request: Request) -> Route | None:
        """Return the row that allows this request to be looked at; None refuses it."""
        route = self.by_endpoint.get(request.endpoint or "")
        if route is None or request.url_rule is None or request.url_rule.rule != route.address:
            return None
        method = "GET" if request.method == "HEAD" else request.method
        return route if method == route.method else None

    def is_staff_path(self, path: str) -> bool:
        """Return whether an address, also one that does not exist, lies among the staff's pages."""
        return path[1:].partition("/")[0] in self._staff_segments

    def _segments(self, area: Area) -> frozenset[str]:
        return frozenset(
            route.address[1:].partition("/")[0] for route in self.by_endpoint.values() if route.area is area
        )


def route_table() -> RouteTable:
    extension: RouteTable = current_app.extensions["routes"]
    return extension


@cache
def _load_view(target: str) -> View:
    module, _colon, name = target.partition(":")
    view: View = getattr(import_module(module), name)
    return view


def _view_of(route: Route) -> View:
    target = route.view
    view = (lambda **values: _load_view(target)(**values)) if isinstance(target, str) else target
    return audited_view(route, view) if route.audit else view
