"""Makes the fonts of printed files: Noto Sans SC and, for official letters, Noto Serif SC, cut down to GB2312, the
通用规范汉字表 and Latin.

Sources: the whole TrueType files of the npm packages ``@expo-google-fonts/noto-sans-sc`` and ``…/noto-serif-sc``
(0.4.3), and ``Unihan_OtherMappings.txt.bz2`` of Debian's ``unicode-data`` (property kTGH). Needs the test environment
(fonttools)::

    python scripts/make_fonts.py --regular NotoSansSC_400Regular.ttf --bold NotoSansSC_700Bold.ttf \\
        --serif NotoSerifSC_400Regular.ttf --unihan Unihan_OtherMappings.txt.bz2
"""

import argparse
import bz2
from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).parents[1] / "survey_app" / "foundation" / "fonts"
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2040),
    0x20AC,
    0x2122,
    0x2190,
    0x2192,
    0x2713,
    0x25CF,
]


def gb2312() -> set[int]:
    """Every character of the two-byte GB2312 table."""
    rows = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ord(letter) for pair in rows if len(letter := pair.decode("gb2312", "ignore")) == 1}


def standard_characters(unihan: Path) -> set[int]:
    """The 通用规范汉字表 (2013), as Unicode's kTGH property lists it."""
    with bz2.open(unihan, "rt", encoding="utf-8") as file:
        return {int(line.split("\t")[0][2:], 16) for line in file if "\tkTGH\t" in line}


def cut(source: Path, target: Path, wanted: set[int]) -> None:
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("regular", "bold", "serif", "unihan"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    wanted = gb2312() | standard_characters(given.unihan) | set(LATIN)
    cut(given.regular, FONTS / "NotoSansSC-Regular.ttf", wanted)
    cut(given.bold, FONTS / "NotoSansSC-Bold.ttf", wanted)
    cut(given.serif, FONTS / "NotoSerifSC-Regular.ttf", wanted)


if __name__ == "__main__":
    main()
