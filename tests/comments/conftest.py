"""A sealed wave in which parents and teachers wrote something."""

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from testing.district import District

PARENTS = (
    "老师体罚学生，请打 138 1234 5678", "食堂的饭菜里有虫子，王小明老师不管", "作业太多", "学校很好，谢谢老师",
    "周末补课还要收费", "体 罚也是有的", "加微信：wang_laoshi88 谈", "操场太小", "家长会太少", "没有意见",
    "=HYPERLINK(1)",
)  # fmt: skip
TEACHERS = ("教师的意见一", "教师的意见二")


@pytest.fixture
def written(app: Flask, clock: ManualClock) -> District:
    """Eleven parents of one school, two teachers of the other: too few to be shown. On both engines."""
    return write_comments(District(app, clock).opened())


def write_comments(district: District) -> District:
    for school, audience, texts in (("0101", "parent", PARENTS), ("0201", "teacher", TEACHERS)):
        link = district.link(audience, school)
        for number, text in enumerate(texts):
            answer = district.answer(link, {"C1": text}, seed=number)
            assert district.send(link, answer).status_code == 303
    return district.sealed()
