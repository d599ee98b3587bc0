"""The files that are shipped for a server: each is read by the program it is for."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT
from testing import processes, programs

DEPLOY = PROJECT / "deploy"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="!!! these files are for Debian")


def _read_by(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def nginx_ports() -> list[int]:
    """One for http, one for https."""
    return processes.free_ports(2)


@pytest.fixture
def nginx_command(tmp_path: Path, nginx_ports: list[int]) -> list[str]:
    """nginx with the shipped site on ports of its own, and a certificate made here."""
    nginx, openssl = programs.nginx(), shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("!!! nginx or openssl is not here")
    _read_by(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=example.org",
             "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")  # fmt: skip
    site = (DEPLOY / "nginx-survey-app.conf").read_text("utf-8")
    nobody = f"127.0.0.1:{processes.free_port()}"  # on the usual port somebody may serve
    for old, new in (
        ("/etc/ssl/survey-app", str(tmp_path)), ("/var/log/nginx", str(tmp_path)), ("127.0.0.1:8000", nobody),
    ):  # fmt: skip
        assert old in site
        site = site.replace(old, new)
    plain, secure = nginx_ports
    site = re.sub(r"^ *listen \[::\].*$", "", site, flags=re.M).replace("listen 80;", f"listen 127.0.0.1:{plain};")
    (tmp_path / "site.conf").write_text(site.replace("listen 443 ", f"listen 127.0.0.1:{secure} "), "utf-8")
    main = tmp_path / "nginx.conf"
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"pid {tmp_path}/pid; worker_rlimit_nofile 16384; events {{ worker_connections 8192; }}\n"
        f"http {{ access_log off; {folders}include {tmp_path}/site.conf; }}\n",
        "utf-8",
    )
    return [str(nginx), "-c", str(main), "-e", str(tmp_path / "start.log")]


def test_nginx_reads_the_site(nginx_command: list[str]) -> None:
    _read_by(*nginx_command, "-t", "-q")


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [("/s/abc", 1_100_000, 400), ("/" + "x" * 9_000, 0, 400), ("/s/abc", 0, 503)],
    ids=["too much", "too long", "nobody answers"],
)
def test_pages_of_nginx_itself_carry_the_headers(
    nginx_command: list[str], nginx_ports: list[int], tmp_path: Path, path: str, length: int, status: int
) -> None:
    """Security trial, headers: nginx's own 413, 414 and 503 pages carried none of them."""
    server = processes.Service.start([*nginx_command, "-g", "daemon off;"], tmp_path / "server.log", os.environ)
    try:
        processes.wait_until(lambda: processes.listens(nginx_ports[1]), 10, "nginx listens")
        context = ssl._create_unverified_context()
        with closing(http.client.HTTPSConnection("127.0.0.1", nginx_ports[1], context=context)) as connection:
            connection.putrequest("POST" if length else "GET", path)
            connection.putheader("Content-Length", str(length))  # said, not sent: nginx answers at once
            connection.endheaders()
            with connection.getresponse() as response:
                page = response.read().decode()
    finally:
        server.stop()
    assert response.status == status
    assert "Not submitted" in page
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "includeSubDomains" in response.headers["Strict-Transport-Security"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_nginx_writes_no_line_about_respondents() -> None:
    site = (DEPLOY / "nginx-survey-app.conf").read_text("utf-8")
    assert set(re.findall(r"^ *access_log (\S+);", site, re.M)) == {"off"}
    assert {line.split()[-1] for line in re.findall(r"^ *error_log ([^;]+);", site, re.M)} == {"emerg"}


def test_gunicorn_reads_its_settings(tmp_path: Path) -> None:
    printed = _read_by(
        sys.executable, "-m", "gunicorn", "--check-config", "--print-config", "-c", DEPLOY / "gunicorn.conf.py",
        "wsgi:app", INSTANCE_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/survey.db",
        SECRETS_DIR=str(tmp_path / "secrets"),
    )  # fmt: skip
    assert re.search(r"^accesslog\s+= None$", printed, re.M)


def test_units_are_understood_by_systemd(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("!!! systemd is not here")
    for unit in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace("/opt/survey-app/.venv/bin/", "/bin/true "))
    said = _read_by(systemd, "verify", "--man=no", *sorted(tmp_path.iterdir()))
    assert not re.search("Unknown|ignoring|Failed to parse", said), said


def test_the_environment_means_the_same_to_a_shell_and_to_systemd() -> None:
    text = (DEPLOY / "environment.example").read_text("utf-8")
    assigned = dict(re.findall(r'^(\w+)="([^"$`\\]*)"$', text, re.M))
    assert assigned.keys() == {line.split("=")[0] for line in text.splitlines() if line and line[0] != "#"}
    seen = _read_by("/bin/sh", "-c", f"set -a; . {DEPLOY / 'environment.example'}; env", LC_ALL="C.UTF-8")
    assert all(f"{name}={value}\n" in seen for name, value in assigned.items())
