"""``python3 run.py start``: the office's own installation on the embedded database."""

import argparse
import os
import secrets
import sys

from flask import Flask

from survey_app import create_app
from survey_app.accounts.staff import create_staff, has_staff
from survey_app.foundation.migration import is_current, upgrade
from survey_app.frame.queries import roster_size, waves
from survey_app.integrity.doctor import selfcheck_at_start, told

from .server import free_port, serve

ACCOUNT = "office"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="run.py start", description="正式使用 · real use")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口 · port")
    parser.add_argument("--prepare-only", action="store_true", help="只准备，不启动 · prepare, do not serve")
    given = parser.parse_args(arguments)
    port = free_port(given.host, given.port)
    shown_host = "127.0.0.1" if given.host == "0.0.0.0" else given.host  # noqa: S104
    os.environ.setdefault("BASE_URL", f"http://{shown_host}:{port}")
    app = create_app()
    if not is_current(app.extensions["database"]):
        upgrade(app.extensions["database"])
    _checked(app)
    _first_account(app)
    _next_steps(app)
    if not given.prepare_only:
        serve(app, given.host, port)


def _checked(app: Flask) -> None:
    """Says what is wrong with the installation; does not go on with what would lose or show answers."""
    findings = selfcheck_at_start(app.extensions["database"], app.extensions["settings"])
    for finding in findings:
        print(f"  {'!!!' if finding.fatal else '!'} {told(finding)}", file=sys.stderr)
    if any(finding.fatal for finding in findings):
        raise SystemExit("  没有启动 · not started")


def _first_account(app: Flask) -> None:
    with app.extensions["database"].committed() as session:
        if has_staff(session):
            return
        password = secrets.token_urlsafe(12)
        create_staff(session, ACCOUNT, password, "office", app.extensions["clock"].now())
    print("\n  已建立第一个账号，密码只显示这一次 · the first account; its password is shown only now")
    print(f"  用户名 · user      {ACCOUNT}\n  密码 · password    {password}")


def _next_steps(app: Flask) -> None:
    url = app.extensions["settings"].base_url
    with app.extensions["database"].reading() as session:
        has_roster, has_waves = roster_size(session) > 0, bool(waves(session))
    print(f"\n  工作人员 · staff   {url}/staff/")
    flask = ".venv\\Scripts\\flask" if os.name == "nt" else ".venv/bin/flask"
    if not has_roster:
        print(f"  下一步 · next      {flask} roster import 名册.xlsx")
    elif not has_waves:
        print(f"  下一步 · next      {flask} wave create 2026年秋季 --instrument compulsory-parent "
              "--opens 2026-12-01 --closes 2026-12-15")  # fmt: skip
    print("\n  按 Ctrl+C 停止 · press Ctrl+C to stop", flush=True)


if __name__ == "__main__":
    main()
