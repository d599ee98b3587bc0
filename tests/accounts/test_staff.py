"""Accounts as the office makes them on the command line."""

import json

from flask import Flask

from testing.district import PASSWORD, District, csrf_in


def create(app: Flask, username: str, password: str, *more: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["staff", "create", username, *more], input=password + "\n")
    return result.exit_code, result.stdout + result.stderr


def test_an_account_is_made_listed_and_disabled_and_then_its_login_ends(small_district: District) -> None:
    app = small_district.app
    assert create(app, "李督导", PASSWORD) == (0, "已新建账号“李督导”（office）\n")
    client = small_district.client
    form = {"csrf_token": csrf_in(client.get("/staff/login").text), "username": "李督导", "password": PASSWORD}
    assert client.post("/staff/login", data=form).status_code == 303
    assert client.get("/staff/waves/1").status_code == 200
    assert "已停用" in small_district.command("staff", "disable", "李督导")
    assert client.get("/staff/waves/1").status_code != 200
    (listed,) = json.loads(small_district.command("staff", "list", "--json"))
    assert (listed["username"], listed["role"], listed["disabled"]) == ("李督导", "office", True)
    assert client.post("/staff/login", data=form).status_code != 303
    with app.extensions["database"].engine.connect() as connection:
        actions = connection.exec_driver_sql("SELECT action FROM audit_entry WHERE actor LIKE 'cli%%'").scalars().all()
    assert {"staff.create", "staff.disable"} <= set(actions)


def test_what_is_wrong_with_an_account_is_said(sqlite_app: Flask) -> None:
    for username, password, sentence in (
        ("李 督导", PASSWORD, "用户名要有 2 到 50 个字"),
        ("李督导", "short", "密码要有 10 到 128 个字符"),
        ("inspector", "inspector-2026", "密码太容易猜"),
        ("李督导", "aaaaaaaabbbb", "密码太容易猜"),
    ):
        code, said = create(sqlite_app, username, password)
        assert (code, sentence in said) == (1, True), said
    assert create(sqlite_app, "李督导", PASSWORD)[0] == 0
    assert "已经有用户“李督导”" in create(sqlite_app, "李督导", PASSWORD)[1]
    assert create(sqlite_app, "王督导", PASSWORD, "--role", "king")[0] == 2
    result = sqlite_app.test_cli_runner().invoke(args=["staff", "disable", "nobody"])
    assert (result.exit_code, "没有用户“nobody”" in result.stderr) == (1, True)
