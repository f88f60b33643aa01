"""VAT numbers: the structure of their country (Regulation (EU) 904/2010 and national rules), and its check digits."""

import re
from collections.abc import Iterable

from paydraft.extraction.check_digits import abn, gstin, has_rule, vat_digits_hold

# Behind the country prefix, separators removed.
_FORMATS = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "GB": r"(?:\d{12}|\d{9})", "GR": r"\d{9}", "HR": r"\d{11}", "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LI": r"\d{5}", "LT": r"(?:\d{12}|\d{9})",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "NO": r"\d{9}(?:MVA)?", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{10}01", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"\d{9}",
    "CHE": r"\d{9}(?:MWST|TVA|IVA)?",
}  # fmt: skip
_COMPILED = {prefix: re.compile(pattern) for prefix, pattern in _FORMATS.items()}
_ANY = re.compile(
    rf"(?<![A-Za-z0-9])(?:{'|'.join(_FORMATS)})[ \-.]{{0,2}}(?:[A-Z0-9+*][ \-./]{{0,2}}){{5,15}}(?![A-Za-z0-9])"
)
# A number as it is printed at home, without its prefix; "MVA" and "MWST" may follow it.
_BARE = re.compile(r"[ :.#°]{0,4}(?P<number>[A-Z]?\d(?:[ \-./]{0,2}[A-Z0-9]){6,13})(?![A-Za-z0-9])")
_GST = re.compile(r"[ :.#]{0,4}(?P<number>[1-9]\d(?: ?\d{3}){3}|\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d])(?![A-Za-z0-9])")
_SEPARATORS = re.compile(r"[ \-./]")


def vat_numbers_in(text: str) -> list[tuple[str, int, int]]:
    """Every VAT number of a text by its structure: prefix and number without separators, and its characters."""
    found = []
    for match in _ANY.finditer(text[:400]):
        taken = _longest(match.group())
        if taken:
            number, length = taken
            found.append((number, match.start(), match.start() + length))
    return found


def check_digits_hold(number: str) -> bool:
    """Whether a VAT number with its prefix passes its country's check; True where no check is known."""
    prefix = _prefix(number)
    return vat_digits_hold(prefix, number[len(prefix) :])


def is_checked(number: str) -> bool:
    """Whether the country of a VAT number has check digits that we know."""
    return has_rule(_prefix(number))


def domestic_vat_number(text: str, countries: Iterable[str]) -> tuple[str, int, int] | None:
    """The VAT number at the start of a text that is printed without its prefix, for the first country it checks in.

    Without known check digits a number is nobody's: any row of digits would do.
    """
    match = _BARE.match(text[:60])
    if match is None:
        return None
    compact = _SEPARATORS.sub("", match["number"])
    for country in countries:
        pattern = _COMPILED.get(country)
        if pattern and has_rule(country) and pattern.fullmatch(compact) and vat_digits_hold(country, compact):
            return f"{country}{compact}", match.start("number"), match.end("number")
    return None


def gst_number(text: str) -> tuple[str, int, int] | None:
    """India's GSTIN or Australia's ABN at the start of a text: they have no prefix, but check digits."""
    match = _GST.match(text[:40])
    if match is None:
        return None
    compact = _SEPARATORS.sub("", match["number"])
    holds = abn(compact) if compact.isdigit() else gstin(compact)
    return (compact, match.start("number"), match.end("number")) if holds else None


def _prefix(number: str) -> str:
    return "CHE" if number.startswith("CHE") else number[:2]


def _longest(printed: str) -> tuple[str, int] | None:
    """The number at the start of `printed`, without the words that happen to stand behind it, and its length."""
    ends = [match.end() for match in re.finditer(r"[A-Z0-9+*]+", printed)]
    for end in reversed(ends):
        compact = _SEPARATORS.sub("", printed[:end])
        prefix = _prefix(compact)
        pattern = _COMPILED.get(prefix)
        if pattern and pattern.fullmatch(compact[len(prefix) :]):
            return compact, end
    return None
