"""The file of access keys: read by the server, written by ``kith rekognition keys``."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from kith.domain.errors import NotFoundError, SettingError
from kith.rekognition.keys import AccessKey, parse_keys, render_keys


class KeyFile:
    """Access keys in a file that only its owner may read.

    What is changed counts at once, in a running server, too. May be used by several threads.

    Args:
        path: of the file; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._keys: Mapping[str, AccessKey] = {}

    def keys(self) -> Mapping[str, AccessKey]:
        """The keys by id; none where there is no file.

        Raises:
            SettingError: others may read the file, or it cannot be read.
        """
        with self._lock:
            try:
                state = self.path.stat()
            except FileNotFoundError:
                return {}
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if stamp != self._seen:
                self._require_private(state)
                self._keys = parse_keys(self._text(), str(self.path))
                self._seen = stamp
            return self._keys

    def add(self, key: AccessKey) -> None:
        """Keep a key.

        Raises:
            SettingError: the file cannot be read or written.
        """
        with self._writing():
            self._write({**self.keys(), key.key_id: key})

    def remove(self, key_id: str) -> AccessKey:
        """Forget a key; a running server refuses it from now on.

        Raises:
            NotFoundError: there is none of that id.
            SettingError: the file cannot be read or written.
        """
        with self._writing():
            keys = dict(self.keys())
            if key_id not in keys:
                raise NotFoundError(
                    f"There is no key {key_id}", "`kith rekognition keys list` shows them."
                )
            removed = keys.pop(key_id)
            self._write(keys)
        return removed

    def _writing(self) -> FileLock:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingError(f"{self.path.parent} cannot be made ({error.strerror})") from error
        return FileLock(self.path.with_name(f"{self.path.name}.lock"))

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"The keys in {self.path} cannot be read") from error

    def _require_private(self, state: os.stat_result) -> None:
        if os.name == "posix" and state.st_mode & 0o077:
            raise SettingError(
                f"The keys in {self.path} can be read by other users",
                f"chmod 600 {self.path}",
            )

    def _write(self, keys: Mapping[str, AccessKey]) -> None:
        """Replace the file; whoever reads meanwhile sees the old one or the new one, whole."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(render_keys(keys.values()))
                file.flush()
                os.fsync(descriptor)
            fresh.replace(self.path)
        except OSError as error:
            raise SettingError(
                f"The keys in {self.path} cannot be written ({error.strerror})"
            ) from error
