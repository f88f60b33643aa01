"""The places of a page that name a party: labels, the line over the window, letterhead, foot, holder of the account.

Each place makes a claim with the confidence that it names this side; `parties` weighs the claims against one another.
"""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from paydraft.extraction import candidates as sure
from paydraft.extraction.addresses import is_detail
from paydraft.extraction.blocks import Block, is_plain, label_of, under
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Sheet, Span
from paydraft.extraction.names import has_legal_form, is_bank, is_salutation
from paydraft.extraction.one_line_parties import first_address, leading_name, party_pieces, pieces_of, row_pieces
from paydraft.extraction.party_lines import FoundParty, Place, Setting, Side, party_of, text_of
from paydraft.extraction.relations import Hit, Relation
from paydraft.model.bank_account import Iban

_WINDOW = 110.0  # points below the sender line in which the buyer's address begins
_FOOT_SHARE = 0.78  # of the page's height
_HEAD_SHARE = 0.5
_LETTERHEAD_SHARE = 0.32
_LARGE = 1.35  # times the ordinary letter: the size of a letterhead
_RIGHT_OF_LABEL = 60.0  # points a name may stand right of the label above it

_REACH = frozenset(
    {
        Label.CONTACT,
        Label.TAX_NUMBER,
        Label.REGISTER_NUMBER,
        Label.IBAN,
        Label.BIC,
        Label.BANK_NAME,
        Label.ACCOUNT_HOLDER,
    }
)
_PLAIN_TO_SEE = 0.55  # a letterhead with its address, its legal form or large letters
_LINE = 0.85  # name, street and town in one line
_DETAILED = 0.78  # a block with contact details
_IN_FOOT = 0.76
_HOLDS_ACCOUNT = 0.65
_OVER_ADDRESS = 0.62
_SAME_EDGE = 20.0  # points
_FAR_BELOW = 60.0
_ROWS_UNDER = 3
_ROWS_BESIDE = 5
_ROWS_ON_TOP = 6
_ROW_OF_HEADS = 4  # segments in a row that make it a table's
_NARROW = 300.0  # points
_SPREAD = 2.5  # letter heights between the words of a name on a receipt


def trimmed(span: Span) -> Span | None:
    """A span without colons and spaces around it."""
    text = span.text
    start = len(text) - len(text.lstrip(" :.,-#|"))
    end = len(text.rstrip(" :,|"))
    return span.within(start, end) if start < end else None


def labelled_parties(setting: Setting) -> Iterator[FoundParty]:
    """The party at each label that announces one."""
    for side, label in ((Side.SELLER, Label.SELLER), (Side.BUYER, Label.BUYER)):
        for hit in setting.labelled.of(label):
            party = _labelled_party(setting, side, hit)
            if party is not None:
                yield party


def _labelled_party(setting: Setting, side: Side, hit: Hit) -> FoundParty | None:
    for relation, span in _regions(setting, hit):
        first = trimmed(span)
        if first is None or (relation is Relation.BELOW and span.box.x0 - hit.span.box.x0 > _RIGHT_OF_LABEL):
            continue
        confidence = sure.LABELLED_BELOW if relation is Relation.BELOW else 0.9
        block = _under_label(setting, hit, first, relation)
        party = party_of(setting, side, block, confidence, Place.LABEL, announced=True)
        if party is not None:
            return party
    return _below_details(setting, side, hit) if hit.announces else None


def _below_details(setting: Setting, side: Side, hit: Hit) -> FoundParty | None:
    """The name under a label where numbers of the party stand between the two."""
    box, rows = hit.span.box, setting.labelled.layout.rows
    for row in rows[hit.span.segment.row + 1 : hit.span.segment.row + _ROWS_BESIDE]:
        for segment in row.segments:
            if segment.sheet is not hit.span.segment.sheet or abs(segment.box.x0 - box.x0) > _SAME_EDGE:
                continue
            if segment.box.y0 - box.y1 > _FAR_BELOW:
                return None
            if is_plain(setting.labelled, segment) and label_of(setting.labelled, segment) is None:
                block = under(setting.labelled, segment.span())
                return party_of(setting, side, block, sure.LABELLED_BELOW, Place.LABEL, announced=True)
    return None


def _regions(setting: Setting, hit: Hit) -> list[tuple[Relation, Span]]:
    """Where the name can stand; without a colon it is rather below the label than right of it."""
    regions = list(setting.labelled.regions(hit))
    if hit.span.segment.text[hit.span.end :].lstrip(" )").startswith(":"):
        return regions
    return sorted(regions, key=lambda region: region[0] is Relation.RIGHT)


def _under_label(setting: Setting, hit: Hit, first: Span, relation: Relation) -> Block:
    block = under(setting.labelled, first)
    if relation is Relation.BELOW or len(block.spans) > 1:
        return block
    # the address may align with the label
    below = next(iter(setting.labelled.layout.below(hit.span, reach=1.6)), None)
    if below is None or setting.labelled.first_label(below.segment) is not None:
        return block
    return Block((first, *under(setting.labelled, below.segment.span()).spans))


def sender_lines(setting: Setting) -> Iterator[FoundParty]:
    """Name, street and town in one line: the seller's."""
    for row in setting.labelled.layout.rows:
        in_head = row.sheet.number == 1 and row.box.y0 < _HEAD_SHARE * row.sheet.height
        in_foot = row.box.y0 > _FOOT_SHARE * row.sheet.height
        if not (in_head or in_foot) or not any(map(str.isdigit, row.text)):
            continue
        found = party_pieces(setting, row_pieces(row))
        if found is None or setting.labelled.first_label(found[0].segment) in (Label.BUYER, Label.OTHER_PARTY):
            continue
        name, address = found
        own = Block(tuple(piece.segment.span() for piece in (name, *address)))
        if not is_bank(text_of(name)):
            place = Place.SENDER_LINE if in_head else Place.FOOT
            yield FoundParty(Side.SELLER, (name,), address, own, 0.88 if in_head else _LINE, place)


def is_narrow(sheet: Sheet) -> bool:
    """Whether a page is as narrow as a till's paper: nobody is addressed on it."""
    return sheet.width < _NARROW


def under_third(setting: Setting, top: Span) -> bool:
    """Whether a line stands under "ship to" or the like."""
    return any(
        hit.first
        and hit.span.segment.sheet is top.segment.sheet
        and 0 < top.box.y0 - hit.span.box.y0 < 40
        and abs(top.box.x0 - hit.span.box.x0) < 12
        for hit in setting.labelled.of(Label.OTHER_PARTY)
    )


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
    """Blocks in the foot, and blocks with contact details: a buyer's rarely has them."""
    for block in blocks:
        in_foot = block.spans[0].box.y0 > _FOOT_SHARE * block.spans[0].segment.sheet.height
        if in_foot or holds_reach(setting, block):
            party = party_of(setting, Side.SELLER, block, _DETAILED, Place.FOOT if in_foot else Place.DETAILS)
            if party is not None and not is_bank(party.text):
                yield replace(
                    with_beginning(setting, party),
                    confidence=_DETAILED if has_legal_form(party.text) else _DETAILED - 0.04,
                )


def holds_reach(setting: Setting, block: Block) -> bool:
    """Whether a block holds accounts, numbers or ways to reach somebody; a VAT number alone is an addressee's, too."""
    return any(
        is_detail(span.text) or setting.labelled.first_label(span.segment) in _REACH or Iban.parse(span.text)
        for span in block.spans
    )


def greeted(setting: Setting, blocks: list[Block]) -> Iterator[FoundParty]:
    """Blocks that begin as an address on an envelope does: "Herrn", "Messrs", "An"."""
    for block in blocks:
        if is_salutation(text_of(block.spans[0])) and not holds_reach(setting, block):
            party = party_of(setting, Side.BUYER, block, 0.82, Place.WINDOW)
            if party is not None:
                yield party


def letterheads(setting: Setting) -> Iterator[FoundParty]:
    """Names at the top of the first page; how sure depends on legal form, size, and what stands below.

    Below a letterhead that is plain to see, a block with nothing but an address is the addressee's.
    """
    first = [row for row in setting.labelled.layout.rows if row.sheet.number == 1]
    size = median(segment.height for row in first for segment in row.segments) if first else 0.0
    taken: set[tuple[int, int]] = set()
    seen: list[FoundParty] = []
    for index, row in enumerate(first):
        if row.box.y0 > _LETTERHEAD_SHARE * row.sheet.height:
            break
        for segment in row.segments if len(row.segments) < _ROW_OF_HEADS else ():
            if (segment.row, segment.position) in taken or len(segment.text) > 70:
                continue
            block = under(setting.labelled, segment.span())
            top = not seen and index < _ROWS_ON_TOP
            found = _letterhead(setting, block, large=segment.height > _LARGE * size, top=top)
            if found is None:
                continue
            taken |= block.segments
            addressee = found.address and not holds_reach(setting, block) and not is_narrow(row.sheet)
            if not (addressee and any(one.confidence >= _PLAIN_TO_SEE for one in seen)):
                seen.append(found)
    yield from seen


def _letterhead(setting: Setting, block: Block, *, large: bool, top: bool) -> FoundParty | None:
    segment = block.spans[0].segment
    if label_of(setting.labelled, segment) is not None or not is_plain(setting.labelled, segment):
        return None
    party = party_of(setting, Side.SELLER, block, 0.4, Place.LETTERHEAD)
    if party is None:
        return None
    reach = holds_reach(setting, block)
    if not (large or top or reach or party.address or has_legal_form(party.text)):
        return None
    confidence = 0.26 + 0.2 * large + 0.15 * top + 0.2 * bool(party.address) + 0.2 * reach
    confidence = max(confidence, 0.7 + 0.1 * top) if has_legal_form(party.text) else confidence
    return with_beginning(setting, replace(party, confidence=min(confidence, 0.8)))


def account_holders(setting: Setting) -> Iterator[FoundParty]:
    """Who is to be paid, by the words beside the account."""
    for hit in setting.labelled.of(Label.ACCOUNT_HOLDER):
        for _, span in setting.labelled.regions(hit):
            name = trimmed(span)
            if name is not None and setting.can_be_name(text_of(name)):
                yield FoundParty(Side.SELLER, (name,), (), Block((name,)), _HOLDS_ACCOUNT, Place.HOLDER)
                break


def company_lines(setting: Setting) -> Iterator[FoundParty]:
    """Companies that are named in the foot: with their legal form, or over their address or register number."""
    for segment in setting.labelled.layout.segments:
        if segment.box.y0 < _FOOT_SHARE * segment.sheet.height or label_of(setting.labelled, segment) is not None:
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


def _pieces_under(setting: Setting, segment: Segment) -> Iterator[Span]:
    """The pieces of a line and of the next ones below it."""
    for row in setting.labelled.layout.rows[segment.row : segment.row + _ROWS_UNDER]:
        for one in row.segments:
            over = min(one.box.x1, segment.box.x1) - max(one.box.x0, segment.box.x0)
            if over > 0 and row.sheet is segment.sheet:
                yield from pieces_of(one)


def address_beside(setting: Setting, name: Span, taken: frozenset[tuple[int, int]]) -> tuple[Span, ...]:
    """Street and town in the row of a name or the next ones, where nobody else's block is."""
    rows = setting.labelled.layout.rows[name.segment.row : name.segment.row + _ROWS_BESIDE]
    pieces = [
        piece
        for row in rows
        if row.sheet is name.segment.sheet
        for segment in row.segments
        if (segment.row, segment.position) not in taken
        and setting.labelled.first_label(segment) not in (Label.BUYER, Label.OTHER_PARTY)
        for piece in pieces_of(segment)
        if piece.segment is not name.segment or piece.start >= name.end
    ]
    return first_address(setting, pieces)


def with_beginning(setting: Setting, party: FoundParty) -> FoundParty:
    """A name whose first word stands a wide space before it, as receipts print: "toom   Baumarkt GmbH"."""
    first = party.name[0]
    before = setting.labelled.layout.left_of(first.segment)
    if before is None or first.start:
        return party
    near = first.box.x0 - before.box.x1 <= _SPREAD * first.segment.height
    level = 0.7 <= before.height / max(1.0, first.segment.height) <= 1.4
    if near and level and setting.can_be_name(before.text) and not has_legal_form(before.text):
        return replace(party, name=(before.span(), *party.name))
    return party
