"""What fills the forms of a rich district in so that they are taken, beside what stands in them already."""

from functools import cache

from survey_app.foundation.settings import PROJECT
from testing.console import roster_csv
from testing.district import PASSWORD

MOMENTS = {"opens_on": "2026-12-05", "opens_time": "08:00", "closes_on": "2026-12-18", "closes_time": ""}
CHANGE = {"reason": "学校来电", "confirmed": "1"}
QUESTIONNAIRE = "1. 您对学校的食堂满意吗？\nA 满意 B 一般 C 不满意\n2. 您对学校的校车满意吗？\nA 满意 B 一般 C 不满意\n"
VALID: dict[str, dict[str, str]] = {
    "admin.save_successor": {"successor": "0201"},
    "admin.import_questionnaire": {"text": QUESTIONNAIRE, "audience": "parent", "step": "read"},
    "admin.create_draft": MOMENTS | {"name": "2028年春季"},
    "admin.save_basics": MOMENTS | {"name": "2027年春季（改）"},
    "admin.save_questionnaires": {"instrument": "compulsory-teacher"},
    "admin.save_ways": {"way-parent": "class"},
    "admin.open_draft": {"accept": "1"},
    "admin.issue_codes": {"audience": "parent", "count": "3", "again": "top_up"},
    "admin.request_prints": {"codes": "parent", "reserve": "5"},
    "admin.change_extend": CHANGE | {"closes_on": "2026-11-20"},
    "admin.change_amend": CHANGE | {"group": "teacher//", "population": "13"},
    "admin.change_correct": CHANGE | {"instrument": "compulsory-parent", "before": "课堂教学", "after": "课堂的教学"},
    "admin.change_pause": CHANGE | {"school": "0101", "audience": ""},
    "admin.change_void": CHANGE,
    "admin.change_close": CHANGE,
    "admin.close_wave": {"revision": "0"},
    "admin.enter_paper": {"_as_on_paper": "1", "grade": "4", "T1": "5"},
    "admin.request_row_export": {"reason": "另一份报告"},
    "admin.save_comment_topics": {"name-9": "校车", "keywords-9": "校车，班车"},
    "admin.save_comment_names": {"names": "王小明\n李小红"},
    "admin.create_assessment": {"name": "2027年度", "wave": "1"},
    "admin.save_edited_scheme": {"document": "县督〔2026〕9号", "do": "save"},
    "admin.declare_for": {"school": "0201", "kind": "family", "note": "孩子在校"},
    "admin.withdraw_for": {"reason": "误签"},
    "admin.open_case": {"school": "0101", "subject": "消防通道", "findings": "堆物", "owner": "李督学", "days": "20"},
    "admin.save_case": {"subject": "消防通道"},
    "admin.switch_public_link": {"do": "off"},
    "admin.propose_public": {"said": "食堂的饭菜不热", "done": "换了保温柜"},
    "admin.move_case": {"note": "家长会后再报", "deadline": "2026-12-20"},
    "admin.draft_look_back": {"item-parent": "T1"},
    "admin.keep_reply": {"reply": "全部整改", "do": "save"},
    "admin.change_password": {"old": PASSWORD, "new": "four other plain words", "again": "four other plain words"},
    "admin.create_person": {"username": "新同事", "role": "office"},
    "admin.save_grants": {"schools": "0201"},
    "admin.save_office": {"contact": "0512-7654321"},
    "admin.save_retention": {"answers_months": "48"},
    "inspector.save_evaluation": {"VF": "走廊灯坏了"},
    "inspector.withdraw": {"reason": "误签"},
    "inspector.declare": {"kind": "family", "note": "孩子在校"},
    "inspector.verify": {"note": "看过", "decision": "pass"},
}
# What cannot be done in that district just now, and why not.
NOT_NOW = {
    "admin.accept_warnings": "its questionnaire has nothing to accept", "admin.adopt_year_scheme": "it is adopted",
    "admin.change_add_school": "all schools are in", "admin.confirm_public": "nothing was proposed",
    "admin.withdraw_public": "nothing was proposed", "admin.change_exclude": "no group is large enough",
    "admin.change_release": "it is asked for", "admin.change_reopen": "the wave is sealed",
    "admin.change_resume": "nothing is paused", "admin.change_withdraw": "nothing was released",
    "admin.choose_password": "the link is none", "admin.compute_year": "the wave is open",
    "admin.end_step": "there is no second step",
    "admin.import_year_marks": "the scheme asks for no table", "admin.login_code_post": "there is no second step",
    "admin.login_post": "swept in tests/accounts and test_login.py", "admin.reset_second_step": "there is none",
    "admin.start_step": "needs the telephone", "admin.save_year_scheme": "the same is there",
}  # fmt: skip


@cache
def valid_files() -> dict[str, tuple[str, str, bytes]]:
    """By action: field, name and content."""
    questionnaire = (PROJECT / "questionnaires" / "compulsory-teacher.yaml").read_text("utf-8")
    return {
        "admin.upload_roster": ("file", "新名册.csv", roster_csv("0101,河东小学,小学,东片,610,40,600")),
        "admin.upload_questionnaire": (
            "file", "teacher-again.yaml",
            questionnaire.replace("id: compulsory-teacher", "id: teacher-again", 1).encode(),
        ),
        "admin.upload_answers": ("file", "又一批.csv", b"school_code,audience,grade,lunch,T1\n0101,parent,5,no,4\n"),
        "admin.keep_reply": ("files", "现场.pdf", b"%PDF-1.7 b"),
    }  # fmt: skip
