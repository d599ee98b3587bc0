"""How a question is worded: negations, frequencies, hard and long words, what is left of a paste."""

import re

from survey_app.definition.audiences import AUDIENCES
from survey_app.definition.messages import Message, message

from .finding import Severity
from .negation import count_negations
from .paper import Part, Wording
from .rule import INSPECTOR, STUDENT, Example, Facts, wording_rule

MAX_SIGNS, MAX_SIGNS_PUPILS, MAX_SIGNS_YOUNG = 40, 28, 25
MAX_WORDS, MAX_WORDS_YOUNG = 25, 20
_JARGON = re.compile(
    "五项管理|五育|双减|核心素养|立德树人|三全育人|课程思政|校本|集团化办学|跨学科|项目式学习|(?:过程|形成|终结|"
    "增值)性?评价|综合素质评价|"
    "协同育人|学区化|教联体|学业质量监测|推门听课|四有好老师|三风一训|内涵发展|大单元|学科素养|质效|提质增效|"
    "分层教学|翻转课堂|教研|"
    "课程体系|育人模式|办学理念|教育生态|义务教育均衡|均衡发展|普惠性|学段|学情|师训|家校共育|教育评价|减负增效|课标|"
    "德育体系|一岗双责"
)
_JARGON_EN = re.compile(
    r"\b(?:pedagog\w*|formative|summative|metacognit\w*|scaffolding|stakeholders?|differentiat\w+|KPIs?|value-added|"
    r"holistic|"
    r"curricular alignment|benchmark\w*|competenc\w+|cross-curricular|inquiry-based|constructivis\w*|SEL|"
    r"didactic\w*)\b",
    re.I,
)
_HARD = re.compile(
    "课程设置|应急|突发|公共卫生|机制|措施|落实|规范|监督|体系|制度|素养|保障|有效性|针对性|合理性|透明度|资源配置|"
    "渠道|公示|教学质量|"
    "教学方式|学业负担|师资|后勤|水平|处置|实施|评价|优化|综合|贯彻|督促|基础设施|日常管理|满意度|认可度|专业|程序|"
    "权益|职责|反馈|氛围"
)
_HARD_EN = re.compile(
    r"\b(?:curriculum|facilit\w+|implement\w*|procedures?|transparen\w+|adequa\w+|regulations?|mechanisms?|"
    r"appropriate\w*|"
    r"effective\w*|assess\w*|emergenc\w+|evaluat\w+|provision\w*|supervis\w+|administrat\w+|infrastructure|\w{15,})\b",
    re.I,
)
_LEFT_NUMBER = re.compile(
    r"^\s*(?:[(]?\d{1,3}\s*[、)]|\d{1,3}\s*[.:](?!\d)|[一二三四五六七八九十]{1,3}[、.]|"
    r"[(][一二三四五六七八九十\d]+[)]|第\s*\d+\s*题|Q\s?\d+\b|[*])",
    re.I,
)
_LEFT_TAG = re.compile(
    r"[(\[【]\s*(?:单选|多选|单选题|多选题|填空|填空题|矩阵\w*|量表题?|排序题?|必答|必填|简答题?|判断题?|"
    r"single choice|multiple choice|"
    r"required|tick one|check one)\s*[)\]】]"
    r"|[(（]\s*[)）]|_{2,}|(?<![A-Za-z])[Xx×]{2,}(?![A-Za-z])|某某|[(]R[)]|\[反向\w*\]|待(?:补|定)|TODO",
    re.I,
)
_LEFT_LEAD = re.compile(
    "(?:下列|以下|下面|本部分|这一部分|这部分)(?:共有?|的|是)?\\s*[\\d一二三四五六七八九十]*\\s*(?:道题|个题|题项|"
    "各题|题|句子|描述|说法|陈述|项目)"
    "|请(?:细阅|仔细(?:读|阅读))|选择最符合"
)
_LEFT_LEAD_EN = re.compile(
    r"\bthe following (?:\d+ )?(?:items|questions|statements)\b|\bread (?:each|the) (?:question|statement)", re.I
)
_OFTEN = re.compile("(?:是否|有没有|是不是)?(?:经常|常常|时常|定期|频繁)")
_OFTEN_EN = re.compile(r"\b(?:regularly|often|frequently)\b", re.I)


@wording_rule(
    Facts(
        "double-negation", Severity.WARNING, "KP; D", message("改成肯定的说法，一题至多一个“不”"),
        (
            Example("您对学校不开设劳动课不满意的程度"),
            Example("I do not think that it is not safe at school.", language="en", audience=STUDENT,
            scale="agreement"),
        ),
        (Example("学校设施不断改善的情况"), Example("Teachers not accepting gifts", language="en")),
    )
)  # fmt: skip
def double_negation(wording: Wording) -> Message | None:
    for clause in re.split("[,。;?!:、]", wording.core):
        if count_negations(clause, wording.reader.language) > 1:
            return message("一句话里有两个否定：“{words}”", words=clause.strip())
    return None


@wording_rule(
    Facts(
        "vague-frequency", Severity.HINT, "QAS 3c, 3d", message("问本学期几次，或者用频率量表"),
        (
            Example("您是否经常与老师沟通？", options=("是", "否"), part="closed"),
            Example("Do you regularly talk to the teacher?", language="en", options=("Yes", "No"), part="closed"),
        ),
        (Example("本学期您与老师沟通过几次？", options=("没有", "1次", "2—3次", "4次及以上"), part="closed"),),
    )
)  # fmt: skip
def vague_frequency(wording: Wording) -> Message | None:
    labels = wording.options.labels if wording.options else ()
    is_yes_or_no = len(labels) in (2, 3) and any(re.match("是|有|会|yes", label, re.I) for label in labels)
    pattern = _OFTEN_EN if wording.reader.language == "en" else _OFTEN
    seen = pattern.search(wording.core) if is_yes_or_no else None
    return message("“{words}”是多常，各人理解不同", words=seen[0]) if seen else None


@wording_rule(
    Facts(
        "jargon", Severity.WARNING, "D; QAS 3b", message("换成这些人平时说的话"),
        (
            Example("学校落实“五项管理”的情况"),
            Example("The school's formative assessment", language="en"),
        ),
        (
            Example("学校落实“五项管理”的情况", audience=INSPECTOR),
            Example("How teachers tell you about progress", language="en"),
        ),
    )
)  # fmt: skip
def jargon(wording: Wording) -> Message | None:
    if AUDIENCES[wording.reader.audience].knows_the_trade:
        return None
    pattern = _JARGON_EN if wording.reader.language == "en" else _JARGON
    seen = pattern.search(wording.words)
    return message("“{words}”是行内话，答卷的人不一定懂", words=seen[0]) if seen else None


@wording_rule(
    Facts(
        "too-long", Severity.WARNING, "D; SG", message("缩短；说明的话放到题目下的小字（help）里"),
        (
            Example(
                "您对学校在进一步减轻义务教育阶段学生作业负担和校外培训负担的有关要求方面所采取的各项措施的满意程度如何？"
            ),
            Example("How satisfied were you on all the occasions during the past school year on which you or another "
                    "member of your family needed to get in touch with a teacher?", language="en"),
        ),
        (Example("作业量的合适程度"), Example("The amount of homework", language="en")),
    )
)  # fmt: skip
def too_long(wording: Wording) -> Message | None:
    if wording.reader.language == "en":
        count, limit = len(wording.core.split()), MAX_WORDS_YOUNG if wording.reader.is_young else MAX_WORDS
        return message("有 {n} 个词，至多 {limit} 个", n=count, limit=limit) if count > limit else None
    count, limit = sign_count(wording.core), MAX_SIGNS_PUPILS if wording.reader.is_pupil else MAX_SIGNS
    return message("有 {n} 个字，至多 {limit} 个", n=count, limit=limit) if count > limit else None


@wording_rule(
    Facts(
        "pupil-language", Severity.WARNING, "L; QAS 3a", message("用孩子的话，短一些，称“你”"),
        (
            Example("学校突发公共卫生事件的应急处置能力", audience=STUDENT),
            Example("How adequate the facilities are", language="en", audience=STUDENT),
        ),
        (
            Example("你喜欢体育课吗？", audience=STUDENT),
            Example("How clean your school is", language="en", audience=STUDENT),
        ),
    ),
    Part.ITEM, Part.CLOSED, Part.OPEN, Part.LEAD, Part.HELP,
)  # fmt: skip
def pupil_language(wording: Wording) -> Message | None:
    if not wording.reader.is_young:
        return None
    if wording.reader.language == "en":
        seen = _HARD_EN.search(wording.words)
        return message("“{words}”对小学生太难", words=seen[0]) if seen else None
    if seen := re.search("您", wording.words) or _HARD.search(wording.words):
        return message("“{words}”对小学生太难", words=seen[0])
    count = sign_count(wording.core)
    is_long = count > MAX_SIGNS_YOUNG and wording.part is not Part.HELP
    return message("小学生读的题有 {n} 个字，至多 {limit} 个", n=count, limit=MAX_SIGNS_YOUNG) if is_long else None


@wording_rule(
    Facts(
        "leftover", Severity.WARNING, "trial", message("删去粘贴时留下的题号、题型、空括号；单独的引导语放到 lead 里"),
        (
            Example("3、您对XX学校的管理是否满意（单选）（  ）"),
            Example("下列8题是一些与老师相处的情况，请根据符合程度选择。", audience=STUDENT),
            Example("2. The library [required]", language="en"),
        ),
        (Example("您希望增加哪些？（可多选）", part="open"), Example("The library (opening hours)", language="en")),
    )
)  # fmt: skip
def leftover(wording: Wording) -> Message | None:
    lead = _LEFT_LEAD_EN if wording.reader.language == "en" else _LEFT_LEAD
    for pattern in (_LEFT_NUMBER, _LEFT_TAG, lead):
        if seen := pattern.search(wording.words):
            return message("题目里留下了不属于它的“{words}”", words=seen[0].strip())
    labels = wording.options.labels if wording.options else ()
    joined = next((label for label in labels if re.fullmatch("[\u4e00-\u9fff]{2,6} [\u4e00-\u9fff]{2,8}", label)), None)
    return message("选项“{words}”像是两个选项写在了一起", words=joined) if joined else None


def sign_count(words: str) -> int:
    """How many characters are read, without punctuation."""
    return len(re.sub(r"[^\w]", "", words))
