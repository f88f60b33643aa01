"""A transfer as a code over the stack in moto: in the picture that was asked for, and never past an open flag."""

import itertools
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from api_transfers.codes import PNG, SVG, media_type_of
from paydraft.model.bank_account import Iban
from paydraft.model.money import Money
from paydraft.model.transfer import Clearing, Creditor, FlagCode, TransferStatus
from paydraft.transfers.epc_qr import epc_payload
from paydraft.transfers.flags import flag
from tests.builders import IBANS, NOW, an_id
from tests.moto_stack import moto_stack
from tests.tenants import Tenant

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@pytest.fixture
def acme(aws):
    return Tenant(f"code-{next(_numbers)}", aws)


@pytest.fixture
def alice(acme):
    return acme.person("alice")


def code_of(client, transfer, query="", **headers):
    return client.get(f"/v2/transfers/{transfer.transfer_id}/qr{query}", **headers)


def read(png):
    [found] = zxingcpp.read_barcodes(np.asarray(Image.open(BytesIO(png)).convert("L")))
    return found.text


@pytest.mark.parametrize("status", [TransferStatus.DRAFT, TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED])
def test_the_code_of_a_transfer_says_what_it_pays(acme, alice, status):
    draft = acme.draft(status=status)
    answer = code_of(alice, draft)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert read(answer.data) == epc_payload(draft)
    assert read(answer.data).split("\n")[6:8] == [IBANS[0], "EUR1190.00"]


def test_the_same_transfer_gives_the_same_picture(acme, alice):
    draft = acme.draft()
    assert code_of(alice, draft).data == code_of(alice, draft).data
    assert acme.now(draft) == draft


@pytest.mark.parametrize(
    ("wished", "accept", "media_type"),
    [
        (None, None, PNG),
        (None, "*/*", PNG),
        (None, "application/json", PNG),
        (None, "image/svg+xml", SVG),
        (None, "image/png", PNG),
        (None, "image/*", PNG),
        (None, "image/svg+xml;q=0.9, image/png;q=0.8", SVG),
        (None, "image/svg+xml;q=0.5, image/*", PNG),
        (None, "IMAGE/SVG+XML , */*;q=0.1", SVG),
        (None, "image/svg+xml;q=x", PNG),
        ("svg", "image/png", SVG),
        ("png", "image/svg+xml", PNG),
    ],
)
def test_the_picture_is_the_one_that_was_asked_for(wished, accept, media_type):
    assert media_type_of(wished, accept) == media_type


def test_an_svg_is_answered_as_such(acme, alice):
    answer = code_of(alice, acme.draft(), accept="image/svg+xml")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.data
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(("query", "field"), [("?format=gif", "format"), ("?format=", "format"), ("?size=9", "size")])
def test_another_format_or_parameter_is_refused(acme, alice, query, field):
    answer = code_of(alice, acme.draft(), query)
    assert (answer.status, answer.json["details"]) == (400, {"fields": [field]})


def test_there_is_no_code_past_an_open_flag(acme, alice):
    """Who scans it pays at once: what stops approval must stop that too."""
    suspicious = flag(FlagCode.IBAN_CHANGED, "iban")
    answer = code_of(alice, acme.draft(flags=(suspicious,)))
    assert (answer.status, answer.json["error"]) == (409, "flags_not_cleared")
    cleared = suspicious.model_copy(update={"cleared": Clearing(by="bob", at=NOW, note="called")})
    assert code_of(alice, acme.draft(flags=(cleared,), status=TransferStatus.PENDING_APPROVAL)).status == 200


@pytest.mark.parametrize("status", [TransferStatus.EXPORTED, TransferStatus.CANCELLED])
def test_what_has_left_or_was_given_up_has_no_code(acme, alice, status):
    answer = code_of(alice, acme.draft(status=status, order_id=an_id()))
    assert (answer.status, answer.json["error"]) == (409, "transfer_state")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": Money.of_minor_units(100, "CHF")}, "not_sepa"),
        ({"creditor": Creditor(name="Muster", iban=Iban("TR330006100519786457841326"))}, "not_sepa"),
        ({"creditor": Creditor(name="Muster")}, "creditor_iban_missing"),
        ({"creditor": Creditor(iban=Iban(IBANS[0]))}, "creditor_name_missing"),
    ],
)
def test_what_no_code_can_carry_is_told(acme, alice, fields, code):
    answer = code_of(alice, acme.draft(**fields))
    assert (answer.status, answer.json["error"]) == (422, "payment_obstacle")
    [reason] = answer.json["details"]["reasons"]
    assert reason["code"] == code
    assert reason["message"].endswith(".")
