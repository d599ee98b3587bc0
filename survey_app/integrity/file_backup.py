"""Files that lie outside the database, as a ZIP beside the backup of the database, and put back again."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from survey_app.foundation.errors import user_error
from survey_app.foundation.private_files import make_private_directory, make_private_file, write_private_file

SUFFIX = ".files.zip"


def files_beside(backup: Path) -> Path:
    """Where the files of a backup lie."""
    return backup.with_name(backup.name + SUFFIX)


def back_up_files(paths: Sequence[Path], target: Path) -> int:
    """Write files into a ZIP that is read back; return how many there are, and write nothing without any."""
    if not paths:
        return 0
    if target.exists():
        raise user_error("文件 {file} 已存在，请换一个文件名", file=str(target))
    draft = target.with_name(target.name + ".part")
    try:
        make_private_file(draft)
        with zipfile.ZipFile(
            draft, "w", strict_timestamps=False
        ) as archive:  # photographs and documents do not become smaller
            for path in paths:
                archive.write(path, path.name)
        with zipfile.ZipFile(draft) as archive:
            if archive.testzip() is not None:
                raise user_error("备份没有成功：备份文件损坏")
        draft.rename(target)
    except OSError as error:
        raise user_error("备份没有成功：{why}", why=error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    return len(paths)


def restore_files(source: Path, folder: Path) -> int:
    """Put back what is missing in the folder; names are never used twice, so what is there stays. Return how many."""
    try:
        with zipfile.ZipFile(source) as archive:
            missing = [name for name in archive.namelist() if Path(name).name == name and not (folder / name).exists()]
            if missing:
                make_private_directory(folder)
            for name in missing:
                write_private_file(folder / name, archive.read(name))
    except (zipfile.BadZipFile, OSError) as error:
        raise user_error("附件没有恢复：{file} 读不了（{why}）", file=source.name, why=str(error)) from error
    return len(missing)
