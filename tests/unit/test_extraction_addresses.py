"""Addresses of many countries in parts: the town is found by how each post writes its code, the rest follows."""

import pytest

from paydraft.extraction.addresses import address_of
from paydraft.extraction.labels.vocabulary import vocabulary

COUNTRIES = vocabulary().countries


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("12 Main Street\nRedmond WA, 98052", ("12 Main Street", "98052", "Redmond", "WA", None)),
        ("PO Box 1234\nHouston, TX 77002-1234\nUSA", ("PO Box 1234", "77002-1234", "Houston", "TX", "US")),
        ("123 Madison drive, Seattle, WA, 98101", ("123 Madison drive", "98101", "Seattle", "WA", None)),
        ("1200 Bay St, Suite 400\nToronto ON  M5R 2A5", ("1200 Bay St, Suite 400", "M5R 2A5", "Toronto", "ON", None)),
        ("88, rue du Quai\nRimouski (Québec) G5L 3P9", ("88, rue du Quai", "G5L 3P9", "Rimouski", "Québec", None)),
        (
            "Level 3, 120 Collins Street\nMelbourne VIC 3000",
            ("Level 3, 120 Collins Street", "3000", "Melbourne", "VIC", None),
        ),
        ("Baker Street 1\nLondon W1U 6TJ\nUnited Kingdom", ("Baker Street 1", "W1U 6TJ", "London", None, "GB")),
        (
            "Unit 4, Mill Estate\n12 Mill Lane\nMaidenhead\nBerkshire\nSL6 1AB",
            ("Unit 4, Mill Estate, 12 Mill Lane", "SL6 1AB", "Maidenhead", None, None),
        ),
        ("Mill Lane 2\nHebden Bridge, West Yorkshire HX7 8DZ", ("Mill Lane 2", "HX7 8DZ", "Hebden Bridge", None, None)),
        ("20-22 Wenlock Road, London, N1 7GU, UK", ("20-22 Wenlock Road", "N1 7GU", "London", None, "GB")),
        ("Lindengracht 123\n4566 PB\nAmsterdam", ("Lindengracht 123", "4566 PB", "Amsterdam", None, None)),
        ("Badweg 48, 8401 BL, Gorredijk", ("Badweg 48", "8401 BL", "Gorredijk", None, None)),
        ("Rue de la Loi 200, B-1049 Bruxelles, Belgique", ("Rue de la Loi 200", "1049", "Bruxelles", None, "BE")),
        ("16 rue Mollien - 92100 BOULOGNE", ("16 rue Mollien", "92100", "BOULOGNE", None, None)),
        ("75371 Paris Cedex 08", (None, "75371", "Paris Cedex 08", None, None)),
        ("50 rue des Fleurs 11234 Libourne France", ("50 rue des Fleurs", "11234", "Libourne", None, "FR")),
        ("Via Roma 1, 20121 Milano (MI), Italia", ("Via Roma 1", "20121", "Milano", "MI", "IT")),
        ("Rua Augusta 100, 3º\n1100-053 Lisboa", ("Rua Augusta 100, 3º", "1100-053", "Lisboa", None, None)),
        ("ul. Polna 10/12\n00-950 Warszawa", ("ul. Polna 10/12", "00-950", "Warszawa", None, None)),
        ("Václavské nám. 1\n110 00 Praha 1", ("Václavské nám. 1", "110 00", "Praha 1", None, None)),
        ("Sveavägen 12\nSE-114 55 Stockholm", ("Sveavägen 12", "114 55", "Stockholm", None, "SE")),
        ("Seestrasse 3\nPostfach 120\n8001 Zürich", ("Seestrasse 3, Postfach 120", "8001", "Zürich", None, None)),
        ("Innere Wiener Str. 5\nD-81667 München", ("Innere Wiener Str. 5", "81667", "München", None, "DE")),
        ("12, MG Road\nBengaluru, Karnataka 560001\nIndia", ("12, MG Road", "560001", "Bengaluru", "Karnataka", "IN")),
        ("3/64, Gomti Nagar\nAlwar 301001 Rajasthan", ("3/64, Gomti Nagar", "301001", "Alwar", "Rajasthan", None)),
    ],
)  # fmt: skip
def test_an_address_has_its_parts(printed: str, parts: tuple[str | None, ...]):
    address = address_of(printed.split("\n"), COUNTRIES)
    assert (address.street, address.postal_code, address.city, address.state, address.country) == parts


def test_a_space_that_got_lost_between_code_and_town_is_put_back():
    assert address_of(["Bahnstr. 42", "88802Aulendorf"], COUNTRIES).lines == ("Bahnstr. 42", "88802 Aulendorf")


def test_a_street_with_a_long_number_is_no_town():
    address = address_of(["1503 South New Hampshire Avenue", "Troy NY 12601"], COUNTRIES)
    assert (address.street, address.city) == ("1503 South New Hampshire Avenue", "Troy")


def test_nothing_makes_no_address():
    assert address_of([], COUNTRIES) is None
    assert address_of([" , "], COUNTRIES) is None
