"""Text made comparable: case, accents and the characters that OCR confuses do not matter.

`fold` is for looking things up (labels, months, countries), never for values.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+|[#№]")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "№": "no"})
# A word of letters in which OCR saw a digit or a bar; both sides of a comparison go through the same table.
_CONFUSED = str.maketrans({"0": "o", "1": "i", "l": "i", "5": "s"})
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-", "\u00ad": None})
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stands in its text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """The comparable form of one word: "RÈGLEMENT" and "reglement" give the same, so do "lnvoice" and "Invoice"."""
    folded = word.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    return folded if folded.isdigit() else folded.translate(_CONFUSED)


@lru_cache(maxsize=4_096)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, folded, with their positions."""
    return tuple(Token(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text))


def folded(text: str) -> str:
    """All words of a text, folded and joined without spaces: how phrases are stored and compared."""
    return "".join(fold(word) for word in _WORD.findall(text))


def printable(text: str) -> str:
    """Characters as a person reads them: composed, hyphens alike, no control characters and no lone surrogates."""
    if text.isascii():
        return _UNPRINTABLE.sub("", text)
    return unicodedata.normalize("NFKC", _UNPRINTABLE.sub("", text).translate(_HYPHENS))
