"""Languages as headings of a workbook name them."""

import re

from survey_app.definition.languages import is_language_tag

_NAMES = {
    "zh": ("中文", "汉语", "chinese", "简体中文", "mandarin", "zhongwen"),
    "en": ("英文", "英语", "english", "anglais", "ingles", "englisch"),
    "ug": ("维吾尔文", "维文", "uyghur", "uighur"), "bo": ("藏文", "tibetan"), "mn": ("蒙古文", "蒙文", "mongolian"),
    "kk": ("哈萨克文", "哈文", "kazakh"), "ko": ("朝鲜文", "韩文", "korean"), "ja": ("日文", "japanese"),
    "fr": ("法文", "french", "francais", "français"), "de": ("德文", "german", "deutsch"),
    "es": ("西班牙文", "spanish", "español", "espanol"),
    "pt": ("portuguese", "português"), "it": ("italian", "italiano"),
    "ru": ("俄文", "russian"), "ar": ("arabic",), "fa": ("persian", "farsi"), "prs": ("dari",), "ps": ("pashto",),
    "sw": ("swahili", "kiswahili"), "ig": ("igbo",), "ha": ("hausa",), "yo": ("yoruba",), "am": ("amharic",),
    "hi": ("hindi",), "bn": ("bengali", "bangla"), "ur": ("urdu",), "ne": ("nepali",), "id": ("indonesian", "bahasa"),
    "vi": ("vietnamese",), "th": ("thai",), "my": ("burmese",), "km": ("khmer",), "tr": ("turkish",),
    "uk": ("ukrainian",), "pl": ("polish",), "mk": ("macedonian",), "so": ("somali",), "rw": ("kinyarwanda",),
    "et": ("estonian", "eesti"), "nl": ("dutch", "nederlands"),
}  # fmt: skip
_TAG_BY_NAME = {name: tag for tag, names in _NAMES.items() for name in names}
_TAG_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z-]{2,20})\s*\)\s*$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
LABELS_OF_LANGUAGES = {tag: names[0] for tag, names in _NAMES.items()}


def language_tag(words: str) -> str:
    """Return the tag of a language that a heading names, or nothing.

    >>> language_tag("English (en)"), language_tag("英文"), language_tag("Igbo"), language_tag("Klingon")
    ('en', 'en', 'ig', '')
    """
    normal = words.strip()
    if (found := _TAG_IN_BRACKETS.search(normal)) and is_language_tag(found[1]):
        return found[1]
    bare = normal.split("(")[0].strip().casefold()
    if bare in _TAG_BY_NAME:
        return _TAG_BY_NAME[bare]
    return normal if is_language_tag(normal) and (len(normal) <= 3 or "-" in normal) else ""


def guess_language(texts: list[str]) -> str:
    """Return the language that nobody states: Chinese where the texts are mostly written in it, else English."""
    chinese = sum(bool(_CHINESE.search(text)) for text in texts)
    return "zh" if chinese * 2 >= len(texts) else "en"
