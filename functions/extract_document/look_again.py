"""The second look: where the first reading lacks what a payment needs, single spots of the pages are read again.

The steps run from the cheapest to the dearest, each only while something is missing and time is left. A step's reading
is kept if it fills a gap and changes no payment value that was there: what two looks read differently stays as it was.
Nothing is repaired by thought: every character comes from pixels. Extraction knows nothing of all this; it is asked
again with the better reading.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import mean

from extract_document import tessdata
from extract_document.close_up import CloseUp
from extract_document.gaps import Gap, gaps_of, needs_number, spots_of
from extract_document.iban_look import with_iban
from extract_document.options import ReadOptions
from extract_document.page_look import with_denoised, with_rest
from extract_document.recognize import read
from extract_document.spot_look import with_spot
from extract_document.wire import Deadline
from extract_document.zeros import with_zeros
from paydraft.extraction.extract import extract
from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.model.errors import DocumentError
from paydraft.model.invoice import Invoice
from paydraft.model.page import Reading, Source

_MIN_WORDS = 8  # of a document that says anything
_PAYMENT = ("iban", "total", "amount_due", "currency", "number", "reference")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step cost, in seconds of processor time, and whether its reading was kept."""

    name: str
    seconds: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """The best reading and its invoice; the steps that were taken."""

    reading: Reading
    invoice: Invoice
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sight:
    """All that a step needs besides the reading."""

    data: bytes
    options: ReadOptions
    close_up: CloseUp
    deadline: Deadline


type _Look = Callable[[Looked, _Sight], Reading]


def look_again(reading: Reading, invoice: Invoice, data: bytes, options: ReadOptions) -> Looked:
    """The reading, completed as far as the pixels allow; the same where nothing is missing or was recognised."""
    best = Looked(reading, invoice)
    if not options.retries or sum(_recognised(reading)) < _MIN_WORDS:
        return best
    sight = _Sight(data, options, CloseUp(data), Deadline(options.look_seconds))
    for name, look in _LADDER:
        if not sight.deadline.is_over:
            best = _tried(name, look, best, sight)
    return best


def _tried(name: str, look: _Look, best: Looked, sight: _Sight) -> Looked:
    begin = time.process_time()
    reading = look(best, sight)
    if reading is best.reading:
        return best
    invoice = extract(reading)
    new = Looked(reading, invoice)
    kept = _is_better(new, best) or (look is _in_its_language and _is_surer(new, best))
    steps = (*best.steps, Step(name, time.process_time() - begin, kept))
    return Looked(reading, invoice, steps) if kept else replace(best, steps=steps)


def _is_better(new: Looked, old: Looked) -> bool:
    """Whether something is there that was missing, and nothing is gone or another value."""
    missing, missed = gaps_of(new.invoice, new.reading), gaps_of(old.invoice, old.reading)
    before, after = _values(old.invoice), _values(new.invoice)
    return before.items() <= after.items() and (missing < missed or len(after) > len(before))


def _is_surer(new: Looked, old: Looked) -> bool:
    """Whether nothing that the payment needs is lost and the characters are read with more confidence."""
    return _values(old.invoice).items() <= _values(new.invoice).items() and _surety(new) > _surety(old)


def _surety(looked: Looked) -> float:
    """The mean confidence of the recognised words."""
    return mean(word.confidence for page in looked.reading.pages for word in page.words if word.source is Source.OCR)


def _values(invoice: Invoice) -> dict[str, object]:
    return {path: value for path in _PAYMENT if (value := getattr(invoice, path)) is not None}


def _in_its_language(best: Looked, sight: _Sight) -> Reading:
    """Everything read anew with the language data of the language that the first reading seems to be in."""
    options = sight.options
    pack = vocabulary().ocr_packs.get(best.invoice.language or "", "")
    known = options.languages.split("+")
    is_new = pack and options.other_languages and pack not in known
    if not is_new or not tessdata.installed(tessdata.find(options.tessdata), pack):
        return best.reading
    try:
        again = read(sight.data, replace(options, languages=f"{pack}+{known[0]}"))
    except DocumentError:
        return best.reading
    return replace(best.reading, pages=again.pages)


def _zeros(best: Looked, sight: _Sight) -> Reading:
    return with_zeros(best.reading, sight.close_up)


def _ibans(best: Looked, sight: _Sight) -> Reading:
    reading = best.reading
    if Gap.IBAN in gaps_of(best.invoice, reading):
        for spot in spots_of(reading, frozenset({Gap.IBAN})):
            if sight.deadline.is_over:
                break
            reading = with_iban(reading, spot, sight.close_up, sight.options)
    return reading


def _spots(best: Looked, sight: _Sight) -> Reading:
    reading = best.reading
    for spot in spots_of(reading, gaps_of(best.invoice, reading) - {Gap.IBAN}):
        if sight.deadline.is_over:
            break
        reading = with_spot(reading, spot, sight.close_up, sight.options)
    return reading


def _rest(best: Looked, sight: _Sight) -> Reading:
    return with_rest(best.reading, sight.close_up, sight.options) if _is_poor(best) else best.reading


def _denoised(best: Looked, sight: _Sight) -> Reading:
    return with_denoised(best.reading, sight.close_up, sight.options) if _is_poor(best) else best.reading


def _is_poor(best: Looked) -> bool:
    """Whether a value is missing altogether without which nothing can be paid."""
    invoice = best.invoice
    if invoice.to_pay is None:
        return True
    unnamed = invoice.number is None and invoice.reference is None
    return unnamed and needs_number(invoice, best.reading)


def _recognised(reading: Reading) -> list[bool]:
    return [word.source is Source.OCR for page in reading.pages for word in page.words]


_LADDER: tuple[tuple[str, _Look], ...] = (
    ("zeros", _zeros),
    ("language", _in_its_language),
    ("ibans", _ibans),
    ("spots", _spots),
    ("rest", _rest),
    ("denoised", _denoised),
)
