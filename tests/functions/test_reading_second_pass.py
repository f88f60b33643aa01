"""What Tesseract's layout analysis left out is looked at again, and only that."""

import numpy as np
import pytest

from extract_document.engines.engine import SeenWord, recognise
from extract_document.options import ReadOptions
from extract_document.raster import DPI, Grey
from extract_document.second_pass import completed, merged
from tests.paper import LINES, a_sheet, pixels

GREY_LINES = ["IBAN DE89 3704 0044 0532 0130 00", "BIC COBADEFFXXX", "Commerzbank Frankfurt"]
OPTIONS = ReadOptions()


def word(text: str, x0: int, x1: int, confidence: float) -> SeenWord:
    return SeenWord(text, x0, 100, x1, 120, confidence)


def with_grey_footer(sheet: Grey) -> Grey:
    """Light grey print at the foot of a page of black print, with a scanner's noise on all of it."""
    footer = pixels(a_sheet(GREY_LINES, size=8))[:400].astype(np.float32)
    page = sheet.astype(np.float32)
    page[-500:-100] = np.minimum(page[-500:-100], 255 - (255 - footer) * 0.32)
    noise = np.random.default_rng(1).normal(-12, 7, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def test_grey_print_beside_black_print_is_read():
    page = with_grey_footer(pixels(a_sheet(LINES * 2)))

    words = completed(page, recognise(page, DPI, OPTIONS), OPTIONS)

    text = " ".join(word.text for word in words)
    assert "DE89 3704 0044 0532 0130 00" in text
    assert "COBADEFFXXX" in text


def test_a_page_that_was_read_whole_is_returned_as_it_was():
    page = pixels(a_sheet())
    seen = recognise(page, DPI, OPTIONS)

    assert completed(page, seen, OPTIONS) == seen


def test_a_doubtful_word_gives_way_to_a_surer_one_at_its_place():
    seen = [word("Tota1", 0, 50, 0.5), word("Date", 100, 150, 0.97)]

    assert merged(seen, [word("Total", 0, 50, 0.9)]) == [word("Date", 100, 150, 0.97), word("Total", 0, 50, 0.9)]


@pytest.mark.parametrize("confidence", [0.45, 0.5])
def test_a_doubtful_word_stays_where_the_second_look_is_no_surer(confidence: float):
    seen = [word("Tota1", 0, 50, 0.5)]

    assert merged(seen, [word("Toto", 0, 50, confidence)]) == seen


def test_a_sure_word_is_never_replaced():
    seen = [word("1.190,00", 0, 50, 0.95)]

    assert merged(seen, [word("1.100,00", 0, 50, 0.99)]) == seen


def test_words_where_there_was_none_are_added_unless_they_are_guesses():
    seen = [word("Date", 100, 150, 0.97)]

    assert merged(seen, [word("IBAN", 300, 350, 0.9), word("~", 400, 410, 0.2)]) == [*seen, word("IBAN", 300, 350, 0.9)]
