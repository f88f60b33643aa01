"""Fields that are read wrongly today, and what goes wrong. A line goes when its test says that it is mended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KnownBug:
    """One field of one document; `engines` where it depends on who reads the pixels."""

    document: str
    field: str
    reason: str
    engines: tuple[str, ...] = ("auto",)


KNOWN_BUGS: tuple[KnownBug, ...] = ()
