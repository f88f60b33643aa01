"""Payment codes say what they say; a code of another kind says nothing."""

from decimal import Decimal

import pytest

from paydraft.model.page import Source
from tests.typeset import read

EPC = (
    "BCD",
    "002",
    "1",
    "SCT",
    "COBADEFFXXX",
    "Muster GmbH",
    "DE89370400440532013000",
    "EUR119.5",
    "",
    "",
    "RE-4711",
    "",
)
SPC = (
    "SPC", "0200", "1", "CH4431999123000889012",
    "S", "Robert Schneider AG", "Rue du Lac", "1268/2/22", "2501", "Biel", "CH",
    "", "", "", "", "", "", "",
    "123949.75", "CHF",
    "K", "Pia Rutschmann", "Marktgasse 28", "9400 Rorschach", "", "", "CH",
    "QRR", "210000000003139471430009017", "Instruction of 15.09.2019", "EPD",
)  # fmt: skip


def code(lines: tuple[str, ...], **changes: str) -> str:
    changed = list(lines)
    for place, value in changes.items():
        changed[int(place.removeprefix("line"))] = value
    return "\n".join(changed)


@pytest.mark.parametrize("version", ["001", "002"])
def test_an_epc_code_prefills_the_transfer(version: str):
    invoice = read("", codes=(code(EPC, line1=version),))
    assert (invoice.iban, invoice.bic, invoice.seller.name) == ("DE89370400440532013000", "COBADEFFXXX", "Muster GmbH")
    assert (invoice.to_pay.amount, invoice.currency) == (Decimal("119.50"), "EUR")
    assert (invoice.reference, invoice.reference_kind) == ("RE-4711", "text")
    assert invoice.evidence["iban"].source is Source.QR
    assert invoice.evidence["iban"].area.x0 == 400


def test_an_epc_code_may_carry_a_structured_reference():
    assert read("", codes=(code(EPC, line9="RF18539007547034", line10=""),)).reference_kind == "rf"


def test_lines_at_the_end_of_an_epc_code_may_be_missing():
    assert read("", codes=("\r\n".join(EPC[:8]),)).iban == "DE89370400440532013000"


def test_a_swiss_code_gives_both_parties_with_their_addresses():
    invoice = read("", codes=(code(SPC),))
    assert (invoice.iban, invoice.currency) == ("CH4431999123000889012", "CHF")
    assert invoice.to_pay.amount == Decimal("123949.75")
    assert (invoice.reference, invoice.reference_kind) == ("210000000003139471430009017", "qrr")
    assert (invoice.seller.name, invoice.seller.address.street) == ("Robert Schneider AG", "Rue du Lac 1268/2/22")
    assert (invoice.buyer.address.street, invoice.buyer.address.postal_code) == ("Marktgasse 28", "9400")


def test_a_swiss_code_may_leave_the_amount_to_the_payer():
    invoice = read("", codes=(code(SPC, line18="", line27="NON", line28=""),))
    assert (invoice.total, invoice.amount_due, invoice.reference) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/pay?iban=DE89370400440532013000",
        "BCD\n003\n1\nSCT\n\nX\nDE89370400440532013000",
        "BCD",
        "SPC\n0200\n1",
        "SPC\n0100" + "\n" * 30,
        "",
        "\n\n\n",
    ],
)
def test_codes_of_other_kinds_say_nothing(text: str):
    assert read("", codes=(text,)).evidence == {}


@pytest.mark.parametrize(
    ("place", "value"), [("line6", "DE88370400440532013000"), ("line7", "EUR1,5"), ("line7", "EUR-5")]
)
def test_a_value_that_is_not_valid_is_not_given(place: str, value: str):
    invoice = read("", codes=(code(EPC, **{place: value}),))
    assert invoice.iban is None or invoice.total is None
