"""Reading an e-invoice's XML tree by paths of local names; `|` separates spellings of one step."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from paydraft.extraction.folding import printable

MAX_TEXT = 300
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,8})?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


def local(node: Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def nodes(root: Element, path: str) -> Iterator[Element]:
    """All elements at a path."""
    here = [root]
    for step in path.split("/"):
        names = step.split("|")
        here = [child for node in here for child in node if local(child) in names]
    yield from here


def texts(root: Element, path: str) -> list[str]:
    """The texts at a path, spaces collapsed; empty ones are left out."""
    found = (clean(node.text) for node in nodes(root, path))
    return [text for text in found if text]


def text(root: Element, path: str) -> str | None:
    """The first text at a path."""
    return next(iter(texts(root, path)), None)


def clean(raw: str | None) -> str:
    """A text as a person reads it."""
    return printable(" ".join((raw or "").split()))[:MAX_TEXT]


def decimal(raw: str | None) -> Decimal | None:
    """A plain decimal; None for anything else."""
    return Decimal(raw) if raw and _DECIMAL.fullmatch(raw) else None


def amount(root: Element, path: str, currency: str | None = None) -> Decimal | None:
    """The amount at a path: of several the one in `currency` (a tax may be stated in a second one)."""
    found = list(nodes(root, path))
    fitting = [node for node in found if node.get("currencyID") in (None, currency)] if len(found) > 1 else found
    return decimal(clean((fitting or found)[0].text)) if found else None


def day(raw: str | None) -> date | None:
    """A date of ISO 8601 or of CII's format 102 (YYYYMMDD)."""
    compact = _COMPACT_DATE.match(raw or "")
    try:
        return date(*map(int, compact.groups())) if compact else date.fromisoformat((raw or "")[:10])
    except ValueError:
        return None
