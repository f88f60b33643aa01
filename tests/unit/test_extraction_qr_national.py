"""Payment codes of single countries are read strictly; a broken one is a finding and says nothing."""

import lzma
import zlib
from base64 import urlsafe_b64encode
from datetime import date
from decimal import Decimal

import pytest

from tests.typeset import read

CZ, SI, HU, HR = (
    "CZ6508000000192000145399",
    "SI56011006000005649",
    "HU42117730161111101800000000",
    "HR1210010051863000160",
)
UA, SK, DE = "UA213223130000026007233566001", "SK3112000000198742637541", "DE89370400440532013000"
UPN = (
    "UPNQR", "", "", "", "", "Janez Novak", "Dunajska 1", "1000 Ljubljana", "00000015050", "", "", "COST",
    "Račun 117", "30.11.2026", SI, "SI1212345678909", "Podjetje d.o.o.", "Tržaška 10", "2000 Maribor", "180", "",
)  # fmt: skip
HCT = ("HCT", "001", "1", "OTPVHUHB", "Minta Kft.", HU, "HUF25000", "20261130120000+1", "", "SZ-2026/117")
HUB3 = ("HRVHUB30", "EUR", "000000000012355", "Ivo", "Ulica 1", "10000 Zagreb", "Tvrtka d.o.o.", "Trg 2",
        "10000 Zagreb", HR, "HR01", "7269-68949637676-00019", "COST", "Račun 117")  # fmt: skip
SPAYD = f"SPD*1.0*ACC:{CZ}+GIBACZPX*AM:480.50*CC:CZK*MSG:FAKTURA%20117*X-VS:2026000117*DT:20261130*RN:FIRMA S.R.O."
IPS = "K:PR|V:01|C:1|R:845000000040484987|N:JP EPS BEOGRAD\r\nBALKANSKA 13|I:RSD3596,13|SF:189|S:UPLATA|RO:97163220"
POLISH = "5250007738|PL|61109010140000071219812874|012345|Firma Sp. z o.o.|FV 117/2026|||"
BEZAHL = (
    f"bank://singlepaymentsepa?name=Muster%20GmbH&iban={DE}&bic=COBADEFFXXX&amount=119%2C50&currency=EUR&reason=RE-4711"
)
PAYTO = f"payto://iban/COBADEFFXXX/{DE}?amount=EUR:119.5&receiver-name=Muster%20GmbH&message=RE-4711"
UCT = f"BCD\n002\n1\nUCT\n\nТОВ Приклад\n{UA}\nUAH250.00\n32855961\n\n\nОплата рахунку 117"
SWICO = "//S1/10/10201409/11/260512/20/1400.000-53/30/106017086/31/260508/32/8.1/40/2:10;0:30"
SPC = (
    "SPC", "0200", "1", "CH4431999123000889012", "S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel",
    "CH", "", "", "", "", "", "", "", "123.75", "CHF", "S", "Pia Rutschmann", "Marktgasse", "28", "9400", "Rorschach",
    "CH", "QRR", "210000000003139471430009017", "", "EPD", SWICO,
)  # fmt: skip


def by_square(fields: str) -> str:
    """PAY by square of a payment's fields, as its generators write it."""
    plain = fields.encode()
    plain = zlib.crc32(plain).to_bytes(4, "little") + plain
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 17, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(plain, lzma.FORMAT_RAW, filters=filters)
    data = b"\x00\x00" + len(plain).to_bytes(2, "little") + packed
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join("0123456789ABCDEFGHIJKLMNOPQRSTUV"[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))


BY_SQUARE = by_square(f"\t1\t1\t25.30\tEUR\t20261130\t117\t\t\t\tfaktura\t1\t{SK}\tTATRSKBX\t0\t0\tFirma\t\t")


@pytest.mark.parametrize(
    ("text", "iban", "amount", "currency", "reference", "name"),
    [
        (SPAYD, CZ, "480.50", "CZK", "2026000117", "FIRMA S.R.O."),
        ("\n".join(UPN), SI, "150.50", "EUR", "SI1212345678909", "Podjetje d.o.o."),
        ("\n".join(HCT), HU, "25000", "HUF", "SZ-2026/117", "Minta Kft."),
        ("\n".join(HUB3), HR, "123.55", "EUR", "HR017269-68949637676-00019", "Tvrtka d.o.o."),
        (IPS, None, "3596.13", "RSD", "97163220", "JP EPS BEOGRAD"),
        (POLISH, "PL61109010140000071219812874", "123.45", "PLN", "FV 117/2026", "Firma Sp. z o.o."),
        (BEZAHL, DE, "119.50", "EUR", "RE-4711", "Muster GmbH"),
        (PAYTO, DE, "119.5", "EUR", "RE-4711", "Muster GmbH"),
        (UCT, UA, "250.00", "UAH", "Оплата рахунку 117", "ТОВ Приклад"),
        (f"https://bank.gov.ua/qr/{urlsafe_b64encode(UCT.encode()).decode().rstrip('=')}", UA, "250.00", "UAH",
         "Оплата рахунку 117", "ТОВ Приклад"),
        (BY_SQUARE, SK, "25.30", "EUR", "117", None),
    ],
)  # fmt: skip
def test_a_payment_code_prefills_the_transfer(
    text: str, iban: str | None, amount: str, currency: str, reference: str, name: str | None
):
    invoice = read("", codes=(text,))
    assert (invoice.iban, invoice.currency, invoice.reference) == (iban, currency, reference)
    assert invoice.to_pay.amount == Decimal(amount)
    assert invoice.seller.name == name
    assert invoice.findings == ()


def test_due_dates_of_codes_are_taken():
    due = [read("", codes=(text,)).due_date for text in (SPAYD, "\n".join(UPN), BY_SQUARE)]
    assert due == [date(2026, 11, 30)] * 3


def test_a_czech_invoice_code_gives_the_invoices_own_data():
    text = f"SID*1.0*ID:2026117*DD:20261104*AM:1089.00*VS:2026117*VII:CZ60194383*VIR:CZ12345678*ACC:{CZ}*DT:20261118"
    invoice = read("", codes=(text,))
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("2026117", date(2026, 11, 4), date(2026, 11, 18))
    assert (invoice.seller.vat_number, invoice.buyer.vat_number) == ("CZ60194383", "CZ12345678")


def test_the_billing_information_of_a_swiss_bill_is_read():
    invoice = read("", codes=("\n".join(SPC),))
    assert (invoice.number, invoice.issue_date) == ("10201409", date(2026, 5, 12))
    assert (invoice.seller.vat_number, invoice.tax_rate) == ("CHE106017086", Decimal("8.1"))
    assert (invoice.delivery_date, invoice.due_date) == (date(2026, 5, 8), date(2026, 6, 11))
    assert invoice.evidence["due_date"].confidence < 0.9, "it follows from terms"


def test_an_escaped_slash_belongs_to_its_value():
    billing = r"//S1/10/X.66711\/8824/11/260712/40/0:30"
    assert read("", codes=("\n".join((*SPC[:-1], billing)),)).number == "X.66711/8824"


@pytest.mark.parametrize(
    "text",
    [
        SPAYD.replace("5399+", "5398+"),
        SPAYD.replace("480.50", "480,50"),
        "SPD*1.0*AM:5",
        "\n".join(UPN).replace(SI, "SI56011006000005648"),
        "\n".join(UPN[:10]),
        "\n".join(HCT).replace("HUF25000", "HUF25000.50"),
        "\n".join(HUB3).replace("000000000012355", "12,55"),
        IPS.replace("987|", "986|"),
        POLISH.replace("2874|", "2875|"),
        BEZAHL.replace("119%2C50", "-5"),
        UCT.replace("UAH250", "EUR250"),
        "\n".join(SPC).replace("210000000003139471430009017", "210000000003139471430009018"),
        "\n".join(SPC).replace("CHF", "USD"),
        "https://bank.gov.ua/qr/%%%",
    ],
)
def test_a_broken_payment_code_is_a_finding_and_says_nothing(text: str):
    invoice = read("", codes=(text,))
    assert (invoice.iban, invoice.total, invoice.amount_due, invoice.reference) == (None, None, None, None)
    assert [finding.code for finding in invoice.findings] == ["payment_code_broken"]


@pytest.mark.parametrize(
    "text",
    [
        BY_SQUARE[:-4] + "0000",
        "0" * 60,
        "https://example.org/pay?iban=DE00&amount=12",
        "WIFI:S:guest;;",
        "mailto:a@example.org",
    ],
)
def test_a_code_that_never_claimed_to_be_a_payment_code_says_nothing(text: str):
    invoice = read("", codes=(text,))
    assert (invoice.evidence, invoice.findings) == ({}, ())
