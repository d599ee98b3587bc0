"""How a survey keeps running for weeks: what is said at the start, for the system it runs on."""

import os
import sys
from collections.abc import Iterator

from survey_app.foundation.settings import PROJECT

TASK = "school-survey"


def how_to_keep_running(arguments: str, system: str = os.name) -> Iterator[str]:
    """Yield lines for the terminal; ``arguments`` are those of this start."""
    yield "这个窗口要一直开着：关了，或电脑睡眠，手机就打不开问卷 · keep this window open and the computer awake"
    yield "开机自动运行 · to run it at every start of the computer:"
    if system == "nt":
        python, script = sys.executable, PROJECT / "run.py"
        command = f'\\"{python}\\" \\"{script}\\" start {arguments}'.rstrip()
        yield f'  schtasks /create /tn {TASK} /sc onstart /ru SYSTEM /tr "{command}"'
    else:
        yield f"  {PROJECT / 'docs' / 'operate.md'}「开机自动运行」 · operate.en.md, “Running at every start”"
