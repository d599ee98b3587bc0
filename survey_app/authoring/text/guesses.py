"""What a text does not say and its words suggest: who is asked, the overall item, what is worded the other way."""

import re
from collections import Counter
from collections.abc import Sequence

from survey_app.definition.audiences import AUDIENCES, AudienceId

from .lines import half_width

_IN_TITLE = (
    (AudienceId.PARENT, re.compile(r"家长|父母|监护人|parent", re.IGNORECASE)),
    (AudienceId.TEACHER, re.compile(r"教师|教职工|教职员工|老师|园长|teacher|staff", re.IGNORECASE)),
    (AudienceId.STUDENT, re.compile(r"学生|同学|pupil|student", re.IGNORECASE)),
    (AudienceId.DEPUTY, re.compile(r"人大代表(?!.*政协委员)")),
    (AudienceId.MEMBER, re.compile(r"(?<!人大代表、)(?<!人大代表和)政协委员")),
    (
        AudienceId.PUBLIC,
        re.compile(r"社会公众|公众[卷版]|群众[卷版]|居民[卷版]|社会[卷版]|general public", re.IGNORECASE),
    ),
)
_IN_QUESTIONS = (
    (AudienceId.PARENT, re.compile(r"[您你]的?孩子|[您你]家(的)?孩子|贵子女|孩子|your child", re.IGNORECASE)),
    (
        AudienceId.TEACHER,
        re.compile(r"备课|评职称|职称|教研|编制|任教|教龄|我的课堂|工作负担|本校工作|在单位", re.IGNORECASE),
    ),
    (
        AudienceId.STUDENT,
        re.compile(r"你对(?!孩子)|你的(老师|同学|班|学校)|你在(学校|班)|父母亲?|我的老师", re.IGNORECASE),
    ),
)
_OVERALL = re.compile(
    r"总体(来看|来说|上|而言|评价|满意|印象|感受)|综合(评价|来看|满意)|整体(评价|来说|来看|上|而言|满意)|总的来(说|看)|overall",
    re.IGNORECASE,
)
_UNWELCOME = re.compile(
    r"太(多|重|少|大|长|高|难)|过(多|重|大|高|少|于)|无关|占用|不公|困难|压力大|害怕|担心|无法|缺(乏|少)|不足|不够|忽视|拖堂|体罚"
    r"|欺负|辱骂|讽刺|批评我|惩罚|嘈杂|混乱|脏|乱收费|敷衍|冷漠|疲惫|厌倦|孤独|没有(得到|机会|时间)|很少(得到|有|能)|从不|难以|不知道"
    r"|常常是凉|凉的|too (much|many|little)|unfair|afraid|lack",
    re.IGNORECASE,
)
_COACHING = re.compile(r"(务必|必须|一定要?|都要?|尽量|只能)[^。]{0,8}(选|勾|填|打)[^。]{0,6}满意")


def audience_named(title: str) -> str:
    """Return the audience that a title names, in brackets or before the word for questionnaire first.

    >>> audience_named("满意度调查问卷（学生卷）") == AudienceId.STUDENT, audience_named("问卷")
    (True, '')
    """
    half = half_width(title)
    brackets = " ".join(re.findall(r"[(\[](.*?)[)\]]", half))
    for words in (brackets, half):
        for audience, pattern in _IN_TITLE:
            if pattern.search(words):
                return audience.value
    return ""


def audience_suggested(texts: Sequence[str]) -> str:
    """Return the audience that the questions speak to, or nothing where they do not tell."""
    counts = Counter({audience.value: sum(bool(p.search(text)) for text in texts) for audience, p in _IN_QUESTIONS})
    (first, most), (_second, next_most), *_ = counts.most_common()
    return first if most > next_most and first in AUDIENCES.ids() else ""


def is_overall(text: str) -> bool:
    """Return whether a question is about all of it.

    >>> is_overall("您对本园的总体评价"), is_overall("学校的整体环境")
    (True, False)
    """
    return _OVERALL.search(text) is not None


def is_worded_the_other_way(text: str) -> bool:
    """Return whether to agree with a statement is to complain."""
    return _UNWELCOME.search(text) is not None


def coaches(text: str) -> bool:
    """Return whether a text tells people what to answer."""
    return _COACHING.search(text) is not None
