"""The headers of every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


STATIC = "/static/"

HeaderList = list[tuple[str, str]]


def install(app: Flask) -> None:
    app.wsgi_app = add_headers(app, app.wsgi_app)  # type: ignore[assignment, method-assign]


def add_headers(app: Flask, application: "WSGIApplication") -> "WSGIApplication":
    """Below Flask, which would copy and check each header with every answer, and for what Flask itself answers."""

    def with_headers(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: HeaderList, *error: Any) -> Any:
            is_staff = app.extensions["routes"].is_staff_path(environ.get("PATH_INFO", ""))
            return start_response(status, headers + EVERYWHERE + _page_headers(environ, headers, is_staff), *error)

        return application(environ, start)

    return with_headers


def _page_headers(environ: "WSGIEnvironment", headers: HeaderList, is_staff: bool) -> HeaderList:
    """Those that depend on the page; what the page has set itself stays."""
    present = {name.lower() for name, _value in headers}
    # staff pages: the check of the form token compares the Referer
    added = [("Referrer-Policy", "same-origin" if is_staff else "no-referrer")]
    if "content-security-policy" not in present:
        added.append(("Content-Security-Policy", CONTENT_SECURITY_POLICY))
    if environ.get("wsgi.url_scheme") == "https":  # as a proxy says that it was, where one is trusted
        added.append(("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY))
    if "cache-control" not in present and not environ.get("PATH_INFO", "").startswith(STATIC):
        added.append(("Cache-Control", "no-store"))
    return added
