"""What a question is about, without the words that all questions share: two with the same content are one."""

import re

_FRAMES = re.compile(
    "总体来看|总的来说|请问|(?:您|你)?同意吗|(?:您|你)?(?:对|觉得|认为)|(?:感到)?(?:是否)?满意(?:程度|度|吗|不满意)?|"
    "是否|如何|怎么样|怎样|"
    "(?:情况|状况|程度)|本学期|这学期"
)
_WEAK = re.compile("[的了吗呢您你我]|[^\\w]")
_FRAMES_EN = frozenset(
    re.findall(
        r"\w+",
        "how are is was were be you your the a an of with at in to do does satisfied what it this that and overall so "
        "there has have been my our their its much many i we",
    )
)
_ENDINGS = (
    "liness",
    "iness",
    "ness",
    "ments",
    "ment",
    "ity",
    "ily",
    "ly",
    "ing",
    "ies",
    "es",
    "ed",
    "er",
    "s",
    "y",
    "e",
)


def content_of(words: str, language: str) -> object:
    """Something that two texts share where they ask the same; falsy where nothing is left to compare.

    >>> content_of("您对食堂的卫生状况是否满意？", "zh") == content_of("食堂的卫生", "zh")
    True
    >>> content_of("How clean the school is", "en") == content_of("The cleanliness of the school", "en")
    True
    """
    if language == "en":
        bare = words.lower().replace("’", "'")
        return tuple(sorted(_stem(word) for word in re.findall(r"[a-z0-9'-]+", bare) if word not in _FRAMES_EN))
    content = _WEAK.sub("", _FRAMES.sub("", words))
    return content if len(content) > 1 else ""


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
