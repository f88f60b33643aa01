"""A national reference is told by its scheme's name or form, and its check digit holds; a broken one is no text."""

import pytest

from paydraft.model.page import Source
from tests.typeset import read


@pytest.mark.parametrize(
    ("line", "reference"),
    [
        ("Viitenumero: 1232", "1232"),
        ("Viite   00000 01232", "1232"),
        ("Viitenumber: 1232", "1232"),
        ("OCR-nummer: 1230", "1230"),
        ("OCR   123 0", "1230"),
        ("KID: 2345676", "2345676"),
        ("KID-nummer   12345678903", "12345678903"),
        ("+71<000000000001370+85655988<", "000000000001370"),
        ("Sklic: SI12 12345678909", "SI1212345678909"),
        ("Sklic   SI00 2026-117", "SI002026-117"),
        ("Poziv na broj: HR01 12345678909", "HR0112345678909"),
        ("Variabilní symbol: 2026000117", "2026000117"),
        ("Mededeling 090/9337/55493", "090933755493"),
    ],
)
def test_a_national_reference_is_structured(line: str, reference: str):
    invoice = read(line)
    assert (invoice.reference, invoice.reference_kind) == (reference, "national")


@pytest.mark.parametrize(
    "line",
    [
        "Viitenumero: 1233",
        "KID: 2345677",
        "KID: 2345678",
        "+71<000000000001371+85655988<",
        "Sklic: SI12 12345678908",
        "Davčna številka: SI12345678",
        "090/9337/55494",
    ],
)
def test_a_reference_that_fails_its_check_is_not_given(line: str):
    assert read(line).reference is None


def test_pixels_may_have_broken_a_swedish_number_that_a_text_layer_means():
    assert read("Betalningsreferens OCR: 1231", source=Source.OCR).reference is None


def test_the_same_number_as_rf_and_in_its_national_form_is_one_reference():
    invoice = read("Viitenumero: 1232\nRF-viite: RF11 1232")
    assert invoice.reference == "RF111232"


def test_two_references_leave_it_open():
    assert read("KID: 2345676\n\n\n\nKID: 12345678903").reference is None


def test_a_variable_symbol_gives_way_to_a_checked_reference():
    assert read("Variabilní symbol: 2026000117\nReference: RF18 5390 0754 7034").reference == "RF18539007547034"


@pytest.mark.parametrize(
    ("line", "reference"),
    [
        ("Bitte zahlen Sie unter Angabe von 671600. Danke.", "671600"),
        ("Zahlung unter Angabe unseres Aktenzeichens 924/26 VO/mk auf unser Konto", "924/26 VO/mk"),
        ("Bitte geben Sie bei Zahlung an: 657613559/9995013919", "657613559/9995013919"),
        ("Gelieve te betalen onder vermelding van het nummer 20263140.", "20263140"),
        ("We verzoeken u het bedrag over te maken onder vermelding van\nhet factuurnummer 20263140.", "20263140"),
    ],
)
def test_a_sentence_may_tell_the_reference(line: str, reference: str):
    german = "Rechnung und Lieferung: wir danken für Ihren Auftrag und bitten um Zahlung"
    dutch = "Factuur van de levering: wij danken u voor uw bestelling en het vertrouwen"
    invoice = read(f"{dutch if 'vermelding' in line else german}\n{line}")
    assert (invoice.reference, invoice.reference_kind) == (reference, "text")


def test_a_number_below_a_head_that_mentions_its_scheme_is_read():
    text = "Ange alltid OCR vid betalning   Bankgiro    Att betala\n5330873                         5288-4194   22,00"
    assert read(text).reference == "5330873"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Verwendungszweck: Vertragskonto 858473293", "858473293"),
        ("Verwendungszweck: Rechnungsnummer RE-4711", "RE-4711"),
        ("Customer account number   3287 7482 63\n\n\n\nPlease quote: customer account number", "3287 7482 63"),
        ("Prosimo nakažite s sklicem SI00\n2026964.", "SI002026964"),
    ],
)
def test_a_reference_may_be_named_by_what_it_is(text: str, reference: str):
    german = "Rechnung und Lieferung: wir danken für Ihren Auftrag und bitten um Zahlung"
    assert read(f"{german if 'Verwendung' in text else ''}\n\n\n\n{text}").reference == reference
