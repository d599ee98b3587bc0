"""Where the files of replies lie: in a folder of this installation's own, beside the secrets and never inside them.

Several installations may keep their secrets side by side, so the folder bears a name that only the own database knows.
Before that all files lay in one folder: they are still read there, and move when something is due.
"""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.foundation.private_files import make_private_directory
from survey_app.foundation.stored_settings import StoredSetting

from .models import CaseAttachment

SHARED, NAME_KEY = "attachments", "attachments"


@dataclass(frozen=True, slots=True)
class AttachmentFolder:
    """``shared`` holds the folders of all installations, and files from before they had any.

    ``name`` is empty until something is written; then nothing here is known to be one's own.
    """

    shared: Path
    name: str

    @property
    def own(self) -> Path:
        return self.shared / self.name

    def path_of(self, stored_as: str) -> Path:
        """Where a file is, or would be."""
        own, before = self.own / stored_as, self.shared / stored_as
        return before if not own.is_file() and before.is_file() else own

    def paths(self, listed: Iterable[str]) -> list[Path]:
        """Return every file of this installation: what lies in its folder, and what its rows know of elsewhere."""
        inside = [path for path in self.own.glob("*") if path.is_file()] if self.name else []
        elsewhere = [self.path_of(stored_as) for stored_as in listed if not (self.own / stored_as).is_file()]
        return sorted({*inside, *(path for path in elsewhere if path.is_file())})


def attachment_folder(session: Session, secrets_dir: Path) -> AttachmentFolder:
    row = session.get(StoredSetting, NAME_KEY)
    return AttachmentFolder(secrets_dir.parent / SHARED, row.value if row else "")


def name_folder(session: Session, folder: AttachmentFolder) -> AttachmentFolder:
    """The same with a name of its own, which the database keeps; of two who are first at once one's holds for both."""
    if session.get(StoredSetting, NAME_KEY) is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(StoredSetting(key=NAME_KEY, value=secrets.token_hex(8)))
    session.expire_all()
    return AttachmentFolder(folder.shared, session.get_one(StoredSetting, NAME_KEY).value)


def rename_folder(session: Session, folder: AttachmentFolder) -> AttachmentFolder:
    """Another name: a database that was restored is another installation than the one that was backed up."""
    if (row := session.get(StoredSetting, NAME_KEY)) is not None:
        session.delete(row)
        session.flush()
    return name_folder(session, folder)


def move_into_folder(session: Session, folder: AttachmentFolder) -> int:
    """Move what this installation kept in the shared folder before into its own; return how many files that were."""
    listed = [name for name in session.scalars(select(CaseAttachment.stored_as)) if not (folder.own / name).is_file()]
    count = 0
    for stored_as in listed if folder.name else ():
        with suppress(OSError):
            make_private_directory(folder.own)
            (folder.shared / stored_as).replace(folder.own / stored_as)
            count += 1
    return count


def copies_elsewhere(folder: AttachmentFolder, stored_as: str) -> list[Path]:
    """Return where another installation on this machine has a file of this name, which is never given twice."""
    return [path for path in folder.shared.glob(f"*/{stored_as}") if path.parent != folder.own]
