"""An inspector's pages: own schools, a form that is kept at every press, a signature, and what is not there."""

import re

import pytest

from survey_app.foundation.roles import Role
from survey_app.inspector import ROUTES
from testing.console import Clerk
from testing.district import District
from testing.inspection import assessed, grant, second_period

LIST, FORM = "/staff/inspections", "/staff/schools/0101/evaluation"


class Inspector(Clerk):
    """An inspector of one school of two, on a phone."""

    def __init__(self, district: District, name: str = "李督学", codes: tuple[str, ...] = ("0101",)) -> None:
        super().__init__(district, name, str(Role.INSPECTOR))
        grant(district, name, *codes)

    def answers(self, answer: str = "4") -> dict[str, str]:
        """The same answer to every item of the form that was fetched last."""
        return dict.fromkeys(re.findall(r'type="radio"\s+name="(V\d+)"', self.page), answer)

    def filled_in(self, **more: str) -> "Inspector":
        """A complete draft."""
        self.open(FORM)
        assert self.send(FORM, _visited_on="2026-11-01", _do="save", **(self.answers() | more)).status_code == 303
        return self

    def signed(self) -> "Inspector":
        self.filled_in().open(f"{FORM}/sign")
        assert self.send(f"{FORM}/sign").status_code == 303
        return self


@pytest.fixture
def inspector(small_district: District) -> Inspector:
    return Inspector(assessed(small_district))


def test_the_list_says_how_far_each_school_is_and_a_draft_is_kept_as_it_was(inspector: Inspector) -> None:
    assert "未评" in inspector.open(LIST)
    assert "河东中学" not in inspector.page
    inspector.open(FORM)
    answers = inspector.answers()
    assert len(answers) == 12
    half = dict(list(answers.items())[:5])
    assert inspector.send(FORM, _visited_on="2026-11-01", VF="走廊灯坏了", **half).status_code == 303
    assert inspector.open(FORM).count(" checked") == 5
    assert "走廊灯坏了" in inspector.page
    assert "草稿" in inspector.open(LIST)


def test_what_is_missing_is_listed_and_the_rest_stays(inspector: Inspector) -> None:
    inspector.open(FORM)
    response = inspector.send(FORM, _visited_on="2026-11-01", _do="sign", V01="5")
    assert response.headers["Location"].endswith("?missing=")
    page = inspector.open(response.headers["Location"])
    assert "还有 11 项没有选" in page
    assert page.count(" checked") == 1
    assert inspector.client.get(f"{FORM}/sign").headers["Location"].endswith("?missing=")
    inspector.open(FORM)
    refused = inspector.send(f"{FORM}/sign")
    assert refused.status_code == 422
    assert "还有 11 项没有选" in refused.text, "nothing incomplete is signed"


def test_a_day_that_cannot_be_is_refused_with_everything_still_there(inspector: Inspector) -> None:
    for day, words in (("2026-11-09", "不能晚于今天"), ("gestern", "请写成")):
        inspector.open(FORM)
        response = inspector.send(FORM, _visited_on=day, **inspector.answers())
        assert response.status_code == 422
        assert words in response.text
        assert response.text.count(" checked") == 12
    assert inspector.district.count("inspector_evaluation") == 0


def test_a_draft_of_two_phones_is_not_overwritten_unseen(inspector: Inspector) -> None:
    """What was typed stays on the page that was too late; pressed once more, it is the one that is kept."""
    other = inspector.open(FORM)
    answers = inspector.answers()
    assert inspector.send(FORM, _visited_on="2026-11-01", V01="5").status_code == 303
    late = inspector.client.post(FORM, data=inspector.hidden(other) | {"_visited_on": "2026-11-01"} | answers)
    assert late.status_code == 422
    assert "在别的手机或窗口里又存过" in late.text
    assert late.text.count(" checked") == 12
    assert inspector.open(FORM).count(" checked") == 1
    again = inspector.client.post(FORM, data=inspector.hidden(late.text) | {"_visited_on": "2026-11-01"} | answers)
    assert again.status_code == 303
    assert inspector.open(FORM).count(" checked") == 12


def test_half_a_page_takes_nothing_from_the_draft(inspector: Inspector) -> None:
    """Pressed while the rest was still on its way: the browser sends what has arrived."""
    inspector.filled_in().open(FORM)
    fields = {name: value for name, value in inspector.hidden(inspector.page).items() if name != "_end"}
    response = inspector.client.post(FORM, data=fields | {"_visited_on": "2026-11-01", "V01": "1", "_view": "large"})
    assert response.status_code == 422
    assert "没有到齐" in response.text
    assert inspector.open(FORM).count(" checked") == 12


def test_the_score_is_shown_before_it_is_signed_and_final_afterwards(inspector: Inspector) -> None:
    page = inspector.filled_in(V01="5", V02="9").open(f"{FORM}/sign")
    assert "80.0 分" in page, "teaching 100 at a fifth of the weight, everything else 75"
    assert inspector.send(f"{FORM}/sign").status_code == 303
    assert "已签" in inspector.open(LIST)
    assert inspector.client.get(FORM).headers["Location"].endswith("/sign")
    response = inspector.send(FORM, _visited_on="2026-11-01", _end="1", **{"V01": "1"})
    assert response.status_code == 422
    assert "已经签过" in response.text
    assert inspector.district.count("inspector_evaluation WHERE score = 80") == 1


def test_what_was_signed_is_taken_back_with_a_reason_and_stays_in_the_history(inspector: Inspector) -> None:
    inspector.signed().open(f"{FORM}/sign")
    response = inspector.send(f"{FORM}/withdraw", reason=" ")
    assert response.status_code == 422
    assert "请写明撤回的原因" in response.text
    inspector.open(f"{FORM}/sign")
    assert inspector.send(f"{FORM}/withdraw", reason="看错了学校").status_code == 303
    assert inspector.open(FORM).count(" checked") == 12, "the answers are a draft again"
    inspector.signed()
    page = inspector.open(f"{FORM}/sign")
    assert "由 李督学 撤回：看错了学校" in page
    assert inspector.district.count("inspector_evaluation") == 2


def test_a_school_of_conflict_is_neither_filled_in_nor_signed(inspector: Inspector) -> None:
    inspector.filled_in().open(f"{FORM}/conflict")
    refused = inspector.send(f"{FORM}/conflict", kind="other", note="")
    assert refused.status_code == 422
    assert "请写明原因" in refused.text
    assert inspector.send(f"{FORM}/conflict", kind="former_school").status_code == 303
    assert "回避" in inspector.open(LIST)
    assert inspector.client.get(FORM).headers["Location"].endswith("/conflict")
    assert "原来在这所学校工作" in inspector.open(f"{FORM}/conflict")
    assert "已声明回避" in inspector.send(f"{FORM}/sign").text


def test_a_draft_left_behind_is_read_and_carried_on_the_phone(inspector: Inspector) -> None:
    """Somebody else's is not there; a second press finds nothing to carry."""
    inspector.filled_in(VF="走廊灯坏了")
    assert "没有签的草稿" not in inspector.open(LIST)
    assert inspector.client.get(f"{LIST}/drafts/1").status_code == 404, "it is gone on with in its place"
    with inspector.district.app.extensions["database"].write_session() as session:
        later = second_period(session, inspector.district, "0101")
    inspector.district.clock.advance(seconds=(later - inspector.district.clock.at).total_seconds())
    other = Inspector(inspector.district, "王督学")
    inspector.log_in()
    page = inspector.open(LIST)
    assert "不计入第一期；可以带到这一期“第二期”，接着填、再签" in page
    assert other.client.get(f"{LIST}/drafts/1").status_code == 404
    page = inspector.open(f"{LIST}/drafts/1")
    assert "走廊灯坏了" in page
    assert page.count("<strong>") == 14, "the reason, 12 answers and the words"
    moved = inspector.send(f"{LIST}/drafts/1/carry")
    assert moved.headers["Location"] == FORM
    assert inspector.open(FORM).count(" checked") == 12
    assert "第二期" in inspector.page
    assert inspector.send(f"{LIST}/drafts/1/carry").status_code == 404


def test_a_foreign_school_is_as_one_that_does_not_exist(inspector: Inspector) -> None:
    for route in ROUTES:
        if "<code>" not in route.address:
            continue
        foreign, nowhere = (
            inspector.client.open(route.address.replace("<code>", code), method=route.method)
            for code in ("0201", "9999")
        )
        assert foreign.status_code == nowhere.status_code == 404, route.endpoint
    principal = Clerk(inspector.district, "河东校长", str(Role.PRINCIPAL))
    grant(inspector.district, "河东校长", "0101")
    assert principal.client.get(FORM).status_code == 404, "it is not a principal's page"
    assert principal.client.get(LIST).status_code == 404


def test_without_a_year_nothing_waits_and_size_and_language_stay(small_district: District) -> None:
    inspector = Inspector(small_district)
    assert "还没有建考核年度" in inspector.open(LIST)
    assert inspector.client.get(FORM).status_code == 404
    assert inspector.send(f"{LIST}/view", view="large", back=LIST).headers["Location"] == LIST
    assert inspector.send(f"{LIST}/view", view="en", back="https://elsewhere.example/").headers["Location"] == LIST
    page = inspector.open(LIST)
    assert 'class="large"' in page
    assert 'lang="en"' in page
