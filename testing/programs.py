"""Programs beside Python that the tests need: found, or installed where that is possible, or missing out loud."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_PLACES = (
    "/usr/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip
OFFICE_NAMES = ("soffice", "libreoffice")
OFFICE_PLACES = ("/usr/bin/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice",
                 "C:/Program Files/LibreOffice/program/soffice.exe")  # fmt: skip
PACKAGES = {
    "CHROME_PATH": ["chromium", "fonts-noto-cjk"],
    "OFFICE_PATH": ["libreoffice-calc"],
    "POSTGRES_BIN": ["postgresql"],
    "NGINX_PATH": ["nginx"],
}


def chromium() -> str | None:
    return os.environ.get("CHROME_PATH") or _first(CHROMIUM_NAMES, CHROMIUM_PLACES) or _of_playwright()


def _of_playwright() -> str | None:
    homes = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    return next((str(path) for home in homes for path in sorted(home.glob("chromium-*/*/chrome"))), None)


def office() -> str | None:
    return os.environ.get("OFFICE_PATH") or _first(OFFICE_NAMES, OFFICE_PLACES)


def postgres_bin() -> str | None:
    """The directory with initdb and postgres."""
    if folder := os.environ.get("POSTGRES_BIN"):
        return folder
    if path := shutil.which("initdb"):
        return str(Path(path).resolve().parent)  # the other programs lie beside the real one
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return str(found[-1].parent) if found else None


def nginx() -> str | None:
    return os.environ.get("NGINX_PATH") or _first(("nginx",), ("/usr/sbin/nginx", "/opt/homebrew/bin/nginx"))


FINDERS = {"CHROME_PATH": chromium, "OFFICE_PATH": office, "POSTGRES_BIN": postgres_bin, "NGINX_PATH": nginx}


def found_or_installed() -> dict[str, str]:
    """Environment variables with the programs' places; what is missing in CI ends the run."""
    missing = [name for name, find in FINDERS.items() if find() is None]
    if missing and _is_debian_root():
        _apt_install([package for name in missing for package in PACKAGES[name]])
    if FINDERS["CHROME_PATH"]() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    found = {name: place for name, find in FINDERS.items() if (place := find())}
    for name in FINDERS.keys() - found.keys():
        line = f"!!! {name}: {' '.join(PACKAGES[name])} 没有找到，相关测试跳过 · not found, its tests are skipped"
        print(line, file=sys.stderr, flush=True)
        if os.environ.get("CI"):
            raise SystemExit(f"CI needs {name}")
    return found


def _first(names: tuple[str, ...], places: tuple[str, ...]) -> str | None:
    on_path = (shutil.which(name) for name in names)
    return next((place for place in (*on_path, *places) if place and Path(place).exists()), None)


def _is_debian_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(packages: list[str]) -> None:
    print(f"── apt-get install {' '.join(packages)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, **quiet)  # type: ignore[call-overload]
