"""A party read from a block of lines: its name first, its address below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from paydraft.extraction.addresses import country_of, ends_address, is_box, is_place, is_street, is_town, is_unit
from paydraft.extraction.blocks import Block, is_plain
from paydraft.extraction.folding import folded
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Span
from paydraft.extraction.names import (
    bare_name,
    can_be_name,
    has_legal_form,
    is_attention,
    is_care_of,
    is_salutation,
    name_key,
)
from paydraft.extraction.relations import Labelled
from paydraft.extraction.town_lines import code_alone
from paydraft.model.page import Source

_GARBLED = re.compile(
    r"^[^\W\d_] |[^\W\d_]{2}\d[^\W\d_]|[^\W\d_]\d[^\W\d_]{2}|[$€£§=~{}\[\]]"
    r"|[a-zà-öø-ÿ]{2}[A-Z][a-zà-öø-ÿ]|[a-z][A-Z]e\b"
)
_CAMEL = re.compile(r"\b(?:Mc|Mac|De|La|Le|Van|O['’])(?=[A-Z])|\b[a-z][A-Z]\w+|\b[A-Z][a-z]+[A-Z][a-z]{3,}\b")
_DIGITS = re.compile(r"\d+")
_SURE = 0.6  # the reader's confidence in a word
_LEGIBLE = 0.55  # the mean of a name's words
_LEGIBLE_LETTERS = 3
_SHORT = 2  # characters
_LETTERS = 0.6  # share of a name with a number in it
_YEAR = re.compile(r"(?:19|20)\d\d\W*$")
_BEGINNING = 4  # letters of a word that a name of two lines would begin with a capital
_SHORTEST_LABEL = 4  # letters
_HEADING = 14  # characters
_HEADED = 3  # lines: a heading, a name and an address
_COUPLE = 20  # characters: a name of two people as long as this may go on in the next line


class Side(StrEnum):
    """Who a party is."""

    SELLER = "seller"
    BUYER = "buyer"


class Place(StrEnum):
    """What kind of place of the page says who a party is."""

    LABEL = "label"
    SENDER_LINE = "sender_line"  # name, street and town in one line
    WINDOW = "window"  # below the sender line
    LETTERHEAD = "letterhead"
    DETAILS = "details"  # a block with tax number, account or ways to reach somebody
    FOOT = "foot"
    HOLDER = "holder"  # of the account
    REST = "rest"  # the only block left over


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A party on the page: the lines of its name and address, and everything in its block."""

    side: Side
    name: tuple[Span, ...]
    address: tuple[Span, ...]
    block: Block
    confidence: float
    place: Place = Place.LABEL

    @property
    def text(self) -> str:
        """The name on one line."""
        return bare_name(" ".join(map(text_of, self.name)))

    @property
    def key(self) -> str:
        """What two spellings of the name have in common."""
        return name_key(self.text) or folded(self.text)


class Setting:
    """What is known of a document while its parties are looked for."""

    def __init__(self, labelled: Labelled, lexicon: Lexicon) -> None:
        """Labels and languages come from the document, the names of countries from every language."""
        self.labelled = labelled
        self.lexicon = lexicon
        self.countries = lexicon.known.countries

    @cached_property
    def _everyday(self) -> frozenset[str]:
        spoken = self.lexicon.languages or self.lexicon.known.stop_words.keys()
        return frozenset[str]().union(*(self.lexicon.known.stop_words[code] for code in spoken))

    def can_be_name(self, text: str) -> bool:
        """Whether a line can be somebody's name: no sentence of the document's language, no title, no country."""
        if not can_be_name(text, self._everyday) or country_of(text, self.countries):
            return False
        return has_legal_form(text) or not (self.is_title(text) or self._is_label(text))

    def is_title(self, text: str) -> bool:
        """Whether a line says what the document is, and no more than that: "Invoice", "FACTURE 2024"."""
        letters = sum(map(str.isalpha, text))
        named = sum(sum(map(str.isalpha, text[one.start : one.end])) for one in self.lexicon.types(text))
        return named >= 0.8 * letters

    def _is_label(self, text: str) -> bool:
        """Whether a line is a label in any language: forms are printed in two."""
        letters = folded(text)
        return len(letters) >= _SHORTEST_LABEL and bool(self.lexicon.known.labels.languages(letters))

    def is_plain(self, span: Span) -> bool:
        """Whether a line can be a part of a name or an address."""
        return bool(text_of(span)) and is_plain(self.labelled, span.segment)


def party_of(
    setting: Setting, side: Side, block: Block, confidence: float, place: Place, *, announced: bool = False
) -> FoundParty | None:
    """Name and address of a block; None if its first lines cannot be a name."""
    plain = _without_heading(setting, [span for span in block.spans if setting.is_plain(span)])
    while plain and (is_salutation(text_of(plain[0])) or plain[0].text.lstrip().startswith("(")):
        plain = plain[1:]
    if not announced and len(plain) > 2 and not _heads(setting, plain):
        plain = plain[1:]  # a slogan over the name
    if not plain or not _heads(setting, plain) or not _is_legible(plain[0]):
        return None
    name, rest = [_without_logo(plain[0])], plain[1:]
    if rest and _goes_on(text_of(name[0]), text_of(rest[0])):
        name, rest = [*name, rest[0]], rest[1:]
    address = tuple(address_lines(rest, setting.countries, announced=announced))
    return FoundParty(side, tuple(name), address, block, confidence, place)


def _without_heading(setting: Setting, lines: list[Span]) -> list[Span]:
    """The lines without a short word over a company's whole name: a label of a language that we do not know."""
    if len(lines) < _HEADED or has_legal_form(text_of(lines[0])) or len(text_of(lines[0])) > _HEADING:
        return lines
    whole = has_legal_form(text_of(lines[1])) and setting.can_be_name(text_of(lines[1]))
    return lines[1:] if whole and " " in name_key(text_of(lines[1])) else lines


def _heads(setting: Setting, lines: Sequence[Span]) -> bool:
    """Whether the first line is a name: also one like "Condominio Via Garibaldi 15", when its street follows."""
    first = text_of(lines[0])
    if lines[0].text.rstrip().endswith(":"):
        return False
    if setting.can_be_name(first):
        return True
    mostly_letters = sum(map(str.isalpha, first)) >= _LETTERS * len(first.replace(" ", ""))
    numbered = mostly_letters and is_street(first) and setting.can_be_name(_DIGITS.sub("", first))
    streets = (
        is_street(text) and any(map(str.isdigit, text)) and not is_town(text) for text in map(text_of, lines[1:])
    )
    return numbered and not (has_detail_of_building(first) or is_box(first)) and any(streets)


def has_detail_of_building(text: str) -> bool:
    """Whether a line says where in a building somebody is: "Suite 400", "2. OG"."""
    return is_unit(text) and any(map(str.isdigit, text))


def _is_legible(span: Span) -> bool:
    """Whether the reader was sure enough of a name's words; OCR makes words of logos and of stains."""
    words = [word for word in span.words if sum(map(str.isalpha, word.text)) >= _LEGIBLE_LETTERS]
    if span.segment.source is not Source.OCR:
        return True
    varied = any(len(set(word.text.casefold())) > 1 for word in words)
    return varied and sum(word.confidence for word in words) >= _LEGIBLE * len(words)


def is_garbled(span: Span) -> bool:
    """Whether pixels were read as no language writes: a digit or a sign within a word, "StraBe", "S6hne"."""
    return span.segment.source is Source.OCR and bool(_GARBLED.search(_CAMEL.sub("", span.text)))


def _without_logo(span: Span) -> Span:
    """A name without the short words that OCR makes of a logo beside it: it is unsure of the first."""
    words = span.words
    if words[0].confidence >= _SURE or len(words[0].text) > _SHORT:
        return span
    skipped = next((index for index, word in enumerate(words) if len(word.text) > _SHORT), 0)
    first = span.segment.words.index(words[skipped])
    return span.segment.span(span.segment.starts[first], span.end)


def _goes_on(name: str, following: str) -> bool:
    """Whether a long name ends in the second line: with its legal form, or with the surname of a couple."""
    if has_legal_form(name) or is_attention(following):
        return False
    if is_bare_form(following):
        return True
    if has_legal_form(following):
        titled = all(word[0].isupper() for word in name.split() if len(word) >= _BEGINNING and word[0].isalpha())
        return not any(map(str.isdigit, following)) and " : " not in following and titled
    if any(map(str.isdigit, following)) or is_place(following):
        return False
    if name.endswith(("&", "+", "-", " und", " and", " et", " y", " e")) or following.startswith(
        ("& ", "und ", "and ")
    ):
        return True
    couple = any(word in f" {name} " for word in (" & ", " und ", " and ", " et ")) and len(name) >= _COUPLE
    return couple and " " not in following.strip()


def is_bare_form(text: str) -> bool:
    """Whether a line is a legal form alone: "GmbH & Co. KG"."""
    return not name_key(text) and len(text) <= 20 and has_legal_form(f"Name {text}")


def address_lines(spans: Sequence[Span], countries: dict[str, str], *, announced: bool) -> list[Span]:
    """The lines up to the town and a country behind it; in a labelled block without a known kind of town, all.

    Lines before the street that are no part of a building, such as a department or a person, are left out.
    """
    last = None
    for index, span in enumerate(spans):
        text = text_of(span)
        more = code_alone(text) is not None or (is_street(text) and ":" not in text and not _YEAR.search(text))
        goes_on = last is not None and last == index - 1 and more
        if ends_address(text, countries) or goes_on:
            last = index
    if last is None and announced and len(spans) <= 5 and _could_be_address([text_of(span) for span in spans]):
        last = len(spans) - 1
    kept = list(_of_building(spans[: last + 1], countries)) if last is not None else []
    return kept if any(not country_of(text_of(span), countries) for span in kept) else []


def _could_be_address(lines: Sequence[str]) -> bool:
    """Whether lines without a town of a known kind hold a street, and nothing that is counted or priced."""
    return any(is_street(line) for line in lines) and not any(mark in line for line in lines for mark in "%€$£:")


def _of_building(spans: Sequence[Span], countries: dict[str, str]) -> Iterator[Span]:
    streets = [index for index, span in enumerate(spans) if is_street(text_of(span))]
    for index, span in enumerate(spans):
        text = text_of(span)
        before = bool(streets) and index < streets[0] and not any(map(str.isdigit, text))
        elsewhere = is_attention(text) or is_care_of(text)
        if (elsewhere and not is_street(text)) or (before and not is_place(text) and not country_of(text, countries)):
            continue
        yield span


def text_of(span: Span) -> str:
    """A span's words without the punctuation around them."""
    return span.lines.strip(" ,;:")
