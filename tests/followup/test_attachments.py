"""What a school attaches to its reply: known by its content, kept outside the database, and part of backups."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey_app.followup.attachment_folder import NAME_KEY, AttachmentFolder, attachment_folder, name_folder
from survey_app.followup.attachments import (
    ATTACHMENT_KINDS,
    add_attachment,
    check_attachment,
    delete_unlisted,
    faulty_attachments,
    read_attachment,
    remove_attachment,
)
from survey_app.followup.cases import StepWords, draft_attachments, list_attachments, save_reply, take_step
from survey_app.followup.models import CaseAttachment
from survey_app.followup.upload_limits import MAX_FILES, MAX_SIZE
from survey_app.foundation.db import Database
from survey_app.foundation.errors import UserError
from survey_app.foundation.stored_settings import StoredSetting
from survey_app.integrity.file_backup import back_up_files
from testing.district import District
from testing.rectification import delivered_case, office, open_year, principal

PDF, PNG, JPEG = b"%PDF-1.7\nx", b"\x89PNG\r\n\x1a\nx", b"\xff\xd8\xff\xe0x"


def office_file(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def folder_of(district: District, session: Session) -> AttachmentFolder:
    return name_folder(session, attachment_folder(session, district.app.extensions["settings"].secrets_dir))


def folder_in(database: Path, beside: AttachmentFolder) -> AttachmentFolder:
    """The folder that another database names, in the same place."""
    restored = Database(f"sqlite:///{database}")
    with restored.read_session() as session:
        row = session.get(StoredSetting, NAME_KEY)
    restored.dispose()
    return AttachmentFolder(beside.shared, row.value if row else "")


def kept_file(district: District) -> tuple[CaseAttachment, AttachmentFolder]:
    """A case at the school with a file in the draft of its reply."""
    with district.app.extensions["database"].write_session() as session:
        folder = folder_of(district, session)
        case = delivered_case(session, district, open_year(session, district))
        return add_attachment(session, folder, case.id, "报告.pdf", PDF, principal(district)), folder


WORD = office_file("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("整改报告.PDF", PDF, "pdf"), ("现场.jpeg", JPEG, "jpeg"), ("图.png", PNG, "png"), ("方案.docx", WORD, "docx"),
        ("台账.xlsx", office_file("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_content(name: str, content: bytes, kind: str) -> None:
    assert check_attachment(name, content) is ATTACHMENT_KINDS[kind]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("现场.jpg", PDF, "内容是 PDF，和文件名不符"), ("报告.pdf", b"MZ\x90\x00", "不能用：只收 .pdf"),
        ("网页.pdf", b"<html><script>", "不能用"), ("空.pdf", b"", "空的"), ("假.docx", b"PK\x03\x04broken", "不能用"),
        ("宏.docx", office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "不带宏"),
        ("压缩包.docx", office_file("a.txt"), "不能用"), ("图.svg", b"<svg onload=alert(1)>", "不能用"),
        ("大.pdf", PDF + b"0" * MAX_SIZE, "超过 10 MB"), ("没有结尾", PDF, "和文件名不符"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_refused_with_the_reason(name: str, content: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        check_attachment(name, content)
    assert name in str(refused.value)


def test_files_are_private_and_belong_to_the_reply_they_were_sent_with(
    small_district: District, tmp_path: Path
) -> None:
    actor = principal(small_district)
    with small_district.app.extensions["database"].write_session() as session:
        folder = folder_of(small_district, session)
        case = delivered_case(session, small_district, open_year(session, small_district))
        kept = add_attachment(session, folder, case.id, "报告.pdf", PDF, actor)
        wrong = add_attachment(session, folder, case.id, "错的.png", PNG, actor)
        path = folder.own / kept.stored_as
        assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(folder.own.stat().st_mode)) == (0o600, 0o700)
        assert "报告" not in path.name
        assert read_attachment(folder, kept) == PDF
        remove_attachment(session, case.id, wrong.id)
        take_step(session, case.id, "report", case.step_count, StepWords(note="见附件"), actor)
        assert draft_attachments(session, case) == []
        assert [(entry.name, entry.step) for entry in list_attachments(session, case)] == [("报告.pdf", 3)]
        with pytest.raises(UserError, match="已经报送"):
            remove_attachment(session, case.id, kept.id)
        with pytest.raises(UserError, match="现在是“已报送”，不能再加附件"):
            add_attachment(session, folder, case.id, "再来.pdf", PDF, actor)
        old = folder.own / wrong.stored_as
        assert delete_unlisted(session, folder) == 0, "for a day it may belong to a request that is under way"
        os.utime(old, (0, 0))
        os.utime(path, (0, 0))
        assert delete_unlisted(session, folder) == 1
        assert not old.exists()
        assert faulty_attachments(session, folder) == []
        path.write_bytes(b"changed")
        with pytest.raises(UserError, match="不一样"):
            read_attachment(folder, kept)
        assert faulty_attachments(session, folder) == [f"{kept.stored_as} (报告.pdf)"]
        path.unlink()
        with pytest.raises(UserError, match="不见了"):
            read_attachment(folder, kept)


def test_a_document_of_a_later_format_is_refused_like_any_other() -> None:
    content = office_file("[Content_Types].xml", "word/document.xml")
    later = content.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff")
    assert later != content
    with pytest.raises(UserError, match="不能用"):
        check_attachment("新.docx", later)


def test_a_server_that_cannot_write_says_so(small_district: District, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")
    with small_district.app.extensions["database"].write_session() as session:
        case = delivered_case(session, small_district, open_year(session, small_district))
        with pytest.raises(UserError, match="没有存下"):
            add_attachment(
                session, AttachmentFolder(tmp_path / "files", ""), case.id, "报告.pdf", PDF, principal(small_district)
            )


def test_a_file_of_a_wrong_clock_is_backed_up_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    os.utime(tmp_path / "a.pdf", (0, 0))
    assert back_up_files([tmp_path / "a.pdf"], tmp_path / "x.zip") == 1


def test_a_reply_on_paper_sends_nothing_of_the_draft_that_the_school_keeps(
    small_district: District, tmp_path: Path
) -> None:
    """Drafts are for the school alone: the office that enters a paper knows neither their words nor their files."""
    with small_district.app.extensions["database"].write_session() as session:
        case = delivered_case(session, small_district, open_year(session, small_district))
        draft = add_attachment(
            session, AttachmentFolder(tmp_path / "files", ""), case.id, "没定的.pdf", PDF, principal(small_district)
        )
        save_reply(session, case.id, 0, "还没想好", principal(small_district))
        take_step(session, case.id, "report", case.step_count, StepWords(note="纸上报送"), office(small_district))
        assert (case.reply, draft.step) == ("还没想好", None)
        take_step(session, case.id, "fail", case.step_count, StepWords(note="没有装好"), office(small_district))
        take_step(session, case.id, "report", case.step_count, StepWords(note="装好了"), principal(small_district))
        assert (case.reply, draft.step) == ("装好了", case.step_count)


def test_there_are_ten_at_the_most(small_district: District, tmp_path: Path) -> None:
    with small_district.app.extensions["database"].write_session() as session:
        case = delivered_case(session, small_district, open_year(session, small_district))
        for number in range(MAX_FILES):
            add_attachment(
                session,
                AttachmentFolder(tmp_path / "files", ""),
                case.id,
                f"{number}.pdf",
                PDF,
                principal(small_district),
            )
        with pytest.raises(UserError, match="最多 10 个"):
            add_attachment(
                session, AttachmentFolder(tmp_path / "files", ""), case.id, "x.pdf", PDF, principal(small_district)
            )


def test_attachments_are_part_of_a_backup_and_come_back_with_it(small_district: District, tmp_path: Path) -> None:
    """In a folder of the restored database's own: what is deleted there is not lost where the backup came from."""
    kept, folder = kept_file(small_district)
    backup, restored = tmp_path / "backup.db", tmp_path / "restored.db"
    assert "整改附件 1 个，在 backup.db.files.zip" in small_district.command("backup", "create", "--out", str(backup))
    assert "缺少附件" not in small_district.command("doctor")
    (folder.own / kept.stored_as).unlink()
    runner = small_district.app.test_cli_runner()
    assert f"缺少附件：{kept.stored_as} (报告.pdf)" in runner.invoke(args=["doctor"]).stderr
    said = small_district.command("backup", "restore", str(backup), "--to", f"sqlite:///{restored}")
    assert "整改附件恢复了 1 个" in said
    assert "缺少附件" not in said
    other = folder_in(restored, folder)
    assert other.name not in ("", folder.name)
    assert read_attachment(other, kept) == PDF
    (tmp_path / "backup.db.files.zip").write_bytes(b"PK no archive")
    target = f"sqlite:///{tmp_path / 'again.db'}"
    assert "附件没有恢复" in small_district.command("backup", "restore", str(backup), "--to", target, code=1)


def test_a_backup_without_its_files_finds_them_where_they_still_are(small_district: District, tmp_path: Path) -> None:
    kept, folder = kept_file(small_district)
    backup, restored = tmp_path / "backup.db", tmp_path / "restored.db"
    small_district.command("backup", "create", "--out", str(backup))
    (tmp_path / "backup.db.files.zip").unlink()
    assert "整改附件恢复了 1 个" in small_district.command(
        "backup", "restore", str(backup), "--to", f"sqlite:///{restored}"
    )
    copy = folder_in(restored, folder).own / kept.stored_as
    assert copy.read_bytes() == PDF
    assert (folder.own / kept.stored_as).read_bytes() == PDF


def test_nothing_of_another_installation_is_deleted(small_district: District, tmp_path: Path) -> None:
    """Two whose secrets lie side by side had one folder, and each deleted what the other knew of."""
    kept, folder = kept_file(small_district)
    own, before = folder.own / kept.stored_as, folder.shared / kept.stored_as
    foreign = [folder.shared / "older.pdf", folder.shared / "0123456789abcdef" / "theirs.pdf"]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PDF)
        os.utime(path, (0, 0))
    with small_district.app.extensions["database"].write_session() as session:
        assert delete_unlisted(session, AttachmentFolder(folder.shared, "")) == 0, (
            "before anything is known as one's own"
        )
    own.rename(before)  # as it was before there were folders
    assert read_attachment(folder, kept) == PDF
    assert "整改附件 1 个" in small_district.command("backup", "create", "--out", str(tmp_path / "backup.db"))
    small_district.command("run-due")
    assert (own.is_file(), before.is_file()) == (True, False)
    assert all(path.is_file() for path in foreign)
    assert read_attachment(folder, kept) == PDF


def test_two_who_are_first_at_once_name_one_folder(district: District) -> None:
    with district.app.extensions["database"].write_session() as session:
        folder = name_folder(session, AttachmentFolder(Path("x"), ""))
        assert name_folder(session, AttachmentFolder(Path("x"), "")) == folder
    with district.app.extensions["database"].write_session() as session:
        assert folder_of(district, session).name == folder.name


def test_the_same_file_sent_twice_is_there_once(small_district: District) -> None:
    """A second press, or once more after the connection was lost. Another content under the name is another file."""
    kept, folder = kept_file(small_district)
    actor = principal(small_district)
    with small_district.app.extensions["database"].write_session() as session:
        assert add_attachment(session, folder, kept.case_id, "报告.pdf", PDF, actor).id == kept.id
        assert add_attachment(session, folder, kept.case_id, "报告.pdf", PDF + b"2", actor).id != kept.id
        assert add_attachment(session, folder, kept.case_id, "副本.pdf", PDF, actor).id != kept.id
    assert len(list(folder.own.iterdir())) == 3
