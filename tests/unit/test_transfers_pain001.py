"""The payment file: valid by its schema, the same bytes for the same order, and every amount to the cent."""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.invoice import Address, ReferenceKind
from paydraft.model.money import Money
from paydraft.model.payment_order import Debtor
from paydraft.model.transfer import Creditor, DraftTransfer, Remittance
from paydraft.transfers.pain001 import pain001
from paydraft.transfers.payment_order import obstacles, payment_order
from tests.builders import IBANS, NOW, a_draft
from tests.payment_files import texts, validated

GERMAN, FRENCH, DUTCH, SWISS, AUSTRIAN, BRITISH = map(Iban, IBANS)
DEBTOR = Debtor(
    name="Acme SARL",
    iban=AUSTRIAN,
    bic=Bic("BKAUATWW"),
    address=Address(city="Wien", country="AT", lines=("Ring 1", "1010 Wien")),
)


def written(*transfers: DraftTransfer, debtor: Debtor = DEBTOR) -> Element:
    """The file of these transfers, which is valid."""
    assert all(obstacles(transfer, debtor) == () for transfer in transfers)
    return validated(pain001(payment_order(transfers, debtor, created_at=NOW)))


def paying(iban: Iban = GERMAN, amount: str = "1190.00", currency: str = "EUR", **fields: object) -> DraftTransfer:
    money = Money(amount=Decimal(amount), currency=currency)
    creditor = fields.pop("creditor", Creditor(name="Muster GmbH", iban=iban))
    return a_draft(amount=money, creditor=creditor, **fields)


def referring(kind: ReferenceKind, text: str, iban: Iban = GERMAN) -> DraftTransfer:
    return paying(iban, remittance=Remittance(kind=kind, text=text))


def test_one_transfer_makes_a_valid_file():
    root = written(referring(ReferenceKind.TEXT, "RE-2026-0042"))
    assert texts(root, "GrpHdr/NbOfTxs") == ["1"]
    assert texts(root, "GrpHdr/CtrlSum") == ["1190.00"]
    assert texts(root, "CdtrAcct/Id/IBAN") == [GERMAN]
    assert texts(root, "DbtrAcct/Id/IBAN") == [AUSTRIAN]
    assert texts(root, "DbtrAgt/FinInstnId/BICFI") == ["BKAUATWW"]
    assert texts(root, "PmtId/EndToEndId") == ["RE-2026-0042"]
    assert texts(root, "RmtInf/Ustrd") == ["RE-2026-0042"]
    assert texts(root, "SvcLvl/Cd") == ["SEPA"]


def test_the_same_order_gives_the_same_bytes():
    one, other = paying(), paying(FRENCH)
    first = pain001(payment_order([one, other], DEBTOR, created_at=NOW))
    assert first == pain001(payment_order([other, one], DEBTOR, created_at=NOW))


def test_a_remark_is_for_the_reader_and_changes_nothing_else():
    order = payment_order([paying()], DEBTOR, created_at=NOW)
    remarked, plain = pain001(order, remark="PREVIEW: not to be paid."), pain001(order)
    validated(remarked)
    assert remarked.replace(b"<!-- PREVIEW: not to be paid. -->\n", b"") == plain


def test_each_day_currency_and_scheme_is_a_payment_block_of_its_own():
    root = written(
        paying(amount="1.10"),
        paying(amount="2.20", requested_date=date(2026, 12, 24)),
        paying(FRENCH, amount="3.30"),
        paying(
            currency="CZK",
            creditor=Creditor(
                name="Vzor", iban=GERMAN, bic=Bic("COBADEFF"), address=Address(city="Bonn", country="DE")
            ),
        ),
    )
    assert texts(root, "PmtInf/NbOfTxs") == ["1", "2", "1"]
    assert texts(root, "PmtInf/CtrlSum") == ["1190.00", "4.40", "2.20"]
    assert texts(root, "PmtInf/ChrgBr") == ["SHAR", "SLEV", "SLEV"]
    assert texts(root, "PmtInf/ReqdExctnDt/Dt") == ["2026-11-20", "2026-11-20", "2026-12-24"]


def test_an_rf_reference_goes_structured():
    root = written(referring(ReferenceKind.RF, "RF18539007547034"))
    assert texts(root, "CdtrRefInf/Tp/CdOrPrtry/Cd") == ["SCOR"]
    assert texts(root, "CdtrRefInf/Ref") == ["RF18539007547034"]
    assert texts(root, "RmtInf/Ustrd") == []


def test_a_swiss_qr_reference_is_carried_through():
    transfer = referring(ReferenceKind.QRR, "210000000003139471430009017", Iban("CH4431999123000889012"))
    transfer = transfer.model_copy(update={"amount": Money(amount=Decimal("50.00"), currency="CHF")})
    root = written(transfer, debtor=Debtor(name="Acme", iban=SWISS))
    assert texts(root, "CdtrRefInf/Tp/CdOrPrtry/Prtry") == ["QRR"]
    assert texts(root, "CdtrRefInf/Ref") == ["210000000003139471430009017"]
    assert texts(root, "SvcLvl/Cd") == []


def test_a_belgian_communication_goes_structured_to_belgium_and_as_text_elsewhere():
    belgian = Iban("BE68539007547034")
    root = written(referring(ReferenceKind.NATIONAL, "+++090/9337/55493+++", belgian))
    assert texts(root, "CdtrRefInf/Tp/Issr") == ["BBA"]
    assert texts(root, "CdtrRefInf/Ref") == ["090933755493"]
    assert texts(written(referring(ReferenceKind.NATIONAL, "0909337 55493")), "RmtInf/Ustrd") == ["0909337 55493"]


def test_text_that_can_be_no_identification_gives_way_to_the_transfers_id():
    transfer = referring(ReferenceKind.TEXT, "/INV//1/")
    assert texts(written(transfer), "PmtId/EndToEndId") == [transfer.transfer_id.hex]
    long = referring(ReferenceKind.TEXT, "x" * 36)
    assert texts(written(long), "PmtId/EndToEndId") == [long.transfer_id.hex]


def test_a_known_street_makes_a_structured_address():
    home = Address(street="Große Bäckerstr. 1", postal_code="20095", city="Hamburg", country="DE", lines=("no", "line"))
    root = written(paying(creditor=Creditor(name="Müller & Söhne", iban=GERMAN, address=home)))
    assert texts(root, "Cdtr/PstlAdr/StrtNm") == ["Grose Backerstr. 1"]
    assert texts(root, "Cdtr/PstlAdr/AdrLine") == []
    assert texts(root, "Cdtr/Nm") == ["Muller + Sohne"]


def test_an_unknown_street_makes_a_hybrid_address_and_an_unknown_town_none():
    root = written(paying())
    assert texts(root, "Dbtr/PstlAdr/TwnNm") == ["Wien"]
    assert texts(root, "Dbtr/PstlAdr/AdrLine") == ["Ring 1"]
    nowhere = Address(lines=("Somewhere 1",))
    root = written(paying(creditor=Creditor(name="Muster", iban=GERMAN, address=nowhere)))
    assert texts(root, "Cdtr/PstlAdr/AdrLine") == []


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1190"), ("KWD", "1.234"), ("USD", "0.01")])
def test_an_amount_has_the_decimals_of_its_currency(currency, amount):
    creditor = Creditor(name="M", iban=GERMAN, bic=Bic("COBADEFF"), address=Address(city="Bonn", country="DE"))
    root = written(paying(amount=amount, currency=currency, creditor=creditor))
    assert texts(root, "Amt/InstdAmt") == [amount]


def test_what_has_obstacles_is_not_written():
    with pytest.raises(ValueError, match="without an IBAN"):
        pain001(payment_order([a_draft(creditor=Creditor(name="M"))], DEBTOR, created_at=NOW))


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1, max_size=90).filter(lambda name: any(char.isascii() and char.isalnum() for char in name[:20])),
    st.text(max_size=200),
    st.integers(1, 99_999_999_999),
)
def test_whatever_was_read_the_file_is_valid_and_the_amount_exact(name, text, cents):
    money = Money.of_minor_units(cents, "EUR")
    remittance = Remittance(kind=ReferenceKind.TEXT, text=text) if text else None
    transfer = a_draft(amount=money, creditor=Creditor(name=name, iban=GERMAN), remittance=remittance)
    root = written(transfer)
    assert [Decimal(text or "") for text in texts(root, "Amt/InstdAmt")] == [money.amount]
