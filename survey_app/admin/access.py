"""Who may call what: one row an endpoint. The application does not start with an endpoint that is not here."""

from dataclasses import dataclass

from flask import Flask

EVERYBODY = frozenset({"everybody"})
STAFF = frozenset({"office", "auditor", "sysadmin"})
READERS = frozenset({"office", "auditor"})
OFFICE = frozenset({"office"})


@dataclass(frozen=True, slots=True)
class Access:
    """Roles that may call an endpoint, its methods, whether CSRF is checked, and the action for the audit."""

    roles: frozenset[str]
    methods: frozenset[str] = frozenset({"GET"})
    csrf: bool = False
    audit: str = ""


_POST = frozenset({"POST"})
ACCESS_TABLE: dict[str, Access] = {
    "static": Access(EVERYBODY),
    "collection.show_form": Access(EVERYBODY),
    "collection.submit": Access(EVERYBODY, _POST),  # signed token of its own
    "collection.thanks": Access(EVERYBODY),
    "collection.favicon": Access(EVERYBODY),
    "collection.health": Access(EVERYBODY),
    "admin.login": Access(EVERYBODY),
    "admin.login_submitted": Access(EVERYBODY, _POST, csrf=True, audit="staff.login"),
    "admin.choose_language": Access(EVERYBODY, _POST, csrf=True),
    "admin.logout": Access(STAFF, _POST, csrf=True, audit="staff.logout"),
    "admin.home": Access(STAFF),
    "admin.wave": Access(READERS),
    "admin.close_wave": Access(OFFICE, _POST, csrf=True, audit="wave.close"),
    "admin.links": Access(READERS),
    "admin.code": Access(READERS),
    "admin.issue_codes": Access(OFFICE, _POST, csrf=True, audit="codes.issue"),
    "admin.posters": Access(READERS, audit="links.posters"),
    "admin.results": Access(READERS),
    "admin.workbook_file": Access(READERS, audit="results.report"),
    "admin.table_file": Access(READERS, audit="results.table"),
    "admin.responses_file": Access(READERS, audit="responses.export"),
}


def check_access_table(app: Flask) -> None:
    """Raises RuntimeError if endpoints and table differ in names or methods."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, set()).update(rule.methods or ())
    if found.keys() != ACCESS_TABLE.keys():
        difference = ", ".join(sorted(found.keys() ^ ACCESS_TABLE.keys()))
        raise RuntimeError(f"endpoints and access table differ: {difference}")
    for endpoint, methods in found.items():
        if methods - {"HEAD", "OPTIONS"} != ACCESS_TABLE[endpoint].methods:
            raise RuntimeError(f"methods of {endpoint} differ from the access table: {sorted(methods)}")
