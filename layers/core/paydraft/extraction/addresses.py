"""Postal addresses from printed lines: which line is a town, a street, a country, and what is only a detail."""

import re
from collections.abc import Sequence

from paydraft.extraction.folding import folded
from paydraft.model.invoice import Address

_CODE = r"\d{5}-\d{3}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}(?![A-Za-z])|\d{3,6}"
_TOWN = (
    # "DE-80333 München", "1025 RX Amsterdam", "8400 Winterthur", "2740-034 Colores", "00-950 Warszawa"
    re.compile(rf"^(?:(?P<country>[A-Z]{{1,2}})[ \-]{{1,3}})?(?P<code>{_CODE}),? ?(?P<city>[^\W\d_][^\d]{{1,60}})$"),
    # "Redmond WA, 98052", "New York, NY, 10001", "Yuen Long, N.T., 0000, HK"
    re.compile(
        r"^(?P<city>[^\W\d_][^\d,]{1,40}),? +(?P<state>[A-Z]{2}),? +(?P<code>\d{4}[0-9A-Z](?:-\d{4})?)"
        r"(?:[ ,]+(?P<country>[A-Z]{2}))?$"
    ),
    # "London W1U 6TJ"
    re.compile(r"^(?P<city>[^\W\d_][^\d]{1,40}?),? +(?P<code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$"),
)
_CODE_INSIDE = re.compile(
    r"(?<![\w.,])(?:\d{5}(?:-\d{3,4})?|\d{4}(?: ?[A-Z]{2})?|\d{4}-\d{3})(?![\w.])(?=[ ,]+[^\W\d_]{2})"
    r"|,? [A-Z]{2},? \d{4}[0-9A-Z](?![\w])"
)
_NUMBER_FIRST = re.compile(r"^\d{1,5}[A-Za-z]?,? (?:bis )?[^\W\d_]")
_NUMBER_LAST = re.compile(r"[^\W\d_][^\n]* \d{1,5} ?[A-Za-z]?(?:[ \-/]{1,3}\d{1,4} ?[A-Za-z]?){0,3}[ ,.]{0,2}$")
_STREET_WORD = re.compile(
    r"stra(?:ss|ß)e|str\.|strasse|weg\b|gasse|platz\b|allee|\brue\b|avenue|\bave\b|boulevard|\bvia\b|viale|piazza"
    r"|calle|plaza|\bstreet\b|\bst\b|\broad\b|\brd\b|\blane\b|\bdrive\b|straat|laan|\bplein|\brua\b|\bavenida\b"
    r"|p\.? ?o\.? ?box|postfach|quai|chemin|route\b|terry|boîte postale",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"@|www\.|https?:|[^\W_]\.(?:com|de|fr|nl|net|org|eu|it|es|ch|at|be)$|\+\d{2}|\(\d{2,5}\)|\d{3}-\d{3}-\d{4}",
    re.IGNORECASE,
)


def is_town(line: str) -> bool:
    """Whether a line is a postal code and a town."""
    return any(pattern.match(line.strip(" ,")) for pattern in _TOWN)


def holds_town(line: str) -> bool:
    """Whether a postal code with a town stands somewhere in a line."""
    return is_town(line) or bool(_CODE_INSIDE.search(line[:200]))


def is_street(line: str) -> bool:
    """Whether a line looks like street and house number, or a box."""
    if len(line) > 80:
        return False
    return bool(_NUMBER_FIRST.match(line) or _NUMBER_LAST.match(line) or _STREET_WORD.search(line))


def is_detail(line: str) -> bool:
    """Whether a line is a way to reach somebody, not a part of a postal address."""
    return bool(_DETAIL.search(line))


def country_of(line: str, countries: dict[str, str]) -> str | None:
    """The country a line consists of."""
    names = [folded(part) for part in line.split("/")]
    return next((countries[name] for name in names if name in countries), None)


def address_of(lines: Sequence[str], countries: dict[str, str]) -> Address | None:
    """An address with its parts where they are plain; `lines` always hold it as printed. None for no lines."""
    parts: dict[str, str] = {}
    rest: list[str] = []
    for line in (line.strip(" ,") for line in lines):
        town = next((match for pattern in _TOWN if (match := pattern.match(line))), None)
        country = country_of(line, countries)
        if town and "city" not in parts:
            parts["city"], parts["postal_code"] = town["city"].strip(" ,"), town["code"]
            if "state" in town.re.groupindex and town["state"]:
                parts["state"] = town["state"]
            printed = town["country"] if "country" in town.re.groupindex else None
            if printed and (len(printed) == 2 or printed in _SINGLE):
                parts["country"] = _SINGLE.get(printed, printed)
        elif country:
            parts["country"] = country
        else:
            rest.append(line)
    if rest and ("city" in parts or is_street(rest[-1])):
        parts["street"] = next((line for line in reversed(rest) if is_street(line)), rest[-1])
    printed_lines = tuple(line.strip(" ,") for line in lines if line.strip(" ,"))
    return Address(**parts, lines=printed_lines) if printed_lines else None


# Prefixes of the old European post code style.
_SINGLE = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "B": "BE", "L": "LU", "E": "ES", "S": "SE", "N": "NO", "P": "PT"}
