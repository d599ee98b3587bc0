"""gunicorn for one app node. Settings come from /etc/survey-app/environment; nothing is logged about a request."""

import gc
import os
import sys
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "8"))
backlog = 2048
preload_app = True  # code and pages are shared in memory; no connection is opened before the workers part

keepalive = 75  # longer than nginx keeps an idle connection, so that nginx never sends into a closing one
timeout = 90  # a POST may wait 60 s for a database that is being replaced
graceful_timeout = 70
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True  # it would want a home directory

accesslog = None  # respondents leave no line
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

NEVER_AGAIN = 78  # EX_CONFIG; survey-app.service does not start again after it


def on_starting(server: Any) -> None:
    """Looks at the installation before anybody is served; what would lose or show answers ends the server."""
    from survey_app.integrity.doctor import bilingual_message, run_checks_at_start

    loaded = server.app.wsgi().extensions
    findings = run_checks_at_start(loaded["database"], loaded["settings"])
    for finding in findings:
        (server.log.critical if finding.is_fatal else server.log.warning)(bilingual_message(finding))
    if any(finding.is_fatal for finding in findings):
        sys.exit(NEVER_AGAIN)


def when_ready(_server: object) -> None:
    gc.freeze()  # what was loaded before the workers part stays shared with them


def post_fork(_server: object, _worker: object) -> None:
    sys.setswitchinterval(0.001)  # a thread that comes back from the database waits less for the others
