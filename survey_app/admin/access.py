"""Who may call what: one row an endpoint. The application does not start with an endpoint that is not here."""

from dataclasses import dataclass

from flask import Flask

EVERYBODY = frozenset({"everybody"})
STAFF = frozenset({"office", "auditor", "sysadmin"})
READERS = frozenset({"office", "auditor"})
OFFICE = frozenset({"office"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Roles that may call an endpoint, its methods, whether CSRF is checked, and the action for the audit."""

    roles: frozenset[str]
    methods: frozenset[str] = frozenset({"GET"})
    csrf: bool = False
    audit: str = ""


_POST = frozenset({"POST"})
ACCESS_TABLE: dict[str, AccessRule] = {
    "static": AccessRule(EVERYBODY),
    "collection.show_form": AccessRule(EVERYBODY),
    "collection.submit": AccessRule(EVERYBODY, _POST),  # signed token of its own
    "collection.thanks": AccessRule(EVERYBODY),
    "collection.favicon": AccessRule(EVERYBODY),
    "collection.health": AccessRule(EVERYBODY),
    "admin.login": AccessRule(EVERYBODY),
    "admin.login_post": AccessRule(EVERYBODY, _POST, csrf=True, audit="staff.login"),
    "admin.choose_language": AccessRule(EVERYBODY, _POST, csrf=True),
    "admin.logout": AccessRule(STAFF, _POST, csrf=True, audit="staff.logout"),
    "admin.home": AccessRule(STAFF),
    "admin.wave": AccessRule(READERS),
    "admin.close_wave": AccessRule(OFFICE, _POST, csrf=True, audit="wave.close"),
    "admin.links": AccessRule(READERS),
    "admin.code": AccessRule(READERS),
    "admin.issue_codes": AccessRule(OFFICE, _POST, csrf=True, audit="codes.issue"),
    "admin.posters": AccessRule(READERS, audit="links.posters"),
    "admin.results": AccessRule(READERS),
    "admin.workbook_file": AccessRule(READERS, audit="results.report"),
    "admin.table_file": AccessRule(READERS, audit="results.table"),
    "admin.responses_file": AccessRule(READERS, audit="responses.export"),
}


def check_access_table(app: Flask) -> None:
    """Raises RuntimeError if endpoints and table differ in names or methods."""
    methods_by_endpoint: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods_by_endpoint.setdefault(rule.endpoint, set()).update(rule.methods or ())
    if methods_by_endpoint.keys() != ACCESS_TABLE.keys():
        difference = ", ".join(sorted(methods_by_endpoint.keys() ^ ACCESS_TABLE.keys()))
        raise RuntimeError(f"endpoints and access table differ: {difference}")
    for endpoint, methods in methods_by_endpoint.items():
        if methods - {"HEAD", "OPTIONS"} != ACCESS_TABLE[endpoint].methods:
            raise RuntimeError(f"methods of {endpoint} differ from the access table: {sorted(methods)}")
