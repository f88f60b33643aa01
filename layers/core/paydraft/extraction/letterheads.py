"""Names at the top of the first page."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from paydraft.extraction.blocks import Block, is_plain, label_of, under
from paydraft.extraction.names import has_legal_form
from paydraft.extraction.party_lines import FoundParty, Place, Setting, Side, party_of
from paydraft.extraction.party_marks import BARE, holds_reach, is_fragment, is_narrow, with_beginning

_TOP_SHARE = 0.13
_LETTERHEAD_SHARE = 0.32
_LARGE = 1.35  # times the ordinary letter: the size of a letterhead
_PLAIN_TO_SEE = 0.55  # a letterhead with its address, its legal form or large letters
_ROWS_ON_TOP = 6
_ROW_OF_HEADS = 4  # segments in a row that make it a table's


def letterheads(setting: Setting, blocks: list[Block]) -> Iterator[FoundParty]:
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
            if label_of(setting.labelled, segment) is not None or not is_plain(setting.labelled, segment):
                continue
            block = under(setting.labelled, segment.span())
            paired = sum(block.spans[0].segment.row == row.segments[0].row for block in blocks) > 1
            high = paired or is_narrow(row.sheet) or row.box.y0 < _TOP_SHARE * row.sheet.height
            top = not seen and index < _ROWS_ON_TOP
            found = _letterhead(setting, block, large=segment.height > _LARGE * size, top=top, high=high)
            if found is None:
                continue
            taken |= block.segments
            addressee = found.address and not holds_reach(setting, block) and not is_narrow(row.sheet)
            if not (addressee and any(one.confidence >= _PLAIN_TO_SEE for one in seen)):
                seen.append(found)
    yield from seen


def _letterhead(setting: Setting, block: Block, *, large: bool, top: bool, high: bool) -> FoundParty | None:
    segment = block.spans[0].segment
    party = party_of(setting, Side.SELLER, block, 0.4, Place.LETTERHEAD)
    if party is None:
        return None
    reach = holds_reach(setting, block)
    if not (large or top or reach or party.address or has_legal_form(party.text)):
        return None
    confidence = 0.26 + 0.2 * large + 0.15 * (top and high) + 0.2 * bool(party.address) + 0.2 * reach
    if has_legal_form(party.text):
        confidence = max(confidence, 0.7 + 0.1 * top)
    elif is_fragment(segment) or not (reach or high):
        confidence = min(confidence, BARE)
    return with_beginning(setting, replace(party, confidence=min(confidence, 0.8)))
