"""Passwords that everybody tries first are refused; what people can remember and strangers cannot guess is not."""

import pytest

from survey_app.accounts.password_rules import check_password_rules
from survey_app.accounts.passwords import hash_new_password, verify_password
from survey_app.foundation.errors import UserError


@pytest.mark.parametrize(
    "password",
    ["1234567890", "qwertyuiop", "0987654321", "1qaz2wsx3edc", "asdfghjkl123", "abcdefghij", "Password2026!",
     "woaini1314520", "admin123456", "admin@2026", "zhongguo2026", "jiaoyuju888", "dudaoshi2026",
     "20261122abc", "passw0rd123", "aaaaaaaaaa", "abcabcabcabc", "1212121212", "p@ssw0rd!!", "!@#$%^&*()",
     "Qwerty12345", "iloveyou520", "ＰＡＳＳＷＯＲＤ２０２６", "管理员管理员2026年", "教育督导室20261",
     "1q2w3e4r5t", "q1w2e3r4t5y6", "a1b2c3d4e5", "P@$$w0rd2026", "Huawei@123", "michael123456", "liverpool123",
     "chenwei198801", "13812345678", "110101199003077512"],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """S-Low: ``1234567890`` and ``qwertyuiop`` were accepted; later ``1q2w3e4r5t``, names with figures."""
    with pytest.raises(UserError, match="密码太容易猜"):
        check_password_rules(password, "li", ["教育督导室"])


@pytest.mark.parametrize("username", ["wangxiaoming", "WangXiaoMing"])
def test_the_name_of_the_user_and_of_the_office_are_no_password(username: str) -> None:
    for password in ("wangxiaoming", "WangXiaoming2026", "haidianqu-wangxiaoming!"):
        with pytest.raises(UserError, match="密码太容易猜"):
            check_password_rules(password, username, ["haidianqu"])
    check_password_rules("wangxiaoming7Kq!x2", username, ["haidianqu"])


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "苹果 雨伞 跑步 星期三",
        "kX9-vTq2_Lm4p",
        "guitar-umbrella-74",
        "x7Kp2mQ9vL",
        "雨伞苹果跑步74星期三",
        "wo jia de mao jiao xiaobai",
    ],
)
def test_what_is_hard_to_guess_is_accepted(password: str) -> None:
    check_password_rules(password, "wang", ["教育督导室"])


@pytest.mark.parametrize("password", ["kX9-vTq2", "", "kX9-vTq2_Lm4p" * 10])
def test_too_short_and_too_long_say_how_long(password: str) -> None:
    with pytest.raises(UserError, match="10 到 128"):
        check_password_rules(password, "wang")


@pytest.mark.real_passwords
def test_only_the_right_password_of_an_account_is_right() -> None:
    """Kept as RFC 9106 recommends: 64 MiB, three passes."""
    password_hash = hash_new_password("correct horse battery", "wang")
    assert password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert verify_password(password_hash, "correct horse battery")
    assert not verify_password(password_hash, "correct horse batterx")
    assert not verify_password(None, "nobody has this password")
