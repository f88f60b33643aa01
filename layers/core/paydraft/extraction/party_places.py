"""The places of a page that name a party: the line over the window, blocks with details, the foot, the account.

Each place makes a claim with the confidence that it names this side; `parties` weighs the claims against one another.
"""

from collections.abc import Iterator
from dataclasses import replace

from paydraft.extraction.addresses import is_detail
from paydraft.extraction.blocks import Block, label_of, line_height, under
from paydraft.extraction.company_ids import register_numbers_in
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.names import has_legal_form, is_bank, is_salutation
from paydraft.extraction.one_line_parties import first_address, leading_name, party_pieces, pieces_of, row_pieces
from paydraft.extraction.party_lines import FoundParty, Place, Setting, Side, party_of, text_of
from paydraft.extraction.party_marks import (
    BARE,
    OFFICIAL,
    ROWS_BESIDE,
    holds_reach,
    in_foot,
    is_fragment,
    trimmed,
    under_third,
    with_beginning,
)
from paydraft.extraction.tax_ids import vat_numbers_in
from paydraft.extraction.town_lines import holds_code
from paydraft.model.bank_account import Iban

_WINDOW = 110.0  # points below the sender line in which the buyer's address begins
_HEAD_SHARE = 0.5
_LINE = 0.85  # name, street and town in one line
_DETAILED = 0.78  # a block with official numbers
_REACHABLE = 0.7  # a block with contact details
_ONLY_VAT = 0.66  # a block with the only VAT number of the document
_IN_FOOT = 0.76
_HOLDS_ACCOUNT = 0.65
_OVER_ADDRESS = 0.62
_ROWS_UNDER = 3
_LARGER = 1.25


def sender_lines(setting: Setting) -> Iterator[FoundParty]:
    """Name, street and town in one line: the seller's."""
    for row in setting.labelled.layout.rows:
        in_head = row.sheet.number == 1 and row.box.y0 < _HEAD_SHARE * row.sheet.height
        if not (in_head or in_foot(row.segments[0])) or not holds_code(row.text):
            continue
        found = party_pieces(setting, row_pieces(row))
        if found is None or setting.labelled.first_label(found[0].segment) in (Label.BUYER, Label.OTHER_PARTY):
            continue
        name, address = found
        name = name if has_legal_form(text_of(name)) else _name_above(setting, name) or name
        own = Block(tuple(piece.segment.span() for piece in (name, *address)))
        if not is_bank(text_of(name)):
            place = Place.SENDER_LINE if in_head else Place.FOOT
            yield FoundParty(Side.SELLER, (name,), address, own, 0.88 if in_head else _LINE, place)


def _name_above(setting: Setting, line: Span) -> Span | None:
    """A company's name right over the line, in larger letters: the line then begins with what it does."""
    for row in reversed(setting.labelled.layout.rows[max(0, line.segment.row - 2) : line.segment.row]):
        for segment in row.segments:
            over = min(segment.box.x1, line.segment.box.x1) > max(segment.box.x0, line.segment.box.x0)
            near = line.segment.box.y0 - segment.box.y1 <= 2 * line_height(line.segment, line.segment.box)
            larger = segment.height >= _LARGER * line.segment.height or has_legal_form(segment.text)
            if over and near and larger and setting.can_be_name(segment.text):
                return segment.span()
    return None


def in_window(setting: Setting, line: FoundParty, blocks: list[Block]) -> FoundParty | None:
    """The addressee in the window of the envelope, below the sender line."""
    above = line.name[0]
    for block in blocks:
        top = block.spans[0].box
        if 0 < top.y0 - above.box.y0 < _WINDOW and abs(top.x0 - above.segment.box.x0) < 45:
            party = party_of(setting, Side.BUYER, block, 0.88, Place.WINDOW)
            if party is not None and above.segment.sheet is block.spans[0].segment.sheet:
                return party
    return None


def detailed_blocks(setting: Setting, blocks: list[Block]) -> Iterator[FoundParty]:
    """Blocks in the foot, and blocks with numbers or contact details: a buyer's rarely has them."""
    one_vat_number = sum(bool(vat_numbers_in(one.text)) for one in setting.labelled.layout.segments) <= 1
    for block in blocks:
        foot = in_foot(block.spans[0].segment)
        confidence = _IN_FOOT if foot else _weight(setting, block, one_vat_number=one_vat_number)
        if confidence:
            party = party_of(setting, Side.SELLER, block, confidence, Place.FOOT if foot else Place.DETAILS)
            if party is not None and not is_bank(party.text):
                named = with_beginning(setting, party)
                fragment = is_fragment(named.name[0].segment)
                yield replace(named, confidence=BARE if fragment else confidence + 0.04 * has_legal_form(named.text))


def _weight(setting: Setting, block: Block, *, one_vat_number: bool) -> float:
    """How much the details of a block say for the seller: numbers of tax, register or account more than a mail box."""
    labels = {setting.labelled.first_label(span.segment) for span in block.spans}
    if labels & OFFICIAL or any(Iban.parse(span.text) or register_numbers_in(span.text) for span in block.spans):
        return _DETAILED
    if holds_reach(setting, block):
        return _REACHABLE
    announced = Label.VAT_NUMBER in labels or any(vat_numbers_in(span.text) for span in block.spans)
    return _ONLY_VAT if announced and one_vat_number else 0.0


def greeted(setting: Setting, blocks: list[Block]) -> Iterator[FoundParty]:
    """Blocks that begin as an address on an envelope does: "Herrn", "Messrs", "An"."""
    for block in blocks:
        if is_salutation(text_of(block.spans[0])) and not holds_reach(setting, block):
            party = party_of(setting, Side.BUYER, block, 0.82, Place.WINDOW)
            if party is not None:
                yield party


def account_holders(setting: Setting) -> Iterator[FoundParty]:
    """Who is to be paid, by the words beside the account."""
    for hit in setting.labelled.of(Label.ACCOUNT_HOLDER):
        for _, span in setting.labelled.regions(hit):
            name = trimmed(span)
            if name is not None and setting.can_be_name(text_of(name)):
                yield FoundParty(Side.SELLER, (name,), (), Block((name,)), _HOLDS_ACCOUNT, Place.HOLDER)
                break


def company_lines(setting: Setting) -> Iterator[FoundParty]:
    """Companies that are named in the foot, or where a sentence names their register: with legal form or address."""
    legal = {_place(hit.span.segment) for hit in setting.labelled.of(Label.REGISTER_NUMBER, Label.ADDRESS)}
    for segment in setting.labelled.layout.segments:
        legal_line = in_foot(segment) or _place(segment) in legal
        if not legal_line or label_of(setting.labelled, segment) is not None:
            continue
        first = next(pieces_of(segment), None)
        name = leading_name(setting, first) if first is not None else None
        if name is None or is_bank(text_of(name)) or under_third(setting, name):
            continue
        block = under(setting.labelled, segment.span())
        address = first_address(setting, list(_pieces_under(setting, segment)))
        if has_legal_form(text_of(name)):
            yield FoundParty(Side.SELLER, (name,), address, block, _IN_FOOT, Place.FOOT)
        elif address and all(piece.segment is not segment for piece in address):
            yield FoundParty(Side.SELLER, (name,), address, block, _OVER_ADDRESS, Place.FOOT)


def _place(segment: Segment) -> tuple[int, int]:
    return segment.row, segment.position


def _pieces_under(setting: Setting, segment: Segment) -> Iterator[Span]:
    """The pieces of a line and of the next ones below it."""
    for row in setting.labelled.layout.rows[segment.row : segment.row + _ROWS_UNDER]:
        for one in row.segments:
            over = min(one.box.x1, segment.box.x1) - max(one.box.x0, segment.box.x0)
            if over > 0 and row.sheet is segment.sheet:
                yield from pieces_of(one)


def address_beside(setting: Setting, name: Span, taken: frozenset[tuple[int, int]]) -> tuple[Span, ...]:
    """Street and town in the row of a name or the next ones, where nobody else's block is."""
    rows = setting.labelled.layout.rows[name.segment.row : name.segment.row + ROWS_BESIDE]
    pieces = [
        piece
        for row in rows
        if row.sheet is name.segment.sheet
        for segment in row.segments
        if (segment.row, segment.position) not in taken
        and setting.labelled.first_label(segment) not in (Label.BUYER, Label.OTHER_PARTY)
        for piece in pieces_of(segment)
        if (piece.segment is not name.segment or piece.start >= name.end) and not is_detail(piece.text)
    ]
    return first_address(setting, pieces)
