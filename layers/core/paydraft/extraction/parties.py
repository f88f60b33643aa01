"""Seller and buyer: every place of the page that names a party makes a claim, and the claims that agree add up.

A label says most, then the sender line over the window, blocks with contact details, the foot, the letterhead. Names
that could be either party's, and names that claim the same side equally well, leave the field open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from paydraft.extraction import candidates as sure
from paydraft.extraction.addresses import address_of, is_street
from paydraft.extraction.blocks import Block, address_blocks, under
from paydraft.extraction.candidates import Candidate, alternative, seen_over
from paydraft.extraction.internet import owners_in
from paydraft.extraction.labelled_parties import labelled_parties
from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.letterheads import letterheads
from paydraft.extraction.party_claims import alike, grouped
from paydraft.extraction.party_lines import (
    FoundParty,
    Place,
    Setting,
    Side,
    address_lines,
    is_garbled,
    party_of,
    text_of,
)
from paydraft.extraction.party_marks import holds_reach, in_foot, is_narrow, is_reached_by_mail, trimmed, under_third
from paydraft.extraction.party_places import (
    account_holders,
    address_beside,
    company_lines,
    detailed_blocks,
    greeted,
    in_window,
    sender_lines,
)
from paydraft.extraction.relations import Labelled

_HEAD_SHARE = 0.5
_ROWS_ABOVE = 3
_LINES_BELOW = 5  # numbers and ways to reach a party, below its address
_SAME_COLUMN = 12.0  # points between left edges
_CLOSE = 1.6  # of the line's height: the gap between an address and the numbers below it
_ADDRESS = 0.97  # factor: an address has more lines to be read wrong


class Parties:
    """Seller and buyer of one document."""

    def __init__(self, labelled: Labelled, lexicon: Lexicon) -> None:
        """Weighs all claims at once; `found` has the outcome, `rivals` the names that nearly won."""
        self.lexicon = lexicon
        self._labelled = labelled
        self._setting = Setting(labelled, lexicon)
        self._owners = tuple(owners_in(labelled.layout))
        self.owners = [owner for owner, _ in self._owners]  # the names in domains, as often as they are printed
        lines = list(sender_lines(self._setting))
        used = frozenset[tuple[int, int]]().union(*(line.block.segments for line in lines))
        blocks = address_blocks(labelled, self._setting.countries, used)
        self._blocks = [block for block in blocks if not under_third(self._setting, block.spans[0])]
        rows = labelled.layout.rows
        self._items_begin = next((i for i, row in enumerate(rows) if labelled.in_items(row.segments[0])), len(rows))
        self.found: dict[Side, FoundParty] = {}
        self.rivals: dict[Side, tuple[FoundParty, ...]] = {}
        self._sides: dict[tuple[int, int], Side] = {}
        claims = [*labelled_parties(self._setting), *self._unlabelled_claims(lines)]
        self._decide_buyer([claim for claim in claims if claim.side is Side.BUYER])
        self._decide_seller([claim for claim in claims if claim.side is Side.SELLER])
        self._take_rest()
        self._labelled_addresses()
        self._address_of_letterhead()

    def candidates(self) -> Iterator[Candidate]:
        """Names and addresses."""
        for side, party in self.found.items():
            rivals = tuple(alternative(one.text, one.name[0], one.confidence) for one in self.rivals.get(side, ()))
            sure_of_name = sure.CONFLICTING if any(map(is_garbled, party.name)) else party.confidence
            name = seen_over(f"{side}.name", party.text, party.name, sure_of_name)
            yield replace(name, alternatives=rivals, legible=min(span.confidence for span in party.name))
            address = address_of([text_of(span) for span in party.address], self._setting.countries)
            if address is not None:
                misread = any(map(is_garbled, party.address))
                sure_of_it = sure.CONFLICTING if misread else party.confidence * _ADDRESS
                found = seen_over(f"{side}.address", address, party.address, sure_of_it)
                yield replace(found, legible=min(span.confidence for span in party.address))

    def side_of(self, segment: Segment) -> Side | None:
        """The party whose block a segment belongs to."""
        return self._sides.get((segment.row, segment.position))

    def side_near(self, segment: Segment) -> Side | None:
        """The party whose block ends closely above a segment, with nothing but a few lines of its own between."""
        current: Segment | None = segment
        for _ in range(_LINES_BELOW):
            current = self._closely_above(current) if current is not None else None
            if current is not None and (side := self.side_of(current)):
                return side
        return None

    def _closely_above(self, segment: Segment) -> Segment | None:
        box = segment.box
        for row in reversed(self._labelled.layout.rows[max(0, segment.row - _ROWS_ABOVE) : segment.row]):
            for above in row.segments:
                close = abs(above.box.x0 - box.x0) <= _SAME_COLUMN and box.y0 - above.box.y1 <= _CLOSE * segment.height
                if close and above.sheet is segment.sheet:
                    return above
        return None

    def _unlabelled_claims(self, lines: Sequence[FoundParty]) -> Iterator[FoundParty]:
        yield from lines
        for line in lines:
            addressee = in_window(self._setting, line, self._blocks) if line.place is Place.SENDER_LINE else None
            if addressee is not None:
                yield addressee
        yield from greeted(self._setting, self._blocks)
        yield from detailed_blocks(self._setting, self._blocks)
        yield from letterheads(self._setting, self._blocks)
        yield from account_holders(self._setting)
        yield from company_lines(self._setting)

    def _decide_buyer(self, claims: Sequence[FoundParty]) -> None:
        """The labelled party named most often, with an address before one without; else the one in the window."""
        for claim in claims:
            self._mark(claim)
        labels = [claim for claim in claims if claim.place is Place.LABEL] or list(claims)
        if labels:
            named = {claim.key: sum(alike(claim.key, other.key) for other in labels) for claim in labels}
            self.found[Side.BUYER] = max(
                labels, key=lambda one: (bool(one.address), named[one.key], one.confidence, len(one.address))
            )

    def _decide_seller(self, claims: Sequence[FoundParty]) -> None:
        """The best group of claims that is not the buyer; without a clear lead its name stays open."""
        taken = self._places_of(Side.BUYER)
        owners = [owner for owner, segment in self._owners if (segment.row, segment.position) not in taken]
        groups = grouped([claim for claim in claims if not self._is_buyers(claim)], owners)
        if not groups:
            return
        best = groups[0]
        for claim in best.claims:
            self._mark(claim)
        if len(groups) == 1 or groups[1].score < sure.FLOOR:
            best = best.without_rival()
        rivals = tuple(group.party for group in groups[1:])
        confidence = sure.CONFLICTING if any(best.is_doubted_by(group) for group in groups[1:]) else best.score
        self.found[Side.SELLER] = replace(best.party, confidence=confidence)
        self.rivals[Side.SELLER] = rivals[:3]

    def _is_buyers(self, claim: FoundParty) -> bool:
        buyer = self.found.get(Side.BUYER)
        if buyer is None:
            return False
        return claim.place is not Place.LABEL and (
            bool(claim.block.segments & self._places_of(Side.BUYER)) or alike(claim.key, buyer.key)
        )

    def _places_of(self, side: Side) -> frozenset[tuple[int, int]]:
        return frozenset(place for place, whose in self._sides.items() if whose is side)

    def _mark(self, claim: FoundParty) -> None:
        for place in claim.block.segments:
            self._sides.setdefault(place, claim.side)

    def _take_rest(self) -> None:
        """The only block left over in the head is the other party's; of two the upper one is the letterhead."""
        left = self._left_over()
        plain = [block for block in left if not holds_reach(self._setting, block)]
        rest = plain or [block for block in left if is_reached_by_mail(self._setting, block)]
        seller, buyer = self.found.get(Side.SELLER), self.found.get(Side.BUYER)
        if buyer is None and seller is not None and len(rest) == 1:
            self._take(Side.BUYER, rest[0], 0.75)
        elif buyer is not None and seller is None and len(rest) == 1:
            self._take(Side.SELLER, rest[0], 0.72)
        elif buyer is None and seller is None and len(rest) == 2:
            upper, lower = sorted(rest, key=lambda block: block.spans[0].box.y0)
            if upper.spans[-1].box.y1 < lower.spans[0].box.y0:
                self._take(Side.SELLER, upper, 0.7)
                self._take(Side.BUYER, lower, 0.7)

    def _left_over(self) -> list[Block]:
        """The addresses in the head that are nobody's yet; none on a till's paper, which is addressed to nobody."""
        return [
            block
            for block in self._blocks
            if self._in_head(block)
            and not block.segments & self._sides.keys()
            and not self._is_sellers(block)
            and party_of(self._setting, Side.BUYER, block, 0.0, Place.REST) is not None
            and not is_narrow(block.spans[0].segment.sheet)
        ]

    def _take(self, side: Side, block: Block, confidence: float) -> None:
        party = party_of(self._setting, side, block, confidence, Place.REST)
        if party is not None:
            self.found[side] = party
            self._mark(party)

    def _is_sellers(self, block: Block) -> bool:
        seller = self.found.get(Side.SELLER)
        return seller is not None and seller.text.casefold() == block.lines[0].casefold()

    def _in_head(self, block: Block) -> bool:
        top = block.spans[0]
        over_items = top.segment.row < self._items_begin
        return top.segment.sheet.number == 1 and over_items and top.box.y0 < _HEAD_SHARE * top.segment.sheet.height

    def _labelled_addresses(self) -> None:
        """Addresses with a label of their own go to the party printed nearest above, or in the same row."""
        for hit in self._labelled.of(Label.ADDRESS):
            span = next((span for _, span in self._labelled.regions(hit)), None)
            first = trimmed(span) if span else None
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
                line for line in under(self._labelled, first).spans if self._setting.is_plain(line) or line is first
            ]
            kept = address_lines(lines, self._setting.countries, announced=True)
            found = replace(party, address=tuple(kept), block=Block((*party.block.spans, *kept)))
            self.found[party.side] = found
            self._mark(found)

    def _address_of_letterhead(self) -> None:
        """A seller without an address takes the block that repeats a word of its name."""
        seller = self.found.get(Side.SELLER)
        if seller is None or seller.address:
            return
        words = {word for word in seller.text.casefold().split() if len(word) >= 4}
        for block in self._blocks:
            taken = any(self._sides.get(place) is Side.BUYER for place in block.segments)
            if words & set(block.lines[0].casefold().split()) and not taken:
                kept = [span for span in block.spans if self._setting.is_plain(span)]
                start = 1 if block.lines[0].casefold() == seller.text.casefold() else 0
                lines = address_lines(kept[start:], self._setting.countries, announced=False)
                self.found[Side.SELLER] = replace(seller, address=tuple(lines))
                return
        beside = address_beside(self._setting, seller.name[-1], self._places_of(Side.BUYER))
        self.found[Side.SELLER] = replace(seller, address=beside or self._address_in_foot())

    def _address_in_foot(self) -> tuple[Span, ...]:
        """Street and town of a block in the foot that needs no name, as its columns belong together."""
        for block in self._blocks:
            first, below = text_of(block.spans[0]), block.spans[0].segment
            official = in_foot(below) or (below.row > self._items_begin and holds_reach(self._setting, block))
            if official and is_street(first) and not self._setting.can_be_name(first):
                kept = [span for span in block.spans if self._setting.is_plain(span)]
                return tuple(address_lines(kept, self._setting.countries, announced=False))
        return ()
