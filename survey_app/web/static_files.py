"""Style sheets and scripts."""

from flask import Response, current_app


def send(filename: str) -> Response:
    return current_app.send_static_file(filename)
