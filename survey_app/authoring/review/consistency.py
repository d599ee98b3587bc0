"""What has to agree: a question with others like it, with its scale, with its direction, with its translation."""

import re
from collections.abc import Iterator

from survey_app.definition.messages import Message, message

from .finding import Severity
from .labels import Family, families, read_label
from .likeness import content_of
from .negation import count_negations
from .paper import OptionList, Paper, Part, Wording, normal, without_brackets
from .polarity import polarity_of
from .rule import STUDENT, Example, Facts, Hit, form_rule, wording_rule

_ASKS_FREQUENCY = re.compile(
    "多久(?:一次)?|几次|多少次|频率|是否(?:经常|常常)|how (?:often|many times)|how frequently", re.I
)
_ASKS_SATISFACTION = re.compile(
    "是否(?:感到)?满意|满意(?:吗|程度|度|不满意|与否)|满不满意|how (?:dis)?satisfied|are you satisfied", re.I
)
_ASKS_AGREEMENT = re.compile(
    "(?:是否|你|您)同意|同意(?:吗|程度)|同不同意|持什么(?:意见|态度|看法)|do you agree|how far do you agree", re.I
)
_NOUN_PHRASE = re.compile("(?:程度|情况|状况|质量|水平|条件|工作|效果|安排|管理|服务|环境|饭菜|卫生|设施|态度)$")
_SMALL_NUMBERS = {
    "一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
    "十": "10",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "once": "1", "twice": "2", "half": "1", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_INSTEAD_OF_BRACKETS = re.compile("如|例如|包括|等|比如|such as|including|e\\.g\\.|for example|like|[,:]|—|–|--", re.I)
_BAD = re.compile("不|没|无|未|差|脏|乱|难|危险|坏|糟|少|太|欺|缺|勿|别|防|避免|禁|停|减")
_BAD_EN = re.compile(
    r"\b(?:unsafe|unfair|unclear|unhappy|dissatisfied|dirty|bad|badly|poor|poorly|dangerous|difficult|unreasonable|"
    r"inconvenient|"
    r"unhelpful|unfriendly|unhealthy|useless)\b",
    re.I,
)
_PLAIN_NEGATION = re.compile(
    "不(?:会|能|让|给|够|安全|公平|满意|清楚|合理|方便|干净|尊重|愿意|喜欢|关心|认真|负责|透明|健康)|没有(?!人)|从不|"
    "从未|从来没"
)
_NEGATION_EN = re.compile(
    r"\bnot\b|n[’']t\b|\bnever\b|\bno\b|\bnone\b|\bnobody\b|\bwithout\b|\black|\bfail|\bstop|\bprevent|\bfree (?:of|"
    r"from)|"
    r"\b(?:un|in|dis|ir|im)\w{4,}|\b\w+less\b|\binstead\b|\bonly\b",
    re.I,
)


@form_rule(
    Facts(
        "duplicate", Severity.WARNING, "trial", message("删去一题，或者写明两题问的有什么不同"),
        (
            Example("食堂的卫生", more=("食堂的卫生状况",)),
            Example("How clean the school is", language="en", more=("The cleanliness of the school",)),
        ),
        (
            Example("学校食堂的卫生", more=("学校宿舍的卫生",)),
            Example("How clean the canteen is", language="en", more=("How clean the toilets are",)),
        ),
    )
)  # fmt: skip
def duplicate(paper: Paper) -> Iterator[Hit]:
    alike: dict[object, list[Wording]] = {}
    for wording in paper.of_part(Part.ITEM, Part.CLOSED, Part.OPEN):
        content = content_of(wording.words, wording.reader.language)
        if content:
            alike.setdefault(content, []).append(wording)
    for first, *others in alike.values():
        for other in others:
            ids = (first.subject, other.subject)
            yield Hit(other.subject, ids, message("与“{id}”问的一样：“{words}”", id=first.subject, words=other.text))


@wording_rule(
    Facts(
        "reverse-mismatch", Severity.ERROR, "trial",
        message("说的是坏事就写 reverse: true，是好事就删去；确实没错的，在 accepted 里写明理由"),
        (
            Example("我常常因为写作业睡得太晚。", audience=STUDENT, scale="agreement"),
            Example("老师尊重孩子。", scale="agreement", reverse=True),
            Example("Teachers shout at us.", language="en", audience=STUDENT, scale="agreement"),
        ),
        (
            Example("我常常因为写作业睡得太晚。", audience=STUDENT, scale="agreement", reverse=True),
            Example("校园欺凌的防治工作"),
            Example("Teachers respect us.", language="en", audience=STUDENT, scale="agreement"),
        ),
        must_be_answered=True,
    ),
    Part.ITEM,
)  # fmt: skip
def reverse_mismatch(wording: Wording) -> Message | None:
    options = wording.options
    rises = _rises_with_agreement(options) if options else None
    polarity = polarity_of(wording.core, wording.reader.language)
    if rises is None or polarity == 0:
        return None
    if wording.reverse:
        rises = not rises
    if polarity < 0 and rises:
        return message("说的像是坏事，同意的人却得高分：“{words}”", words=wording.text)
    if polarity > 0 and not rises:
        return message("说的像是好事，同意的人却得低分：“{words}”", words=wording.text)
    return None


def _rises_with_agreement(options: OptionList) -> bool | None:
    """Whether "agree" and "always" earn more points than "disagree" and "never"; None for other scales."""
    if (
        options.points is None
        or options.has_ideal
        or not families(options.labels) & {Family.AGREEMENT, Family.FREQUENCY}
    ):
        return None
    known = [
        (degree.level, points)
        for label, points in zip(options.labels, options.points, strict=True)
        if (degree := read_label(label))
    ]
    if len(known) < 2 or max(known)[1] == min(known)[1]:
        return None
    return max(known)[1] > min(known)[1]


@wording_rule(
    Facts(
        "scale-mismatch", Severity.WARNING, "SG", message("改题目的问法，或者换一个量表，让选项答得上题目"),
        (
            Example("您多久参加一次家长会？"),
            Example("How satisfied are you with the canteen?", language="en", scale="agreement"),
        ),
        (
            Example("您对学校食堂满意吗？"),
            Example("How satisfied are you with the canteen?", language="en"),
        ),
    ),
    Part.ITEM, Part.CLOSED,
)  # fmt: skip
def scale_mismatch(wording: Wording) -> Message | None:
    stated = families(wording.options.labels) - {Family.OTHER} if wording.options else set()
    if len(stated) != 1:
        return None
    (family,) = stated
    asked = _family_asked(wording)
    if asked is None or asked is family:
        return None
    return message("问的和选项对不上：“{words}”", words=wording.text)


def _family_asked(wording: Wording) -> Family | None:
    core = wording.core
    for pattern, family in (
        (_ASKS_FREQUENCY, Family.FREQUENCY), (_ASKS_AGREEMENT, Family.AGREEMENT),
        (_ASKS_SATISFACTION, Family.SATISFACTION),
    ):  # fmt: skip
        if pattern.search(core):
            return family
    stated = families(wording.options.labels) if wording.options else set()
    is_noun = wording.reader.language == "zh" and _NOUN_PHRASE.search(core) and not re.search("[我。?,]", core)
    is_led = wording.asks_by_lead
    return Family.SATISFACTION if is_noun and not is_led and Family.AGREEMENT in stated else None


@wording_rule(
    Facts(
        "translation-polarity", Severity.WARNING, "trial", message("一种语言说的是好，另一种说的是坏：对照着改"),
        (Example("孩子在校的安全保障", text_en="How unsafe your child is at school"),),
        (Example("我没有被欺负过。", text_en="I have not been bullied.", audience=STUDENT, scale="agreement"),),
    )
)  # fmt: skip
def translation_polarity(wording: Wording) -> Message | None:
    if wording.reader.language != "zh" or not {"zh", "en"} <= set(wording.translations):
        return None
    chinese, english = (
        without_brackets(normal(wording.translations["zh"])),
        without_brackets(normal(wording.translations["en"])),
    )
    seen = _BAD_EN.search(english)
    if (
        seen
        and not _BAD.search(chinese)
        and count_negations(english, "en") % 2 == (seen[0].lower().startswith(("un", "dis", "in")))
    ):
        return message("中文没有否定，英文是“{words}”", words=seen[0])
    plain = _PLAIN_NEGATION.search(re.sub("有没有|不能|不会(?=的)", "", chinese))
    if (
        plain
        and count_negations(chinese, "zh") == 1
        and not _NEGATION_EN.search(english)
        and not _BAD_EN.search(english)
    ):
        return message("中文是“{words}”，英文没有否定", words=plain[0])
    return None


@wording_rule(
    Facts(
        "translation-mismatch", Severity.WARNING, "trial", message("两种语言说的要一样：数字、范围和括号里的话"),
        (Example("本学期家长会的次数", text_en="The number of parents' evenings in the last 3 years"),),
        (Example("学校收费的透明程度", text_en="How transparent the school's charges are"),),
    )
)  # fmt: skip
def translation_mismatch(wording: Wording) -> Message | None:
    if wording.reader.language != "zh" or not {"zh", "en"} <= set(wording.translations):
        return None
    chinese, english = normal(wording.translations["zh"]), normal(wording.translations["en"])
    for one, other in ((chinese, english), (english, chinese)):
        missing = _digits(one) - _numbers(other)
        if missing:
            return message("数字“{words}”只在一种语言里", words=min(missing))
        if "(" in one and "(" not in other and not _INSTEAD_OF_BRACKETS.search(other):
            return message("括号里的话只在一种语言里：“{words}”", words=one)
    return None


def _digits(words: str) -> set[str]:
    return {number.lstrip("0") or "0" for number in re.findall(r"\d+", words)}


def _numbers(words: str) -> set[str]:
    lowered = words.lower()
    return _digits(words) | {
        digit for word, digit in _SMALL_NUMBERS.items()
        if (word in lowered if not word.isascii() else re.search(rf"\b{word}\b", lowered))
    }  # fmt: skip
