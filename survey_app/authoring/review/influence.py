"""Words that push: praise in the question, calls for a good mark, statements nobody can agree with as they stand."""

import re

from survey_app.definition.messages import Message, message

from .finding import Severity
from .labels import Family, families
from .paper import QUESTIONS, Part, Wording
from .rule import STUDENT, Example, Facts, wording_rule
from .words import Words, words_rule

_PRAISE = (
    "(?:认真负责|爱岗敬业|辛勤(?:付出|工作|劳动)?|辛苦(?:付出|工作)?|无私(?:奉献)?|优秀|优质|一流|先进|精心(?:准备|"
    "组织|安排)?|卓有成效|"
    "行之有效|丰富多彩|温馨|优美|和蔼可亲|热情周到|耐心细致|兢兢业业|尽职尽责|扎实有效|显著|高水平|高质量|出色|贴心|"
    "周到)"
    "的(?!程度|情况|方面|表现|感觉|地方|态度吗)(?=[^,。;?!])"
)
_LEADING = re.compile(
    f"{_PRAISE}|"
    "(?:大家|所有人|大多数|多数|绝大多数|很多|许多)[^,。;?!]{0,4}都?(?:认为|觉得|满意|赞成|表示|知道)|众所周知|难道|"
    "(?:您|你)不(?:觉得|认为|同意)|"
    "(?:您|你)?是(?:否|不是)也|相信(?:您|你|大家)(?:一定|会|也)|毫无疑问|显而易见|不可否认|"
    "取得了[^,。;?!]{0,6}(?:成绩|成效|进步)"
)
_LEADING_EN = re.compile(
    r"(?<!how )\b(?:hard-?working|excellent|outstanding|dedicated|"
    r"wonderful|devoted|world-class|first-class|amazing|brilliant|"
    r"caring|"
    r"fantastic|high-quality|committed|superb|great)\s+(?!deal\b|many\b|extent\b)[a-z]+"
    r"|\bdo(?:n[’']t| not) you (?:think|agree|feel)|\bwouldn[’']t you|\bisn[’']t it|\bas (?:everyone|everybody|"
    r"we all) knows?\b|\bsurely\b"
    r"|\b(?:most|many|all|nearly all) (?:parents|people|teachers|pupils|students|families) (?:think|agree|say|"
    r"believe|are)\b"
    r"|\bdo you also\b",
    re.I,
)
_BEST = (
    "(?:非常|很|十分|完全|最|都|全部)?[“\"'‘「]?(?:非常|很|十分|完全)?(?:满意|同意|(?<=[全常])符合|好评|满分|高分|最高分|"
    "最高|优秀|最好的|5分|五分|五星|5星|10分|十分)"
)
_COACHING = re.compile(
    f"(?:请|务必|应当|应该|一定|一律|统一|必须|尽量|尽可能|希望|记得|建议|要|都|全部)[^,。;?!]{{0,8}}(?:选择?|勾选?|"
    f"打|点击?|填写?|给)(?:择)?(?:上|了|出|予)?{_BEST}"
    "(?!程度|度|与否|还是|或|的(?:选项|程度|一项))"
    "|给予?(?:我们|学校|我校|老师|本校)?[^,。;?!不]{0,4}(?:满意|好评|满分|高分|最高|五星|5星)(?!程度|度)|打(?:满分|"
    "高分|最高分)"
)
_APPEAL = re.compile(
    "(?:为|替|给)[^,。;?!]{0,8}(?:争光|加分|增光|添彩|争荣誉)|维护[^,。;?!]{0,6}(?:荣誉|形象|声誉)|"
    "(?<!不)关系到[^,。;?!]{0,8}(?:考核|排名|荣誉|评优|声誉)"
)
_COACHING_EN = re.compile(
    r"\b(?:please|must|should|be sure to|remember to|always|kindly|we hope you(?: will)?|try to|make sure (?:you|"
    r"to))\b[^.?!;]{0,20}"
    r"\b(?:choose|select|pick|tick|give|mark|answer|rate|click|check)\b[^.?!;]{0,30}"
    r"(?:very satisfied|(?:completely|strongly|totally) agree|top marks?|full marks?|highest|best (?:answer|score|"
    r"mark|rating)|"
    r"five stars|5 stars|excellent|10 out of 10|good marks?)",
    re.I,
)
_APPEAL_EN = re.compile(
    r"\b(?:support|help|honour|protect)\b[^.?!;]{0,12}\bschool(?:[’']s)? (?:win|get|score|reputation|image|ranking|"
    r"name)"
    r"|\bmake (?:our|the|your) school proud|\bto support our school",
    re.I,
)
_FREE_CHOICE = re.compile("不满意|不同意|如果|是否|有没有|有人|吗|不要求|不必|不用")
_FREE_CHOICE_EN = re.compile(r"\b(?:if|dissatisfied|or|did|anybody|anyone|somebody|need not|not)\b", re.I)
_ABSOLUTE = re.compile(
    "所有|从不|从来不|从来没|从未|每次都|每一次|任何|总是|永远|一直都|绝对|百分之百|全部|人人|个个|一切|始终"
)
_ABSOLUTE_EN = re.compile(r"\b(?:always|never|at all times|each and every|without exception)\b", re.I)
_ABSOLUTE_STATED_EN = re.compile(
    r"\b(?:every(?:one|body|thing)|all (?:of )?(?:the|my|our)|nobody|no one|none of)\b", re.I
)
_SUPPOSED = re.compile(
    "(?:如果|假如|假设|要是|倘若|假使)[^,。;?!]{2,}[,]?[^。;?!]*(?:会|愿意|愿不愿意|是否满意|希望)[^。;!]*[?吗]?|"
    "设想一下"
)
_SUPPOSED_EN = re.compile(r"\bif\b[^.;!]*\bwould\b|\bwould\b[^.;!]*\bif\b|\b(?:suppose|imagine)\b", re.I)
_CALLS, _APPEALS = Words(_COACHING, _COACHING_EN), Words(_APPEAL, _APPEAL_EN)
_FREE = Words(_FREE_CHOICE, _FREE_CHOICE_EN)


leading = words_rule(
    Facts(
        "leading", Severity.WARNING, "KP; QAS 6",
        message("删去评价的话，只说问的是什么"),
        (
            Example("您对老师认真负责的工作是否满意？"),
            Example("大多数家长都认为学校管理很规范，您是否也这样认为？", scale="agreement"),
            Example("Do you agree that our hard-working teachers do well?", language="en", scale="agreement"),
        ),
        (Example("老师的工作责任心"), Example("How responsibly teachers do their work", language="en")),
    ),
    Words(_LEADING, _LEADING_EN),
    message("题目里先有了评价：“{words}”"),
)  # fmt: skip


@wording_rule(
    Facts(
        "coaching", Severity.ERROR, "trial",
        message("删去这句话；只说按实际情况选，答案没有对错"),
        (
            Example("请同学们务必选择“非常满意”，为学校争光。", audience=STUDENT, part="intro"),
            Example("Please choose \"Very satisfied\" to support our school.", language="en", part="intro"),
        ),
        (
            Example("请根据实际情况作答，不满意也可以选。", part="intro"),
            Example("If you are very satisfied, choose the first answer, if not, another one.", language="en",
            part="intro"),
        ),
    ),
    *Part,
)  # fmt: skip
def coaching(wording: Wording) -> Message | None:
    for sentence in re.split("[。!;]|(?<=[a-z])[.]", wording.words):
        seen = _CALLS.of(wording).search(sentence)
        if seen is None and wording.part not in QUESTIONS:
            seen = _APPEALS.of(wording).search(sentence)  # a question may be about the honour of a school
        if seen and not _FREE.of(wording).search(sentence):
            return message("要人选好的答案：“{words}”", words=seen[0])
    return None


@wording_rule(
    Facts(
        "absolute", Severity.WARNING, "KP; D",
        message("说的是多少、多常，让量表去分，题目里不说“所有”“从不”"),
        (
            Example("学校所有老师从不违规补课。", scale="agreement"),
            Example("My teachers always listen.", language="en", audience=STUDENT, scale="agreement"),
        ),
        (
            Example("总体来看，您对孩子所在学校的满意程度"),
            Example("How often do teachers ask you questions?", language="en", audience=STUDENT,
                    options=("Always", "Often", "Sometimes", "Rarely", "Never")),
        ),
    ),
    Part.ITEM,
)  # fmt: skip
def absolute(wording: Wording) -> Message | None:
    if wording.reader.language == "en":
        is_statement = wording.options is not None and Family.AGREEMENT in families(wording.options.labels)
        seen = _ABSOLUTE_EN.search(wording.core) or (_ABSOLUTE_STATED_EN.search(wording.core) if is_statement else None)
    else:
        seen = _ABSOLUTE.search(wording.core) if wording.reader.language == "zh" else None
    return message("“{words}”说得太满，有一次例外就无法同意", words=seen[0]) if seen else None


hypothetical = words_rule(
    Facts(
        "hypothetical", Severity.HINT, "KP",
        message("问已经有的事；没有发生的事，人们说不准自己会怎样"),
        (
            Example("如果开设游泳课，您会满意吗？"),
            Example("If the school opened on Saturdays, would you be satisfied?", language="en"),
        ),
        (Example("如果乘坐校车，校车的安全"), Example("If your child takes the bus: how safe it is", language="en")),
    ),
    Words(_SUPPOSED, _SUPPOSED_EN),
    message("问的是没有发生的事：“{words}”"),
)  # fmt: skip
