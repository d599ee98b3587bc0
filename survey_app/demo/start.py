"""``flask serve``, or ``python3 run.py start``: the office's own installation on the embedded database."""

import os
import secrets
import sys

import click
from flask import Flask

from survey_app import create_app
from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff, has_staff
from survey_app.foundation.migration import is_current, upgrade
from survey_app.foundation.settings import Settings
from survey_app.foundation.stored_settings import is_local_address, load_office
from survey_app.frame.queries import list_waves, roster_size
from survey_app.integrity.doctor import bilingual_message, run_checks_at_start

from .keep_running import how_to_keep_running
from .one_instance import only_instance
from .server import choose_port, host_option, port_option, serve, url_of

USERNAME = "office"


@click.command("serve", help="正式使用：内置服务器 · real use on the embedded server")
@host_option
@port_option
@click.option("--prepare-only", is_flag=True, help="只准备，不启动 · prepare, do not serve")
def group(host: str, port: int | None, prepare_only: bool) -> None:
    if prepare_only:
        _prepare(host, choose_port(host, port))
        return
    with only_instance(Settings.from_environment().secrets_dir.parent) as announce:
        chosen_port = choose_port(host, port)
        app = _prepare(host, chosen_port)
        announce(f"{url_of(host, chosen_port)}/staff/")
        print()
        for line in how_to_keep_running(f"--host {host} --port {chosen_port}"):
            print(f"  {line}")
        serve(app, host, chosen_port)


def _prepare(host: str, port: int) -> Flask:
    """The application with its tables and an account, and what to do next on the terminal."""
    os.environ.setdefault("BASE_URL", url_of(host, port))
    app = create_app()
    if not is_current(app.extensions["database"]):
        upgrade(app.extensions["database"])
    _check_installation(app)
    _create_first_account(app)
    _print_next_steps(app)
    return app


def _check_installation(app: Flask) -> None:
    """Do not go on with what would lose or show answers. Who starts this by hand can do nothing about the rest: it is
    counted here, and said in full by the self-check of who looks after the machine."""
    findings = run_checks_at_start(app.extensions["database"], app.extensions["settings"])
    fatal = [finding for finding in findings if finding.is_fatal]
    for finding in fatal:
        print(f"  !!! {bilingual_message(finding)}", file=sys.stderr)
    if fatal:
        raise SystemExit("  没有启动 · not started")
    if findings:
        count = len(findings)
        print(
            f"\n  自检：可以用；另有 {count} 条写在系统管理员登录后的首页，不影响使用"
            f" · self-check: fine; {count} for the keeper are on a system administrator’s first page"
        )


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
        address = load_office(session, app.extensions["settings"]).address
        has_roster, has_waves = roster_size(session) > 0, bool(list_waves(session))
    print(f"\n  工作人员 · staff   {url}/staff/")
    print(f"  印在二维码里的网址 · address in QR codes   {address}")
    if is_local_address(address):
        print("  打印之前 · before printing   在“设置”里改网址 · change the address under Settings")
    if not (has_roster and has_waves):
        print("  下一步 · next      在浏览器里打开上面的网址，首页有四步 · open the page above, it has the four steps")


if __name__ == "__main__":
    group(prog_name="run.py start")
