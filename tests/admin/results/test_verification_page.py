"""The auditor verifies a wave in the browser, and is told what somebody changed behind the program's back."""

import re

from sqlalchemy import text
from werkzeug.test import TestResponse

from survey_app.foundation.extensions import job_worker
from testing.console import Clerk
from testing.district import District

PAGE = "/staff/waves/1/verification"


def verify(auditor: Clerk) -> str:
    auditor.open(PAGE)
    assert auditor.send(PAGE).status_code == 303
    with auditor.district.app.app_context():
        job_worker().run_all()
    return auditor.open(PAGE)


def tamper(district: District, statement: str) -> None:
    with district.app.extensions["database"].write_session() as session:
        session.execute(text(statement))


def test_an_auditor_verifies_before_and_after_the_seal(small_district: District) -> None:
    auditor = Clerk(small_district, "审计", "auditor")
    assert "还没有核验过" in auditor.open(PAGE)
    assert "答卷在封存以后才数" in verify(auditor)
    small_district.send_many(small_district.link(), 12)
    small_district.sealed()
    page = verify(auditor)
    assert re.search(r"清单、\d+ 条更正和答卷的计数都一致", page)
    assert small_district.count("audit_entry WHERE action = 'wave.verify' AND actor = '审计' AND result = 'done'") == 4


def test_what_was_changed_past_the_program_is_said(small_district: District) -> None:
    small_district.send_many(small_district.link(), 12)
    small_district.sealed()
    tamper(small_district, "UPDATE wave_population SET population = population * 8")
    page = verify(Clerk(small_district, "审计", "auditor"))
    assert "1 处不一致" in page
    assert "名册人数与冻结清单及更正记录不一致" in page
    assert "先不要公布结果" in page
    assert small_district.count("audit_entry WHERE action = 'wave.verify' AND result LIKE 'refused%'") == 1


def test_a_double_click_verifies_once_and_a_draft_has_nothing_to_verify(small_district: District) -> None:
    clerk = Clerk(small_district)
    clerk.open(PAGE)
    answers: list[TestResponse] = [clerk.send(PAGE), clerk.send(PAGE)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert small_district.count("job WHERE name = 'verification'") == 1
    assert "正在核验" in clerk.open(PAGE)
    draft = clerk.start_draft()
    clerk.open("/staff/waves/2/setup/basics")
    assert clerk.send(draft + "/verification").status_code == 409
