"""E-mail, telephone, web site, register number and bank: whose they are, and what is none."""

import pytest

from paydraft.model.page import Source
from tests.typeset import read

SELLER = "Seller:\nMuster GmbH\nHauptstr. 5\n80333 München\n"
BUYER = "\n\n\n\nBill to:\nKunden AG\nBahnhofweg 7\n20457 Hamburg\n"


def test_what_stands_below_an_address_is_its_partys():
    invoice = read(
        f"{SELLER}Phone: +49 89 1234567\nwww.muster.de\ninfo@muster.de\nHRB 13302\nVAT no. DE136695976\n"
        f"{BUYER}Phone: 040 987654\neinkauf@kunden.de\nVAT no. GB741485821"
    )
    seller, buyer = invoice.seller, invoice.buyer
    assert (seller.phone, seller.website, seller.email) == ("+49 89 1234567", "www.muster.de", "info@muster.de")
    assert (seller.register_number, seller.vat_number) == ("HRB 13302", "DE136695976")
    assert (buyer.phone, buyer.email, buyer.vat_number) == ("040 987654", "einkauf@kunden.de", "GB741485821")
    assert invoice.evidence["seller.phone"].area.page == 1


def test_a_fax_is_no_telephone():
    assert read(f"{SELLER}Fax: +49 89 1234568").seller.phone is None


@pytest.mark.parametrize(
    ("line", "email"),
    [
        ("info@muster.de", "info@muster.de"),
        ("info@muster.dfe", None),
        ("Contoso@emall.com", None),
        ("robert@gmoil.com", None),
    ],
)
def test_a_misread_domain_is_no_mail_address(line: str, email: str | None):
    assert read(SELLER + line, source=Source.OCR).seller.email == email


def test_a_domestic_vat_number_gets_the_prefix_of_the_country_that_its_label_and_digits_tell():
    invoice = read(
        "Sprzedawca\nUsługi Anna Kowalczyk\nul. Polna 29\n61-806 Poznań\nNIP: 102-369-16-75\nFaktura nr 5 z dnia"
    )
    assert invoice.seller.vat_number == "PL1023691675"


@pytest.mark.parametrize(
    ("line", "bank"),
    [
        ("Bank: Handelsbank Nord\nIBAN DE89 3704 0044 0532 0130 00", "Handelsbank Nord"),
        ("Volksbank Auental · IBAN DE89 3704 0044 0532 0130 00", "Volksbank Auental"),
        ("Sparkasse Musterland\nIBAN DE89 3704 0044 0532 0130 00\nBIC NOLADE21MLD", "Sparkasse Musterland"),
        ("Muster GmbH\nIBAN DE89 3704 0044 0532 0130 00", None),
    ],
)
def test_the_bank_stands_at_its_label_or_beside_the_account(line: str, bank: str | None):
    assert read(line).bank_name == bank
