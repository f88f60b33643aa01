"""Postal addresses from printed lines: which line is a town, a street, a country, and what is only a detail."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from paydraft.extraction.folding import folded
from paydraft.extraction.regions import is_state
from paydraft.extraction.town_lines import Town, code_alone, holds_code, town_of
from paydraft.model.invoice import Address

_NUMBER_FIRST = re.compile(r"^\d{1,5}(?:[-/]\d{1,4})?[A-Za-z]?,? (?:bis |ter )?[^\W\d_]")
_NUMBER_LAST = re.compile(
    r"[^\W\d_][^\n]*[ ,] ?(?:N[r°º]\.? ?)?\d{1,5} ?[A-Za-z]?(?:[ \-/]{1,3}\d{1,4} ?[A-Za-z]?){0,3}[ ,.]{0,2}$"
)
_STREET_WORD = re.compile(
    r"stra(?:ss|ß)e|str\.|strasse|weg\b|gasse\b|platz\b|allee\b|ufer\b|damm\b|\bring\b|\brue\b|\bavenue\b|\bave\b"
    r"|boulevard|\bblvd\b|\bvia\b|\bviale\b|\bpiazza\b|\bcorso\b|\blargo\b|\bcalle\b"
    r"|\bc/ ?(?!o\b)[^\W\d_]|\bplaza\b|\bavda\b"
    r"|\bavenida\b|\bpaseo\b|\bcarrer\b|\brua\b|\btravessa\b|\bpraça\b|\bstreet\b|\bst\b|\broad\b|\brd\b|\blane\b"
    r"|\bdrive\b|\bhighway\b|\bhwy\b|\bparkway\b|\bmarg\b|\bnagar\b|straat\b|laan\b|\bplein\b|plein\b|gracht\b|kade\b"
    r"|gatan\b|vägen\b|gade\b|vej\b|gata\b|gate\b|veien\b|vegen\b|katu\b|\btie\b|\bul\.|\bulica\b|\bal\.|\bos\."
    r"|\bnám\.|náměstí|\btřída\b|\butca\b|\bp\.? ?o\.? ?box\b|\bgpo box\b|postfach|\bpostbus\b"
    r"|\bpostboks\b|\bbox \d"
    r"|\bcasella postale\b|\bapartado\b|\bboîte postale\b|\bb\.?p\.? \d|\bquai\b|\bchemin\b|\broute\b|\bimpasse\b"
    r"|\bplace d|\bterry\b",
    re.IGNORECASE,
)
# A part of a building: printed in a line of its own, or behind the street.
_UNIT = re.compile(
    r"\b(?:apt|apartment|suite|ste|unit|flat|floor|level|room|rm|wohnung|etage|stock|og|appartement|appt|bât|bâtiment"
    r"|escalier|étage|piso|planta|puerta|interno|scala|piano|andar|lokal|byt|lgh|top|stiege|büro|office|building"
    r"|block"
    r"|tower|house|haus|gebäude|résidence|immeuble|centre|center|park|estate|plot|zone|zac|za|zi|nave|pol[ií]gono|hof|villa"
    r"|headquarters|court|quartier|campus|gewerbepark|technopark)\b",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"^(?:p\.? ?o\.? ?box|gpo box|postfach|postbus|postboks|box|casella postale|apartado|boîte postale|b\.?p\.?)\b",
    re.IGNORECASE,
)
_CARE_OF = re.compile(r"^(?:c/o|p\.?a\.?|℅|bei)[ :]", re.IGNORECASE)
_DETAIL = re.compile(
    r"@|www\.|https?:|[^\W_]\.(?:com|de|fr|nl|net|org|eu|it|es|ch|at|be|se|dk|no|fi|pl|cz|pt|ie|io|co\.uk)$"
    r"|\+\d{2}|\(\d{2,5}\)|\d{3}-\d{3}-\d{4}",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\s*[·|•●∙]\s*|\s+[-–—*]\s+|(?<=[^\W\d_]{2}) /\s+")
# "50 rue des Fleurs 11234 Libourne": a street with its town behind it, nothing between.
_GLUED = re.compile(
    r"^(?P<street>.*?[^\W\d_]{2}.*?)[ ,]+"
    r"(?P<town>(?:[A-Z]{1,2}-)?(?:\d{5}|\d{4} [A-Z]{2}|\d{2}-\d{3}|\d{4}(?= [^\W\d_]{3})) .+)$"
)
_GLUED_CODE = re.compile(r"^((?:[A-Z]{1,2}-)?\d{4,5})(?=[A-ZÄÖÜ][^\W\d_]{2})")  # "88802Spielkreis": a space got lost
_LONGEST = 80  # characters of a street

# Prefixes of the old European post code style.
_SINGLE = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "B": "BE", "L": "LU", "E": "ES", "S": "SE", "N": "NO", "P": "PT"}


def is_town(line: str) -> bool:
    """Whether a line is a postal code and a town."""
    return town_of(line) is not None


def holds_town(line: str) -> bool:
    """Whether a postal code with a town stands somewhere in a line."""
    return is_town(line) or holds_code(line)


@lru_cache(maxsize=4_096)
def is_street(line: str) -> bool:
    """Whether a line looks like street and house number, or a box."""
    if len(line) > _LONGEST:
        return False
    return bool(_NUMBER_FIRST.match(line) or _NUMBER_LAST.search(line) or _STREET_WORD.search(line))


def is_place(line: str) -> bool:
    """Whether a line is a part of an address that comes before the town: street, box, flat, building or c/o."""
    return is_street(line) or bool(_UNIT.search(line) or _CARE_OF.match(line))


def is_box(line: str) -> bool:
    """Whether a line is a box at the post office."""
    return bool(_BOX.match(line))


def is_unit(line: str) -> bool:
    """Whether a line names a part of a building."""
    return bool(_UNIT.search(line))


def is_detail(line: str) -> bool:
    """Whether a line is a way to reach somebody, not a part of a postal address."""
    return bool(_DETAIL.search(line))


def country_of(line: str, countries: dict[str, str]) -> str | None:
    """The country a line consists of; "Deutschland / Germany" is one."""
    names = [folded(part) for part in line.split("/")]
    return next((countries[name] for name in names if name in countries), None)


def ends_address(line: str, countries: dict[str, str]) -> bool:
    """Whether a line can be the last but one of an address: town, code, or country."""
    bare = line.strip(" ,.;")
    return (
        bool(holds_town(bare) or code_alone(bare) or country_of(bare.rsplit(",", 1)[-1], countries))
        and not bare.isdigit()
    )


def address_of(lines: Sequence[str], countries: dict[str, str]) -> Address | None:
    """An address with its parts where they are plain; `lines` always hold it as printed. None for no lines."""
    printed = tuple(bare for line in lines if (bare := _GLUED_CODE.sub(r"\1 ", line.strip(" ,;·|•●-–"))))
    if not printed:
        return None
    pieces, country = _without_country([piece for line in printed for piece in _pieces(line)], countries)
    town, before = _split_at_town(pieces)
    parts: dict[str, str] = {}
    if town is not None:
        parts = {
            name: part
            for name, part in (("city", town.city), ("postal_code", town.code), ("state", town.state))
            if part
        }
        prefix = _SINGLE.get(town.country or "", town.country)
        country = country or (prefix if prefix in frozenset(countries.values()) else None)
    if country:
        parts["country"] = country
    street = _street(before, known_town=town is not None)
    if street:
        parts["street"] = street
    return Address(**parts, lines=printed)


def _pieces(line: str) -> Iterator[str]:
    """The parts of a line that hold street, town or country: whole where it is one of them."""
    if is_town(line):
        yield line
        return
    for part in _STRONG.split(line):
        bare = part.strip(" ,.;")
        if bare:
            yield from _comma_parts(bare)


def _comma_parts(text: str) -> Iterator[str]:
    """Street and town of one line: cut before the longest tail that is a town, with or without a country behind it."""
    cuts = [match.end() for match in re.finditer(r",\s*", text)]
    tails = [(text[:cut].strip(" ,"), text[cut:]) for cut in cuts]
    for head, tail in tails:
        if is_town(tail):
            yield from (head, tail)
            return
    if tails and not any(map(str.isdigit, tails[-1][1])):
        head, tail = tails[-1]
        if any(map(str.isdigit, head)) and holds_town(head):
            yield from (*_comma_parts(head), tail)
            return
    glued = _GLUED.match(text) if is_street(text) or len(text) <= _LONGEST else None
    if glued and is_town(glued["town"]) and is_street(glued["street"]):
        yield from (glued["street"], glued["town"])
        return
    yield text


def _without_country(pieces: list[str], countries: dict[str, str]) -> tuple[list[str], str | None]:
    """The pieces without those that name a country, and the country: the last one named."""
    rest, found = [], None
    for piece in pieces:
        head, _, tail = piece.rpartition(",")
        if country := country_of(piece, countries):
            found = country
        elif head and (country := country_of(tail, countries) or _code(tail, countries)):
            found = country
            rest.append(head.strip(" ,"))
        else:
            shorter, country = _country_behind(piece, countries)
            found = country or found
            rest.append(shorter)
    return rest, found


def _code(tail: str, countries: dict[str, str]) -> str | None:
    bare = tail.strip()
    return bare if bare in frozenset(countries.values()) and not is_state(bare) else None


def _country_behind(piece: str, countries: dict[str, str]) -> tuple[str, str | None]:
    """A town without the country behind it ("11234 Libourne France"), and the country."""
    words = piece.split()
    for count in (1, 2):
        name = " ".join(words[-count:])
        if len(words) > count + 1 and len(name) >= 4 and (country := country_of(name, countries)):
            head = " ".join(words[:-count]).strip(" ,-")
            if is_town(head):
                return head, country
    return piece, None


def _split_at_town(pieces: list[str]) -> tuple[Town | None, list[str]]:
    """The town, and the pieces that are not it. A line with a state or a British code is a town before all others."""
    read = [(index, town) for index, piece in enumerate(pieces) if (town := town_of(piece))]
    if read:
        index, town = next(((i, one) for i, one in reversed(read) if one.state), read[-1])
        return town, [piece for i, piece in enumerate(pieces) if i != index]
    for index, piece in enumerate(pieces):
        alone = code_alone(piece)
        if alone is None:
            continue
        head, _, tail = pieces[index - 1].rpartition(",") if index else ("", "", "")
        if head and tail.strip() and _only_letters(tail) and not is_place(tail):
            return Town(tail.strip(), alone.code), [*pieces[: index - 1], head.strip(" ,"), *pieces[index + 1 :]]
        at = _town_beside(pieces, index, above=alone.above)
        city = pieces[at] if at is not None else None
        return Town(city, alone.code), [piece for i, piece in enumerate(pieces) if i not in (index, at)]
    return None, pieces


def _town_beside(pieces: list[str], index: int, *, above: bool) -> int | None:
    """The piece with the town of a code that stands alone."""
    if not above and index + 1 < len(pieces) and _only_letters(pieces[index + 1]):
        return index + 1
    at = index - 1
    if (
        above
        and at >= 1
        and _only_letters(pieces[at])
        and _only_letters(pieces[at - 1])
        and not is_place(pieces[at - 1])
    ):
        at -= 1  # the county stands between town and code
        return at if at >= 1 else at + 1
    return at if at >= 0 and _only_letters(pieces[at]) else None


def _only_letters(text: str) -> bool:
    return not any(map(str.isdigit, text)) and not _STREET_WORD.search(text)


def _street(pieces: list[str], *, known_town: bool) -> str | None:
    """Street and number, box, flat and floor, as printed; without one the line before the town."""
    streets = [piece for piece in pieces if is_street(piece)]
    if streets:
        beside = [
            piece for piece in pieces if is_street(piece) or (_UNIT.search(piece) and any(map(str.isdigit, piece)))
        ]
        return ", ".join(beside)
    rest = [piece for piece in pieces if not _CARE_OF.match(piece)]
    return rest[-1] if rest and known_town else None
