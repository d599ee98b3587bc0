"""An open wave is put right: a school that was forgotten, a wrong number, a typo; each with a reason and a record."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.staff import create_staff
from survey_app.foundation.settings import PROJECT
from survey_app.frame.manifest import list_records, manifest_issues
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster import Roster
from survey_app.frame.roster_import import apply_roster
from testing.district import DEFAULT_SCHOOLS, PASSWORD, WAVE, District, school

WHY = ("--reason", "漏报")


def records(district: District) -> list[tuple[str, str, list[str]]]:
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, WAVE)
        assert manifest_issues(session, wave) == []
        return [(entry.kind, entry.reason, entry.actors) for entry in list_records(session, wave.id)]


def test_a_forgotten_school_joins_an_open_wave(district: District) -> None:
    """K10: a school could not be added after opening."""
    add = ("wave", "add-school", WAVE, "--school", "0301")
    assert "请先导入名册" in district.command(*add, *WHY, code=1)
    with district.app.extensions["database"].write_session() as session:
        late = school("0301", "新城小学")
        apply_roster(session, Roster(schools={entry.code: entry for entry in (*DEFAULT_SCHOOLS, late)}))
    district.command(*add, *WHY)
    assert "已经在批次" in district.command(*add, *WHY, code=1)
    links = json.loads(district.command("links", "list", "--wave", WAVE, "--school", "0301", "--json"))
    assert {link["audience"] for link in links} == {"parent", "teacher", "student"}
    slug = links[0]["slug"]
    assert district.client.get(f"/s/{slug}").status_code == 200
    ((kind, reason, actors),) = records(district)
    assert (kind, reason) == ("add-school", "漏报")
    assert actors[0].startswith("cli")
    assert district.count("audit_entry WHERE action = 'wave.add-school' AND result = 'done'") == 1


def test_a_wrong_number_is_amended_and_the_old_one_is_kept(district: District) -> None:
    """K10: a wrong head count was for ever."""
    amend = ("wave", "amend", WAVE, "--school", "0101", "--audience", "家长", "--population", "25")
    assert "没有这一行；现有（对象/年级/班级）：parent/1" in district.command(*amend, *WHY, code=1)
    assert "10 → 25" in district.command(*amend, "--grade", "1", *WHY)
    assert "人数要大于 0" in district.command(*amend[:-1], "0", "--grade", "1", *WHY, code=1)
    assert district.count("wave_population WHERE population = 25") == 1
    with district.app.extensions["database"].read_session() as session:
        (record,) = list_records(session, 1)
        assert (record.detail["before"], record.detail["after"]) == (10, 25)
        assert list(record.detail["manifest"]) == ["roster_sha256"]
    assert records(district)[0][0] == "amend"


def test_a_school_is_paused_and_goes_on(district: District) -> None:
    link, other = district.link(), district.link("parent", "0201")
    fields = district.answer(link)
    district.command("wave", "pause", WAVE, "--school", "0101", "--audience", "parent", *WHY)
    assert district.client.get(f"/s/{link.slug}").status_code == 503
    assert "暂停填写" in district.client.get(f"/s/{link.slug}").text
    assert district.client.get(f"/s/{other.slug}").status_code == 200
    assert district.send(link, fields).status_code == 303, "a form that was open is taken"
    district.command("wave", "resume", WAVE, "--school", "0101", *WHY)
    assert district.client.get(f"/s/{link.slug}").status_code == 200
    assert "没有这样的链接" in district.command("wave", "resume", WAVE, "--school", "0101", *WHY, code=1)
    assert [kind for kind, _reason, _actors in records(district)] == ["pause", "resume"]


@pytest.fixture
def two_people(district: District) -> District:
    with district.app.extensions["database"].write_session() as session:
        for name, role in (("王督导", "office"), ("李督导", "office"), ("审计", "auditor")):
            create_staff(session, name, hash_new_password(PASSWORD, name), role, district.clock.at)
    return district


def typed(district: District, *arguments: str, password: str = PASSWORD) -> tuple[int, str]:
    result = district.app.test_cli_runner().invoke(args=list(arguments), input=f"{password}\n")
    return result.exit_code, result.output + result.stderr


def test_a_typo_is_corrected_by_two_people(two_people: District, tmp_path: Path) -> None:
    """K10: a typo in a question could not be corrected after opening."""
    source = (PROJECT / "questionnaires" / "compulsory-parent.yaml").read_text("utf-8")
    link = two_people.link()
    before = two_people.client.get(f"/s/{link.slug}").text
    line = next(line for line in source.splitlines() if "id: T1" in line or "text: {zh:" in line)
    assert line
    with two_people.app.extensions["database"].read_session() as session:
        document = json.loads(
            session.scalar(text("SELECT document FROM wave_instrument WHERE instrument_id = 'compulsory-parent'"))
        )
    wording = document["dimensions"][0]["items"][0]["text"]["zh"]
    assert wording in before
    file = tmp_path / "compulsory-parent.yaml"
    file.write_text(source.replace(wording, f"{wording}（更正）"), "utf-8")
    correct = ("wave", "correct", WAVE, "--file", str(file), *WHY, "--user")
    assert typed(two_people, *correct, "王督导", password="wrong")[0] == 1
    assert typed(two_people, *correct, "审计")[0] == 1
    assert typed(two_people, *correct, "王督导")[0] == 0
    assert f"{wording}（更正）" not in two_people.client.get(f"/s/{link.slug}").text
    assert "另一个账号" in typed(two_people, "wave", "confirm", "1", "--user", "王督导")[1]
    assert typed(two_people, "wave", "confirm", "1", "--user", "李督导")[0] == 0
    assert "已经确认过" in typed(two_people, "wave", "confirm", "1", "--user", "李督导")[1]
    assert f"{wording}（更正）" in two_people.client.get(f"/s/{link.slug}").text
    assert records(two_people) == [("correct", "漏报", ["王督导", "李督导"])]
    file.write_text(source.replace("weight: 0.", "weight: 1.", 1), "utf-8")
    assert "改动的不只是文字" in typed(two_people, *correct, "王督导")[1]


def test_nothing_is_changed_after_the_end(district: District) -> None:
    district.command("wave", "close", WAVE)
    assert "已经截止，不能再改" in district.command("wave", "pause", WAVE, "--school", "0101", *WHY, code=1)
    assert "已经截止，不能再改" in district.command("wave", "add-school", WAVE, "--school", "0101", *WHY, code=1)


def test_a_change_wants_a_reason(district: District) -> None:
    amend = ("wave", "amend", WAVE, "--school", "0101", "--audience", "家长", "--grade", "1", "--population", "25")
    district.command(*amend, code=2)
    assert "请写明理由" in district.command(*amend, "--reason", " ", code=1)
    assert district.count("wave_population WHERE population = 25") == 0
