"""The product's server settings for the bare reference, which has no installation to look at."""

from pathlib import Path

exec(Path("deploy/gunicorn.conf.py").read_text("utf-8"))
del on_starting  # type: ignore[name-defined]  # noqa: F821
