"""The EPC code of a draft, read back by a reader of another make."""

from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paydraft.extraction.qr_payload import qr_candidates
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.invoice import ReferenceKind
from paydraft.model.money import Money
from paydraft.model.page import Box, Code
from paydraft.model.payment_order import Obstacle
from paydraft.model.transfer import Creditor, DraftTransfer, Remittance
from paydraft.transfers.epc_qr import MAX_BYTES, epc_obstacle, epc_payload, epc_png, epc_svg
from tests.builders import IBANS, a_draft

GERMAN, SWISS, BRITISH = Iban(IBANS[0]), Iban(IBANS[3]), Iban(IBANS[5])


def paying(iban: Iban | None = GERMAN, name: str | None = "Müller & Söhne GmbH", **fields: object) -> DraftTransfer:
    return a_draft(creditor=Creditor(name=name, iban=iban, bic=fields.pop("bic", None)), **fields)


def read(png: bytes) -> str:
    found = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(png)).convert("L")))
    assert [code.format for code in found] == [zxingcpp.BarcodeFormat.QRCode]
    return found[0].text


def test_the_picture_says_what_the_draft_holds():
    transfer = paying(remittance=Remittance(kind=ReferenceKind.TEXT, text="RE-2026-0042"))
    lines = ["BCD", "002", "1", "SCT", "", "Muller + Sohne GmbH", GERMAN, "EUR1190.00", "", "", "RE-2026-0042"]
    assert read(epc_png(transfer)).split("\n") == lines


def test_a_structured_reference_stands_in_its_own_line():
    transfer = paying(remittance=Remittance(kind=ReferenceKind.RF, text="RF18539007547034"))
    assert epc_payload(transfer).split("\n")[9:] == ["RF18539007547034"]


def test_our_own_reader_gets_the_same_payment_out():
    text = read(epc_png(paying(remittance=Remittance(kind=ReferenceKind.RF, text="RF18539007547034"))))
    values = {one.field: one.value for one in qr_candidates((Code(text, 1, Box(0, 0, 9, 9)),), ())}
    assert values["iban"] == GERMAN
    assert values["amount_due"] == Decimal("1190.00")
    assert values["reference"] == "RF18539007547034"


def test_the_svg_is_a_picture_of_its_own():
    assert epc_svg(paying()).startswith(b"<?xml")
    assert b"<svg" in epc_svg(paying())


def test_the_same_draft_gives_the_same_picture():
    transfer = paying()
    assert epc_png(transfer) == epc_png(transfer)
    assert epc_svg(transfer) == epc_svg(transfer)


@pytest.mark.parametrize(
    ("transfer", "obstacle"),
    [
        (paying(None), Obstacle.IBAN_MISSING),
        (paying(name=None), Obstacle.NAME_MISSING),
        (paying(BRITISH), Obstacle.BIC_MISSING),
        (paying(amount=Money(amount=Decimal("1.00"), currency="CHF")), Obstacle.NOT_SEPA),
        (paying(amount=Money(amount=Decimal("0.00"), currency="EUR")), Obstacle.AMOUNT_OUT_OF_RANGE),
        (paying(Iban("TR330006100519786457841326")), Obstacle.NOT_SEPA),
    ],
)
def test_a_draft_that_no_code_can_carry_says_why(transfer, obstacle):
    assert epc_obstacle(transfer) is obstacle


def test_outside_of_the_eea_the_bank_is_named():
    transfer = paying(SWISS, bic=Bic("POFICHBEXXX"))
    assert epc_obstacle(transfer) is None
    assert epc_payload(transfer).split("\n")[4] == "POFICHBEXXX"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=90), st.text(max_size=200), st.integers(1, 99_999_999_999))
def test_whatever_was_read_the_code_fits_and_the_amount_is_exact(name, text, cents):
    transfer = paying(
        name=f"M{name}",
        amount=Money.of_minor_units(cents, "EUR"),
        remittance=Remittance(kind=ReferenceKind.TEXT, text=text),
    )
    payload = epc_payload(transfer)
    assert len(payload.encode()) <= MAX_BYTES
    assert payload.isascii()
    assert Decimal(payload.split("\n")[7].removeprefix("EUR")) == transfer.amount.amount
    assert epc_png(transfer)
