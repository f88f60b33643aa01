"""VAT numbers by the structure of their country (Regulation (EU) 904/2010 and national rules); no check digits."""

import re

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
_ANY = re.compile(r"(?<![A-Za-z0-9])(?:CHE|[A-Z]{2})[ \-.]{0,2}(?:[A-Z0-9+*][ \-./]{0,2}){5,15}(?![A-Za-z0-9])")


def vat_numbers_in(text: str) -> list[tuple[str, int, int]]:
    """Every VAT number of a text: prefix and number without separators, and its characters."""
    found = []
    for match in _ANY.finditer(text[:400]):
        taken = _longest(match.group())
        if taken:
            number, length = taken
            found.append((number, match.start(), match.start() + length))
    return found


def _longest(printed: str) -> tuple[str, int] | None:
    """The number at the start of `printed`, without the words that happen to stand behind it, and its length."""
    ends = [match.end() for match in re.finditer(r"[A-Z0-9+*]+", printed)]
    for end in reversed(ends):
        compact = re.sub(r"[ \-./]", "", printed[:end])
        prefix = "CHE" if compact.startswith("CHE") else compact[:2]
        pattern = _COMPILED.get(prefix)
        if pattern and pattern.fullmatch(compact[len(prefix) :]):
            return compact, end
    return None
