"""A file of changes, each line whole or void: what was appended and synced is there after a kill or a power cut."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self


class Journal:
    """Append-only; `rewrite` shortens it. A line is a JSON list of changes that belong together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        sync_folder(path.parent)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lines(self, decode: Callable[[dict[str, Any]], Any]) -> Iterator[list[Any]]:
        """Every whole line, oldest first. A torn last line was never acknowledged: it is cut off."""
        end = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                yield json.loads(line, object_hook=decode)
                end += len(line)
        os.truncate(self._path, end)

    def append(self, lines: bytes) -> None:
        """Returns when they are on disk; if that fails (OSError), none of them is there."""
        before, view = self.size, memoryview(lines)
        try:
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(before)
            raise

    def rewrite(self, lines: Iterable[bytes]) -> None:
        """Replace the content, all at once."""
        write_synced(self._path, b"".join(lines))
        self._file.close()
        self._file = self._path.open("ab", buffering=0)


def write_synced(path: Path, content: bytes) -> None:
    """The file is there whole, with this content, when this returns; until then its old content stands."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names in a folder are data of the folder, and are synced by it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
