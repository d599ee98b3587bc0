"""``python -m benchmarks.profile_submission``: where the time of a submission goes, in one process without a server.

Forms are opened and sent through the WSGI application; the profiler's own time of every function is added up by where
it is defined. The profiler itself makes everything about twice as slow: read the shares, and the first line for the
true cost.
"""

import argparse
import cProfile
import io
import os
import pstats
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.collect import Subject, product, reference
from testing.forms import token_in_bytes

PLACES = ("survey_app/collection", "survey_app/definition", "survey_app/distribution", "survey_app/foundation",
          "survey_app/admin", "sqlalchemy", "werkzeug", "flask", "benchmarks")  # fmt: skip


def application(subject: Subject) -> Any:
    os.environ.update(subject.environment)
    module, _colon, name = subject.module.partition(":")
    return getattr(__import__(module, fromlist=[name]), name)


def ask(app: Any, method: str, path: str, body: bytes = b"") -> tuple[str, bytes]:
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    status: list[str] = []
    answer = app(environ, lambda line, _headers, _error=None: status.append(line))
    return status[0], b"".join(answer)


def submissions(app: Any, subject: Subject, times: int) -> float:
    """Seconds of CPU for one submission: the form opened, the answers stored."""
    began = time.process_time()
    for _ in range(times):
        page = ask(app, "GET", subject.path)[1]
        status, _body = ask(app, "POST", subject.path, b"_token=" + token_in_bytes(page) + b"&" + subject.body.encode())
        assert status.startswith("303"), status
    return (time.process_time() - began) / times


def by_place(profile: cProfile.Profile) -> Counter[str]:
    found: Counter[str] = Counter()
    for (file, _line, name), (_primitive, _calls, own, _total, _callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        known = next((place for place in PLACES if f"/{place}" in file), None)
        found[known or ("sqlite3, its disk included" if "sqlite3" in name else "Python itself")] += own
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", choices=("product", "reference"))
    parser.add_argument("--times", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        subject = reference(home) if given.subject == "reference" else product("", f"sqlite:///{home / 's.db'}", home)
        app = application(subject)
        submissions(app, subject, 100)
        print(f"CPU µs a submission: {submissions(app, subject, given.times) * 1e6:.0f}")
        profile = cProfile.Profile()
        profile.enable()
        submissions(app, subject, given.times)
        profile.disable()
        for place, seconds in by_place(profile).most_common():
            print(f"| {place} | {seconds / given.times * 1e6:.0f} |")


if __name__ == "__main__":
    main()
