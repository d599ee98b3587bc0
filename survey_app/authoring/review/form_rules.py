"""The questionnaire as a whole: its length, its build, what it says before the first question."""

import re
from collections.abc import Iterator
from functools import reduce
from itertools import groupby

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import message
from survey_app.definition.reserved_ids import FORM_WIDE

from .finding import Severity
from .labels import Family, families
from .paper import Paper, Part, items_of
from .rule import TEACHER, Example, Facts, Hit, form_rule

MIN_ITEMS, MIN_STATEMENTS, MAX_OPEN, MAX_RUN = 3, 8, 3, 10
MAX_MINUTES, MAX_MINUTES_PUPILS = 6.0, 7.0
SIGNS_A_MINUTE, SIGNS_A_MINUTE_PUPILS = 300, 210
LETTERS_A_MINUTE = 1000
SECONDS_AN_ITEM = 2.5
_WHO = re.compile(
    "教育|督导|区里|县里|市里|部门|局|办公室|委托|评估(?:院|中心)|\\b(?:office|department|bureau|district|council|"
    "authority|ministry)\\b",
    re.I,
)
_FREE = re.compile(
    "自愿|自己决定|可以不填|填不填|想不想填|不想填|voluntary|up to you|do not have to|need not|free to|"
    "choose whether|don[’']t have to",
    re.I,
)
_ANONYMOUS = re.compile(
    "匿名|不记名|不用写名字|不写名字|不问姓名|不问名字|不收集|看不到是谁|anonymous|do(?:es)? not (?:ask|write|give|"
    "collect)[^.]*name|cannot see who",
    re.I,
)
_PRESSED = re.compile(
    "要求[^?]*(?:怎样|怎么|如何)(?:回答|填|选)|tell you (?:how|what) to answer|told[^.?]*how to answer", re.I
)


@form_rule(
    Facts(
        "too-few-items", Severity.HINT, "GB/T 19038 C", message("一个维度至少三题，或者与另一个维度合并"),
        (Example(),),
        (Example(items=4),),
    )
)  # fmt: skip
def too_few_items(paper: Paper) -> Iterator[Hit]:
    for dimension in paper.instrument.dimensions_for(paper.reader.audience):
        ids = items_of(dimension, paper.reader.audience)
        if len(ids) < MIN_ITEMS:
            label = dimension.label.in_language(paper.reader.language) or dimension.id  # a draft has names to give yet
            yield Hit(dimension.id, ids, message("维度“{label}”只有 {n} 题，结果不稳", label=label, n=len(ids)))


@form_rule(
    Facts(
        "one-direction", Severity.HINT, "KP; G", message("有两三题换成反着说的（reverse: true），或者换成问满意不满意"),
        (Example(items=12, audience=TEACHER, scale="agreement"),),
        (Example(items=4, audience=TEACHER, scale="agreement"),),
    )
)  # fmt: skip
def one_direction(paper: Paper) -> Iterator[Hit]:
    statements = [
        one for one in paper.of_part(Part.ITEM) if one.options and Family.AGREEMENT in families(one.options.labels)
    ]
    if len(statements) >= MIN_STATEMENTS and not any(one.reverse for one in statements):
        ids = tuple(one.subject for one in statements)
        yield Hit(FORM_WIDE, ids, message("{n} 句话全是一个方向，一路点“同意”的人看不出来", n=len(ids)))


@form_rule(
    Facts(
        "order-mixed", Severity.ERROR, "D", message("全文件统一一个方向：都从好到差，或者都从差到好"),
        (Example(opposite_scale=True),),
        (Example(),),
    )
)  # fmt: skip
def order_mixed(paper: Paper) -> Iterator[Hit]:
    first = None
    for options in paper.option_lists:
        points = options.points or ()
        if len(set(points)) < 2 or options.has_ideal or options.is_numeric or points[0] == points[-1]:
            continue
        descends = points[0] > points[-1]
        if first is None:
            first = (options.subject, descends)
        elif descends != first[1]:
            yield Hit(
                options.subject,
                options.ids,
                message("量表“{name}”的方向与“{other}”相反", name=options.subject, other=first[0]),
            )


@form_rule(
    Facts(
        "no-overall", Severity.HINT, "trial", message("加一道总体满意度（overall），放在各维度之后"),
        (Example(has_overall=False),),
        (Example(),),
    )
)  # fmt: skip
def no_overall(paper: Paper) -> Iterator[Hit]:
    if paper.instrument.overall is None or paper.reader.audience not in paper.instrument.overall.audiences:
        yield Hit(FORM_WIDE, (), message("没有总体满意度这一题"))


@form_rule(
    Facts(
        "no-pressure-question", Severity.HINT, "trial", message("加一道不公开的题：填写前是否有人要求怎样回答"),
        (Example(has_pressure_question=False),),
        (Example(),),
    )
)  # fmt: skip
def no_pressure_question(paper: Paper) -> Iterator[Hit]:
    if paper.reader.language in ("zh", "en") and not any(
        _PRESSED.search(one.words) for one in paper.of_part(Part.CLOSED)
    ):
        yield Hit(FORM_WIDE, (), message("没有问是否有人要求怎样回答"))


@form_rule(
    Facts(
        "too-many-open", Severity.HINT, "D", message("开放题至多三道，其余改成选择题"),
        (Example(comments=6),),
        (Example(comments=1),),
    )
)  # fmt: skip
def too_many_open(paper: Paper) -> Iterator[Hit]:
    ids = tuple(one.subject for one in paper.of_part(Part.OPEN))
    if len(ids) > MAX_OPEN:
        yield Hit(FORM_WIDE, ids, message("有 {n} 道要写字的题，很多人会停下来", n=len(ids)))


@form_rule(
    Facts(
        "long-run", Severity.HINT, "D", message("换一种问法或量表隔开，或者减几题"),
        (Example(items=12),),
        (Example(items=5),),
    )
)  # fmt: skip
def long_run(paper: Paper) -> Iterator[Hit]:
    items = [one for one in paper.of_part(Part.ITEM) if one.options]
    for _scale, group in groupby(items, key=lambda one: one.options.subject if one.options else ""):
        ids = tuple(one.subject for one in group)
        if len(ids) > MAX_RUN:
            yield Hit(FORM_WIDE, ids, message("连着 {n} 题是同一个量表，容易一路点下去", n=len(ids)))


@form_rule(
    Facts(
        "intro-incomplete", Severity.WARNING, "PIPL; D", message("开头写明：谁在调查，自愿，匿名，大约要多久"),
        (
            Example("请填写以下问卷。", part="intro-alone"),
            Example("Please fill in this form.", part="intro-alone", language="en"),
        ),
        (Example(), Example(language="en")),
    )
)  # fmt: skip
def intro_incomplete(paper: Paper) -> Iterator[Hit]:
    if paper.reader.language not in ("zh", "en"):
        return
    words = " ".join(one.words for one in paper.of_part(Part.INTRO))
    names = ((_WHO, message("谁在调查")), (_FREE, message("自愿")), (_ANONYMOUS, message("匿名")))
    asked = names if AUDIENCES[paper.reader.audience].is_sample else names[:1]  # who signs is neither free nor nameless
    lacking = [name for pattern, name in asked if not pattern.search(words)]
    if lacking:
        named = reduce(lambda first, second: message("{first}、{second}", first=first, second=second), lacking)
        yield Hit(FORM_WIDE, (), message("开头没有写明：{what}", what=named))


@form_rule(
    Facts(
        "too-long-questionnaire", Severity.WARNING, "security", message("删去题目；填不完的人多了，答的人就不像全体"),
        (Example(items=120),),
        (Example(items=9),),
    )
)  # fmt: skip
def too_long_questionnaire(paper: Paper) -> Iterator[Hit]:
    texts = [one for one in paper.wordings if one.part is not Part.INTRO]
    asked = paper.of_part(Part.ITEM, Part.CLOSED, Part.OPEN)
    is_pupil = paper.reader.is_pupil
    pace = LETTERS_A_MINUTE
    if paper.reader.language != "en":
        pace = SIGNS_A_MINUTE_PUPILS if is_pupil else SIGNS_A_MINUTE
    minutes = sum(len(one.text) for one in texts) / pace + len(asked) * SECONDS_AN_ITEM / 60
    if minutes > (MAX_MINUTES_PUPILS if is_pupil else MAX_MINUTES):
        yield Hit(FORM_WIDE, (), message("读完和答完约要 {n:.0f} 分钟", n=minutes))
