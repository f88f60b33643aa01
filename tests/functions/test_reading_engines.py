"""Both ways to Tesseract read the same words, in their boxes, on one thread, and see only our picture."""

import numpy as np
import pytest

from extract_document import tessdata
from extract_document.engines import pytesseract_engine
from extract_document.engines.engine import Layout, engine_of, recognise, words_of_tsv
from extract_document.engines.pytesseract_engine import PytesseractEngine
from extract_document.engines.tesserocr_engine import TesserocrEngine
from extract_document.options import ReadOptions
from paydraft.model.errors import EngineError
from tests.paper import LINES, a_sheet, pixels

ENGINES = ("tesserocr", "pytesseract")


@pytest.mark.parametrize("engine", ENGINES)
def test_every_word_of_a_printed_page_is_read(engine: str):
    seen = recognise(pixels(a_sheet()), 200, ReadOptions(engine=engine))

    assert " ".join(word.text for word in seen) == " ".join(LINES)
    assert min(word.confidence for word in seen) > 0.6


def test_both_engines_put_a_word_into_the_same_box():
    page = pixels(a_sheet())
    boxes = [
        next((w.x0, w.y0, w.x1, w.y1) for w in recognise(page, 200, ReadOptions(engine=engine)) if w.text == "Total")
        for engine in ENGINES
    ]

    assert np.allclose(*boxes, atol=3)
    x0, y0, x1, y1 = boxes[0]
    assert page[y0:y1, x0:x1].min() < 50


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_told_from_an_upright_one(engine: str, quarters: int):
    text = [f"{line} and some more words to tell the letters from" for line in LINES]
    options = ReadOptions(engine=engine)
    page = np.ascontiguousarray(np.rot90(pixels(a_sheet(text)), -quarters))

    assert engine_of(options).turned(page, 200, options) == (360 - 90 * quarters) % 360


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_picture_has_no_words_and_stands_upright(engine: str):
    options, blank = ReadOptions(engine=engine), np.full((200, 300), 255, np.uint8)

    assert recognise(blank, 200, options, Layout.BLOCK) == []
    assert engine_of(options).turned(blank, 200, options) == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_without_language_data_the_service_is_at_fault_not_the_document(engine: str, tmp_path):
    with pytest.raises(EngineError):
        recognise(pixels(a_sheet()), 200, ReadOptions(engine=engine, tessdata=str(tmp_path)))


def test_languages_that_are_not_installed_are_left_out():
    folder = tessdata.find()

    assert tessdata.installed(folder, "eng+tlh+osd") == "eng+osd"
    assert tessdata.installed(folder, "tlh") == ""


def test_the_programs_environment_is_ours_and_allows_one_thread():
    PytesseractEngine().recognise(pixels(a_sheet(["Total"]))[:400], 200, ReadOptions(), Layout.BLOCK)

    environment = pytesseract_engine.pytesseract.pytesseract.environ
    assert set(environment) == {"PATH", "LANG", "OMP_THREAD_LIMIT", "TESSDATA_PREFIX"}
    assert environment["OMP_THREAD_LIMIT"] == "1"


def test_the_fast_engine_is_taken_where_it_can_be_imported():
    assert isinstance(engine_of(ReadOptions()), TesserocrEngine)
    assert isinstance(engine_of(ReadOptions(engine="pytesseract")), PytesseractEngine)
    with pytest.raises(EngineError):
        engine_of(ReadOptions(engine="none"))


def test_only_words_are_taken_from_the_table():
    rows = ("1 1 0 0 0 0 0 0 9 9 -1 page", "5 1 1 1 1 1 10 20 30 40 91.5 Total", "5 1 1 1 1 2 1 1 1 1 9 _")
    table = "\n".join(rows).replace(" ", "\t").replace("_", " ")

    (word,) = words_of_tsv(table)

    assert (word.text, word.x0, word.y0, word.x1, word.y1, word.confidence) == ("Total", 10, 20, 40, 60, 0.915)
