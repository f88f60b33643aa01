"""What stands in for built code and layers here: an archive that only names a folder on disk.

The folders are used where they lie, so nothing is built, copied or kept twice, and an edit counts at the next start.
"""

import io
import zipfile
from functools import lru_cache
from pathlib import Path

_ENTRY = "folder"


def pointer(folder: Path) -> bytes:
    """An archive that names the folder; the same folder gives the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as entries:
        entries.writestr(zipfile.ZipInfo(_ENTRY), str(folder))
    return archive.getvalue()


@lru_cache(maxsize=256)
def folder_of(archive: bytes) -> Path:
    """The folder an archive made by `pointer` names."""
    with zipfile.ZipFile(io.BytesIO(archive)) as entries:
        return Path(entries.read(_ENTRY).decode())
