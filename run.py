#!/usr/bin/env python3
"""The newcomer's door, with nothing but Python: ``demo``, ``start`` and ``test``.

Makes ``.venv``, installs the hashed lock, remembers it, and starts.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INSTALLED = ENVIRONMENT / "installed.txt"
LOCKS = {"app": HERE / "locks" / "app.txt", "test": HERE / "locks" / "test.txt"}
USAGE = """用法 · usage:
  python3 run.py demo     演示区：24 所学校，一批已完成、一批进行中 · a demo district
  python3 run.py start    正式使用 · real use on the embedded database
  python3 run.py test     安装测试所需并运行全部测试 · install what the tests need and run all of them
"""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        print("需要 Python 3.11 或更新的版本 · Python 3.11 or newer is needed", file=sys.stderr)
        return 2
    modules = {
        "demo": ("app", "survey_app.demo.command"),
        "start": ("app", "survey_app.demo.start"),
        "test": ("test", "testing.check"),
    }
    if not arguments or arguments[0] not in modules:
        print(USAGE, file=sys.stderr)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    lock, module = modules[arguments[0]]
    prepare(lock)
    command = [str(PYTHON), "-m", module, *arguments[1:]]
    if os.name != "nt":  # the same process: what stops this one stops the server
        os.chdir(HERE)
        os.execv(command[0], command)
    try:
        return subprocess.run(command, cwd=HERE, check=False).returncode
    except KeyboardInterrupt:
        return 0


def prepare(lock: str) -> None:
    """Makes the environment match the lock; does nothing if it already does."""
    fingerprints = {name: f"{name}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for name, path in LOCKS.items()}
    known = INSTALLED.read_text() if INSTALLED.exists() and PYTHON.exists() else ""
    enough = {fingerprints["test"], fingerprints[lock]}  # the test lock contains the application's
    if known in enough:
        return
    print("正在准备运行环境（第一次约一分钟）· preparing the environment …", file=sys.stderr, flush=True)
    install(LOCKS[lock])
    INSTALLED.write_text(fingerprints[lock])


def install(lock: Path) -> None:
    uv = shutil.which("uv")
    fresh = not PYTHON.exists()
    if uv:
        commands = [[uv, "venv", "--quiet", "--python", sys.executable, str(ENVIRONMENT)]] if fresh else []
        commands += [
            [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python", str(PYTHON), str(lock)]
        ]
    else:
        commands = [[sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]] if fresh else []
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        commands += [[*pip, "install", "--require-hashes", "-r", str(lock)]]
    for command in commands:
        if subprocess.run(command, cwd=HERE, check=False).returncode:
            raise SystemExit("安装没有成功，请检查网络后重试 · installing failed; check the network and try again")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
