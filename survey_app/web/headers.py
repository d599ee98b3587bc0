"""The headers of every answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from flask.globals import request_ctx

from .table import route_table

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


def install(app: Flask) -> None:
    app.after_request(add_headers)
    app.wsgi_app = add_fixed_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]


def add_fixed_headers(application: "WSGIApplication") -> "WSGIApplication":
    """Those that are the same everywhere, below Flask, which would check each of them with every answer."""

    def with_headers(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, headers + EVERYWHERE, *error)

        return application(environ, start)

    return with_headers


def add_headers(response: Response) -> Response:
    """Those that depend on the page."""
    headers, request = response.headers, request_ctx.request
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    # staff pages: the check of the form token compares the Referer
    headers["Referrer-Policy"] = "same-origin" if route_table().is_staff_path(request.path) else "no-referrer"
    if request.is_secure:
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
