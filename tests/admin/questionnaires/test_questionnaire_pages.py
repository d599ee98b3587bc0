"""The library of questionnaires: coverage, the checker's words, preview, upload."""

import errno
import os
from pathlib import Path

import pytest

from testing.console import Clerk, roster_csv

PLACE = "/staff/questionnaires"


def source(clerk: Clerk, name: str = "senior") -> str:
    return (folder(clerk) / f"{name}.yaml").read_text("utf-8")


def folder(clerk: Clerk) -> Path:
    found: Path = clerk.district.app.extensions["catalogue"].directory
    return found


def test_the_library_shows_who_is_covered_and_where_nobody_asks(clerk: Clerk) -> None:
    """K7: kindergartens and high schools were silently not asked."""
    clerk.import_roster(roster_csv("0301,花园幼儿园,幼儿园,,200,20,90", "0101,河东小学,小学,,600,40,600"))
    page = clerk.open(PLACE)
    assert "没有错误" in page
    assert "没有问卷" in page, "pupils of kindergartens"
    assert "90 人" in page


def test_a_card_shows_questions_versions_and_forms(running: Clerk) -> None:
    page = running.open(f"{PLACE}/compulsory-parent")
    assert "2026秋" in page
    assert "与现在的题目相同" in page
    assert "preview/parent?lang=en" in page
    assert running.client.get(f"{PLACE}/compulsory-parent/file.yaml").data
    for path in ("nothing", "compulsory-parent/preview/teacher", "nothing/preview/parent", "nothing/file.yaml"):
        assert running.client.get(f"{PLACE}/{path}").status_code == 404, path
    large = running.client.get(f"{PLACE}/compulsory-parent/preview/parent?size=large&lang=xx")
    assert 'class="large"' in large.text or "large" in large.text


def test_an_upload_is_checked_and_put_among_the_others(clerk: Clerk) -> None:
    clerk.open(PLACE)
    text = source(clerk).replace("id: senior", "id: senior-two", 1)
    saved = clerk.upload(PLACE, "senior-two.yaml", text.encode())
    assert saved.headers["Location"].endswith("saved=senior-two")
    assert "senior-two" in clerk.open(saved.headers["Location"])
    assert (folder(clerk) / "senior-two.yaml").read_text("utf-8") == text


def test_what_is_no_questionnaire_is_refused_in_the_checkers_words(clerk: Clerk) -> None:
    clerk.open(PLACE)
    broken = source(clerk).replace("audiences:", "audience:", 1)
    for name, content, said in (
        ("", b"", "请选择一个文件"),
        ("空.yaml", b"", "是空的"),
        ("表.xlsx", b"PK\x03\x04\x00\x00", "没有保存"),
        ("坏.yaml", broken.encode(), "第 "),
    ):
        response = clerk.upload(PLACE, name, content)
        assert response.status_code == 422, name
        assert said in response.text, name
    assert source(clerk) != broken


def test_a_version_that_a_wave_used_is_not_replaced_by_other_questions(running: Clerk) -> None:
    running.open(PLACE)
    text = source(running, "compulsory-parent")
    other = text.replace("points: 75", "points: 80", 1)
    assert other != text
    refused = running.upload(PLACE, "compulsory-parent.yaml", other.encode())
    assert refused.status_code == 422
    assert "版本（version）也要改" in refused.text
    assert running.upload(PLACE, "compulsory-parent.yaml", text.encode()).status_code == 303, "the same once more"


def test_a_faulty_file_is_shown_with_its_faults(clerk: Clerk) -> None:
    (folder(clerk) / "faulty.yaml").write_text("id: faulty\n", "utf-8")
    (folder(clerk) / "misnamed.yaml").write_text(source(clerk), "utf-8")
    assert "处错误" in clerk.open(PLACE)
    assert "现在不能用" in clerk.open(f"{PLACE}/faulty")
    assert "请让文件名与 id 相同" in clerk.open(f"{PLACE}/misnamed")


def test_a_folder_that_cannot_be_written_is_said_plainly(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.open(PLACE)
    text = source(clerk).replace("id: senior", "id: senior-two", 1)

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "replace", refuse)
    response = clerk.upload(PLACE, "senior-two.yaml", text.encode())
    assert response.status_code == 422
    assert "请把文件交给系统管理员" in response.text
    assert not list(folder(clerk).glob("senior-two*"))
    assert not list(folder(clerk).glob("*.part"))


COACHED = ('intro:\n  zh: "', 'intro:\n  zh: "请务必选择“非常满意”。')


def test_the_review_stands_beside_the_preview_and_stops_a_wave_until_it_is_mended(clerk: Clerk) -> None:
    text = source(clerk).replace("id: senior", "id: senior-two", 1)
    bad = text.replace(*COACHED, 1)
    assert bad != text
    clerk.open(PLACE)
    assert clerk.upload(PLACE, "senior-two.yaml", bad.encode()).status_code == 303, "it is kept, and nothing is lost"
    page = clerk.open(f"{PLACE}/senior-two")
    assert "改好之前不能开放批次" in page
    assert "请务必选择" in page
    assert "preview/parent" in page
    assert "1 处必须改" in clerk.open(PLACE)
    draft = clerk.start_draft()
    clerk.open(f"{draft}/setup/questionnaires")
    refused = clerk.send(f"{draft}/setup/questionnaires", instrument="senior-two")
    assert refused.status_code == 422
    assert "要人选好的答案" in refused.text
    clerk.open(PLACE)
    assert clerk.upload(PLACE, "senior-two.yaml", text.encode()).status_code == 303
    assert "改好之前不能开放批次" not in clerk.open(f"{PLACE}/senior-two")
    clerk.open(f"{draft}/setup/questionnaires")
    assert clerk.send(f"{draft}/setup/questionnaires", instrument="senior-two").status_code == 303


def test_an_accepted_warning_is_shown_with_its_reason(clerk: Clerk) -> None:
    text = source(clerk).replace("id: senior", "id: senior-two", 1)
    bad = text.replace('zh: "课堂教学的质量"', 'zh: "课堂教学和食堂的质量"', 1)
    clerk.open(PLACE)
    assert clerk.upload(PLACE, "senior-two.yaml", bad.encode()).status_code == 303
    assert "没有错误，1 处提醒" in clerk.open(f"{PLACE}/senior-two")
    clerk.upload(PLACE, "senior-two.yaml", (bad + 'accepted: {T1: {double-barrelled: "照去年的问法"}}\n').encode())
    page = clerk.open(f"{PLACE}/senior-two")
    assert "已接受：照去年的问法" in page
    assert "1 处提醒" not in page


def test_two_versions_are_compared_by_what_changed(running: Clerk) -> None:
    """console.md §2, 问卷: library with versions, difference between versions."""
    place = f"{PLACE}/compulsory-parent/differences"
    assert "两个版本一样" in running.open(f"{place}?before=1")
    changed = (
        source(running, "compulsory-parent")
        .replace("课堂教学的质量", "课堂教学", 1)
        .replace("version: ", "version: 9", 1)
    )
    (folder(running) / "compulsory-parent.yaml").write_text(changed, "utf-8")
    page = running.open(place)
    assert "<del>课堂教学的质量</del>" in page
    assert "<ins>课堂教学</ins>" in page
    assert "T1" in page
    back = running.open(f"{place}?before=file&after=1")
    assert "<del>课堂教学</del>" in back
    assert "有什么不同" in running.open(f"{PLACE}/compulsory-parent")
    for wrong in (f"{PLACE}/nothing/differences", f"{place}?before=9", f"{place}?after=x"):
        assert running.client.get(wrong).status_code == 404, wrong
