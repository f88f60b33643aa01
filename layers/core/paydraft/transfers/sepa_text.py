"""Text as every SEPA bank takes it: the basic Latin characters of the EPC's guidelines.

Source: EPC217-08, SEPA requirements for an extended character set: letters lose their marks ("Ä" becomes "A", not "AE",
so that both ends of a transfer agree), what has no counterpart becomes a full stop.
"""

import re
import unicodedata

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_COUNTERPARTS = str.maketrans(
    {
        "ß": "s", "ẞ": "S", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH",
        "ħ": "h", "Ħ": "H", "ı": "i", "ŧ": "t", "Ŧ": "T", "ŋ": "n",
        "&": "+", "_": "-", "‘": "'", "’": "'", "´": "'", "`": "'", "“": "'", "”": "'", "„": "'", '"': "'",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "[": "(", "{": "(", "]": ")", "}": ")", ";": ",", "@": "(at)",
        "№": "No", "€": "EUR",
    }
)  # fmt: skip
# Letters of the two other alphabets of SEPA countries, as the EPC's table transcribes them (small ones; see `_letter`).
_GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "a v g d e z i i k l m n x o p r s s t y f o".split(), strict=True))
_GREEK |= {"θ": "th", "χ": "ch", "ψ": "ps"}
_CYRILLIC = dict(
    zip("абвгдежзийклмнопрстуфхцчшщъьюя", "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya".split(),
        strict=True)
)  # fmt: skip
_TRANSCRIBED = _GREEK | _CYRILLIC
_IDENTIFIER_SLASHES = re.compile(r"^/|/$|//")


def sepa_text(text: str, limit: int) -> str:
    """`text` in SEPA characters on one line, at most `limit` of them; "" where nothing is left of it."""
    plain = "".join(map(_letter, unicodedata.normalize("NFKC", text).translate(_COUNTERPARTS)))
    return " ".join(plain.split())[:limit].rstrip()


def is_identifier(text: str, limit: int = 35) -> bool:
    """Whether `text` can be an identification in a payment: SEPA characters, no slash at an end, no double slash."""
    return bool(text) and len(text) <= limit and set(text) <= _ALLOWED and not _IDENTIFIER_SLASHES.search(text)


def _letter(char: str) -> str:
    if char in _ALLOWED or char.isspace():
        return char
    bare = "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
    if bare and set(bare) <= _ALLOWED:
        return bare
    known = _TRANSCRIBED.get(bare.lower())
    if known is None:
        return "."
    return known if bare.islower() else known.capitalize()
