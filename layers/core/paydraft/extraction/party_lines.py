"""A party read from a block of lines: its name first, its address below."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from paydraft.extraction.addresses import country_of, holds_town, is_street
from paydraft.extraction.blocks import Block, is_plain
from paydraft.extraction.layout import Span
from paydraft.extraction.names import can_be_name, has_legal_form, is_attention, is_salutation, without_attention
from paydraft.extraction.relations import Labelled

_SURE = 0.6  # the reader's confidence in a word
_SHORT = 2  # characters


class Side(StrEnum):
    """Who a party is."""

    SELLER = "seller"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A party on the page: the lines of its name and address, and everything in its block."""

    side: Side
    name: tuple[Span, ...]
    address: tuple[Span, ...]
    block: Block
    confidence: float

    @property
    def text(self) -> str:
        """The name on one line."""
        return without_attention(" ".join(map(text_of, self.name)))


def party_of(
    labelled: Labelled,
    side: Side,
    block: Block,
    confidence: float,
    countries: dict[str, str],
    *,
    announced: bool = False,
) -> FoundParty | None:
    """Name and address of a block; None if its first lines cannot be a name."""
    plain = [span for span in block.spans if text_of(span) and is_plain(labelled, span.segment)]
    while plain and (is_salutation(text_of(plain[0])) or plain[0].text.lstrip().startswith("(")):
        plain = plain[1:]
    if not announced and len(plain) > 2 and not can_be_name(text_of(plain[0])):
        plain = plain[1:]  # a slogan over the name
    if not plain or not can_be_name(text_of(plain[0])):
        return None
    name, rest = [_without_logo(plain[0])], plain[1:]
    if rest and _goes_on(text_of(name[0]), text_of(rest[0])):
        name, rest = [*name, rest[0]], rest[1:]
    return FoundParty(side, tuple(name), tuple(address_lines(rest, countries, announced=announced)), block, confidence)


def _without_logo(span: Span) -> Span:
    """A name without the short words that OCR makes of a logo beside it: it is unsure of the first."""
    words = span.words
    if words[0].confidence >= _SURE or len(words[0].text) > _SHORT:
        return span
    skipped = next((index for index, word in enumerate(words) if len(word.text) > _SHORT), 0)
    first = span.segment.words.index(words[skipped])
    return span.segment.span(span.segment.starts[first], span.end)


def _goes_on(name: str, following: str) -> bool:
    """Whether a long company name ends, with its legal form, in the second line."""
    return has_legal_form(following) and not has_legal_form(name) and not is_street(following)


def address_lines(spans: Sequence[Span], countries: dict[str, str], *, announced: bool) -> list[Span]:
    """The lines up to the town and a country behind it; in a labelled block without a known kind of town, all."""
    last = None
    for index, span in enumerate(spans):
        text = text_of(span)
        if (
            holds_town(text)
            or country_of(text.rsplit(",", 1)[-1], countries)
            or (last == index - 1 and is_street(text))
        ):
            last = index
    if last is None and announced and len(spans) <= 5 and any(map(str.isdigit, "".join(map(text_of, spans)))):
        last = len(spans) - 1
    kept = spans[: last + 1] if last is not None else []
    return [span for span in kept if not is_attention(text_of(span))]


def text_of(span: Span) -> str:
    """A span's words without the punctuation around them."""
    return span.lines.strip(" ,;:")
