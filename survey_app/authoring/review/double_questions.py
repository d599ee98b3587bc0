"""Two questions in one: heads that are joined, and what only looks like it."""

import re

from survey_app.definition.messages import Message, message

from .finding import Severity
from .paper import QUESTIONS, Wording, without_brackets
from .rule import STUDENT, Example, Facts, wording_rule

_PAIRS = (
    "意见 建议", "教育 教学", "师德 师风", "鼓励 支持", "关心 帮助", "关心 爱护", "理解 支持", "支持 帮助",
    "支持 理解", "指导 帮助",
    "沟通 交流", "学习 生活", "音乐 美术", "组织 安排", "公平 公正", "公开 透明", "干净 整洁", "整洁 卫生",
    "体罚 变相体罚", "困难 问题",
    "看法 建议", "要求 建议", "爸爸 妈妈", "父亲 母亲", "时间 地点", "教师 员工", "预防 处理", "方式 方法",
    "家长 监护人", "同学 朋友",
    "知识 技能", "品种 花色", "数量 种类", "礼品 礼金", "来信 来访", "名字 电话", "姓名 电话", "自己 别人",
    "桌子 椅子", "内容 形式",
)  # fmt: skip
_ORDERED_PAIRS = tuple(words for pair in _PAIRS for words in (tuple(pair.split()), tuple(pair.split()[::-1])))
_PARTY = (
    "您|你|我|他|她|自己|家长|老师|教师|班主任|学生|孩子|同学|同伴|朋友|家庭|学校|社会|社区|家校|父母|校长|"
    "幼儿园|家人|他人|别人"
)
_PARTY_END = re.compile(f"(?:{_PARTY}|们)$")
_MEETING = "联系|沟通|交流|互动|合作|配合|关系|相处|交往|见面|交谈|谈|商量|衔接|协作|往来|距离"
_RELATION = re.compile(
    "之间|相比|差距|差异|差别|区别|匹配|一致|相符|符合|吻合|相关|有关|无关|对比|比较|衔接|结合|平衡|对应|比例|比起|"
    "脱节|对口|距离|矛盾"
)
_WORDS_AROUND_JOINT = {
    "和": "谐蔼善睦平解气美", "与": "否会", "及": "时格早", "并": "不没非列重存未无", "或": "许多是以更其",
}  # fmt: skip
_WORDS_BEFORE_JOINT = {
    "和": "温平总饱共缓柔随祥", "与": "参赋给授", "及": "涉普以波危顾提来", "并": "一合吞", "或": "抑",
}  # fmt: skip
_LIST = re.compile(
    "[^、,。;?!:]*、[^,。;?!:]*等[^,。;?!:]{0,12}|(?:如|例如|比如|包括)[^,。;?!]*|[^,。;?!]*方面的(?:指导|帮助|建议|"
    "信息|支持|教育)"
)
_TIMES = re.compile("^[^,。;?!]{0,8}(?:时|时候|期间|前|后|日|周末|课间)[^,。;?!]{0,1}")
_LEAD_IN = re.compile("^(?:您|你)?同意吗:|^(?:总体来看|总的来说|总体而言|本学期|这学期|近期),?")
_JOINT = re.compile("以及|并且|而且|同时|[和与及并或]者?")
_TOPICS = (
    "教学|伙食|食堂|饭菜|午餐|卫生|安全|管理|环境|设施|设备|作业|师资|宿舍|住宿|校车|交通|服务|态度|收费|活动|课程|"
    "体育|心理|图书|绿化|秩序|"
    "质量|数量|价格|味道|速度|效率|水平|方法|内容|条件|责任心|耐心|能力"
)
_TOPIC_LIST = re.compile(f"(?:{_TOPICS})、(?:[^、,。;?!的]{{0,4}})(?:{_TOPICS})")
_EN_EXEMPT = re.compile(
    r"\bbetween\b[^,.;?]*\band\b|\b(?:such as|including|for example|like|e\.g\.)[^.;?]*"
    r"|\b(?:guidance|advice|information|help) (?:on|about|with)\b[^.;?]*|\bor not\b|\band so on\b|\band other\b|"
    r"\band then\b",
    re.I,
)
_EN_PAIRS = frozenset(
    frozenset(pair.split())
    for pair in (
        "comments suggestions", "comment suggestion", "views opinions", "home school", "music art", "teaching learning",
        "gifts money", "father mother", "parents guardians", "mum dad", "rules regulations", "clear founded",
        "clear well",
        "hopes wishes", "help support", "support help", "bullied teased", "name phone", "names phone", "your anybody",
        "questions answers", "safe sound", "days weeks", "again again", "more more", "back forth", "brothers sisters",
        "boys girls", "health safety", "questions concerns", "breaks at", "parent guardian", "agree disagree",
    )
)  # fmt: skip
_EN_JOINT = re.compile(
    r"([\w'’-]+),? (?:and|or|as well as|&) (?:(?:the|a|an|your|my|our|their|its|his|her|how) )?([\w'’-]+)", re.I
)


@wording_rule(
    Facts(
        "double-barrelled", Severity.WARNING, "KP; D; QAS 4c; G",
        message("拆成两题；有的人对一半满意、对另一半不满意，答不了"),
        (
            Example("教学质量和伙食的满意程度"),
            Example("老师讲课清楚并且关心同学。", audience=STUDENT, scale="agreement"),
            Example("How satisfied are you with the teaching and the food?", language="en"),
        ),
        (
            Example("老师与您联系的方便程度"),
            Example("艺术课程（如音乐、美术）的开设情况"),
            Example("Contact between home and school", language="en"),
        ),
    ),
    *QUESTIONS,
)  # fmt: skip
def double_barrelled(wording: Wording) -> Message | None:
    joined = _joined_english(wording.core) if wording.reader.language == "en" else None
    if wording.reader.language == "zh":
        joined = _joined_chinese(wording.core)
    return message("一题问了两件事：“{first}”和“{second}”", first=joined[0], second=joined[1]) if joined else None


def _joined_chinese(core: str) -> tuple[str, str] | None:
    text = _LIST.sub("", re.sub('[“"《][^”"》]*[”"》]', "甲", _LEAD_IN.sub("", core)))
    if match := re.search("(?:又|既)([^,。;?!]{1,10}?),?又([^,。;?!]{1,10})", text):
        return match[1], match[2]
    if match := _TOPIC_LIST.search(text):
        first, _, second = match[0].partition("、")
        return first, second
    for match in _JOINT.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _is_joint(match[0], before, after) and not _is_one_thing(before, after):
            first, second = re.split("[,。;?!:、]", before)[-1], re.split("[,。;?!、]", after)[0]
            return first[-12:], second[:12]
    return None


def _is_joint(joint: str, before: str, after: str) -> bool:
    """Whether the sign joins, and is no part of a word such as 和谐 or 参与."""
    sign = joint[0]
    if joint == "以及":
        return bool(after)
    if after[:1] in (*_WORDS_AROUND_JOINT.get(sign, ""),) and len(joint) == 1:
        return False
    return bool(after) and before[-1:] not in (*_WORDS_BEFORE_JOINT.get(sign, ""),) and not (
        sign in "和与" and not before.strip(" ,。")
    )  # fmt: skip


def _is_one_thing(before: str, after: str) -> bool:
    rest = re.split("[,。;?!]", after)[0]
    first, second = _last_word(before), _first_word(after)
    if any(first.endswith(a) and second.startswith(b) for a, b in _ORDERED_PAIRS):
        return True
    if _RELATION.search(rest) or (second.startswith(("不", "没")) and first and first[-2:] == second[1:3]):
        return True
    if _TIMES.match(rest) and re.search("时|课间|期间|前|后|平时|周末|上学|放学", before[-4:]):
        return True
    is_with = re.match(f"(?:本|您的|你的|孩子的|其他|任课)?(?:{_PARTY})", rest) is not None
    return is_with and re.search(_MEETING, rest) is not None and _begins_with_party(before)


def _begins_with_party(before: str) -> bool:
    part = re.split("[,。;?!:]", before)[-1].strip()
    adverb = re.search(
        "(?:经常|主动|及时|平时|如何|怎样|通常|能够?|可以|愿意|本学期|是否|有没有|常常|多久|怎么|[不没])$", part
    )
    return not part or adverb is not None or _PARTY_END.search(part) is not None


def _last_word(before: str) -> str:
    return re.split("[,。;?!:、 ]", before)[-1][-6:]


def _first_word(after: str) -> str:
    return re.sub("^(?:的|对|您的|你的|其|他的)", "", after)[:6]


def _joined_english(core: str) -> tuple[str, str] | None:
    text = _EN_EXEMPT.sub(" ", without_brackets(re.sub('[“"‘][^”"’]*[”"’]', "it", core)))
    for match in _EN_JOINT.finditer(text):
        first, second = match[1].lower(), match[2].lower()
        negated = re.search(r"\b(?:not|n[’']t|never|no|without|neither)\b", text[: match.start()], re.I)
        is_or_of_negation = negated is not None and " or " in match[0].lower()
        if (
            frozenset((first, second)) not in _EN_PAIRS
            and not is_or_of_negation
            and not _is_list_of_times(first, second)
        ):
            return match[1], match[2]
    return None


def _is_list_of_times(first: str, second: str) -> bool:
    return second in ("at", "during", "before", "after") or (first.isdecimal() and second.isdecimal())
