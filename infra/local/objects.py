"""S3 objects, which MiniStack writes to disk by itself: synced, and announced, before the put is answered."""

import os
from pathlib import Path
from typing import Any

from infra.local.journal import sync_folder

_SIDECAR = ".meta.json"


def drop_half_written(folder: Path) -> None:
    """Remove data without its description: a put that a kill cut short and nobody got an answer to.

    Call it before MiniStack's S3 is imported, because importing it reads the folder.
    """
    for path in folder.rglob("*"):
        is_half = path.name.endswith(".tmp") or not path.with_name(path.name + _SIDECAR).exists()
        if is_half and path.is_file() and not path.name.endswith(_SIDECAR) and ".versions" not in path.parts:
            path.unlink()


def watch() -> None:
    """From now on objects are synced, and their events are with their queues when the put is answered."""
    from ministack.services import s3

    def write(path: str, content: bytes | str, *, text: bool = False) -> None:
        data = content.encode() if isinstance(content, str) else content
        part = path + ".tmp"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)  # noqa: PTH105
        _sync_folders(Path(path).parent, Path(s3.DATA_DIR))

    def announce(bucket: str, key: str, event_name: str, *details: Any, **more: Any) -> None:
        if bucket in s3._bucket_notifications:
            more["sequencer"] = s3._next_event_sequencer(event_name)
            s3._fire_s3_event(bucket, key, event_name, *details, **more)

    s3._atomic_write, s3._fire_s3_event_async = write, announce


def _sync_folders(folder: Path, root: Path) -> None:
    """The folder of a new file and those above it, which may be new themselves."""
    sync_folder(folder)
    if folder != root and root in folder.parents:
        _sync_folders(folder.parent, root)
