"""The rules hold on wordings that nobody wrote them against."""

import json
from typing import Any

import pytest

from survey_app.authoring.review.example_form import example_form
from survey_app.authoring.review.review import review_instrument
from survey_app.authoring.review.rule import STUDENT, TEACHER, Example
from survey_app.definition.categories import read_categories
from survey_app.definition.nodes import read_text
from survey_app.definition.parse import read_node
from survey_app.foundation.settings import PROJECT

AGREE: dict[str, Any] = {"scale": "agreement"}
EN: dict[str, Any] = {"language": "en"}
CLOSED: dict[str, Any] = {"part": "closed"}
OPEN: dict[str, Any] = {"part": "open"}
INTRO: dict[str, Any] = {"part": "intro"}
PUPIL: dict[str, Any] = {"audience": STUDENT}
STAFF: dict[str, Any] = {"audience": TEACHER}

FLAGGED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "double-barrelled": [
        ("您对学校的环境和设施是否满意？", {}),
        ("老师的教学水平及工作态度", {}),
        ("食堂饭菜的质量以及价格", {}),
        ("学校既重视成绩，又重视体育。", AGREE),
        ("作业批改得认真并且及时。", AGREE),
        ("您对班主任和任课教师满意吗？", {}),
        ("校车的安全与准时程度", {}),
        ("老师讲课生动，而且布置的作业不多。", AGREE),
        ("您对校服的质量、价格的满意程度", {}),
        ("How clean and safe the toilets are", EN),
        ("My teachers are patient and explain things well.", EN | AGREE),
        ("The quality of the food and the length of the lunch break", EN),
        ("Homework or tests take too much time.", EN | AGREE),
    ],
    "leading": [
        ("您对学校优美的环境满意吗？", {}),
        ("您不觉得学校的管理越来越好吗？", AGREE),
        ("相信您一定对我们的服务感到满意。", AGREE),
        ("近年来学校取得了显著成绩，您对学校满意吗？", {}),
        ("您对老师们无私的付出是否满意？", {}),
        ("Don't you think that lessons have become better?", EN | AGREE),
        ("How satisfied are you with our outstanding teachers?", EN),
        ("Most parents say the school is good. Are you satisfied?", EN),
    ],
    "coaching": [
        ("请家长一律选择满意。", INTRO),
        ("希望您给予我们满意的评价，为学校加分。", INTRO),
        ("请务必打满分，本次结果关系到学校的考核排名。", INTRO),
        ("请您统一勾选“非常满意”。", INTRO),
        ("Please give our school top marks.", EN | INTRO),
        ("You must tick 'Strongly agree'.", EN | INTRO),
    ],
    "absolute": [
        ("老师任何时候都有耐心。", AGREE),
        ("孩子每次都能按时完成作业。", AGREE),
        ("Teachers never raise their voices.", EN | AGREE),
        ("Everybody is treated well.", EN | AGREE),
    ],
    "double-negation": [
        ("您是否不认为学校没有尽到责任？", {}),
        ("没有老师不尊重我。", AGREE | PUPIL),
        ("I have never felt unsafe at school.", EN | AGREE | PUPIL),
    ],
    "hypothetical": [
        ("假如学校增加体育课，您是否满意？", {}),
        ("要是不用写作业，你会更喜欢学校吗？", PUPIL),
        ("Would you be happier if school began later?", EN | PUPIL),
    ],
    "jargon": [
        ("学校的“双减”工作", {}),
        ("学校立德树人的成效", {}),
        ("跨学科项目式学习的开展", PUPIL),
        ("The school's summative evaluation", EN),
    ],
    "too-long": [
        (
            "您对学校在课后服务时间里根据不同年级学生的特点和需要所组织的各类体育、艺术、科技和劳动实践活动的满意程度",
            {},
        ),
    ],
    "pupil-language": [
        ("学校各项规章制度的落实情况", PUPIL),
        ("在校园里和老师同学一起参加学校组织的各种各样的课外活动开不开心", PUPIL),
        ("The effectiveness of classroom assessment", EN | PUPIL),
    ],
    "wrong-audience": [
        ("你家孩子喜欢上学吗？", PUPIL),
        ("您对食堂满意吗？", PUPIL),
        ("您家孩子的作业量", STAFF),
        ("Your child's homework", EN | PUPIL),
    ],
    "leftover": [
        ("（3）学校的卫生", {}),
        ("12. 学校的卫生", {}),
        ("Q5 学校的卫生", {}),
        ("学校的卫生【单选题】", {}),
        ("您对____学校的看法", {}),
        ("学校的卫生(   )", {}),
        ("以下6题是关于食堂的", {}),
        ("第8题 学校的卫生", {}),
        ("7) The library", EN),
    ],
    "personal-data": [
        ("孩子的姓名：", OPEN),
        ("家庭住址", OPEN),
        ("您的联系电话是？", OPEN),
        ("请填写您的微信号。", OPEN),
        ("填写前请先写上班级和姓名。", INTRO),
        ("Your e-mail address", EN | OPEN),
        ("Please enter your child's name at the top.", EN | INTRO),
    ],
    "sensitive-minor": [
        ("你的父母离婚了吗？", PUPIL | CLOSED | {"options": ("是", "否")}),
        ("你家的年收入", PUPIL | CLOSED | {"options": ("低", "高")}),
        ("Does your family have a low income?", EN | PUPIL | CLOSED | {"options": ("Yes", "No")}),
    ],
    "recall": [
        ("过去三年里，老师家访过几次？", OPEN),
        ("自入学以来，您一共参加过多少次家长会？", OPEN),
        ("How many times have you visited the school since your child started?", EN | OPEN),
    ],
    "estimation": [
        ("课堂上老师讲的内容您的孩子能听懂百分之多少？", OPEN),
        ("What proportion of lessons is held outdoors?", EN | OPEN),
    ],
    "proxy": [
        ("您觉得孩子喜欢现在的老师吗？", {}),
        ("你认为其他同学满意吗", PUPIL),
        ("Do you think that your child likes the food?", EN),
    ],
    "reverse-mismatch": [
        ("老师经常拖堂。", AGREE | PUPIL),
        ("食堂的饭菜很难吃。", AGREE | PUPIL),
        ("老师对我不公平。", AGREE | PUPIL),
        ("我在学校被同学欺负过。", AGREE | PUPIL),
        ("老师耐心回答我的问题。", AGREE | PUPIL | {"reverse": True}),
        ("The classrooms are too noisy.", EN | AGREE | PUPIL),
        ("I feel safe here.", EN | AGREE | PUPIL | {"reverse": True}),
    ],
    "scale-mismatch": [
        ("老师多长时间家访一次？您多久收到一次反馈？", {}),
        ("您对学校是否满意？", AGREE),
        ("您同意学校的安排吗？", {}),
        ("学校食堂的卫生情况", AGREE),
        ("How often do you hear from teachers?", EN),
        ("Do you agree with the rules?", EN),
    ],
    "unbalanced-scale": [
        ("食堂", {"options": ("非常满意", "很满意", "满意", "一般", "不满意")}),
        ("食堂", {"options": ("很好", "好", "较好", "差")}),
        ("食堂", {"options": ("十分赞同", "赞同", "基本赞同", "不赞同")}),
        ("Food", EN | {"options": ("Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied")}),
    ],
    "no-negative-option": [
        ("食堂", {"options": ("满意", "比较满意", "非常满意")}),
        ("食堂", {"options": ("优秀", "良好", "好")}),
        ("食堂", {"options": ("非常满意", "满意", "一般")}),
        ("Food", EN | {"options": ("Excellent", "Good", "Average")}),
    ],
    "dont-know-scored": [
        ("食堂", {"options": ("满意", "说不清", "不满意")}),
        ("Food", EN | {"options": ("Satisfied", "Don't know", "Dissatisfied")}),
    ],
    "option-order": [
        ("食堂", {"options": ("不满意", "非常满意", "满意", "一般", "非常不满意")}),
        ("多久一次", {"options": ("经常", "从不", "有时", "总是", "很少")}),
        ("Food", EN | {"options": ("Agree", "Strongly agree", "Neither", "Disagree")}),
    ],
    "overlapping-ranges": [
        ("孩子的年龄", CLOSED | {"options": ("6~9岁", "9~12岁", "12岁以上")}),
        ("每天写作业", CLOSED | {"options": ("30分钟以内", "30~60分钟", "60~90分钟", "90分钟以上")}),
        ("Age", EN | CLOSED | {"options": ("under 10", "10 to 15", "15 or older")}),
    ],
    "ranges-gap": [
        ("教龄", STAFF | CLOSED | {"options": ("不满3年", "4~10年", "11年及以上")}),
        ("次数", CLOSED | {"options": ("1次", "2~3次", "5次及以上")}),
        ("Hours", EN | CLOSED | {"options": ("less than 1 hour", "2 hours or more")}),
    ],
}
FINE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "double-barrelled": [
        ("学校与家长的沟通", {}),
        ("老师和孩子谈心的情况", {}),
        ("孩子的学习与预期的差距", {}),
        ("参与学校活动的机会", {}),
        ("老师态度和蔼。", AGREE),
        ("作业批改的及时程度", {}),
        ("社会实践、志愿服务等活动的安排", {}),
        ("校园里和谐的气氛", {}),
        ("老师并不偏心。", AGREE),
        ("您的意见和建议得到回应的情况", {}),
        ("音乐和美术课的开设", {}),
        ("课间和午休时的秩序", {}),
        ("与同年级其他班相比，孩子的作业量", {}),
        ("Talks between parents and teachers", EN),
        ("Clubs, such as chess and drama", EN),
        ("Answers to your questions and concerns", EN),
        ("Help before and after lessons", EN),
    ],
    "leading": [
        ("老师的认真负责程度", {}),
        ("学校环境的优美程度", {}),
        ("老师认真负责。", AGREE),
        ("优秀学生的评选", {}),
        ("How caring teachers are", EN),
        ("Most of the food is fresh.", EN | AGREE),
    ],
    "coaching": [
        ("请选择最符合您看法的一项。", INTRO),
        ("满意就选满意，不满意就选不满意。", INTRO),
        ("请按实际感受选择您的满意程度。", INTRO),
        ("Please choose the answer that fits best.", EN | INTRO),
        ("给学校的建议", OPEN),
        ("填写前有没有人要求您都选非常满意？", CLOSED | {"options": ("没有", "有")}),
        ("为学校争光的机会", {}),
        ("本次调查不关系到老师的考核。", INTRO),
        ("Did anybody tell you to choose the highest mark?", EN | CLOSED | {"options": ("No", "Yes")}),
    ],
    "absolute": [
        ("学校所在的社区", {}),
        ("每天的作业量", AGREE),
        ("全体教师大会的效果", STAFF),
        ("How fairly teachers treat every student", EN),
    ],
    "double-negation": [
        ("学校有没有不合理的收费", {}),
        ("不同学科作业的协调", {}),
        ("您对学校还有什么不满意的？", OPEN),
        ("特别的活动不多。", AGREE),
        ("Nobody bullies me.", EN | AGREE | PUPIL),
    ],
    "hypothetical": [
        ("如果孩子住校，宿舍的卫生", {}),
        ("学校会议的安排", STAFF),
        ("What would you like to change?", EN | OPEN),
    ],
    "jargon": [
        ("学校的教研活动", STAFF),
        ("孩子的体育课", {}),
        ("课后服务的内容", {}),
        ("Competitions between classes", EN),
    ],
    "pupil-language": [("上体育课开心吗？", PUPIL), ("学校的课程设置", PUPIL | {"grade": "10"})],
    "wrong-audience": [("你的老师", PUPIL), ("您的办公室", STAFF), ("孩子们的课间", STAFF), ("Your child", EN)],
    "leftover": [
        ("2026年春季学期的安排", {}),
        ("一年级新生的接送", {}),
        ("3.5小时的活动", {}),
        ("（选填）您的建议", OPEN),
        ("学校X光检查的安排", {}),
        ("The 3rd floor", EN),
    ],
    "personal-data": [
        ("老师接电话的态度", {}),
        ("孩子在校使用手机的管理", {}),
        ("老师叫得出孩子的名字。", AGREE),
        ("学校公众号的名称", CLOSED | {"options": ("知道", "没听过")}),
        ("本问卷不收集姓名、电话。", INTRO),
        ("填写中如有疑问，请拨打联系电话 057112345678。", INTRO),
        ("您对班级群里公布孩子姓名和成绩怎么看？", OPEN),
        ("学校要求填写家庭住址的次数", {}),
        ("If you have any questions, our phone number is 123456.", EN | INTRO),
        ("How phones are dealt with at school", EN),
        ("Name two things you like.", EN | OPEN),
        ("Your answers are kept without your name.", EN | INTRO),
    ],
    "sensitive-minor": [
        ("学校对家庭困难同学的资助", PUPIL),
        ("心理老师的帮助", PUPIL),
        ("家庭收入", CLOSED | {"options": ("低", "高")}),
    ],
    "recall": [("这学期老师家访过几次？", OPEN), ("近期的家长会", {})],
    "reverse-mismatch": [
        ("老师从不辱骂学生。", AGREE),
        ("学校努力减少拥挤。", AGREE),
        ("被欺负时我知道可以找谁。", AGREE | PUPIL),
        ("I know whom to ask when I am bullied.", EN | AGREE | PUPIL),
        ("操场够大。", AGREE | PUPIL),
        ("作业不会太多。", AGREE),
        ("我不喜欢上学。", AGREE | PUPIL | {"reverse": True}),
        ("有不公平的事，老师会管。", AGREE | PUPIL),
        ("I am never afraid.", EN | AGREE | PUPIL),
    ],
    "scale-mismatch": [
        ("我对学校感到满意。", AGREE),
        ("您同意吗：学校很安静。", AGREE),
        ("学校通知发得及时。", AGREE),
        ("I am satisfied with school.", EN | AGREE),
    ],
    "unbalanced-scale": [
        ("食堂", {"options": ("非常好", "好", "一般", "差", "很差")}),
        ("食堂", {"options": ("很满意", "比较满意", "说不清", "不太满意", "很不满意")}),
        ("多久", {"options": ("总是", "经常", "有时", "偶尔", "从不")}),
        ("Food", EN | {"options": ("Very good", "Good", "Average", "Poor", "Very poor")}),
    ],
    "no-negative-option": [
        ("食堂", {"options": ("满意", "不满意")}),
        ("食堂", {"options": ("好", "中等", "不好")}),
        ("兴趣", CLOSED | {"options": ("足球", "篮球")}),
        ("Food", EN | {"options": ("Good", "So-so", "Bad")}),
    ],
    "dont-know-scored": [
        ("食堂", {"options": ("非常了解", "比较了解", "不太了解")}),
        ("食堂", {"options": ("满意", "不确定", "不满意")}),
    ],
    "option-order": [
        ("食堂", {"options": ("从不", "很少", "有时", "经常", "总是")}),
        ("食堂", {"options": ("非常不满意", "不满意", "一般", "满意", "非常满意")}),
        ("Food", EN | {"options": ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")}),
    ],
    "overlapping-ranges": [
        ("年龄", CLOSED | {"options": ("30岁及以下", "31~40岁", "41岁及以上")}),
        ("收入", CLOSED | {"options": ("5000元以下", "5000元及以上")}),
        ("学历", CLOSED | {"options": ("初中及以下", "高中", "大专", "本科及以上")}),
        ("次数", CLOSED | {"options": ("没有", "1次", "2次", "3次及以上")}),
    ],
    "ranges-gap": [
        ("年龄", CLOSED | {"options": ("21~30岁", "31~40岁", "41~50岁", "51岁以上")}),
        ("时间", CLOSED | {"options": ("不足1小时", "1小时以上不足2小时", "2小时及以上")}),
        ("Age", EN | CLOSED | {"options": ("under 10", "10 to 14", "15 or older")}),
    ],
    "dont-know-missing": [
        ("校门口的秩序", {"options": ("满意", "一般", "不满意")}),
        ("教师培训的机会", STAFF | {"options": ("满意", "一般", "不满意")}),
    ],
}
CATEGORIES = read_categories(PROJECT / "questionnaires" / "categories.yaml")


def rules_of(text: str, more: dict[str, Any]) -> set[str]:
    content = example_form(Example(text, **more))
    read = read_node(read_text(json.dumps(content, ensure_ascii=False), "example"), CATEGORIES)
    return {
        finding.rule
        for finding in review_instrument(read.instrument, CATEGORIES)
        if "Q1" in finding.ids or not finding.ids
    }


def cases(table: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[object]:
    return [
        pytest.param(rule, text, more, id=f"{rule}-{text}-{'·'.join(more.get('options', ()))}"[:60])
        for rule, rows in table.items()
        for text, more in rows
    ]


@pytest.mark.parametrize(("rule", "text", "more"), cases(FLAGGED))
def test_what_is_bad_is_flagged(rule: str, text: str, more: dict[str, Any]) -> None:
    assert rule in rules_of(text, more)


@pytest.mark.parametrize(("rule", "text", "more"), cases(FINE))
def test_what_only_looks_bad_is_left_alone(rule: str, text: str, more: dict[str, Any]) -> None:
    assert rule not in rules_of(text, more)
