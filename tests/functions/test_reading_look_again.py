"""The second look: single spots are read again, from pixels alone, and nothing that was there is changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from extract_document import tessdata
from extract_document.close_up import CloseUp
from extract_document.gaps import Gap, Spot, gaps_of, spots_of
from extract_document.iban_look import with_iban
from extract_document.look_again import look_again
from extract_document.options import ReadOptions
from extract_document.page_look import with_denoised, with_rest
from extract_document.recognize import read
from extract_document.spot_look import with_spot
from extract_document.zeros import with_zeros
from paydraft.extraction.extract import extract
from paydraft.model.invoice import DocumentType
from paydraft.model.page import Reading, Word
from tests.paper import LINES, a_sheet, encoded, pixels

type Look = Callable[[Reading, CloseUp, ReadOptions], Reading]

OPTIONS = ReadOptions()
IBAN = "DE89370400440532013000"


def a_scan(*lines: str, degrees: float = 0.0) -> bytes:
    sheet = pixels(a_sheet(lines))
    height, width = sheet.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return encoded(cv2.warpAffine(sheet, matrix, (width, height), borderValue=255), dpi=(200, 200))


def misread(reading: Reading, **texts: str) -> Reading:
    """The reading with other characters: misread(reading, INV04096="INVO4096")."""
    (page,) = reading.pages
    assert texts.keys() <= {word.text for word in page.words}
    words = tuple(replace(word, text=texts.get(word.text, word.text)) for word in page.words)
    return replace(reading, pages=(replace(page, words=words),))


def without(reading: Reading, *texts: str) -> Reading:
    (page,) = reading.pages
    words = tuple(word for word in page.words if word.text not in texts)
    return replace(reading, pages=(replace(page, words=words),))


def texts(reading: Reading) -> list[str]:
    return [word.text for page in reading.pages for word in page.words]


def word(reading: Reading, text: str) -> Word:
    return next(word for word in reading.pages[0].words if word.text == text)


@pytest.mark.parametrize("degrees", [0.0, 2.5])
def test_a_close_up_shows_the_ink_of_the_word_it_is_asked_for(degrees: float):
    data = a_scan(*LINES, degrees=degrees)
    reading = read(data)
    box = word(reading, "Total").box

    part = CloseUp(data).part(reading.pages[0], box, 300)

    assert part.shape == pytest.approx(((box.y1 - box.y0) * 300 / 72, (box.x1 - box.x0) * 300 / 72), abs=1)
    assert (part < 100).mean() > 0.15
    assert (part[0] > 100).mean() < 1.0 or (part[-1] > 100).mean() < 1.0, "the box is tight round the ink"


def test_an_o_as_narrow_as_the_digits_beside_it_is_a_zero():
    data = a_scan("Invoice number INV04096", *LINES[2:])
    wrong = misread(read(data), INV04096="INVO4096")

    assert "INV04096" in texts(with_zeros(wrong, CloseUp(data)))


def test_an_o_wider_than_the_digits_stays_the_letter():
    data = a_scan("Invoice number INVO4096", *LINES[2:])
    reading = misread(read(data), **{text: "INVO4096" for text in texts(read(data)) if text.startswith("INV")})

    assert "INVO4096" in texts(with_zeros(reading, CloseUp(data)))


def test_words_without_a_doubtful_letter_are_not_even_looked_at():
    reading = read(a_scan(*LINES))

    assert with_zeros(reading, CloseUp(b"no document at all")) is reading


def iban_spot(reading: Reading) -> Spot:
    (spot,) = spots_of(reading, frozenset({Gap.IBAN}))
    return spot


def test_an_iban_with_lost_digits_is_read_again():
    data = a_scan(*LINES)
    wrong = without(read(data), "0532")
    assert extract(wrong).iban is None

    again = with_iban(wrong, iban_spot(wrong), CloseUp(data), OPTIONS)

    assert str(extract(again).iban) == IBAN
    assert texts(again).count("DE89") == 0, "the word takes the place of its pieces"


def test_an_iban_that_is_printed_wrongly_stays_unread():
    data = a_scan(*LINES[:7], "IBAN DE89 3704 0044 0532 0130 01")
    reading = read(data)

    assert with_iban(reading, iban_spot(reading), CloseUp(data), OPTIONS) is reading


def test_what_two_looks_read_alike_takes_the_place_of_a_misread_word():
    data = a_scan(*LINES)
    wrong = misread(read(data), **{"2026-4711": "2O26-A7"})
    spot = next(spot for spot in spots_of(wrong, frozenset({Gap.NUMBER})))

    again = with_spot(wrong, spot, CloseUp(data), OPTIONS)

    assert "2026-4711" in texts(again)
    assert "2O26-A7" not in texts(again)


def test_a_document_that_lacks_nothing_is_not_looked_at_again():
    data = a_scan(*LINES, "Amount due 1.190,00 EUR")
    reading = read(data)
    invoice = extract(reading)
    assert gaps_of(invoice, reading) == frozenset()

    looked = look_again(reading, invoice, data, OPTIONS)

    assert looked.reading is reading
    assert looked.steps == ()


@pytest.mark.parametrize("options", [ReadOptions(retries=False), ReadOptions(look_seconds=0)])
def test_no_step_is_taken_without_leave_or_time(options: ReadOptions):
    data = a_scan(*LINES)
    wrong = without(read(data), "0532")

    assert look_again(wrong, extract(wrong), data, options).steps == ()


def test_a_missing_iban_is_found_by_the_cheapest_step_that_can_and_its_cost_is_told():
    data = a_scan(*LINES)
    wrong = without(read(data), "0532")

    looked = look_again(wrong, extract(wrong), data, OPTIONS)

    assert str(looked.invoice.iban) == IBAN
    assert [step.name for step in looked.steps if step.kept] == ["ibans"]
    assert all(step.seconds > 0 for step in looked.steps)


@pytest.mark.parametrize("look", [with_rest, with_denoised])
def test_a_whole_page_gives_the_words_that_were_missed_and_leaves_the_others(look: Look):
    data = a_scan(*LINES, degrees=1.5)
    whole = read(data)
    poor = without(whole, "Invoice", "number", "2026-4711")

    again = look(poor, CloseUp(data), OPTIONS)

    assert sorted(texts(again)) == sorted(texts(whole))
    assert set(poor.pages[0].words) <= set(again.pages[0].words)
    box, true = word(again, "2026-4711").box, word(whole, "2026-4711").box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((true.x0, true.y0, true.x1, true.y1), abs=3)


@pytest.mark.parametrize("look", [with_rest, with_denoised])
def test_a_page_with_characters_of_its_own_is_not_recognised_again(look: Look):
    reading = read(a_sheet())

    assert look(reading, CloseUp(b"no document at all"), OPTIONS) is reading


SWEDISH = (
    "Kolding Möbler AB",
    "Fakturanummer 4711",
    "Fakturadatum 2026-11-02",
    "Förfallodatum 2026-12-02",
    "Betalningsvillkor trettio dagar, dröjsmålsränta enligt räntelagen",
    "Skåp och låda för hallen, målade grå",
    "Att betala 1.190,00 SEK",
)


def test_a_page_in_another_language_is_read_anew_with_its_letters():
    data = a_scan(*SWEDISH)
    options = ReadOptions(languages="eng")
    reading = read(data, options)
    assert "målade" not in texts(reading)

    looked = look_again(reading, extract(reading), data, options)

    assert looked.steps[0].name == "language"
    assert "målade" in texts(looked.reading)


def test_a_language_whose_data_are_not_installed_is_not_missed(tmp_path: Path):
    installed = Path(tessdata.find()) / "eng.traineddata"
    (tmp_path / installed.name).symlink_to(installed)
    data, options = a_scan(*SWEDISH), ReadOptions(languages="eng", tessdata=str(tmp_path))
    reading = read(data, options)

    assert all(step.name != "language" for step in look_again(reading, extract(reading), data, options).steps)


def test_a_value_that_was_read_is_never_changed_by_a_second_look():
    data = a_scan(*LINES)
    other = misread(without(read(data), "0532"), **{"1.190,00": "1.180,00", "190,00": "180,00"})
    before = extract(other)
    assert before.total is not None

    after = look_again(other, before, data, OPTIONS).invoice

    assert after.total == before.total


def test_characters_of_a_pdf_itself_are_not_looked_at():
    pdf = a_sheet(LINES[:7])
    reading = read(pdf)

    assert look_again(reading, extract(reading), pdf, OPTIONS).reading is reading


def test_a_picture_without_words_is_not_searched_for_an_invoice():
    data = encoded(np.full((800, 600), 255, np.uint8))
    reading = Reading(read(a_scan("Hello you")).media_type, read(a_scan("Hello you")).pages)

    assert look_again(reading, extract(reading), data, OPTIONS).steps == ()


RECEIPT = ("Backstube Muster", "Brot 3,20 EUR", "Summe 7,30 EUR", "Gegeben Bar 10,00 EUR", "Kassenbon vom 02.11.2026")


def whole_pages_looked_at(data: bytes, *missed: str) -> set[str]:
    """The steps over whole pages that are taken when these words were missed."""
    reading = without(read(data), *missed)
    invoice = extract(reading)
    assert invoice.number is None
    assert invoice.to_pay is not None
    return {step.name for step in look_again(reading, invoice, data, OPTIONS).steps} & {"rest", "denoised"}


def test_whole_pages_are_read_again_for_a_number_but_not_for_that_of_a_receipt_that_names_none():
    assert extract(read(a_scan(*RECEIPT))).document_type is DocumentType.RECEIPT

    assert whole_pages_looked_at(a_scan(*RECEIPT), "Brot") == set()
    assert whole_pages_looked_at(a_scan(*RECEIPT, "Beleg-Nr"), "Brot") != set()
    assert whole_pages_looked_at(a_scan(*LINES[:1], *LINES[2:]), "Consulting") != set()
