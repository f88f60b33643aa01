"""An IBAN that did not pass its check, read again from its pixels, one line at a time and at several sizes.

Check digits let one wrong reading of 97 through. So an IBAN counts only if two looks of different size read it alike,
every character of it. It then stands in the reading as one word, where the looks saw it.
"""

from collections import Counter
from dataclasses import replace

from extract_document.close_up import CloseUp
from extract_document.engines.engine import Layout, SeenWord, recognise
from extract_document.gaps import Spot
from extract_document.options import ReadOptions
from extract_document.raster import POINTS
from paydraft.model.bank_account import IBAN_LENGTHS, Iban
from paydraft.model.page import Box, Page, Reading, Source, Word

_LOOKS = ((200, 1.0), (300, 1.0), (300, 1.3), (400, 1.0))  # dpi, and how much broader characters are made
_MUST_AGREE = 2


def with_iban(reading: Reading, spot: Spot, close_up: CloseUp, options: ReadOptions) -> Reading:
    """The reading with the IBAN that stands at `spot`, or the same reading."""
    page = reading.pages[spot.page - 1]
    found: Counter[Iban] = Counter()
    for dpi, widened in _LOOKS:
        words = recognise(close_up.part(page, spot.box, dpi, widened=widened), dpi, options, Layout.LINE)
        for iban, first, last in _ibans(words):
            found[iban] += 1
            if found[iban] == _MUST_AGREE:
                return _with_word(reading, page, _word(iban, words[first : last + 1], spot.box, dpi, widened))
    return reading


def _ibans(words: list[SeenWord]) -> list[tuple[Iban, int, int]]:
    """Valid IBANs that begin with a word and end with one: the value, its first and its last word."""
    found = []
    for first, word in enumerate(words):
        text = ""
        for last in range(first, len(words)):
            text += words[last].text
            if len(text) >= IBAN_LENGTHS.get(text[:2], 99):
                iban = Iban.parse(text.rstrip(".,;:|"))
                found += [(iban, first, last)] if iban else []
                break
        if word.text.upper().startswith("IBAN") and len(word.text) > 4:
            iban = Iban.parse(word.text[4:].lstrip(":"))
            found += [(iban, first, first)] if iban else []
    return found


def _word(iban: Iban, words: list[SeenWord], part: Box, dpi: float, widened: float) -> Word:
    x, y = POINTS / dpi / widened, POINTS / dpi
    box = Box(
        part.x0 + min(word.x0 for word in words) * x,
        part.y0 + min(word.y0 for word in words) * y,
        part.x0 + max(word.x1 for word in words) * x,
        part.y0 + max(word.y1 for word in words) * y,
    )
    return Word(str(iban), box, min(word.confidence for word in words), Source.OCR)


def _with_word(reading: Reading, page: Page, word: Word) -> Reading:
    """The word in place of those whose middle it covers."""
    others = tuple(other for other in page.words if not _covers(word.box, other.box))
    pages = tuple(replace(page, words=(*others, word)) if one is page else one for one in reading.pages)
    return replace(reading, pages=pages)


def _covers(box: Box, other: Box) -> bool:
    x, y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
