"""Keeps the catalogues in step with the sources: new sentences are added, old ones removed.

``python scripts/catalogue.py`` updates every file of ``survey_app/translations`` and says how many sentences still need
a translation; ``--check`` changes nothing and fails if there are any, or some that nothing says any more.
``flask catalogue`` does the same for one language, and says what else it lacks.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the program need not be installed

from survey_app.foundation.catalogue import catalogue_state, write_catalogue
from survey_app.foundation.translation import SOURCE_LANGUAGE, frame_languages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    is_complete = True
    for tag in frame_languages():
        if tag == SOURCE_LANGUAGE:
            continue
        if not check:
            write_catalogue(tag)
        state = catalogue_state(tag)
        faults = (*state.untranslated, *state.stale)
        print(f"{tag}: {state.sentence_count} sentences, {len(state.untranslated)} without a translation", end="")
        print(f", {len(state.stale)} that nothing says" if state.stale else "")
        for text in faults if check else ():
            print(f"  {text}")
        is_complete = is_complete and not faults
    return 1 if check and not is_complete else 0


if __name__ == "__main__":
    sys.exit(main())
