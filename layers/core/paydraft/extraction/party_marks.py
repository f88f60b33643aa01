"""What tells whose a block is: where on the page it stands, and which numbers and ways to reach somebody it holds."""

from dataclasses import replace

from paydraft.extraction.addresses import is_detail
from paydraft.extraction.blocks import Block
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Sheet, Span
from paydraft.extraction.names import has_legal_form
from paydraft.extraction.party_lines import FoundParty, Setting
from paydraft.model.bank_account import Iban
from paydraft.model.page import Source

_FOOT_SHARE = 0.78  # of the page's height
OFFICIAL = frozenset(
    {Label.TAX_NUMBER, Label.REGISTER_NUMBER, Label.IBAN, Label.BIC, Label.BANK_NAME, Label.ACCOUNT_HOLDER}
)
REACH = OFFICIAL | {Label.CONTACT}
BARE = 0.48  # a name that nothing but its place speaks for
ROWS_BESIDE = 5
_NARROW = 300.0  # points
_SPREAD = 2.5  # letter heights between the words of a name on a receipt


def trimmed(span: Span) -> Span | None:
    """A span without colons and spaces around it."""
    text = span.text
    start = len(text) - len(text.lstrip(" :.,-#|"))
    end = len(text.rstrip(" :,|"))
    return span.within(start, end) if start < end else None


def in_foot(segment: Segment) -> bool:
    """Whether a line stands in the foot of its page."""
    return segment.box.y0 > _FOOT_SHARE * segment.sheet.height


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


def holds_reach(setting: Setting, block: Block) -> bool:
    """Whether a block holds accounts, numbers or ways to reach somebody; a VAT number alone is an addressee's, too."""
    return any(
        is_detail(span.text) or setting.labelled.first_label(span.segment) in REACH or Iban.parse(span.text)
        for span in block.spans
    )


def is_reached_by_mail(setting: Setting, block: Block) -> bool:
    """Whether a mail box is all that a block holds besides an address: a customer's may hold one."""
    return not any(setting.labelled.first_label(span.segment) in REACH for span in block.spans)


def is_fragment(segment: Segment) -> bool:
    """Whether pixels gave one word in large letters: of a logo that was read in part, as often as not."""
    return segment.source is Source.OCR and len(segment.words) == 1 and not is_narrow(segment.sheet)


def with_beginning(setting: Setting, party: FoundParty) -> FoundParty:
    """A name whose first word stands a wide space before it, as receipts print: "toom   Baumarkt GmbH"."""
    first = party.name[0]
    before = setting.labelled.layout.left_of(first.segment)
    if before is None or first.start:
        return party
    near = first.box.x0 - before.box.x1 <= _SPREAD * first.segment.height
    level = 0.7 <= before.height / max(1.0, first.segment.height) <= 1.4
    word = before.text[:1].upper() + before.text[1:]
    if near and level and setting.can_be_name(word) and not has_legal_form(before.text):
        return replace(party, name=(before.span(), *party.name))
    return party
