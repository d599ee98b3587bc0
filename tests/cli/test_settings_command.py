"""Settings in the database: what is printed is the same everywhere, and reachable (faults K2, K22)."""

import json
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.stored_settings import is_local_address
from testing.district import WAVE, District


def printed_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_settings_are_kept_in_the_database_and_fall_back_to_the_environment(
    sqlite_app: Flask, clock: ManualClock
) -> None:
    office = District(sqlite_app, clock)
    before = {row["key"]: row for row in json.loads(office.command("settings", "list", "--json"))}
    assert before["office"] == {"key": "office", "value": "测试区教育督导室", "source": "environment"}
    office.command("settings", "set", "office=临江区教育督导室", "address=https://m.example.cn/", "contact=0512-1")
    after = {
        row["key"]: (row["value"], row["source"]) for row in json.loads(office.command("settings", "list", "--json"))
    }
    terms = {key: after.pop(key) for key in list(after) if key.endswith("_months")}
    assert terms["answers_months"] == ("60", "default")
    assert after == {
        "office": ("临江区教育督导室", "database"), "address": ("https://m.example.cn", "database"),
        "contact": ("0512-1", "database"),
    }  # fmt: skip
    office.command("settings", "set", "office=")
    assert json.loads(office.command("settings", "list", "--json"))[1] == before["office"]
    assert office.count("audit_entry WHERE action = 'settings.set'") == 2


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("address=survey.example.cn", "网址“survey.example.cn”无效"),
        ("address=https://a b.cn", "无效"),
        ("address=https://a.cn/?x=1", "无效"),
        ("colour=red", "没有设置“colour”；可用：address, office, contact"),
        ("office=" + "长" * 101, "最多 100 个字"),
    ],
)
def test_bad_settings_are_refused(sqlite_app: Flask, clock: ManualClock, assignment: str, reason: str) -> None:
    office = District(sqlite_app, clock)
    assert reason in office.command("settings", "set", assignment, "contact=1", code=1)
    assert office.count("setting") == 0


def test_wrong_usage_of_set_is_status_2(sqlite_app: Flask, clock: ManualClock) -> None:
    assert "名称=值" in District(sqlite_app, clock).command("settings", "set", "office", code=2)


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("http://127.0.0.1:8000", True), ("http://localhost", True), ("http://0.0.0.0:8000", True),
        ("http://[::1]:8000", True), ("http://169.254.1.1", True), ("http://127.1.2.3", True),
        ("http://192.168.1.20:8000", False), ("https://s.example.edu.cn", False),
    ],
)  # fmt: skip
def test_addresses_that_only_this_machine_reaches(address: str, is_local: bool) -> None:
    """K2."""
    assert is_local_address(address) is is_local


def test_an_address_that_no_phone_reaches_is_not_printed(small_district: District, tmp_path: Path) -> None:
    """K2: 57 posters and 300 slips came out with the address of another instance; now everything reads one setting."""
    out = tmp_path / "p.pdf"
    posters = ["links", "posters", "--wave", WAVE, "--out", str(out)]
    small_district.command("settings", "set", "address=http://127.0.0.1:8001")
    refusal = small_district.command(*posters, code=1)
    assert "只有这台机器能打开" in refusal
    assert "flask settings set address=" in refusal
    assert not out.exists()
    office = small_district.staff()
    assert office.get("/staff/waves/1/posters.pdf").status_code != 200
    small_district.command(*posters, "--allow-local")
    assert "http://127.0.0.1:8001/s/" in printed_text(out)
    small_district.command("settings", "set", "address=https://m.example.cn", "office=临江区教育督导室")
    small_district.command(*posters)
    links = json.loads(small_district.command("links", "list", "--wave", WAVE, "--json"))
    text = printed_text(out).replace("\r\n", "")
    assert all(link["url"].startswith("https://m.example.cn/s/") and link["url"] in text for link in links)
    assert "临江区教育督导室" in text
    assert "https://m.example.cn/s/" in office.get("/staff/waves/1/links").text


def test_a_long_address_is_warned_of(small_district: District, tmp_path: Path) -> None:
    """files, F18: slips with a base address of 99 characters decode at 3 of 24."""
    small_district.command("settings", "set", "address=https://" + "a" * 60 + ".example.cn")
    result = small_district.app.test_cli_runner().invoke(
        args=["links", "posters", "--wave", WAVE, "--out", str(tmp_path / "p.pdf")]
    )
    assert result.exit_code == 0
    assert "超过 60 个字符" in result.stderr
