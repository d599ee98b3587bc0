"""Settings come from the environment; their defaults suit one machine."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """``base_url`` is what QR codes contain; ``behind_proxy`` trusts one X-Forwarded-For hop."""

    database_url: str
    secrets_dir: Path
    base_url: str
    questionnaires_dir: Path = PROJECT / "questionnaires"
    office_name: str = "教育督导室"
    office_contact: str = ""
    behind_proxy: bool = False
    open_link_per_second: float = 20.0  # submissions that an open link takes in the long run, and at once
    open_link_burst: float = 400.0
    seal_after: timedelta = timedelta(days=1)  # between the recorded closing and the seal by itself
    allow_local_address: bool = False  # the demo prints addresses that only this machine reaches
    link_cache_seconds: float = 1.0  # how long a node may not yet know that a wave was closed by hand
    denial_seconds: float = 5.0  # how long refused requests are counted in memory before they are written

    @classmethod
    def from_environment(cls) -> "Settings":
        instance = Path(os.environ.get("INSTANCE_DIR", PROJECT / "instance"))
        return cls(
            database_url=database_url(os.environ.get("DATABASE_URL", f"sqlite:///{instance / 'survey.db'}")),
            secrets_dir=Path(os.environ.get("SECRETS_DIR", instance / "secrets")),
            base_url=os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
            questionnaires_dir=Path(os.environ.get("QUESTIONNAIRES_DIR", PROJECT / "questionnaires")),
            office_name=os.environ.get("OFFICE_NAME", "教育督导室"),
            office_contact=os.environ.get("OFFICE_CONTACT", ""),
            behind_proxy=os.environ.get("BEHIND_PROXY", "") == "1",
            open_link_per_second=float(os.environ.get("OPEN_LINK_PER_SECOND", "20")),
            seal_after=timedelta(hours=float(os.environ.get("SEAL_AFTER_HOURS", "24"))),
            open_link_burst=max(300.0, float(os.environ.get("OPEN_LINK_BURST", "400"))),
        )

    @property
    def backup_dir(self) -> Path:
        """Beside the secrets, never inside them."""
        return self.secrets_dir.parent / "backups"

    @property
    def assessment_dir(self) -> Path:
        return self.questionnaires_dir / "assessment"


def database_url(url: str) -> str:
    """The URL with the driver that this program uses."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
