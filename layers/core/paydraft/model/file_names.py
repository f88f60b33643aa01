"""Names under which a document is saved: the client's, made harmless, with the extension that its bytes deserve. Pure.

A name may come from anybody who can send mail to the client: it must not leave a folder, hide its end behind a change
of the writing direction, or let a document be taken for a program.
"""

import unicodedata
from urllib.parse import quote

from paydraft.model.media import EXTENSIONS, MediaType

UNKNOWN_TYPE = "application/octet-stream"
_LONGEST = 120  # characters, extension included
_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|;%', "_"))


def saved_as(name: str | None, media_type: MediaType | None) -> str:
    """The name to save a document of that type under; None is a type nobody told yet."""
    shown = "".join(char for char in name or "" if not unicodedata.category(char).startswith("C"))
    cleaned = " ".join(shown.translate(_UNSAFE).split()).strip(". ")
    extensions = EXTENSIONS[media_type] if media_type else ("bin",)
    stem, dot, last = cleaned.rpartition(".")
    if dot and last.lower() in extensions:
        return f"{stem[: _LONGEST - 5].rstrip('. ') or 'document'}.{last.lower()}"
    return f"{cleaned[: _LONGEST - 5].rstrip('. ') or 'document'}.{extensions[0]}"


def attachment(file_name: str) -> str:
    """The header Content-Disposition (RFC 6266) that has a name saved: in ASCII for old clients, and as it is."""
    folded = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    plain = folded.translate(_UNSAFE).strip()
    if plain.startswith("."):
        plain = f"document{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
