"""Files that schools reply with: what they are is read from their content, and they lie outside the database.

A file is written before its row is committed, under a random name that is never used again; so a backup of the folder
holds at least what the database knows of, and what no row knows of can be deleted after a day.
"""

import io
import secrets
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry
from survey_app.foundation.errors import user_error
from survey_app.foundation.private_files import make_private_directory, write_private_file

from .attachment_folder import AttachmentFolder, copies_elsewhere, name_folder
from .case_steps import AT_SCHOOL, STATE_LABELS
from .cases import Actor, draft_attachments, locked_case
from .models import CaseAttachment
from .upload_limits import MAX_FILES, MAX_SIZE

UNLISTED_SECONDS = 24 * 3600
WORD_TYPES = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class AttachmentKind:
    """A kind of file. ``matches`` looks at the content; the ending of the name must agree with it."""

    id: str
    label: Message
    mimetype: str
    endings: tuple[str, ...]
    matches: Callable[[bytes], bool]


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _has_parts(folder: str) -> Callable[[bytes], bool]:
    """A document of Office without macros, which holds this folder."""

    def matches(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and not has_macros and any(name.startswith(folder) for name in names)

    return matches


ATTACHMENT_KINDS: Registry[AttachmentKind] = Registry(
    AttachmentKind("pdf", message("PDF"), "application/pdf", (".pdf",), _begins(b"%PDF-")),
    AttachmentKind("jpeg", message("照片（JPG）"), "image/jpeg", (".jpg", ".jpeg"), _begins(b"\xff\xd8\xff")),
    AttachmentKind("png", message("图片（PNG）"), "image/png", (".png",), _begins(b"\x89PNG\r\n\x1a\n")),
    AttachmentKind(
        "docx", message("Word（docx）"), f"{WORD_TYPES}.wordprocessingml.document", (".docx",), _has_parts("word/")
    ),
    AttachmentKind(
        "xlsx", message("Excel（xlsx）"), f"{WORD_TYPES}.spreadsheetml.sheet", (".xlsx",), _has_parts("xl/")
    ),
)


def check_attachment(name: str, content: bytes) -> AttachmentKind:
    """Return what a file is. Raises :class:`UserError` where it is too large, empty, or not what its name says."""
    if not content:
        raise user_error("“{name}”是空的", name=name)
    if len(content) > MAX_SIZE:
        raise user_error("“{name}”超过 {max} MB，请压缩以后再传", name=name, max=MAX_SIZE // 1024**2)
    kind = next((kind for kind in ATTACHMENT_KINDS if kind.matches(content)), None)
    if kind is None:
        known = "、".join(ending for kind in ATTACHMENT_KINDS for ending in kind.endings)
        raise user_error("“{name}”不能用：只收 {known}，按内容辨认，不带宏", name=name, known=known)
    if not name.lower().endswith(kind.endings):
        raise user_error("“{name}”的内容是 {kind}，和文件名不符：请用 {endings} 结尾的名字", name=name, kind=kind.label,
                         endings="、".join(kind.endings))  # fmt: skip
    return kind


def add_attachment(
    session: Session, folder: AttachmentFolder, case_id: int, name: str, content: bytes, actor: Actor
) -> CaseAttachment:
    """Keep a file with the draft of a reply. Raises :class:`UserError`; the file is there before the row is.

    The same file sent twice, by a second press or after a connection was lost, is there once.
    """
    kind = check_attachment(name, content)
    case = locked_case(session, case_id)
    if case.state not in AT_SCHOOL:
        raise user_error("现在是“{state}”，不能再加附件", state=STATE_LABELS[case.state])
    drafts, digest = draft_attachments(session, case), sha256(content).hexdigest()
    if (same := next((each for each in drafts if (each.name, each.sha256) == (name, digest)), None)) is not None:
        return same
    if len(drafts) >= MAX_FILES:
        raise user_error("附件最多 {max} 个", max=MAX_FILES)
    stored_as = f"{secrets.token_hex(16)}{kind.endings[0]}"
    try:
        own = name_folder(session, folder).own
        make_private_directory(own)
        write_private_file(own / stored_as, content)
    except OSError as error:
        raise user_error("“{name}”没有存下：服务器写不进文件。请告诉系统管理员，过后再传", name=name) from error
    attachment = CaseAttachment(
        case_id=case.id, step=None, name=name, mimetype=kind.mimetype, size=len(content),
        sha256=digest, stored_as=stored_as, who=actor.name, at=actor.now,
    )  # fmt: skip
    session.add(attachment)
    session.flush()
    return attachment


def remove_attachment(session: Session, case_id: int, attachment_id: int) -> CaseAttachment:
    """Take one away that was not sent; its file is deleted later. Raises :class:`UserError`."""
    case = locked_case(session, case_id)
    attachment = next((entry for entry in draft_attachments(session, case) if entry.id == attachment_id), None)
    if attachment is None or case.state not in AT_SCHOOL:
        raise user_error("这个附件已经报送，或者已经删掉")
    session.delete(attachment)
    session.flush()
    return attachment


def read_attachment(folder: AttachmentFolder, attachment: CaseAttachment) -> bytes:
    """Return the content. Raises :class:`UserError` where it is not there any more, or was changed."""
    try:
        content = folder.path_of(attachment.stored_as).read_bytes()
    except OSError as error:
        raise user_error("附件“{name}”的文件不见了：请告诉系统管理员，从备份恢复", name=attachment.name) from error
    if sha256(content).hexdigest() != attachment.sha256:
        raise user_error("附件“{name}”的文件和当时传的不一样：请告诉系统管理员", name=attachment.name)
    return content


def faulty_attachments(session: Session, folder: AttachmentFolder, is_quick: bool = False) -> list[str]:
    """Return the names of those whose file is missing or was changed; ``is_quick``: by its size alone."""
    faulty = []
    for attachment in session.scalars(select(CaseAttachment).order_by(CaseAttachment.id)):
        path = folder.path_of(attachment.stored_as)
        is_same = path.is_file() and path.stat().st_size == attachment.size
        if not is_same or not (is_quick or sha256(path.read_bytes()).hexdigest() == attachment.sha256):
            faulty.append(f"{attachment.stored_as} ({attachment.name})")
    return faulty


def attachment_paths(session: Session, folder: AttachmentFolder) -> list[Path]:
    """Return every file of this installation, for a backup."""
    return folder.paths(session.scalars(select(CaseAttachment.stored_as)))


def take_copies(session: Session, folder: AttachmentFolder) -> int:
    """Copy what is missing from the folder of the installation that was backed up, where it is on this machine still.

    Return how many files that were; what was changed is not taken.
    """
    count = 0
    for attachment in session.scalars(select(CaseAttachment).order_by(CaseAttachment.id)):
        if folder.path_of(attachment.stored_as).is_file():
            continue
        contents = (path.read_bytes() for path in copies_elsewhere(folder, attachment.stored_as))
        content = next((each for each in contents if sha256(each).hexdigest() == attachment.sha256), None)
        if content is not None:
            make_private_directory(folder.own)
            write_private_file(folder.own / attachment.stored_as, content)
            count += 1
    return count


def delete_unlisted(session: Session, folder: AttachmentFolder) -> int:
    """Delete files that no row knows of for a day: taken away, or of a request that failed. Return how many.

    Only in the folder of one's own: what no row knows of elsewhere may be another installation's.
    """
    if not folder.name:
        return 0
    listed = set(session.scalars(select(CaseAttachment.stored_as)))
    oldest, count = time.time() - UNLISTED_SECONDS, 0
    for path in folder.own.glob("*"):
        if path.name not in listed and path.stat().st_mtime < oldest:
            with suppress(OSError):
                path.unlink()
                count += 1
    return count
