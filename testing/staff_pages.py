"""The addresses of the staff's pages, filled in for a small district."""

import re
from typing import Any

from flask import Flask

from survey_app.admin.routes import ROUTES
from survey_app.foundation.roles import Role
from survey_app.foundation.route import Method, Route
from testing.console import Clerk


def address(app: Flask, route: Route) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == route.endpoint)
    values: dict[str, Any] = {
        "wave_id": 1, "slug": "nothing1", "table": "indices", "approval_id": 1, "upload_id": 1, "request_id": 1,
        "job_id": 1, "year_id": 1, "number": 1, "code": "0101", "staff_id": 1, "token": "nothing",
        "manual_id": "office", "audience": "parent", "instrument_id": "compulsory-parent", "kind": "leader",
        "form": "pdf", "conflict_id": 1, "evaluation_id": 1, "case_id": 1, "draft_id": 1, "file_id": 1,
        "step_id": "close",
    }  # fmt: skip
    with app.test_request_context():
        if route.endpoint == "admin.year_table":
            values["table"] = "ranking"
        if route.endpoint in ("admin.ledger_file", "admin.improvement_file"):
            values["form"] = "csv"
        return str(app.url_for(route.endpoint, **{name: values[name] for name in rule.arguments}))


def pages_of_the_office(clerk: Clerk) -> list[str]:
    """Every page that the office may open here and on which something can be typed and sent."""
    district = clerk.district
    routes = [route for route in ROUTES if route.method is Method.GET and Role.OFFICE in route.roles]
    found = [address(district.app, route) for route in routes]
    found += [place.replace("/waves/1/", "/waves/2/") for place in found if "/setup/" in place]
    pages = []
    for place in dict.fromkeys(found):
        answer = clerk.client.get(place)
        if answer.status_code == 200 and answer.mimetype == "text/html" and not place.startswith("/staff/log"):
            main = answer.text.partition("<main")[2]
            if re.search(r'<form[^>]*method="post"', main) and re.search(
                r"<(textarea|select|input type=.(?!hidden))|<input id", main
            ):
                pages.append(place)
    return pages
