"""The parties that labels announce: right of the label, behind it, or below."""

from collections.abc import Iterator

from paydraft.extraction import candidates as sure
from paydraft.extraction.blocks import Block, is_plain, label_of, under
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.party_lines import FoundParty, Place, Setting, Side, party_of
from paydraft.extraction.party_marks import ROWS_BESIDE, trimmed
from paydraft.extraction.relations import Hit, Relation

_RIGHT_OF_LABEL = 60.0  # points a name may stand right of the label above it
_SAME_EDGE = 20.0  # points
_FAR_BELOW = 60.0


def labelled_parties(setting: Setting) -> Iterator[FoundParty]:
    """The party at each label that announces one."""
    for side, label in ((Side.SELLER, Label.SELLER), (Side.BUYER, Label.BUYER)):
        for hit in setting.labelled.of(label):
            party = _labelled_party(setting, side, hit)
            if party is not None:
                yield party


def _labelled_party(setting: Setting, side: Side, hit: Hit) -> FoundParty | None:
    if hit.behind is not None and _counts_something(hit.behind.text):
        return None
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


def _counts_something(text: str) -> bool:
    """Whether what stands behind a label is a number of the party: "Client: 41388299"."""
    return sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))


def _below_details(setting: Setting, side: Side, hit: Hit) -> FoundParty | None:
    """The name under a label where numbers of the party stand between the two."""
    box, rows = hit.span.box, setting.labelled.layout.rows
    for row in rows[hit.span.segment.row + 1 : hit.span.segment.row + ROWS_BESIDE]:
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
