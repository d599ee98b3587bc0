"""Whether a translation is one: Chinese characters left over where nobody writes them."""

import re

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_GLOSS = re.compile("\\([^()]*\\)|（[^（）]*）|“[^“”]*”|「[^「」]*」|《[^《》]*》|\"[^\"]*\"|'[^']*'")
_STILL_TO_DO = re.compile("待(补|译|翻译|定)|未(译|翻译)|TODO|TBD|FIXME")
_WRITTEN_IN_HAN = frozenset(
    {"zh", "ja", "ko", "yue", "wuu", "nan", "hak", "gan", "hsn", "cmn", "cdo", "cjy", "lzh", "mnp"}
)


def has_untranslated_words(words: str, tag: str) -> bool:
    """Return whether a text still has words of the Chinese original; in brackets or quotes they are a gloss.

    >>> has_untranslated_words("题二。", "en"), has_untranslated_words("Household register (户口)", "en")
    (True, False)
    >>> has_untranslated_words("Canteen（英文待补）", "en"), has_untranslated_words("食堂", "zh-Hant")
    (True, False)
    """
    if tag.partition("-")[0].lower() in _WRITTEN_IN_HAN:
        return False
    return bool(_STILL_TO_DO.search(words) or _HAN.search(_GLOSS.sub(" ", words)))
