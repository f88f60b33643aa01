"""A party in one line: "Muster GmbH · Hauptstr. 5 · 80333 München", over the window of the envelope or in the foot."""

import re
from collections.abc import Iterator, Sequence

from paydraft.extraction.addresses import country_of, is_place, is_street
from paydraft.extraction.layout import Row, Segment, Span
from paydraft.extraction.names import up_to_legal_form
from paydraft.extraction.party_lines import Setting, text_of
from paydraft.extraction.town_lines import town_of

_SEPARATOR = re.compile(
    r"\s+[-–—*:]\s+|\s*[●•·∙|¦]\s*|,\s+|;\s+|(?<=\d)\.\s+(?=[A-Z])|(?<=\d[A-Z]{2})\.\s+|(?<=\w)\s/\s(?=\w)"
)
_ANNOUNCED = re.compile(r"^[^\W\d_][^:\d]{2,30}:\s*")  # "Registered office: ", "Siège social : "
_PIECES = 6  # of name and address together
_MAX_READ = 400


def pieces_of(segment: Segment) -> Iterator[Span]:
    """The parts of a line between bullets, dashes and commas; what announces an address is left out."""
    text, start = segment.text[:_MAX_READ], 0
    for match in [*_SEPARATOR.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = segment.span(start, end)
        announced = _ANNOUNCED.match(piece.text)
        if announced and announced.end() < len(piece.text):
            piece = piece.within(announced.end(), len(piece.text))
        if any(map(str.isalnum, piece.text)):
            yield piece
        start = match.end() if match else end


def row_pieces(row: Row) -> list[Span]:
    """The pieces of all segments of a row: wide bullets stand apart from the words between them."""
    return [piece for segment in row.segments for piece in pieces_of(segment)]


def party_pieces(setting: Setting, pieces: Sequence[Span]) -> tuple[Span, tuple[Span, ...]] | None:
    """Name and address that follow one another: a name, its street, its town and perhaps a country."""
    for index, piece in enumerate(pieces):
        name = leading_name(setting, piece)
        if name is None or index + 1 >= len(pieces):
            continue
        address = address_pieces(setting, pieces[index + 1 : index + _PIECES])
        if address:
            return name, address
    return None


def leading_name(setting: Setting, piece: Span) -> Span | None:
    """The name at the start of a piece: all of it, or up to the legal form."""
    name = up_to_legal_form(piece.text)
    end = len(name) if name else len(piece.text.rstrip())
    trimmed = piece.within(0, end)
    return trimmed if setting.can_be_name(text_of(trimmed)) else None


def address_pieces(setting: Setting, pieces: Sequence[Span]) -> tuple[Span, ...]:
    """Street and town at the start of the pieces, with a country; nothing if they begin with anything else."""
    street = False
    for index, piece in enumerate(pieces):
        text = text_of(piece)
        if town_of(text) or _town_over_pieces(pieces, index) or _glued(text):
            if not (street or _glued(text)):
                return ()
            end = index + 1 if town_of(text) or _glued(text) else index + 2
            more = pieces[end : end + 1]
            return (*pieces[:end], *(one for one in more if country_of(text_of(one), setting.countries)))
        street = street or is_street(text)
        if not (is_place(text) or (index and street and not any(map(str.isdigit, text)))):
            return ()
    return ()


def first_address(setting: Setting, pieces: Sequence[Span]) -> tuple[Span, ...]:
    """The first street and town among the pieces of a few lines, whatever stands around them."""
    found = (address_pieces(setting, pieces[start : start + _PIECES]) for start in range(len(pieces)))
    return next((address for address in found if address), ())


def _town_over_pieces(pieces: Sequence[Span], index: int) -> bool:
    """Whether a comma parts town and code: "Redmond", "WA 98052"."""
    if index + 1 >= len(pieces) or town_of(text_of(pieces[index + 1])):
        return False
    return town_of(f"{text_of(pieces[index])}, {text_of(pieces[index + 1])}") is not None


def _glued(text: str) -> bool:
    """Whether a piece holds street and town: "8 rue de la Paix 75008 Paris"."""
    cuts = (match.start() for match in re.finditer(r"(?<=\w) (?=(?:[A-Z]{1,2}-)?\d{4,5} [^\W\d_])", text))
    return any(is_street(text[:cut]) and town_of(text[cut:]) for cut in cuts)
