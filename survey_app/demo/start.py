"""``python3 run.py start``: the office's own installation on the embedded database."""

import argparse
import os
import secrets
import sys

from flask import Flask

from survey_app import create_app
from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff, has_staff
from survey_app.foundation.migration import is_current, upgrade
from survey_app.frame.queries import list_waves, roster_size
from survey_app.integrity.doctor import bilingual_message, run_checks_at_start

from .server import free_port, serve

USERNAME = "office"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="run.py start", description="正式使用 · real use")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口 · port")
    parser.add_argument("--prepare-only", action="store_true", help="只准备，不启动 · prepare, do not serve")
    options = parser.parse_args(arguments)
    port = free_port(options.host, options.port)
    public_host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104
    os.environ.setdefault("BASE_URL", f"http://{public_host}:{port}")
    app = create_app()
    if not is_current(app.extensions["database"]):
        upgrade(app.extensions["database"])
    _check_installation(app)
    _create_first_account(app)
    _print_next_steps(app)
    if not options.prepare_only:
        serve(app, options.host, port)


def _check_installation(app: Flask) -> None:
    """Says what is wrong with the installation; does not go on with what would lose or show answers."""
    findings = run_checks_at_start(app.extensions["database"], app.extensions["settings"])
    for finding in findings:
        print(f"  {'!!!' if finding.is_fatal else '!'} {bilingual_message(finding)}", file=sys.stderr)
    if any(finding.is_fatal for finding in findings):
        raise SystemExit("  没有启动 · not started")


def _create_first_account(app: Flask) -> None:
    with app.extensions["database"].read_session() as session:
        if has_staff(session):
            return
    password = secrets.token_urlsafe(12)
    password_hash, now = hash_new_password(password, USERNAME), app.extensions["clock"].now()
    with app.extensions["database"].write_session() as session:
        create_staff(session, USERNAME, password_hash, "office", now)
        add_audit_entry(session, now, command_actor(), "staff.create", f"{USERNAME} office")
    print("\n  已建立第一个账号，密码只显示这一次 · the first account; its password is shown only now")
    print(f"  用户名 · user      {USERNAME}\n  密码 · password    {password}")


def _print_next_steps(app: Flask) -> None:
    url = app.extensions["settings"].base_url
    with app.extensions["database"].read_session() as session:
        has_roster, has_waves = roster_size(session) > 0, bool(list_waves(session))
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
