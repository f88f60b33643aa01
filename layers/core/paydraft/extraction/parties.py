"""Seller and buyer: every place of the page that names a party makes a claim, and the claims that agree add up.

A label says most, then the sender line over the window, blocks with contact details, the foot, the letterhead. Names
that could be either party's, and names that claim the same side equally well, leave the field open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from paydraft.extraction import candidates as sure
from paydraft.extraction.addresses import address_of
from paydraft.extraction.blocks import Block, address_blocks, under
from paydraft.extraction.candidates import Candidate, alternative, seen_over
from paydraft.extraction.internet import agrees, owners_in
from paydraft.extraction.labels.vocabulary import Label, Lexicon
from paydraft.extraction.layout import Segment
from paydraft.extraction.names import name_key
from paydraft.extraction.party_lines import FoundParty, Place, Setting, Side, address_lines, party_of, text_of
from paydraft.extraction.party_places import (
    account_holders,
    address_beside,
    company_lines,
    detailed_blocks,
    greeted,
    holds_reach,
    in_window,
    is_narrow,
    labelled_parties,
    letterheads,
    sender_lines,
    trimmed,
    under_third,
)
from paydraft.extraction.relations import Labelled

_HEAD_SHARE = 0.5
_RIVAL = 0.65  # a claim that can make the best one doubtful
_LEAD = 0.05  # that the best claim must have over a rival
_ALONE = 0.8  # factor of the doubt: no other name could be the seller
_MOST = 0.95
_ROWS_ABOVE = 3
_SAME_COLUMN = 12.0  # points between left edges
_CLOSE = 1.6  # of the line's height: the gap between an address and the numbers below it
_NOT_BARE = 0.6  # the doubt in a name that more than its place speaks for
_ALIKE = 0.86  # share of letters in common of two readings of one name
_ADDRESS = 0.97  # factor: an address has more lines to be read wrong


@dataclass(frozen=True, slots=True)
class _Group:
    """Claims that name the same party, the surest first."""

    claims: tuple[FoundParty, ...]
    score: float

    @property
    def party(self) -> FoundParty:
        """The surest claim, with the address of another one if it has none."""
        best = self.claims[0]
        address = next((one.address for one in self.claims if one.address), ())
        return replace(best, address=address, confidence=self.score)


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
        self._near: dict[tuple[int, int], Side | None] = {}
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
            name = seen_over(f"{side}.name", party.text, party.name, party.confidence)
            yield replace(name, alternatives=rivals)
            address = address_of([text_of(span) for span in party.address], self._setting.countries)
            if address is not None:
                yield seen_over(f"{side}.address", address, party.address, party.confidence * _ADDRESS)

    def side_of(self, segment: Segment) -> Side | None:
        """The party whose block a segment belongs to."""
        return self._sides.get((segment.row, segment.position))

    def side_near(self, segment: Segment) -> Side | None:
        """The party whose block ends closely above a segment, with nothing but lines of its own between."""
        if not self._near:  # from top to bottom, so that a column of any length is followed without recursion
            for one in self._labelled.layout.segments:
                self._near[one.row, one.position] = self._side_above(one)
        return self._near.get((segment.row, segment.position))

    def _side_above(self, segment: Segment) -> Side | None:
        box = segment.box
        for row in reversed(self._labelled.layout.rows[max(0, segment.row - _ROWS_ABOVE) : segment.row]):
            for above in row.segments:
                close = abs(above.box.x0 - box.x0) <= _SAME_COLUMN and box.y0 - above.box.y1 <= _CLOSE * segment.height
                known = self.side_of(above) or self._near.get((above.row, above.position))
                if close and above.sheet is segment.sheet and known:
                    return known
        return None

    def _unlabelled_claims(self, lines: Sequence[FoundParty]) -> Iterator[FoundParty]:
        yield from lines
        for line in lines:
            addressee = in_window(self._setting, line, self._blocks) if line.place is Place.SENDER_LINE else None
            if addressee is not None:
                yield addressee
        yield from greeted(self._setting, self._blocks)
        yield from detailed_blocks(self._setting, self._blocks)
        yield from letterheads(self._setting)
        yield from account_holders(self._setting)
        yield from company_lines(self._setting)

    def _decide_buyer(self, claims: Sequence[FoundParty]) -> None:
        """The labelled party named most often, with an address before one without; else the one in the window."""
        for claim in claims:
            self._mark(claim)
        labels = [claim for claim in claims if claim.place is Place.LABEL] or list(claims)
        if labels:
            named = {claim.key: sum(_alike(claim.key, other.key) for other in labels) for claim in labels}
            self.found[Side.BUYER] = max(
                labels, key=lambda one: (bool(one.address), named[one.key], one.confidence, len(one.address))
            )

    def _decide_seller(self, claims: Sequence[FoundParty]) -> None:
        """The best group of claims that is not the buyer; without a clear lead its name stays open."""
        groups = self._groups([claim for claim in claims if not self._is_buyers(claim)])
        if not groups:
            return
        best = groups[0]
        for claim in best.claims:
            self._mark(claim)
        if len(groups) == 1 or groups[1].score < sure.FLOOR:
            best = replace(best, score=round(1 - (1 - best.score) * _ALONE, 3))
        rivals = tuple(group.party for group in groups[1:])
        confidence = sure.CONFLICTING if any(_doubts(best, group) for group in groups[1:]) else best.score
        self.found[Side.SELLER] = replace(best.party, confidence=confidence)
        self.rivals[Side.SELLER] = rivals[:3]

    def _is_buyers(self, claim: FoundParty) -> bool:
        buyer = self.found.get(Side.BUYER)
        if buyer is None:
            return False
        return claim.place is not Place.LABEL and (
            bool(claim.block.segments & self._places_of(Side.BUYER)) or _alike(claim.key, buyer.key)
        )

    def _places_of(self, side: Side) -> frozenset[tuple[int, int]]:
        return frozenset(place for place, whose in self._sides.items() if whose is side)

    def _mark(self, claim: FoundParty) -> None:
        for place in claim.block.segments:
            self._sides.setdefault(place, claim.side)

    def _groups(self, claims: Sequence[FoundParty]) -> list[_Group]:
        """Claims by the name they make, the best group first."""
        grouped: list[list[FoundParty]] = []
        for claim in sorted(claims, key=lambda claim: -claim.confidence):
            group = next((group for group in grouped if any(_alike(claim.key, one.key) for one in group)), None)
            if group is None:
                grouped.append([claim])
            else:
                group.append(claim)
        return sorted((_Group(tuple(group), self._score(group)) for group in grouped), key=lambda group: -group.score)

    def _score(self, group: Sequence[FoundParty]) -> float:
        """How sure all claims of one name are together; a domain made of the name is one more claim."""
        doubt, used = 1.0, set[tuple[int, int] | Place]()
        for claim in sorted(group, key=lambda claim: -claim.confidence):
            if not used & {claim.place, *claim.block.segments}:
                doubt *= 1 - claim.confidence * (0.5 if used else 1.0)
            used |= {claim.place, *claim.block.segments}
        taken = self._places_of(Side.BUYER)
        owners = (owner for owner, segment in self._owners if (segment.row, segment.position) not in taken)
        if doubt <= _NOT_BARE and any(agrees(owner, claim.key) for owner in owners for claim in group):
            doubt *= 0.5
        return round(min(_MOST, 1 - doubt), 3)

    def _take_rest(self) -> None:
        """The only block left over in the head is the other party's; of two the upper one is the letterhead."""
        rest = [
            block
            for block in self._blocks
            if self._in_head(block)
            and not block.segments & self._sides.keys()
            and not self._is_sellers(block)
            and not holds_reach(self._setting, block)
            and not is_narrow(block.spans[0].segment.sheet)
        ]
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
        self.found[Side.SELLER] = replace(seller, address=beside)


def _doubts(best: _Group, other: _Group) -> bool:
    """Whether another name could be the seller as well: as sure, or another name at the same address.

    What a label says is doubted by another label only, or by a second name at its address.
    """
    within = any(_alike(name_key(line), best.party.key) for line in other.party.block.lines)
    if other.score < _RIVAL or within:
        return False
    labelled = best.claims[0].place is Place.LABEL and other.claims[0].place is not Place.LABEL
    one, two = best.party.address, other.party.address
    same_place = bool(one) and [text_of(span) for span in one] == [text_of(span) for span in two]
    return same_place or (not labelled and other.score >= best.score - _LEAD)


def _alike(one: str, other: str) -> bool:
    """Whether two names are one party's: equal, the beginning of the other, or two readings of the same print."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter + " "):
        return True
    return min(len(one), len(other)) >= 5 and SequenceMatcher(None, one, other).ratio() >= _ALIKE
