"""Words become rows and columns wherever their boxes stand."""

import pytest

from paydraft.extraction.labels.vocabulary import Lexicon, vocabulary
from paydraft.extraction.layout import arrange
from paydraft.extraction.relations import Relation, find_labels
from paydraft.model.errors import UnsafeDocumentError
from paydraft.model.page import Box, Page, Source, Word
from tests.typeset import a_page, read


def rows_of(page: Page) -> list[list[str]]:
    return [[segment.text for segment in row.segments] for row in arrange((page,)).rows]


def test_a_wide_gap_parts_columns_and_a_space_does_not():
    assert rows_of(a_page("Invoice no 12      Date 1 May\nTotal")) == [["Invoice no 12", "Date 1 May"], ["Total"]]


def test_words_may_come_in_any_order():
    page = a_page("one two\nthree four")
    assert rows_of(Page(1, 595, 842, page.words[::-1])) == [["one two"], ["three four"]]


@pytest.mark.parametrize("slope", [-0.02, 0.0, 0.02])
def test_a_slightly_crooked_page_keeps_its_rows(slope: float):
    text = "\n".join(f"label{row}   a few words of text   and more of them   {row},00" for row in range(20))
    words = [
        Word(w.text, Box(w.box.x0, w.box.y0 + slope * w.box.x0, w.box.x1, w.box.y1 + slope * w.box.x0), 1, Source.OCR)
        for w in a_page(text).words
    ]
    rows = arrange((Page(1, 595, 842, tuple(words)),)).rows
    assert [row.text.split()[0] for row in rows] == [f"label{row}" for row in range(20)]
    assert [row.text.split()[-1] for row in rows] == [f"{row},00" for row in range(20)]


def test_bold_text_that_is_printed_twice_is_read_once():
    page = a_page("Total 10,00")
    assert rows_of(Page(1, 595, 842, page.words * 2)) == [["Total 10,00"]]


@pytest.mark.parametrize(
    "box", [Box(float("nan"), 0, 10, 10), Box(0, 0, float("inf"), 10), Box(10, 10, 0, 0), Box(0, 5, 10, 5)]
)
def test_a_word_without_a_real_box_is_left_out(box: Box):
    assert rows_of(Page(1, 595, 842, (Word("x", box, 1.0, Source.TEXT),))) == []


def test_control_characters_and_lone_surrogates_are_not_text():
    assert rows_of(a_page("To\x00tal\ud83d 1")) == [["Total 1"]]


def test_more_words_than_a_document_can_have_are_refused():
    word = Word("x", Box(0, 0, 5, 5), 1.0, Source.TEXT)
    with pytest.raises(UnsafeDocumentError):
        arrange((Page(1, 595, 842, (word,) * 60_001),))


def test_a_span_knows_the_box_of_its_words():
    segment = next(arrange((a_page("Invoice no 12"),)).segments)
    span = segment.span(8, 13)
    assert span.text == "no 12"
    assert [word.text for word in span.words] == ["no", "12"]
    assert span.area.x0 == 80
    assert span.area.page == 1


def regions(text: str, label: str) -> list[tuple[Relation, str]]:
    labelled = find_labels(arrange((a_page(text),)), Lexicon(vocabulary()))
    hit = next(hit for hit in labelled.hits if hit.span.text == label)
    return [(relation, span.text.strip(" :")) for relation, span in labelled.regions(hit)]


def test_a_value_stands_behind_right_of_or_below_its_label():
    assert regions("Invoice no: A1", "Invoice no")[0] == (Relation.BEHIND, "A1")
    assert regions("Invoice no        A1", "Invoice no")[0] == (Relation.RIGHT, "A1")
    assert (Relation.BELOW, "A1") in regions("Invoice no        Date\nA1                1 May", "Invoice no")


def test_another_label_is_no_value():
    assert regions("Invoice no        Due date", "Invoice no") == []


def test_what_stands_behind_a_label_ends_at_the_next_one():
    assert regions("Invoice no: A1 due date: 1 May", "Invoice no") == [(Relation.BEHIND, "A1 due date: 1 May"[:2])]


def test_a_name_made_by_a_machine_is_a_value_and_holds_no_label():
    invoice = read("INVOICE\n# order_no_17\n\nTotal    $20.00")
    assert invoice.number == "order_no_17"
