"""Fields that are read wrongly today, and what goes wrong. A line goes when its test says that it is mended."""

from dataclasses import dataclass

BOTH = ("tesserocr", "pytesseract")


@dataclass(frozen=True)
class KnownBug:
    """One field of one document; `engines` where it depends on who reads the pixels."""

    document: str
    field: str
    reason: str
    engines: tuple[str, ...] = ("auto",)


_TERMS = "no due date comes from a term of payment"
_SKONTO = "the last day of a cash discount makes the due date doubtful, though it is labelled"
_FEET = "'6 ft' in a line item is taken for forints, and the dollar sign becomes doubtful"
_SENDER = "the line with the sender above an address window is taken for the buyer"
_LOGO = "what Tesseract makes of a logo beside the name becomes part of it"
_WHITE_ON_BLACK = "the total's label, white on black, is lost; 'Total HT' is taken for it, and the rate for the tax"
_OTHER_DATE = "the date of the invoice that is credited, in a sentence, beats the labelled date of the document"

KNOWN_BUGS = (
    KnownBug("de_column_header.pdf", "due_date", _SKONTO),
    KnownBug("de_freelancer.pdf", "due_date", _TERMS),
    KnownBug("us_without_iban.pdf", "currency", _FEET),
    KnownBug("de_scan.pdf", "buyer.name", _SENDER, BOTH),
    KnownBug("de_photo.webp", "buyer.name", _SENDER, BOTH),
    KnownBug("nl_scan.png", "seller.name", _LOGO, ("tesserocr",)),
    KnownBug("en_photo.jpg", "seller.name", _LOGO, BOTH),
    KnownBug("fr_fax.tiff", "total", _WHITE_ON_BLACK, BOTH),
    KnownBug("fr_fax.tiff", "tax", _WHITE_ON_BLACK, BOTH),
    KnownBug("de_credit_note.pdf", "issue_date", _OTHER_DATE),
)
