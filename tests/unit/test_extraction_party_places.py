"""Where a page names its parties without a label: letterhead, foot, sender line, account; and what is nobody's name."""

import pytest

from paydraft.extraction.labels.vocabulary import vocabulary
from paydraft.extraction.names import bare_name, can_be_name, has_legal_form, up_to_legal_form
from paydraft.model.page import Source
from tests.typeset import read

ADDRESSEE = "Erika Beispiel\nBahnhofweg 7\n20457 Hamburg\n"


def names(text: str, **other) -> tuple[str | None, str | None]:
    invoice = read(text, **other)
    return invoice.seller.name, invoice.buyer.name


def test_the_letterhead_over_the_addressee_is_the_sellers():
    assert names(f"Muster GmbH\nHauptstr. 5\n80333 München\n\n\n\n{ADDRESSEE}") == ("Muster GmbH", "Erika Beispiel")


def test_a_right_aligned_letterhead_is_one_block():
    text = f"{'Muster GmbH':>80}\n{'Hauptstr. 5':>80}\n{'80333 München':>80}\n{'info@muster.de':>80}\n\n\n\n{ADDRESSEE}"
    invoice = read(text)
    assert (invoice.seller.name, invoice.seller.address.city) == ("Muster GmbH", "München")
    assert (invoice.seller.email, invoice.buyer.name) == ("info@muster.de", "Erika Beispiel")


def test_the_foot_names_the_seller_of_a_letter_without_letterhead():
    foot = "Muster GmbH              Bank: Handelsbank               USt-IdNr. DE136695976\nHauptstr. 5\n80333 München"
    assert names(ADDRESSEE + "\n" * 44 + foot) == ("Muster GmbH", "Erika Beispiel")


def test_a_line_of_details_names_the_company_before_its_legal_form():
    foot = "Libre SAS au capital de 3.441 Euros - RCS Paris - Siège social: 8 rue de la Ville 75008 Paris"
    invoice = read("Facture n° 12\n" + "\n" * 46 + foot)
    assert invoice.seller.name == "Libre SAS"
    assert (invoice.seller.address.street, invoice.seller.address.postal_code) == ("8 rue de la Ville", "75008")


def test_a_company_over_a_line_that_says_what_it_does_is_the_seller():
    text = f"          Kanzlei Voss mbB\nRechtsanwälte · Kaiserallee 61 · 76133 Karlsruhe\n\n\n\n{ADDRESSEE}"
    assert names(text)[0] == "Kanzlei Voss mbB"


def test_the_bank_beside_the_account_is_no_party():
    foot = "Volksbank Auental eG · Marktplatz 1 · 80333 München · IBAN DE89 3704 0044 0532 0130 00"
    assert names("Rechnung\n\n\n\n" + ADDRESSEE + "\n" * 42 + foot)[0] is None


def test_two_names_at_one_address_leave_the_seller_open():
    foot = "Wirklich GmbH\nHauptstr. 5\n80333 München"
    invoice = read("Verkäufer:\nScheinbar GmbH\nHauptstr. 5\n80333 München\n" + "\n" * 44 + foot)
    assert invoice.seller.name is None
    assert "Wirklich GmbH" in str(invoice.evidence["seller.name"].alternatives)


def test_two_companies_in_equally_good_places_leave_the_seller_open():
    foot = f"{'Eins GmbH':40}Zwei GmbH\n{'Hauptstr. 5':40}Bergweg 2\n{'80333 München':40}80331 München"
    assert names("Rechnung Nr. 5\n" + "\n" * 46 + foot) == (None, None)


def test_a_heading_of_an_unknown_language_is_no_part_of_the_name():
    text = (
        f"{'Müüja':30}Ostja\n{'Põhja Puit OÜ':30}Saare Spaa Hotell AS\n"
        f"{'Telliski 57':30}Lossi 15\n{'10412 Tallinn':30}93815 Kuressaare"
    )
    assert "Müüja" not in str(names(text))


def test_a_street_in_a_name_keeps_it_a_name_over_another_street():
    assert names("Bill to:\nMaple Street Dental Group\nAttn: Accounts Payable\n2209 Maple St\nEvanston, IL 60201")[
        1
    ] == ("Maple Street Dental Group")


def test_a_couple_whose_surname_stands_in_the_next_line_is_one_name():
    text = "Payable by\nAnnegret Karin & Hansruedi\nFrischknecht-Bernhard\nGrosse Marktgasse 28\n9400 Rorschach"
    assert names(text)[1] == "Annegret Karin & Hansruedi Frischknecht-Bernhard"


def test_department_and_care_of_are_no_part_of_the_address():
    text = "Bill to:\nKunden AG\nEinkauf\nc/o Petra Holm\nBahnhofweg 7\n20457 Hamburg"
    assert read(text).buyer.address.lines == ("Bahnhofweg 7", "20457 Hamburg")


def test_what_pixels_garbled_is_offered_and_not_given():
    invoice = read("Verkäufer:\nWeinhandlung S6hne OHG\nHauptstr. 5\n80333 München", source=Source.OCR)
    assert invoice.seller.name is None
    assert invoice.evidence["seller.name"].alternatives[0].value == "Weinhandlung S6hne OHG"


def test_the_buyer_is_never_the_seller():
    text = "Bill to:\nKunden AG\nBahnhofweg 7\n20457 Hamburg\n\n\n\n\nKunden AG\nTel. 040 123456"
    assert names(text) == (None, "Kunden AG")


@pytest.mark.parametrize(
    "text",
    ["Es gibt immer was zu tun.", "Dat betaal ik zelf wel.", "12 Main Street", "80333 München", "EUR", "Unit 6, Mill",
     "c/o Petra Holm", "Vielen Dank!", "Amtsgericht München", "wartley", "RCS Paris", "Rechtsanwälte", "Hauptstraße"],
)  # fmt: skip
def test_slogans_streets_and_offices_are_no_names(text: str):
    assert not can_be_name(text, vocabulary().stop_words["de"])


@pytest.mark.parametrize(
    "text",
    ["Muster GmbH & Co. KG", "bol.com b.v.", "Comunidad de Propietarios de la Plaza", "Cedar & Finch Brewing Co.",
     "Águas do Ribatejo Norte, E.M.", "Novák s.r.o.", "As Oy Rantapuisto", "de Lattre Alexis", "H&M"],
)  # fmt: skip
def test_companies_and_people_are_names(text: str):
    assert can_be_name(text, vocabulary().stop_words["es"] | vocabulary().stop_words["pt"])


def test_the_legal_form_ends_a_name():
    assert up_to_legal_form("Libre SAS au capital de 3.441 Euros") == "Libre SAS"
    assert up_to_legal_form("Muster GmbH & Co. KG, Berlin") == "Muster GmbH & Co. KG"
    assert bare_name("Luscious Nederland B.V. iov Saeco.com") == "Luscious Nederland B.V."
    assert not has_legal_form("SE")
