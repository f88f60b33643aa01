"""Seller and buyer stand at their labels, else in the places a letter has for them."""

import pytest

from tests.typeset import read


def names(text: str) -> tuple[str | None, str | None]:
    invoice = read(text)
    return invoice.seller.name, invoice.buyer.name


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [
        ("Rechnungsersteller", "Rechnungsempfänger"),
        ("Verkäufer:", "Käufer/Leistungsempfänger:"),
        ("Sold by:", "Bill to:"),
        ("Émetteur", "Destinataire"),
        ("Emisor", "Destinatario"),
        ("Leverancier", "Factuuradres"),
        ("Account / Payable to", "Payable by"),
    ],
)
def test_the_block_under_a_label_is_the_party(seller: str, buyer: str):
    invoice = read(
        f"{seller:40}{buyer}\n{'Muster GmbH':40}Kunden AG\n{'Hauptstr. 5':40}Bahnhofweg 7\n"
        f"{'80333 München':40}20457 Hamburg"
    )
    assert (invoice.seller.name, invoice.buyer.name) == ("Muster GmbH", "Kunden AG")
    assert (invoice.seller.address.street, invoice.seller.address.postal_code) == ("Hauptstr. 5", "80333")
    assert invoice.buyer.address.city == "Hamburg"
    assert invoice.evidence["seller.address"].area.y1 > invoice.evidence["seller.name"].area.y1


def test_the_sender_line_names_the_seller_and_the_window_below_it_the_buyer():
    text = "Muster GmbH · Hauptstr. 5 · 80333 München\n\nKunden AG\nBahnhofweg 7\n20457 Hamburg\n\n\nRechnung"
    invoice = read(text)
    assert (invoice.seller.name, invoice.buyer.name) == ("Muster GmbH", "Kunden AG")
    assert (invoice.seller.address.street, invoice.seller.address.city) == ("Hauptstr. 5", "München")


def test_a_block_with_contact_details_is_the_sellers():
    text = (
        "Muster GmbH\nHauptstr. 5\n80333 München\nTel. 089 1234\ninfo@muster.example\n\n\n\n"
        "Erika Beispiel\nBahnhofweg 7\n20457 Hamburg\n\n\nRechnung"
    )
    assert names(text) == ("Muster GmbH", "Erika Beispiel")


def test_a_shop_to_deliver_to_is_neither():
    text = (
        "Bill to:                Ship to:\nKunden AG               Lager Nord\nBahnhofweg 7            Hafen 1\n"
        "20457 Hamburg           28195 Bremen\n\n\nMuster Ltd"
    )
    assert names(text)[1] == "Kunden AG"
    assert "Lager" not in str(read(text))


def test_labels_inside_names_and_sentences_announce_nobody():
    assert names("An der Kasse bezahlen\nvon Kunden geschätzt\nan alle") == (None, None)


def test_a_salutation_is_no_name():
    assert names("Rechnungsempfänger\nHerrn\nMax Mustermann\nMusterstr. 11\n12346 Musterhausen")[1] == "Max Mustermann"


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        ("12 Main Street\nRedmond WA, 98052", ("12 Main Street", "98052", "Redmond", "WA", None)),
        ("Baker Street 1\nLondon W1U 6TJ\nUnited Kingdom", ("Baker Street 1", "W1U 6TJ", "London", None, "GB")),
        ("Weena 664\n3012 CN Rotterdam\nNederland", ("Weena 664", "3012 CN", "Rotterdam", None, "NL")),
        ("Rua de flora 12\n2740-034 Colores\nPortugal", ("Rua de flora 12", "2740-034", "Colores", None, "PT")),
        ("Werftgasse 12\nDE-24103 Kiel", ("Werftgasse 12", "24103", "Kiel", None, "DE")),
        ("16 rue Mollien\n92100 BOULOGNE", ("16 rue Mollien", "92100", "BOULOGNE", None, None)),
    ],
)
def test_an_address_has_parts_where_they_are_plain(lines: str, parts: tuple[str | None, ...]):
    address = read(f"Bill to:\nJane Doe\n{lines}").buyer.address
    assert (address.street, address.postal_code, address.city, address.state, address.country) == parts
    assert address.lines == tuple(lines.split("\n"))


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("USt-IdNr. DE136695976", "DE136695976"),
        ("UStId DE 136 695 976 Steuernummer", "DE136695976"),
        ("N° de TVA intra communautaire: FR 604 219 388 61", "FR60421938861"),
        ("BTW nr.: NL820471616B01", "NL820471616B01"),
        ("MWST-Nr.    CHE-985.461.940 MWST", "CHE985461940MWST"),
        ("VAT Registration No: GB 741 4858 21", "GB741485821"),
        ("USt-IdNr. DL1234567", None),
        ("Auftrag DE136695976", None),
    ],
)
def test_a_vat_number_has_its_label_and_its_countrys_structure(line: str, number: str | None):
    assert read(line).seller.vat_number == number


def test_a_vat_number_in_the_buyers_block_is_the_buyers():
    invoice = read("Bill to:\nKunden AG\nBahnhofweg 7\n20457 Hamburg\nDE136695976\n\n\n\nVAT no. GB741485821")
    assert (invoice.buyer.vat_number, invoice.seller.vat_number) == ("DE136695976", "GB741485821")


def test_an_email_in_the_buyers_block_is_the_buyers():
    invoice = read("Bill to:\nJane Doe\njane@doe.example\n\n\n\n\nQuestions? office@seller.example")
    assert (invoice.buyer.email, invoice.seller.email) == ("jane@doe.example", "office@seller.example")


def test_two_emails_of_nobody_in_particular_leave_the_field_open():
    invoice = read("a@one.example\n\n\n\n\n\nb@two.example")
    assert invoice.seller.email is None
    assert len(invoice.evidence["seller.email"].alternatives) == 2
