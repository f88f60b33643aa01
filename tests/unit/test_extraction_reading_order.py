"""Columns of text are read one after the other, tables row by row."""

from paydraft.extraction.layout import arrange
from paydraft.extraction.reading_order import lines_in_order
from tests.typeset import a_reading

LETTER = """
Our prices have been the same for     We deliver from our own stores
three years now, and they will        within two working days, and take
stay so for the coming season         back what you do not need at all
"""
TABLE = """
Description        Quantity    Price
Lamp, black        2           10,00
Lamp, white        1           12,00
Shade              4           3,00
"""


def lines(text: str) -> list[str]:
    return [" ".join(line.text.split()) for line in lines_in_order(arrange(a_reading(text).pages))]


def test_prose_in_two_columns_is_read_column_by_column():
    assert lines(LETTER) == [
        "Our prices have been the same for",
        "three years now, and they will",
        "stay so for the coming season",
        "We deliver from our own stores",
        "within two working days, and take",
        "back what you do not need at all",
    ]


def test_a_table_is_read_row_by_row():
    assert lines(TABLE)[1] == "Lamp, black 2 10,00"
    assert len(lines(TABLE)) == 4


def test_every_word_is_read_once():
    text = f"{LETTER}\n{TABLE}\n{LETTER}"
    assert sorted(" ".join(lines(text)).split()) == sorted(text.split())


def test_nothing_has_no_lines():
    assert lines("") == []
