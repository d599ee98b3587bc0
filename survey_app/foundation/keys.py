"""Keys are files outside the database, readable by the owner only, and never part of a backup."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from .errors import user_error
from .private_files import make_private_directory

KEY_BYTES = 32


class KeyStore:
    """Named keys in one directory, shared by all nodes of an installation."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._cache: dict[str, bytes] = {}

    def get(self, name: str) -> bytes:
        """The key of this name; made on first use, by exactly one of several processes. Raises :class:`UserError`."""
        if name not in self._cache:
            path = self.directory / f"{name}.key"
            try:
                if not path.exists():
                    self._create(path)
                self._cache[name] = path.read_bytes()
            except OSError as error:
                raise user_error("无法读写密钥 {place}：{why}。请检查目录的属主和权限",
                              place=str(path), why=error.strerror or "") from error  # fmt: skip
        return self._cache[name]

    def destroy(self, name: str) -> None:
        """Overwrites and removes a key; what was hashed under it can no longer be recognised."""
        path = self.directory / f"{name}.key"
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._cache.pop(name, None)

    def _create(self, path: Path) -> None:
        make_private_directory(self.directory)
        temporary_path = path.with_suffix(f".{secrets.token_hex(4)}")
        descriptor = os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary_path, path)  # fails if another process was first; then its key counts
        except FileExistsError:
            pass
        finally:
            temporary_path.unlink()


def keyed_hash(key: bytes, value: bytes) -> bytes:
    """HMAC-SHA256, the first 16 bytes: 128 bits that tell nothing without the key."""
    return hmac.new(key, value, hashlib.sha256).digest()[:16]
