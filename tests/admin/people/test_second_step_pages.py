"""Two steps to log in, if one likes: set up with a phone, asked for, bounded, taken back by oneself or the office."""

import base64
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.accounts.second_step import code_at
from testing.console import Clerk
from testing.district import PASSWORD, District, csrf_in

STEP, LOGIN, CODE = "/staff/account/second-step", "/staff/login", "/staff/login/code"


def phone_code(clerk: Clerk, secret: bytes) -> str:
    return code_at(secret, int(clerk.district.clock.at.timestamp()) // 30)


def set_up(clerk: Clerk) -> tuple[bytes, list[str]]:
    """The secret that the phone holds now, and the recovery codes."""
    page = clerk.open(STEP)
    text = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    shown = clerk.send(STEP, code=phone_code(clerk, secret), password=PASSWORD)
    assert shown.status_code == 200, shown.text[:500]
    assert shown.headers["Cache-Control"] == "no-store"
    clerk.district.clock.advance(seconds=30)
    return secret, re.findall(r"<code>([A-Z0-9-]{14})</code>", shown.text)


def password_step(client: FlaskClient, path: str = LOGIN) -> TestResponse:
    fields = {"csrf_token": csrf_in(client.get(path).text), "username": "王督导", "password": PASSWORD}
    return client.post(path, data=fields)


def code_step(client: FlaskClient, code: str) -> TestResponse:
    return client.post(CODE, data={"csrf_token": csrf_in(client.get(CODE).text), "code": code})


def test_the_code_is_asked_after_the_password_and_no_code_works_twice(small_district: District) -> None:
    clerk = Clerk(small_district)
    secret, codes = set_up(clerk)
    assert len(codes) == 10
    other = small_district.client
    first = password_step(other, f"{LOGIN}?next=/staff/roster")
    assert first.headers["Location"].startswith(CODE)
    assert other.get("/staff/roster").status_code in (302, 303), "the password alone opens nothing"
    assert code_step(other, "000000").status_code == 401
    code = phone_code(clerk, secret)
    answer = other.post(first.headers["Location"], data={"csrf_token": csrf_in(other.get(CODE).text), "code": code})
    assert answer.headers["Location"] == "/staff/roster"
    assert other.get("/staff/roster").status_code == 200
    third = small_district.client
    password_step(third)
    replayed = code_step(third, code)
    assert replayed.status_code == 401
    assert "已经用过" in replayed.text
    assert code_step(third, codes[0]).status_code == 303
    assert "还剩 9 个备用码" in third.get("/staff/account").text


def test_guesses_at_the_code_are_bounded_and_the_password_step_ends(small_district: District) -> None:
    clerk = Clerk(small_district)
    set_up(clerk)
    guesser = small_district.client
    assert guesser.get(CODE).status_code == 303, "nobody gets here without a password"
    assert guesser.post(CODE, data={"csrf_token": csrf_in(guesser.get(LOGIN).text), "code": "1"}).status_code == 401
    password_step(guesser)
    seen = [code_step(guesser, f"{number:06}").status_code for number in range(12)]
    assert seen[0] == 401
    assert seen[-1] == 429
    small_district.app.extensions["denials"].write()
    assert small_district.count("denial WHERE reason = 'wrong code' AND subject = 'account:王督导'") == 1


def test_who_has_lost_the_phone_is_let_in_again_by_somebody_who_keeps_accounts(small_district: District) -> None:
    clerk = Clerk(small_district)
    set_up(clerk)
    keeper = Clerk(small_district, "系统管理员", "sysadmin")
    keeper.open("/staff/people/1")
    assert keeper.send("/staff/people/1/second-step").status_code == 303
    assert keeper.send("/staff/people/1/second-step").status_code == 409
    assert small_district.count("audit_entry WHERE action = 'staff.step-reset' AND actor = '系统管理员'") == 2
    assert password_step(small_district.client).headers["Location"] == "/staff/"
    result = small_district.app.test_cli_runner().invoke(args=["staff", "end-second-step", "王督导"])
    assert result.exit_code == 1
    assert "没有开两步登录" in result.output


def test_it_is_turned_off_with_the_password_only(small_district: District) -> None:
    clerk = Clerk(small_district)
    set_up(clerk)
    clerk.open("/staff/account")
    assert clerk.send(f"{STEP}/end", step_password="wrong").status_code == 422
    assert small_district.count("second_step") == 1
    assert clerk.send(f"{STEP}/end", step_password=PASSWORD).status_code == 303
    assert small_district.count("second_step") + small_district.count("recovery_code") == 0


def test_a_wrong_first_code_or_password_shows_the_same_picture_again(small_district: District) -> None:
    clerk = Clerk(small_district)
    before = re.findall(r"<code>([A-Z2-7 ]+)</code>", clerk.open(STEP))
    for fields in ({"code": "abc", "password": PASSWORD}, {"code": "123456", "password": "wrong"}):
        again = clerk.send(STEP, **fields)
        assert again.status_code == 422
        assert re.findall(r"<code>([A-Z2-7 ]+)</code>", again.text) == before
    assert small_district.count("second_step") == 0
