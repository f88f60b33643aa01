"""The line of an address with the town, as the post of each country wants it: code before town, behind it, or alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from paydraft.extraction.regions import is_state

# Written before the town. Germany, France, Italy, Spain … 5 digits; Austria, Switzerland, Belgium, Denmark, Norway,
# Hungary … 4; the Netherlands 4 and two letters; Czechia, Slovakia, Sweden, Greece 3+2; Poland 2-3; Portugal 4-3;
# Brazil 5-3; Romania, India, China, Singapore 6.
_BEFORE = r"\d{5}-\d{3}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}(?! ?\d)|\d{4} ?[A-Z]{2}(?![A-Za-z])|\d{4,6}"
_BRITISH = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_CANADIAN = r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d"
_IRISH = r"[A-Z]\d[\dW] ?[A-Z\d]{4}"
_NAME = r"(?![A-Z]{2}$)[^\W\d_][^\d,;:@]{0,50}"
# Behind the town: its district ("Praha 1", "Paris Cedex 08"), or the sign of its province ("Milano (MI)").
_DISTRICT = r"(?: (?:(?:Cedex|CEDEX|cedex) )?\d{1,2}(?! ?[\d.]))?"

_PREFIX = r"(?:(?P<country>[A-Z]{1,2})(?: ?[-–] ?| ))?"
_PATTERNS = (
    # "Redmond WA, 98052", "New York, NY, 10001", "Toronto, ON M5V 2T6", "Sydney NSW 2000", "US - Troy NY 12601-1233"
    re.compile(
        rf"^(?:(?P<country>[A-Z]{{2}}) ?[-–] ?)?(?P<city>{_NAME}?),? *[ ,(]\(?"
        rf"(?P<state>[A-Z]{{2,3}}|[A-Z]\.[A-Z]\.)\)?,? +"
        rf"(?P<code>{_CANADIAN}|\d{{5}}(?:-\d{{4}})?|\d{{4}}[A-Z]?)$"
    ),
    # "Montréal (Québec) H2J 2L4"
    re.compile(rf"^(?P<city>{_NAME}?) \((?P<state>[^\W\d_][^\d,()]{{3,20}})\),? +(?P<code>{_CANADIAN})$"),
    # "Houston, Texas 77002", "Bengaluru, Karnataka - 560 001", "Melbourne, Victoria 3000"
    re.compile(
        rf"^(?P<city>{_NAME}?), *(?P<state>[^\W\d_][^\d,]{{3,20}}?),?[ \-–]+"
        rf"(?P<code>{_CANADIAN}|\d{{3}} ?\d{{3}}|\d{{4,5}}(?:-\d{{4}})?)$"
    ),
    # "London W1U 6TJ", "Leeds, LS1 4AP", "Dublin 2, D02 XY45"
    re.compile(
        rf"^(?P<city>{_NAME}?(?: \d{{1,2}})?)(?:, *(?:Co\.? )?[^\W\d_][^\d,]{{2,25}})?,? +"
        rf"(?P<code>{_BRITISH}|{_IRISH}|{_CANADIAN})$"
    ),
    # "DE-80333 München", "1025 RX Amsterdam", "2740-034 Colores", "00-950 Warszawa", "110 00 Praha 1", "88802Aue"
    re.compile(
        rf"^{_PREFIX}(?P<code>{_BEFORE}),? ?(?P<city>{_NAME}?{_DISTRICT})"
        r"(?:,? \((?P<state>[A-Z]{2})\)|(?<=[a-z])(?<!\d),? (?P<province>(?!DE|FR|ES|AT|CH|US|GB|NL|PT)[A-Z]{2}))?$"
    ),
    # "Lucknow 226010 Uttar Pradesh"
    re.compile(rf"^(?P<city>{_NAME}?),?[ \-–]+(?P<code>\d{{3}} ?\d{{3}}),? +(?P<state>[^\W\d_][^\d,]{{3,20}})$"),
    # "Singapore 049315", "New Delhi - 110017", "Rīga, LV-1010"
    re.compile(
        rf"^(?P<city>{_NAME}?),?[ \-–]+"
        rf"(?P<code>(?:LV|LT|MD)-\d{{4,5}}|\d{{6}}|\d{{3}} \d{{3}}|\d{{5}}(?:-\d{{3,4}})?)$"
    ),
)  # fmt: skip
_BEFORE_TOWN = 4  # index of the pattern that a numbered street can be taken for
_ALONE = re.compile(
    rf"^(?P<country>[A-Z]{{1,2}}-)?(?:(?P<above>{_BRITISH}|{_CANADIAN}|{_IRISH})"
    rf"|(?P<code>\d{{4}} ?[A-Z]{{2}}|\d{{5,6}}))$"
)
_INSIDE = re.compile(
    r"(?<![\w.,/-])(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{3,4})?|\d{4}(?: ?[A-Z]{2})?|\d{4}-\d{3}|\d{2}-\d{3})(?![\w.])"
    rf"(?=[ ,]+[^\W\d_]{{2}})|,? [A-Z]{{2,3}},? \d{{4}}[0-9A-Z]?(?![\w])|[a-z],? (?:{_BRITISH}|{_CANADIAN})(?!\w)"
    r"|[a-z] ?[-–] ?\d{6}(?!\d)"
)
# A number and one of these is a street, not a code and a town.
_NUMBER_LABEL = re.compile(r"\b(?:nr|no|n[°º]|num|code|id|ref|box|postfach)\.?$", re.IGNORECASE)
_NUMBERED_STREET = re.compile(
    r"\b(?:street|str|st|road|rd|avenue|ave|lane|ln|drive|dr|way|ways|boulevard|blvd|court|ct|place|pl|square|sq"
    r"|highway|hwy|parkway|pkwy|terrace|crescent|close|suite|unit|floor|building|house|box)\.?(?:$|[ ,])|^(?:rue"
    r"|avenue|boulevard|chemin|impasse|allée|quai|cours|place|route|bis|ter)\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """Town and postal code of a line; `country` is a printed prefix such as the D of "D-80333"."""

    city: str | None
    code: str
    state: str | None = None
    country: str | None = None
    above: bool = False  # the code stands alone, below its town


@lru_cache(maxsize=4_096)
def town_of(line: str) -> Town | None:
    """The town of a line that consists of town and postal code."""
    line = line.strip(" ,.;")
    return next(_readings(line), None) if any(map(str.isdigit, line)) and len(line) <= 90 else None


def code_alone(line: str) -> Town | None:
    """A postal code in a line of its own: in Britain, Ireland and Canada below its town, elsewhere before it."""
    match = _ALONE.match(line.strip(" ,"))
    if match is None:
        return None
    return Town(None, match["above"] or match["code"], above=bool(match["above"]))


def holds_code(line: str) -> bool:
    """Whether a postal code with a town stands somewhere in a line."""
    return bool(_INSIDE.search(line[:240]))


def _readings(line: str) -> Iterator[Town]:
    for index, pattern in enumerate(_PATTERNS):
        match = pattern.match(line)
        if match is None:
            continue
        found = match.groupdict()
        state = (found.get("state") or found.get("province") or "").strip()
        if state and index in (0, 1, 2, 5) and not is_state(state):
            continue
        if index > _BEFORE_TOWN and _NUMBER_LABEL.search(found["city"]):
            continue
        if index == _BEFORE_TOWN and _NUMBERED_STREET.search(found["city"]):
            continue
        yield Town(found["city"].strip(" ,-–"), found["code"], state or None, found.get("country"))
