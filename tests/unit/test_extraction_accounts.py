"""Every account on the page is kept with its role; without an IBAN only what has the form and checks of its scheme."""

import pytest

from paydraft.model.invoice import AccountRole, Invoice
from paydraft.model.page import Source
from tests.typeset import read

OURS, OTHER = "DE89370400440532013000", "FR1420041010050500013M02606"
FACTOR = "DE02120300000000202051"


def domestic(invoice: Invoice) -> list[tuple[str, str | None, str]]:
    accounts = [account.domestic for account in invoice.accounts if account.domestic]
    return [(account.scheme.value, account.routing, account.number) for account in accounts]


@pytest.mark.parametrize(
    ("lines", "account"),
    [
        ("Sort code: 20-45-77   Account number: 12345678", ("gb", "204577", "12345678")),
        ("Sort Code 204577\nAccount No. 12345678", ("gb", "204577", "12345678")),
        ("Sort code    Account number\n20-45-77     12345678", ("gb", "204577", "12345678")),
        ("Routing number: 021000021\nAccount #: 000123456789", ("us", "021000021", "000123456789")),
        ("ABA: 021000021   Acct: 123456789", ("us", "021000021", "123456789")),
        ("BSB 062-000   Account no 12345678", ("au", "062000", "12345678")),
        ("Institution no: 003   Transit no: 10009   Account no: 1234567", ("ca", "00310009", "1234567")),
        ("IFSC: HDFC0000123\nA/C No: 50100012345678", ("in", "HDFC0000123", "50100012345678")),
        ("CLABE: 032180000118359719", ("mx", None, "032180000118359719")),
        ("Account number 02-0500-0123456-00", ("nz", None, "020500012345600")),
        ("Kontonummer: 8601.11.17947", ("no", None, "86011117947")),
        ("Bankgiro: 5050-1055", ("se_bankgiro", None, "50501055")),
        ("Plusgiro 28 65 43-4", ("se_plusgiro", None, "2865434")),
        ("Reg. nr. 1234   Konto nr. 0001234567", ("dk", "1234", "0001234567")),
        ("+71<000000000001370+85655988<", ("dk_fik", "71", "85655988")),
        ("Číslo účtu: 19-2000145399/0800", ("cz", "0800", "19-2000145399")),
        ("Bankszámlaszám: 11773016-11111018-00000000", ("hu", None, "117730161111101800000000")),
        ("Račun: 845-404849-87", ("rs", None, "845000000040484987")),
        ("PC-Konto 80-470-3", ("ch", None, "800004703")),
        ("Kto.-Nr. 1234 5678 90   BLZ 700 901 00", ("de", "70090100", "1234567890")),
    ],
)
def test_an_account_is_read_in_the_form_of_its_country(lines: str, account: tuple[str, str | None, str]):
    invoice = read(lines)
    assert domestic(invoice) == [account]
    assert invoice.iban is None
    assert invoice.evidence["accounts.0"].area.page == 1


@pytest.mark.parametrize(
    "lines",
    [
        "Routing number: 021000022\nAccount #: 123456789",
        "Routing number: 021000021",
        "Sort code: 20-45-77",
        "Account number: 12345678",
        "CLABE: 032180000118359718",
        "Kontonummer: 8601.11.17948",
        "Bankgiro: 5050-1056",
        "Číslo účtu: 19-2000145398/0800",
        "Bankszámlaszám: 11773017-11111018",
        "PC-Konto 80-470-4",
        "Invoice 20230001/2023",
        "Account no: XXXX XXXX 1234   Sort code: 20-45-77",
    ],
)
def test_what_lacks_a_part_or_fails_its_check_is_no_account(lines: str):
    assert read(lines).accounts == ()


@pytest.mark.parametrize(
    ("line", "iban"),
    [
        ("Numer konta: 61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"),
        ("Rachunek bankowy 61109010140000071219812874", "PL61109010140000071219812874"),
        ("Numer konta: 62 1090 1014 0000 0712 1981 2874", None),
        ("Item 61 1090 1014 0000 0712 1981 2874", None),
    ],
)
def test_a_polish_account_number_is_its_iban_without_the_country(line: str, iban: str | None):
    invoice = read(line)
    assert invoice.iban == iban
    if iban:
        assert "PL" not in invoice.evidence["iban"].raw, "the evidence shows what is printed"


@pytest.mark.parametrize(
    ("line", "iban"),
    [
        ("IBAN NLS1 ABNA 0417 1643 OO", None),
        ("IBAN NL9I ABNA O4I7 I643 OO", "NL91ABNA0417164300"),
        ("IBAN DEB9 37O4 0044 0S32 0130 00", "DE89370400440532013000"),
        ("IBAN NL91 A8NA 0417 1643 00", "NL91ABNA0417164300"),
        ("1BAN 1T60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
        ("IBAN ITbo Xo54 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
        ("IBAN DEß9 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("IBAN DE89 3704 0044 0532 0138 00", None),
    ],
)
def test_letters_that_ocr_takes_for_digits_are_undone_where_the_structure_leaves_no_choice(line: str, iban: str | None):
    assert read(line, source=Source.OCR).iban == iban
    assert read(line).iban is None, "a text layer means what it says"


def test_an_iban_in_boxes_is_joined_and_its_area_spans_them():
    invoice = read("IBAN   DE89   3704   0044   0532   0130   00   BIC   COBADEFFXXX")
    assert invoice.iban == OURS
    area = invoice.evidence["iban"].area
    assert area.x1 - area.x0 > 180
    assert invoice.evidence["iban"].raw.replace("\n", "").endswith("00")


def test_every_account_is_kept_with_its_role():
    invoice = read(f"Your account: {OTHER}\n\n\n\n\n\nBank details\nIBAN: {OURS}\nBankgiro: 5050-1055")
    assert [(account.role, account.iban) for account in invoice.accounts if account.iban] == [
        (AccountRole.DEBTOR, OTHER),
        (AccountRole.CREDITOR, OURS),
    ]
    assert domestic(invoice) == [("se_bankgiro", None, "50501055")]
    assert invoice.iban == OURS


@pytest.mark.parametrize(
    "clause",
    [
        "This invoice has been assigned to Alpha Factoring Ltd. Payment is only valid to:",
        "Die Forderung ist an die Alpha Factoring GmbH abgetreten. Zahlung mit schuldbefreiender Wirkung nur an:",
        "Facture cédée à Alpha Affacturage, règlement libératoire uniquement à l'ordre de :",
        "Credito ceduto a Alpha Factoring SpA. Pagare esclusivamente a:",
        "Fakturan är överlåten till Alpha Finans. Betalning med befriande verkan kan endast ske till:",
    ],
)
def test_a_claim_that_was_assigned_is_paid_to_the_assignee_only(clause: str):
    invoice = read(f"IBAN: {OURS}\n\n\n\n\n\n\n\n{clause}\nIBAN: {FACTOR}\n")
    assert invoice.iban == FACTOR
    assert {account.iban: account.role for account in invoice.accounts} == {
        OURS: AccountRole.CREDITOR,
        FACTOR: AccountRole.ASSIGNEE,
    }
    assert "claim_assigned" in [finding.code for finding in invoice.findings]


def test_where_the_assignees_account_is_not_told_none_is_given():
    clause = "The claim has been assigned. Pay only the account of the assignee."
    invoice = read(f"IBAN: {OURS}\nIBAN: {OTHER}\n\n\n\n\n\n\n\n{clause}")
    assert invoice.iban is None
    assert len(invoice.evidence["iban"].alternatives) == 2


def test_a_bank_is_named_beside_its_account():
    assert read(f"Bank: Sparkasse Musterstadt\nIBAN: {OURS}").bank_name == "Sparkasse Musterstadt"


@pytest.mark.parametrize(
    "lines",
    [
        "Please pay to our account DE89 3704 0044\n0532 0130 00 (Sample Bank).",
        "Konto: DE 89 3704 0044 0532 0130 00",
        "Bitte zahlen Sie auf unser Konto IBAN DE89\n3704 0044 0532 0130 00, danke.",
    ],
)
def test_an_iban_that_a_line_break_or_a_space_divides_is_joined(lines: str):
    assert read(lines).iban == OURS


@pytest.mark.parametrize(
    ("lines", "bic"),
    [
        (f"Payable to {OURS} (COBADEFF)", "COBADEFF"),
        (f"{OURS} / COBADEFF123", "COBADEFF123"),
        (f"{OURS} - COBADEFFXXX", "COBADEFFXXX"),
        (f"Musterbank\n{OURS}\nCOBADEFFXXX", "COBADEFFXXX"),
        (f"{OURS}   COBADEFFXXX", "COBADEFFXXX"),
        (f"IBAN {OURS} BIC:\nCOBADEFFXXX is our bank", "COBADEFFXXX"),
        (f"{OURS} (BNPAFRPP)", None),
        (f"IBAN {OURS}   IBAN {FACTOR}\nBIC COBADEFFXXX               BIC BYLADEM1001", "COBADEFFXXX"),
    ],
)
def test_a_bic_at_its_iban_needs_no_label(lines: str, bic: str | None):
    assert read(lines).bic == bic


@pytest.mark.parametrize("bic", ["GENODEF10BL", "GENODEF1MO4", "COBADEFFIOX"])
def test_a_branch_code_that_pixels_may_have_changed_stays_open(bic: str):
    assert read(f"IBAN {OURS}\nBIC {bic}", source=Source.OCR).bic is None


def test_a_customers_account_mentioned_in_a_sentence_is_not_the_account_below_it():
    text = f"The amount is put on your account and set against open invoices.\nSample Bank, IBAN {OURS}"
    assert read(text).iban == OURS
    assert read(f"To be taken from your account\nIBAN {OURS}").iban is None


def test_the_sellers_own_account_may_follow_the_assignees():
    clause = "This claim has been assigned to Alpha Factoring Ltd. Pay only to:"
    invoice = read(f"{clause}\nIBAN {FACTOR}\nThank you.\nSample Bank, IBAN {OURS}")
    assert (invoice.iban, [finding.code for finding in invoice.findings]) == (FACTOR, ["claim_assigned"])
