"""Two app nodes behind nginx, and the wave that they collect."""

import csv
import getpass
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from survey_app import create_app
from survey_app.foundation.settings import Settings
from testing.processes import LOOPBACK, HarnessFailed, Service, free_ports, listens, wait_until
from testing.programs import nginx as nginx_path
from testing.workers import READY_SECONDS, Served, start_server

WAVE = "演练"
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
PROXY = """daemon off;
user @user@;
worker_processes 1;
pid @directory@/nginx.pid;
error_log @directory@/nginx.log emerg;
events { worker_connections 512; }
http {
@places@
  access_log off;
  server_tokens off;
  upstream survey_app {
@upstream@
    keepalive 16;
  }
  server {
    listen @address@;
    client_max_body_size 64k;
    location / {
      proxy_pass http://survey_app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_request_buffering on;
      proxy_buffering on;
      proxy_connect_timeout 1s;
      proxy_read_timeout 75s;
      proxy_next_upstream error timeout http_502 http_503 non_idempotent;
      proxy_next_upstream_tries 2;
      proxy_next_upstream_timeout 10s;
    }
  }
}
"""


class Site:
    """What the two nodes and nginx share: one directory of secrets, one database URL, one address."""

    def __init__(self, directory: Path, database_url: str) -> None:
        self.directory = directory
        self.port, *self.node_ports = free_ports(3)
        self.secrets = directory / "secrets"
        self.nodes: list[Served] = []
        self.nginx: Service | None = None
        self.environment = {
            "DATABASE_URL": database_url,
            "SECRETS_DIR": str(self.secrets),
            "INSTANCE_DIR": str(directory / "instance"),
            "BASE_URL": f"http://{LOOPBACK}:{self.port}",
            "BEHIND_PROXY": "1",
            "SURVEY_LANGUAGE": "zh",
        }

    def open_wave(self) -> list[str]:
        """The slugs of an open wave with a small roster, made by the commands an office uses."""
        roster = self.directory / "roster.csv"
        _write_roster(roster)
        app = create_app(Settings(self.environment["DATABASE_URL"], self.secrets, self.environment["BASE_URL"]))
        ends = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
        for command in (
            ("db", "upgrade"),
            ("roster", "import", str(roster)),
            ("wave", "create", WAVE, "--instrument", "compulsory-parent", "--instrument", "compulsory-teacher",
             "--access", "parent=open,teacher=open", "--opens", "2020-01-01", "--closes", ends),
            ("wave", "open", WAVE, "--yes"),
        ):  # fmt: skip
            _flask(app, *command)
        links = json.loads(_flask(app, "links", "list", "--wave", WAVE, "--json"))
        app.extensions["database"].dispose()
        return [link["slug"] for link in links]

    def start(self) -> None:
        """Each app node is gunicorn with the settings that are shipped."""
        environment = self.environment | {"WORKERS": "1", "THREADS": "8"}
        self.nodes = [
            start_server(environment, self.directory / f"app {number}.log", port=port)
            for number, port in enumerate(self.node_ports, start=1)
        ]
        wait_until(lambda: all(map(listens, self.node_ports)), READY_SECONDS, "the app nodes do not listen")
        program = nginx_path()
        if program is None:
            raise HarnessFailed("nginx is not installed")
        config = self.directory / "nginx.conf"
        config.write_text(_configuration(self.directory, self.port, self.node_ports), "utf-8")
        log = self.directory / "nginx.out"
        self.nginx = Service.start([program, "-c", str(config), "-e", str(self.error_log)], log, os.environ)
        wait_until(lambda: listens(self.port), READY_SECONDS, f"nginx does not listen: {log.read_text()[-300:]}")

    @property
    def error_log(self) -> Path:
        return self.directory / "nginx.log"

    def stop(self) -> None:
        for service in (self.nginx, *(node.service for node in self.nodes)):
            if service is not None:
                service.stop()


def _flask(app: Flask, *command: str) -> str:
    """``flask`` in this process: starting it anew for each command takes most of a short exercise."""
    result = app.test_cli_runner().invoke(args=list(command))
    if result.exit_code:
        raise HarnessFailed(f"flask {' '.join(command)}: {result.output} {result.exception or ''}")
    return result.stdout


def _write_roster(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("学校代码", "学校名称", "类别", "对象", "年级", "人数"))
        for number in (1, 2, 3):
            place = (f"900{number}", f"演练第{number}小学", "学区小学")
            writer.writerows((*place, "家长", grade, 40) for grade in GRADES)
            writer.writerow((*place, "教师", "", 30))


def _configuration(directory: Path, port: int, nodes: list[int]) -> str:
    """The same ways of passing on as in ``deploy/nginx-survey-app.conf``, without TLS and limits."""
    upstream = "\n".join(f"    server {LOOPBACK}:{node} max_fails=0;" for node in nodes)
    places = "\n".join(
        f"  {name}_temp_path {directory / 'nginx-temp'};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    slots = {
        "user": getpass.getuser(), "directory": str(directory), "places": places, "upstream": upstream,
        "address": f"{LOOPBACK}:{port}",
    }  # fmt: skip
    return re.sub("@([a-z]+)@", lambda slot: slots[slot[1]], PROXY)
