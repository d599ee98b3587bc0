"""Nodes agree on their keys, or do not start."""

import json
from pathlib import Path

import pytest

from survey_app.foundation.keys import KeyStore
from survey_app.foundation.settings import Settings
from survey_app.integrity.doctor import run_checks_at_start
from testing.application import make_app
from testing.codes import issued
from testing.district import District


@pytest.fixture
def installed(app, clock) -> District:  # type: ignore[no-untyped-def]
    """As the guide says: upgrade, open a wave with slips."""
    district = District(app, clock)
    district.command("db", "upgrade")
    return district.opened(access={"parent": "code", "student": "class"})


def fatal(district: District, secrets_dir: Path) -> list[str]:
    settings = Settings(district.app.extensions["settings"].database_url, secrets_dir, "https://survey.lin-jiang.cn")
    found = run_checks_at_start(district.app.extensions["database"], settings)
    return [str(issue.message) for issue in found if issue.is_fatal]


def test_the_keys_are_there_before_a_form_is_opened(app, clock, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """S3: the form key came into being with the first form, after the guide had copied the folder."""
    district = District(app, clock)
    district.command("db", "upgrade")
    assert {path.name for path in (tmp_path / "secrets").glob("*.key")} == {"form.key", "session.key"}
    district.opened()
    assert (tmp_path / "secrets" / "wave-1.key").exists()


def test_a_node_with_other_keys_does_not_start(installed: District, tmp_path: Path) -> None:
    """S3: two nodes with different keys passed the check, and one person's repeat became two ballots."""
    assert fatal(installed, tmp_path / "secrets") == []
    other = tmp_path / "other"
    KeyStore(other).create("session")
    assert "密钥 form, session, wave-1 缺失或与其他节点不同" in fatal(installed, other)[0]
    assert not (other / "form.key").exists(), "none is made silently"


def test_keys_travel_to_another_node_by_a_file(installed: District, tmp_path: Path) -> None:
    """S3."""
    out = tmp_path / "keys.json"
    installed.command("keys", "export", "--out", str(out))
    assert out.stat().st_mode & 0o077 == 0
    assert "已存在" in installed.command("keys", "export", "--out", str(out), code=1)
    there = installed.app.extensions["keys"]
    there.directory = tmp_path / "other"
    assert "缺失" in installed.command("keys", "export", "--out", str(tmp_path / "x"), code=1)
    installed.command("keys", "import", str(out))
    assert fatal(installed, tmp_path / "other") == []
    assert installed.count("audit_entry WHERE action LIKE 'keys.%' AND result = 'done'") == 2


def test_a_form_of_one_node_that_is_sent_to_another_counts_once(installed: District, tmp_path: Path) -> None:
    """S3, operate 2: with the keys of the file, whichever node has the form, the page and its repeat are one ballot."""
    out, link = tmp_path / "keys.json", installed.link("teacher")
    installed.command("keys", "export", "--out", str(out))
    url = installed.app.extensions["settings"].database_url
    node = District(make_app(url, tmp_path / "node", installed.clock), installed.clock, links=installed.links)
    node.app.extensions["keys"].directory = tmp_path / "node" / "imported"  # it made keys of its own when it was built
    node.command("keys", "import", str(out))
    form = installed.answer(link)
    assert [node.send(link, form).status_code, installed.send(link, form).status_code] == [303, 303]
    assert installed.send(link, node.answer(link)).status_code == 303
    assert installed.count("response") == installed.count("submission_receipt") == 2
    node.app.extensions["database"].dispose()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"form": "zz"}', '{"form": "00"}', '{"form": 1}'])
def test_a_file_that_holds_no_keys_is_refused(installed: District, tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    assert "不是 flask keys export 写的文件" in installed.command("keys", "import", str(file), code=1)


def test_keys_of_another_installation_are_refused(installed: District, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"form": "ab" * 32, "wave-1": "cd" * 32}))
    assert "form, wave-1 不是这个数据库的" in installed.command("keys", "import", str(file), code=1)
    assert fatal(installed, tmp_path / "secrets") == []


def test_lost_keys_are_replaced_with_a_reason_and_their_codes_are_void(installed: District, tmp_path: Path) -> None:
    """S3, S-M15."""
    issued(installed, "parent", 3)
    issued(installed, "student", 3)
    assert "没有需要更换" in installed.command("keys", "replace", "--reason", "试", code=1)
    (tmp_path / "secrets" / "wave-1.key").unlink()
    assert "请写明理由" in installed.command("keys", "replace", "--reason", " ", code=1)
    assert "wave-1" in installed.command("keys", "replace", "--reason", "磁盘坏了")
    assert fatal(installed, tmp_path / "secrets") == []
    assert installed.count("code_batch WHERE voided_at IS NULL") == installed.count("class_code") == 0
    assert installed.count("audit_entry WHERE action = 'keys.replace' AND detail LIKE '%磁盘坏了'") == 1
    code = issued(installed, "parent", 1)[0]
    link = installed.link("parent")
    assert installed.send(link, installed.answer(link, {"_code": code})).status_code == 303


def test_a_sealed_wave_needs_no_key(installed: District, tmp_path: Path) -> None:
    installed.sealed()
    installed.command("run-due")
    assert not (tmp_path / "secrets" / "wave-1.key").exists()
    assert fatal(installed, tmp_path / "secrets") == []
