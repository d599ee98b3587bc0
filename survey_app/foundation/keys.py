"""Keys are files outside the database, readable by the owner only, and never part of a backup."""

import hashlib
import os
import secrets
from pathlib import Path

from .errors import UserError, user_error
from .private_files import make_private_directory

KEY_BYTES = 32
LASTING_KEYS = ("session", "form")  # made once for an installation; a wave has a key of its own until its seal


class KeyMissing(UserError):
    """A key that must exist is not on this node; nothing that needs it may be answered."""


class KeyStore:
    """Named keys in one directory, shared by all nodes of an installation."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._cache: dict[str, bytes] = {}

    def get(self, name: str) -> bytes:
        """A lasting key; made on first use, by exactly one of several processes. Raises :class:`UserError`."""
        if name not in self._cache:
            self.create(name)
            self._cache[name] = self.read(name)
        return self._cache[name]

    def create(self, name: str) -> None:
        """Makes a key unless it is there. Raises :class:`UserError`."""
        path = self.path_of(name)
        try:
            if not path.exists():
                self._write(path, secrets.token_bytes(KEY_BYTES), replace=False)
        except OSError as error:
            raise self._access_error(path, error) from error

    def read(self, name: str) -> bytes:
        """A key that was made before, from its file: a key that will be destroyed stays in no memory.

        Raises :class:`KeyMissing`.
        """
        path = self.path_of(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing(*user_error("本机没有密钥 {name}。请从别的节点导出：flask keys export，"
                                         "再在本机运行：flask keys import", name=name).messages) from error  # fmt: skip
        except OSError as error:
            raise self._access_error(path, error) from error

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.directory.glob("*.key"))

    def put(self, name: str, key: bytes) -> None:
        """Puts a key in the place of what is there. Raises :class:`UserError`."""
        path = self.path_of(name)
        try:
            self._write(path, key, replace=True)
        except OSError as error:
            raise self._access_error(path, error) from error
        self._cache.pop(name, None)

    def destroy(self, name: str) -> bool:
        """Overwrites and removes a key; what was hashed under it can no longer be recognised. False if it was gone."""
        self._cache.pop(name, None)
        path = self.path_of(name)
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:  # or another process was first
            return False
        return True

    def path_of(self, name: str) -> Path:
        return self.directory / f"{name}.key"

    def _access_error(self, path: Path, error: OSError) -> UserError:
        return user_error("无法读写密钥 {place}：{why}。请检查目录的属主和权限",
                          place=str(path), why=error.strerror or "")  # fmt: skip

    def _write(self, path: Path, key: bytes, replace: bool) -> None:
        make_private_directory(self.directory)
        temporary_path = path.with_suffix(f".{secrets.token_hex(4)}")
        descriptor = os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary_path.replace(path)
            return
        try:
            os.link(temporary_path, path)  # fails if another process was first; then its key counts
        except FileExistsError:
            pass
        finally:
            temporary_path.unlink()


def keyed_hash(key: bytes, value: bytes) -> bytes:
    """BLAKE2b with a key: 128 bits that tell nothing without it. No other thread is let in for so short a sum."""
    return hashlib.blake2b(value, key=key, digest_size=16).digest()


def key_fingerprint(key: bytes) -> str:
    """What tells one key from another and nothing about either."""
    return hashlib.sha256(b"fingerprint of a key\0" + key).hexdigest()
