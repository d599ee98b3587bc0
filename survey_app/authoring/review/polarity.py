"""Whether a statement says something good or something bad. Where both or neither is seen, it is not decided."""

import re

_ASKED = re.compile("有没有|是不是|会不会|能不能")
_BAD = re.compile(
    "太(?:晚|早|多|少|重|难|吵|贵|慢|快|冷|热|挤|小|累|长|短|远|大)|睡不[够好着]|欺负|欺凌|打骂|体罚|辱骂|挤占|占用|"
    "乱收费|害怕|讨厌|无聊|压力(?:很|太|特别)?大|"
    "负担(?:很|太|过)?重|拥挤|吵闹|嘲笑|孤立|由家长(?:来)?完成|(?:替|代)[^,。]{0,4}(?:完成|写)|拖堂|浪费|听不懂|"
    "学不会|写不完|没时间|没有时间|冷漠|"
    "不耐烦|偏心|忽视|凉的|冷的|难吃|很差|很脏|很乱|违规|收礼|骂|打人|疲[惫劳]|焦虑|后悔|难过|敷衍|推诿|刁难|"
    "形式主义|不(?:公平|公正|尊重|清楚|安全|方便|"
    "关心|合理|干净|透明|及时|够|愿意|喜欢|想上学)"
)
_GOOD = re.compile(
    "尊重|关心|公平|公正|清楚|安全|喜欢|愿意|耐心|及时|方便|认真|负责|有用|开心|快乐|满意|干净|整洁|舒适|舒服|合理|"
    "合适|丰富|有趣|听得懂|自由|"
    "鼓励|表扬|信任|友好|友善|温暖|能得到|得到[^,。]{0,6}(?:帮助|支持)|够[大长亮用]|有收获|公开|透明|准时|好吃|安静"
)
_NEGATED = re.compile(
    "(?:不|没有?|从不|从未|从来没|很少|不会|防止|避免|减少|制止|禁止|缺少|缺乏|不够|难以|不再|无)[^,。;?!]{0,3}$"
)
_BAD_EN = re.compile(
    r"\btoo (?:late|early|much|many|little|few|hard|difficult|noisy|expensive|slow|cold|hot|crowded|small|long|"
    r"short)\b|\bbull(?:y|ied|ies|ying)\b|"
    r"\b(?:afraid|scared|unfair(?:ly)?|shouts?|shouted|punish(?:es|ed)?|bored|boring|tired|noisy|dirty|crowded|"
    r"unsafe|unclear|useless|waste[sd]?|"
    r"insult(?:s|ed)?|ignored?|ignores|stress(?:ed|ful)?|anxious|laugh(?:s|ed)? at|teas(?:e|es|ed)|hit|hits|cold|"
    r"rude|impatient|lonely)\b",
    re.I,
)
_GOOD_EN = re.compile(
    r"\b(?:respects?|fair(?:ly)?|safe|help(?:s|ful)?|listens?|kind|clean|happy|enjoys?|useful|clear(?:ly)?|easy|"
    r"likes?|friendly|patient|willing|"
    r"supports?|cares?|encourages?|punctual|quiet|free time|trusts?|honest|interesting)\b",
    re.I,
)
_NEGATED_EN = re.compile(
    r"(?:\b(?:not|never|no|without|rarely|seldom|hardly|stop|prevent|cannot)\b|n[’']t\b)(?:\W+\w+){0,3}\W*$", re.I
)


def polarity_of(words: str, language: str) -> int:
    """1 for something good, −1 for something bad, 0 where it cannot be said: something bad may only be the occasion.

    >>> polarity_of("老师从不体罚学生。", "zh"), polarity_of("睡得太晚。", "zh"), polarity_of("秩序", "zh")
    (1, -1, 0)
    >>> polarity_of("My teachers never shout.", "en")
    1
    """
    if language not in ("zh", "en"):
        return 0
    words = _ASKED.sub("", words)
    bad, good, negated = (_BAD_EN, _GOOD_EN, _NEGATED_EN) if language == "en" else (_BAD, _GOOD, _NEGATED)
    last = max(words.rstrip(" .。!?").rfind(sign) for sign in ",;")
    signs = {
        0 if match.start() < last or _is_occasion(words, match) else _sign(words, match, -1, negated)
        for match in bad.finditer(words)
    }
    covered = [match.span() for match in bad.finditer(words)]
    for match in good.finditer(words):
        if not any(start <= match.start() < end for start, end in covered):
            signs.add(_sign(words, match, 1, negated))
    return signs.pop() if len(signs) == 1 else 0


def _is_occasion(words: str, match: re.Match[str]) -> bool:
    """Whether it only says when something happens: 被欺负时, when bullied."""
    is_before = re.search(r"\b(?:when|whenever|if|in case)\b[^,.;]*$", words[: match.start()], re.I)
    return is_before is not None or re.match("[^,。;的]{0,3}(?:时|的时候)", words[match.end() :]) is not None


def _sign(words: str, match: re.Match[str], sign: int, negated: re.Pattern[str]) -> int:
    return -sign if negated.search(words[: match.start()]) else sign
