"""Seller and buyer: the block under or beside their label, else the place and the company of an address decide.

Without labels the sender line over the window of the envelope names the seller and the block below it the buyer; a
block with VAT number, e-mail, web site or bank, or in the foot of the page, is the seller's.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from paydraft.extraction import candidates as sure
from paydraft.extraction.addresses import address_of, is_detail, is_street, is_town
from paydraft.extraction.blocks import Block, address_blocks, is_plain, under
from paydraft.extraction.candidates import Candidate, seen_over
from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.names import can_be_name, has_legal_form
from paydraft.extraction.party_lines import FoundParty, Side, address_lines, party_of, text_of
from paydraft.extraction.relations import Hit, Labelled, Relation

_SENDER_PARTS = re.compile(r"\s+[-—|•·●∙*]\s+|\s*[●•·|]\s*|,\s+")
_WINDOW = 110.0  # points below the sender line in which the buyer's address begins
_FOOT_SHARE = 0.82  # of the page's height
_HEAD_SHARE = 0.5


class Parties:
    """Seller and buyer of one document."""

    def __init__(self, labelled: Labelled, lexicon: Lexicon) -> None:
        """Looks at labels first, then at the blocks they leave over."""
        self._labelled = labelled
        self._countries = lexicon.known.countries
        self._blocks = tuple(address_blocks(labelled, self._countries))
        self.found: dict[Side, FoundParty] = {}
        for side, label in ((Side.SELLER, Label.SELLER), (Side.BUYER, Label.BUYER)):
            read = [party for hit in labelled.of(label) if (party := self._labelled_party(side, hit))]
            if read:
                self.found[side] = max(read, key=lambda party: (bool(party.address), party.confidence))
        if len(self.found) < 2:
            self._unlabelled()
        if Side.SELLER not in self.found:
            self._letterhead()
            self._unlabelled()
        self._labelled_addresses()
        self._address_of_letterhead()

    def candidates(self) -> Iterator[Candidate]:
        """Names and addresses."""
        for side, party in self.found.items():
            yield seen_over(f"{side}.name", party.text, party.name, party.confidence)
            lines = [part for span in party.address for part in _parts_of(text_of(span))]
            address = address_of(lines, self._countries)
            if address is not None:
                yield seen_over(f"{side}.address", address, party.address, party.confidence * 0.97)

    def side_of(self, segment: Segment) -> Side | None:
        """The party whose block a segment belongs to."""
        place = (segment.row, segment.position)
        return next((side for side, party in self.found.items() if place in party.block.segments), None)

    def _labelled_party(self, side: Side, hit: Hit) -> FoundParty | None:
        for relation, span in self._regions(hit):
            first = _trimmed(span)
            if first is None or (relation is Relation.BELOW and span.box.x0 - hit.span.box.x0 > 60):
                continue
            confidence = sure.LABELLED_BELOW if relation is Relation.BELOW else 0.9
            party = self._party(side, self._under_label(hit, first, relation), confidence, announced=True)
            if party is not None:
                return party
        return None

    def _regions(self, hit: Hit) -> list[tuple[Relation, Span]]:
        """Where the name can stand; without a colon it is rather below the label than right of it."""
        regions = list(self._labelled.regions(hit))
        if hit.span.segment.text[hit.span.end :].lstrip(" )").startswith(":"):
            return regions
        return sorted(regions, key=lambda region: region[0] is Relation.RIGHT)

    def _under_label(self, hit: Hit, first: Span, relation: Relation) -> Block:
        block = under(self._labelled, first)
        if relation is Relation.BELOW or len(block.spans) > 1:
            return block
        below = next(
            iter(self._labelled.layout.below(hit.span, reach=1.6)), None
        )  # the address may align with the label
        if below is None or self._labelled.first_label(below.segment) is not None:
            return block
        return Block((first, *under(self._labelled, below.segment.span()).spans))

    def _party(self, side: Side, block: Block, confidence: float, *, announced: bool = False) -> FoundParty | None:
        return party_of(self._labelled, side, block, confidence, self._countries, announced=announced)

    def _labelled_addresses(self) -> None:
        """Addresses with a label of their own go to the party printed nearest above, or in the same row."""
        for hit in self._labelled.of(Label.ADDRESS):
            span = next((span for _, span in self._labelled.regions(hit)), None)
            first = _trimmed(span) if span else None
            above = [
                party
                for party in self.found.values()
                if not party.address
                and 0 <= hit.span.segment.row - party.name[0].segment.row <= 6
                and abs(hit.span.box.x0 - party.block.spans[0].segment.box.x0) < 60
            ]
            if first is None or not above:
                continue
            party = max(above, key=lambda party: party.name[0].segment.row)
            lines = [
                line
                for line in under(self._labelled, first).spans
                if is_plain(self._labelled, line.segment) or line is first
            ]
            kept = address_lines(lines, self._countries, announced=True)
            block = Block((*party.block.spans, *kept))
            self.found[party.side] = replace(party, address=tuple(kept), block=block)

    def _address_of_letterhead(self) -> None:
        """A seller without an address takes the block that repeats a word of its name."""
        seller = self.found.get(Side.SELLER)
        if seller is None or seller.address:
            return
        taken = {place for party in self.found.values() for place in party.block.segments}
        words = {word for word in seller.text.casefold().split() if len(word) >= 4}
        for block in self._blocks:
            if (
                words & set(block.lines[0].casefold().split())
                and not block.segments & taken
                and not self._belongs_to_third(block)
            ):
                kept = [span for span in block.spans if is_plain(self._labelled, span.segment)]
                start = 1 if block.lines[0].casefold() == seller.text.casefold() else 0
                self.found[Side.SELLER] = replace(
                    seller, address=tuple(address_lines(kept[start:], self._countries, announced=False))
                )
                return

    def _unlabelled(self) -> None:
        taken = {place for party in self.found.values() for place in party.block.segments}
        blocks = [block for block in self._blocks if not block.segments & taken and not self._belongs_to_third(block)]
        self._sender_line(blocks)
        for block in blocks:
            if Side.SELLER not in self.found and self._is_sellers(block):
                self._take(Side.SELLER, block, 0.78)
        rest = [block for block in blocks if self._in_head(block) and not self._same_name(block, Side.SELLER)]
        if Side.BUYER not in self.found and Side.SELLER in self.found and len(rest) == 1:
            self._take(Side.BUYER, rest[0], 0.75)
        elif not self.found and len(rest) == 2:
            upper, lower = sorted(rest, key=lambda block: block.spans[0].box.y0)
            if upper.spans[-1].box.y1 < lower.spans[0].box.y0:  # the letterhead stands over the addressee
                self._take(Side.SELLER, upper, 0.7)
                self._take(Side.BUYER, lower, 0.7)
        elif Side.SELLER not in self.found and Side.BUYER in self.found and len(rest) == 1:
            self._take(Side.SELLER, rest[0], 0.72)

    def _take(self, side: Side, block: Block, confidence: float) -> None:
        party = self._party(side, block, confidence)
        if party is not None:
            self.found[side] = party

    def _sender_line(self, blocks: list[Block]) -> None:
        """One line with name, street and town: the seller; the block right below it is the buyer's."""
        for segment in self._labelled.layout.segments:
            parts = [part for part in _SENDER_PARTS.split(segment.text) if part.strip()]
            if not 3 <= len(parts) <= 6 or len(segment.text) > 120 or segment.sheet.number != 1:
                continue
            if not any(is_town(part) for part in parts[1:]) or not any(map(is_street, parts[1:])):
                continue
            if Side.SELLER not in self.found and can_be_name(parts[0].strip()):
                name = segment.span(0, len(parts[0].rstrip()))
                rest = segment.span(segment.text.index(parts[1], len(parts[0])))
                self.found[Side.SELLER] = FoundParty(Side.SELLER, (name,), (rest,), Block((segment.span(),)), 0.88)
            for block in blocks:
                top = block.spans[0].box
                if (
                    Side.BUYER not in self.found
                    and 0 < top.y0 - segment.box.y0 < _WINDOW
                    and abs(top.x0 - segment.box.x0) < 45
                ):
                    self._take(Side.BUYER, block, 0.88)
            return

    def _belongs_to_third(self, block: Block) -> bool:
        """Whether the block stands under "ship to" or the like."""
        top = block.spans[0]
        return any(
            hit.first
            and hit.span.segment.sheet is top.segment.sheet
            and 0 < top.box.y0 - hit.span.box.y0 < 40
            and abs(top.box.x0 - hit.span.box.x0) < 12
            for hit in self._labelled.of(Label.OTHER_PARTY)
        )

    def _is_sellers(self, block: Block) -> bool:
        top = block.spans[0]
        if top.box.y0 > _FOOT_SHARE * top.segment.sheet.height:
            return True
        details = sum(not is_plain(self._labelled, span.segment) for span in block.spans)
        return details > 0

    def _in_head(self, block: Block) -> bool:
        top = block.spans[0]
        return top.segment.sheet.number == 1 and top.box.y0 < _HEAD_SHARE * top.segment.sheet.height

    def _same_name(self, block: Block, side: Side) -> bool:
        known = self.found.get(side)
        return known is not None and known.text.casefold() == block.lines[0].casefold()

    def _letterhead(self) -> None:
        """A company's name alone: at the top of the first page, or as the holder of the account."""
        buyer = self.found.get(Side.BUYER)
        for segment in self._labelled.layout.segments:
            text = " ".join(segment.text.split())
            in_reach = segment.sheet.number == 1 and segment.box.y0 < 0.3 * segment.sheet.height
            if not in_reach or len(text) > 60 or (buyer and (segment.row, segment.position) in buyer.block.segments):
                continue
            if has_legal_form(text) and can_be_name(text) and is_plain(self._labelled, segment):
                block = under(self._labelled, segment.span())
                self.found[Side.SELLER] = self._party(Side.SELLER, block, 0.7) or FoundParty(
                    Side.SELLER, (segment.span(),), (), block, 0.7
                )
                return
        self._account_holder()
        if Side.SELLER not in self.found:
            self._contact_head()

    def _contact_head(self) -> None:
        """The first block of the first page, if it holds an e-mail address or a web site."""
        for row in self._labelled.layout.rows[:4]:
            block = under(self._labelled, row.segments[0].span())
            if any(is_detail(line) for line in block.lines[1:]) and row.sheet.number == 1:
                self._take(Side.SELLER, block, 0.65)
                return

    def _account_holder(self) -> None:
        for hit in self._labelled.of(Label.ACCOUNT_HOLDER):
            for _, span in self._labelled.regions(hit):
                name = _trimmed(span)
                if name is not None and can_be_name(text_of(name)):
                    self.found[Side.SELLER] = FoundParty(Side.SELLER, (name,), (), Block((name,)), 0.65)
                    return


def _trimmed(span: Span) -> Span | None:
    """A span without colons and spaces around it."""
    text = span.text
    start = len(text) - len(text.lstrip(" :.,-#"))
    end = len(text.rstrip(" :,"))
    return span.within(start, end) if start < end else None


def _parts_of(line: str) -> list[str]:
    """Street and town of an address that is printed on one line."""
    parts = [part for part in _SENDER_PARTS.split(line) if part.strip()]
    for start in range(1, len(parts)):
        town = line[line.index(parts[start]) :]
        if is_town(town):
            return [line[: line.index(parts[start])].strip(" ,-·•●|"), town]
    return [line]
