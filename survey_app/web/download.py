"""Files for the staff to keep."""

import io
import re

from flask import send_file
from werkzeug.wrappers import Response as AnyResponse

MAX_NAME = 120
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+')


def download(content: bytes, mimetype: str, name: str) -> AnyResponse:
    return send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=file_name(name))


def file_name(name: str) -> str:
    """Return the name without what breaks a header (line breaks), a path, or a folder on Windows."""
    stem, dot, suffix = _NOT_IN_NAMES.sub("_", name).strip(". ").rpartition(".")
    return f"{stem[:MAX_NAME]}{dot}{suffix}"
