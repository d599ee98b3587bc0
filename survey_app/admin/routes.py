"""The staff's addresses, and where the view of each is.

A view's module is imported at its first call: the workers that collect answers carry no statistics, drawing and PDF.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/staff")

WAVE = "/waves/<int:wave_id>"
ROUTES = (
    ("GET", "/login", "auth.login"),
    ("POST", "/login", "auth.login_post"),
    ("POST", "/logout", "auth.logout"),
    ("POST", "/language", "auth.choose_language"),
    ("GET", "/", "waves.home"),
    ("GET", WAVE, "waves.wave"),
    ("POST", f"{WAVE}/close", "waves.close_wave"),
    ("GET", f"{WAVE}/links", "waves.links"),
    ("GET", f"{WAVE}/links/<slug>.svg", "printing.code"),
    ("POST", f"{WAVE}/codes.pdf", "printing.issue_codes"),
    ("GET", f"{WAVE}/posters.pdf", "printing.posters"),
    ("GET", f"{WAVE}/results", "results.results"),
    ("GET", f"{WAVE}/results.xlsx", "results.workbook_file"),
    ("GET", f"{WAVE}/<any(indices, items, ranking):table>.csv", "results.table_file"),
    ("GET", f"{WAVE}/responses.csv", "results.responses_file"),
)


@cache
def _load_view(target: str) -> Callable[..., Any]:
    module, _dot, name = target.partition(".")
    view: Callable[..., Any] = getattr(import_module(f".{module}", __package__), name)
    return view


def _lazy_view(target: str) -> Callable[..., Any]:
    return lambda **values: _load_view(target)(**values)


for method, rule, target in ROUTES:
    blueprint.add_url_rule(rule, target.partition(".")[2], _lazy_view(target), methods=[method])
