"""Fiscal codes state number, date and total of their document; what is not well formed says nothing."""

import base64
import json
from datetime import date
from decimal import Decimal

import pytest

from tests.typeset import read

PT = (
    "A:504000012*B:509999999*C:PT*D:FT*E:N*F:20260812*G:FT AB2026/0035*H:CSDF7T5H-0035*I1:PT*I7:100.00*N:23.00"
    "*O:123.00*Q:TTTT"
)
DE = (
    "V0;till-1;Kassenbeleg-V1;Beleg^11.90_2.14_0.00_0.00_0.00^14.04:Bar;18;112;2026-07-10T18:41:04.000Z;"
    "2026-07-10T18:41:09.000Z;ecdsa;unixTime;sig;key"
)
AT = "_R1-AT1_TILL-1_83469_2026-11-25T19:20:11_10,00_2,50_0,00_0,00_-1,50_4r3=_cert_prev_sig"
ES = "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie=2026-G33&fecha=01-09-2026&importe=241.4"
TBAI = "https://batuz.eus/QRTBAI/?id=TBAI-B12345674-010926-btFpwP8dcLGAF-237&s=T&nf=27174&i=241.40&cr=007"
HR = "https://porezna.gov.hr/rn?zki=9d6f5bb6da48fcd5&datv=20260901_1030&izn=241,40"
PL = "https://qr.ksef.mf.gov.pl/invoice/5250007738/01-09-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
TR = json.dumps(
    {"vkntckn": "1234567890", "avkntckn": "1", "tip": "SATIS", "tarih": "2026-09-01", "no": "ABC2026000000001",
     "parabirimi": "TRY", "vergidahil": "241.40", "odenecek": "200.00"}
)  # fmt: skip


def indian(**values: object) -> str:
    data = {"SellerGstin": "29AABCT1332L000", "BuyerGstin": "27AAACT1332L1ZV", "DocNo": "INV/1", "DocDt": "01/09/2026",
            "TotInvVal": 241.4} | values  # fmt: skip
    body = base64.urlsafe_b64encode(json.dumps({"data": json.dumps(data), "iss": "NIC"}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{body}.c2lnbmF0dXJl"


def saudi(*values: str) -> str:
    data = b"".join(bytes([tag, len(value.encode())]) + value.encode() for tag, value in enumerate(values, start=1))
    return base64.b64encode(data).decode()


SA = saudi("Example Trading", "310122393500003", "2026-09-01T15:30:00Z", "241.40", "31.49")


@pytest.mark.parametrize(
    ("text", "number", "day", "total"),
    [
        (PT, "FT AB2026/0035", date(2026, 8, 12), "123.00"),
        (DE, None, date(2026, 7, 10), "14.04"),
        (AT, "83469", date(2026, 11, 25), "11.00"),
        (ES, "2026-G33", date(2026, 9, 1), "241.4"),
        (TBAI, None, date(2026, 9, 1), "241.40"),
        (HR, None, date(2026, 9, 1), "241.40"),
        (TR, "ABC2026000000001", date(2026, 9, 1), "241.40"),
        (indian(), "INV/1", date(2026, 9, 1), "241.4"),
        (SA, None, date(2026, 9, 1), "241.40"),
    ],
)
def test_a_fiscal_code_states_its_document(text: str, number: str | None, day: date, total: str):
    invoice = read("", codes=(text,))
    assert (invoice.number, invoice.issue_date, invoice.total) == (number, day, Decimal(total))
    assert (invoice.iban, invoice.findings) == (None, ())


def test_tax_numbers_and_currencies_are_taken_where_the_code_has_them():
    assert read("", codes=(PT,)).seller.vat_number == "PT504000012"
    assert read("", codes=(PT,)).buyer.vat_number == "PT509999999"
    assert read("", codes=(PT.replace("B:509999999", "B:999999990"),)).buyer.vat_number is None
    assert read("", codes=(PL,)).seller.vat_number == "PL5250007738"
    assert read("", codes=(DE,)).currency == "EUR"
    assert read("", codes=(DE.replace(":Bar;", ":Bar:CHF;"),)).currency is None
    assert read("", codes=(TR,)).amount_due == Decimal("200.00")
    assert read("", codes=(SA,)).seller.name == "Example Trading"


def test_a_receipt_of_the_night_has_no_sure_date():
    assert read("", codes=(DE.replace("T18:41", "T23:41"),)).issue_date is None


@pytest.mark.parametrize(
    "text",
    [
        PT.replace("*O:123.00", "*O:1,2"),
        PT.replace("*G:FT AB2026/0035", ""),
        DE.replace("_2.14", "_x"),
        DE.replace("Beleg^", "AVBestellung^"),
        AT.replace("2,50", "2"),
        ES.replace("241.4", "abc"),
        TR[:-1],
        indian(DocNo=None, TotInvVal="x"),
        "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln",
        SA[:-8] + "====",
        "AQ" + "A" * 60,
    ],
)
def test_what_is_not_well_formed_says_nothing(text: str):
    invoice = read("", codes=(text,))
    assert (invoice.total, invoice.number, invoice.findings) == (None, None, ())
