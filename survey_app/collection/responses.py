"""What is sent to respondents, as Flask sends it with the least work."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flask import Response

from .assets import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HTML = "text/html; charset=utf-8"


class FinishedResponse(Response):
    """Sent as it is: the length is known when it is made, an address is written in ASCII, nothing waits for its end."""

    def get_wsgi_response(self, environ: "WSGIEnvironment") -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        body = () if environ["REQUEST_METHOD"] == "HEAD" else (self.get_data(),)
        return body, self.status, self.headers.to_wsgi_list()


def html_response(text: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return FinishedResponse(text, status, policy | dict(headers or {}), content_type=HTML)
