"""What may not, or can hardly, be asked of a person: names, hardship, long memory, what somebody else thinks."""

import re
from collections.abc import Iterator

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message
from survey_app.definition.reserved_ids import FORM_WIDE

from .finding import Severity
from .paper import QUESTIONS, Paper, Part, Wording
from .rule import STUDENT, TEACHER, Example, Facts, Hit, form_rule, wording_rule
from .words import Words, words_rule

MAX_GROUPS, MAX_GROUPS_TEACHERS = 30, 6
_NOT_ASKED = re.compile("疑问|咨询|拨打|热线|如有|\\d{6,}|不|勿|无需|无须|免|别写|禁止|严禁|保护|保密|泄露|隐私")
_NOT_ASKED_EN = re.compile(
    r"\bquestions\b|\bcontact us\b|\bcall\b|\d{6,}|\bnot\b|n[’']t\b|\bnever\b|\bwithout\b|\bno\b|\bprotect|"
    r"\bprivacy|\bneither\b",
    re.I,
)
_IDENTITY = re.compile(
    "姓名|名字|手机号码?|电话号码|联系电话|联系方式|学号|学籍号|身份证|证件号|家庭住址|家庭地址|住址|微信号|QQ号?|"
    "邮箱|电子邮件|出生日期|车牌|工号|"
    "银行卡|手机$|电话$|手机(?=[?,，:。])|电话(?=[?,，:。])"
)
_IDENTITY_EN = re.compile(
    r"\b(?:your|child[’']?s|student[’']?s|teacher[’']?s|full|first|last|family) (?:own |full |first |last |"
    r"family )?name\b"
    r"|\bnames? of (?:your|the) (?:child|teacher|student|pupil)|\b(?:phone|mobile|telephone|ID|student|"
    r"passport) numbers?\b"
    r"|\be-?mail(?: address)?\b|\bhome address\b|\bdate of birth\b|\bwechat (?:id|account)\b|^name$",
    re.I,
)
_ASKS_TO_WRITE = re.compile("填写|填上|留下|写上|写下|请写|注明|提供|输入|登记|署上|署名|实名|附上|告诉我们")
_ASKS_TO_WRITE_EN = re.compile(r"\b(?:write|enter|leave|give|provide|state|fill in|add|sign)\b", re.I)
_PLEASE_WRITE = re.compile("请[^,。;]{0,6}(?:写|填|留|提供|输入|登记|告诉)")
_PLEASE_WRITE_EN = re.compile(r"\bplease\b[^.;]{0,12}\b(?:write|enter|leave|give|provide|state|fill in|add)\b", re.I)
_HARDSHIP = re.compile(
    "单亲|离异|离婚|收入|低保|贫困|经济困难|经济状况|婚姻|宗教|信仰|病史|患有|残疾|自杀|自残|抑郁|恋爱|早恋|性取向|"
    "性行为|犯罪|吸毒|留守|养父|养母|"
    "继父|继母|父母(?:的)?感情|家庭暴力"
)
_HARDSHIP_EN = re.compile(
    r"\b(?:single[- ]parent|divorced?|separated parents|income|poverty|poor famil\w+|religio\w+|disabilit\w+|"
    r"disabled|illness|"
    r"disease|pregnan\w+|suicid\w+|self-harm|sexual\w*|drugs?|depress\w+|domestic violence)\b",
    re.I,
)
_SCHOOL_HELPS = re.compile("(?:学校|老师|教师|幼儿园)[^,。;?!]{0,6}(?:对|给|为|帮)|帮助|资助|关爱|关心|照顾|支持")
_SCHOOL_HELPS_EN = re.compile(
    r"\b(?:school|teachers?)\b[^.;?!]*\b(?:does|do|help\w*|support\w*|treat\w*|teach\w*)|\bhelp\b|\bsupport\b", re.I
)
_SINCE = re.compile(
    "(?:以来|(?:过去|近|最近)(?:[\\d一二两三四五六七八九十几]+)(?:个)?(?:年|学年|学期)|去年|前年|入学后|"
    "小时候)[^。;?!]*(?:多少|几)(?:次|回|遍|天)"
)
_SINCE_EN = re.compile(
    r"(?:\b(?:over|in|during) the (?:last|past) (?:\w+ )?(?:years?|terms|semesters)\b|\bsince\b|"
    r"\bever\b[^.?!]*\byears\b).*\bhow (?:many|often)\b"
    r"|\bhow (?:many|often)\b.*(?:\b(?:over|in|during) the (?:last|past) (?:\w+ )?years?\b|\bsince\b)",
    re.I,
)
_SHARE = re.compile("百分之(?:几|多少)|百分比|几成|(?:占|比例)[^,。;?!]{0,12}(?:几成|多少)|多大比例")
_SHARE_EN = re.compile(r"\bwhat (?:percentage|per cent|percent|share|proportion|fraction)\b|\bpercentage of\b", re.I)
_GUESS = re.compile(
    "(?:您|你)(?:认为|觉得|估计|猜|感觉)(?:您的|你的|其他|别的)?(?:孩子|学生|同学|家长|老师|教师|别人)[^,。;?!]{0,14}(?:感到|"
    "觉得|满意|喜欢|认为|愿意|开心|害怕)"
)
_GUESS_EN = re.compile(
    r"\b(?:do|would) you (?:think|believe|say|feel) (?:that )?(?:your|the|other) (?:child|children|students?|pupils?|"
    r"parents?|teachers?)"
    r"[^.?!]*\b(?:feels?|thinks?|likes?|enjoys?|(?:is|are) (?:satisfied|happy|afraid))",
    re.I,
)
_CHILD_OF_READER = re.compile("(?:您|你)(?:的|家)?(?:的)?(?:孩子|子女|小孩)|贵子女")
_CHILD_OF_READER_EN = re.compile(r"\b(?:my|your) (?:child|children|son|daughter)(?:[’']s)?\b", re.I)
_PERSONAL_FACTS = re.compile(
    "性别|年龄|年级|班级|教龄|学科|职称|职务|学历|文化程度|受教育|收入|职业|民族|户籍|户口|婚姻|独生|工龄|岗位|编制|"
    "\\bgender\\b|\\bsex\\b|\\bage\\b|"
    "\\bgrade\\b|\\bclass\\b|years of teaching|\\bsubject\\b|job title|education level|\\bincome\\b|occupation|ethnic",
    re.I,
)

_NAMES, _EXCUSES = Words(_IDENTITY, _IDENTITY_EN), Words(_NOT_ASKED, _NOT_ASKED_EN)
_ASKS, _POLITELY = Words(_ASKS_TO_WRITE, _ASKS_TO_WRITE_EN), Words(_PLEASE_WRITE, _PLEASE_WRITE_EN)
_CLAUSES = Words(re.compile("[,。;!]"), re.compile(r"[.;!]\s|[.;!]$"))


@wording_rule(
    Facts(
        "personal-data", Severity.ERROR, "PIPL; QAS 6", message("删去；匿名的问卷不问谁是谁"),
        (
            Example("你的姓名", audience=STUDENT, part="open"),
            Example("请留下您的手机号，方便我们回访", part="open"),
            Example("Please write your name and phone number.", language="en", part="intro"),
        ),
        (
            Example("您的建议（请不要写姓名和电话）", part="open"),
            Example("学校对学生姓名等信息的保护"),
            Example("We do not ask for your name.", language="en", part="intro"),
        ),
    ),
    *Part,
)  # fmt: skip
def personal_data(wording: Wording) -> Message | None:
    is_question = wording.part in QUESTIONS
    asks = _POLITELY if is_question else _ASKS
    for clause in _CLAUSES.of(wording).split(wording.words):
        seen = _NAMES.of(wording).search(clause)
        if seen is None or _EXCUSES.of(wording).search(clause):
            continue
        is_asked_to_write = asks.of(wording).search(clause)
        if is_asked_to_write or (is_question and wording.part is not Part.ITEM and _is_all_that_is_asked(clause, seen)):
            return message("问的是能认出人的“{words}”", words=seen[0])
    return None


def _is_all_that_is_asked(clause: str, seen: re.Match[str]) -> bool:
    """Whether a question is about it, not about something that only mentions it."""
    rest = re.sub(r"\s|\([^)]*\)|[?:]|是什么|是|叫什么|号码?|[和与、].{0,4}$|\band\b.{0,14}$", "", clause[seen.end() :])
    return not rest


sensitive_minor = words_rule(
    Facts(
        "sensitive-minor", Severity.ERROR, "PIPL; QAS 6", message("删去；未成年人的家庭和身心状况不在满意度问卷里问"),
        (
            Example("你是否来自单亲家庭？", audience=STUDENT, options=("是", "否"), part="closed"),
            Example("Are your parents divorced?", language="en", audience=STUDENT, options=("Yes", "No"),
            part="closed"),
        ),
        (
            Example("学校对残疾同学的帮助", audience=STUDENT),
            Example("How the school helps students with disabilities", language="en", audience=STUDENT),
        ),
    ),
    Words(_HARDSHIP, _HARDSHIP_EN),
    message("向学生问了敏感的事：“{words}”"),
    unless=Words(_SCHOOL_HELPS, _SCHOOL_HELPS_EN),
    of=lambda wording: wording.reader.is_pupil,
)  # fmt: skip


@wording_rule(
    Facts(
        "wrong-audience", Severity.ERROR, "trial",
        message("用 text_for 给这类对象另写一句，或者在 audiences 里去掉他们"),
        (
            Example("您的孩子在学校是否感到安全？", audience=TEACHER),
            Example("您对老师满意吗？", audience=STUDENT),
            Example("How satisfied are you with your child's teachers?", language="en", audience=TEACHER),
        ),
        (
            Example("您的孩子在学校是否感到安全？"),
            Example("你对老师满意吗？", audience=STUDENT),
            Example("How satisfied are you with your child's teachers?", language="en"),
        ),
    ),
    *Part,
)  # fmt: skip
def wrong_audience(wording: Wording) -> Message | None:
    reader = wording.reader
    if AUDIENCES[reader.audience].answers_per_child:
        return None
    if reader.language == "en":
        seen = _CHILD_OF_READER_EN.search(wording.words)
    else:
        seen = _CHILD_OF_READER.search(wording.words) or (re.search("您", wording.words) if reader.is_pupil else None)
    return message("这句话不是对这类对象说的：“{words}”", words=seen[0]) if seen else None


recall = words_rule(
    Facts(
        "recall", Severity.HINT, "QAS 5c, 5d", message("只问本学期，或者问最近一次"),
        (
            Example("入学以来您参加过多少次家长会？", part="open"),
            Example("Over the last three years, how many times did a teacher call you?", language="en", part="open"),
        ),
        (Example("本学期您参加过几次家长会？", part="open"), Example("Talks with teachers this term", language="en")),
    ),
    Words(_SINCE, _SINCE_EN),
    message("要回忆很久的事：“{words}”"),
)  # fmt: skip


estimation = words_rule(
    Facts(
        "estimation", Severity.HINT, "QAS 5d", message("问能直接说出的数，或者给出几档"),
        (
            Example("孩子的作业时间占放学后时间的百分之几？", part="open"),
            Example("What percentage of homework can your child do alone?", language="en", part="open"),
        ),
        (Example("孩子每天写作业的时间", part="open"), Example("How long homework takes", language="en", part="open")),
    ),
    Words(_SHARE, _SHARE_EN),
    message("要自己算比例：“{words}”"),
)  # fmt: skip


proxy = words_rule(
    Facts(
        "proxy", Severity.HINT, "QAS 5a", message("问他自己看到的，或者去问那个人"),
        (
            Example("您认为孩子对老师的课堂教学感到满意吗？"),
            Example("Do you think your child enjoys school?", language="en", scale="agreement"),
        ),
        (Example("老师对孩子的尊重"), Example("How teachers treat your child", language="en")),
    ),
    Words(_GUESS, _GUESS_EN),
    message("要替别人说他怎么想：“{words}”"),
)  # fmt: skip


def _identifying(paper: Paper, most: int) -> Iterator[Hit]:
    """Questions about the person whose answers together make groups so small that one of them is a name."""
    ids: list[str] = []
    groups = 1
    for wording in paper.of_part(Part.CLOSED):
        labels = wording.options.labels if wording.options else ()
        count = len(labels) or (paper.grades if wording.is_grade else 0)
        if count and (wording.is_grade or _PERSONAL_FACTS.search(wording.core)):
            ids.append(wording.subject)
            groups *= count
    if groups > most and len(ids) > 1:
        yield Hit(FORM_WIDE, tuple(ids), message("这几题合起来分成 {n} 组，小的学校里能认出人", n=groups))


@form_rule(
    Facts(
        "identifying-background", Severity.WARNING, "security", message("删去几题，或者把选项合并"),
        (Example(background=("年级", "班级", "性别", "家长学历")),),
        (Example(background=("年级",)),),
    )
)  # fmt: skip
def identifying_background(paper: Paper) -> Iterator[Hit]:
    if AUDIENCES[paper.reader.audience].may_be_asked_background:
        yield from _identifying(paper, MAX_GROUPS)


@form_rule(
    Facts(
        "identifying-background", Severity.ERROR, "security", message("教师卷不问个人情况：小的学校里一题就能认出人"),
        (Example(background=("任教学科", "性别", "教龄"), audience=TEACHER),),
        (Example(background=("教龄",), audience=TEACHER),),
    )
)  # fmt: skip
def identifying_background_of_teachers(paper: Paper) -> Iterator[Hit]:
    if not AUDIENCES[paper.reader.audience].may_be_asked_background:
        yield from _identifying(paper, MAX_GROUPS_TEACHERS)
