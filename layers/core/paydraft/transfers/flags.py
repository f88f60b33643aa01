"""What a flag says to the person who approves, and the figures the checks compare with. Data only.

Where a payee has to be asked, the text says on which number: fraudsters print their own on the invoice.
"""

from decimal import Decimal

from paydraft.model.evidence import Severity
from paydraft.model.transfer import BLOCKING_FLAGS, Flag, FlagCode, FlagEvidence

TEXTS: dict[FlagCode, str] = {
    FlagCode.IBAN_INVALID: (
        "The account number on the document could not be read as a valid IBAN. Take it from your records, or ask the "
        "payee on a number already on file, not one from the invoice."
    ),
    FlagCode.IBAN_CHANGED: (
        "This payee is known, but not with this account. Call a number already on file, not one from the invoice, and "
        "have the new account confirmed before you approve."
    ),
    FlagCode.IBAN_OTHER_COUNTERPARTY: (
        "The account is on file under another payee than the VAT number or the name on the invoice. Call both on "
        "numbers already on file, not one from the invoice, and choose the payee by hand."
    ),
    FlagCode.IBAN_COUNTRY_MISMATCH: (
        "The account is held in another country than the payee's VAT number. Call a number already on file, not one "
        "from the invoice, before you approve."
    ),
    FlagCode.PAYMENT_DATA_CONFLICT: (
        "The payment details on the document contradict one another or this draft, or name several accounts, your own "
        "account, or another payee than the seller. Compare them with your records, and call a number already on file, "
        "not one from the invoice."
    ),
    FlagCode.POSSIBLE_DUPLICATE: (
        "An invoice like this one was received before. Compare the two, and discard this draft if it is the same one."
    ),
    FlagCode.AMOUNT_MISMATCH: (
        "Net amount, tax and total on the document do not add up, or this draft asks for another amount than the "
        "document. Check the amount against the document."
    ),
    FlagCode.AMOUNT_OUTLIER: (
        "The amount is far from what this payee usually asks for. Check it against the order before you approve."
    ),
    FlagCode.NEW_COUNTERPARTY: (
        "No payee on file has this account or VAT number. Check who is asking before the first payment, and add them "
        "to your counterparties."
    ),
    FlagCode.DUE_DATE_PAST: (
        "The due date has passed, so today was put in its place. Check for a reminder or a payment already made."
    ),
    FlagCode.CURRENCY_NOT_SEPA: (
        "The amount is not in euro, so it can't go out as a SEPA transfer. Choose another way to pay, and "
        "check its fees."
    ),
    FlagCode.LOW_CONFIDENCE: (
        "A field that decides the payment was hard to read. Compare the draft with the document before you approve."
    ),
    FlagCode.REPROCESSED_DIFFERS: (
        "The document was read again, with another result than this transfer holds. Compare the two."
    ),
    FlagCode.PAYEE_INACTIVE: (
        "The payee or this account is on file, and was deactivated. Find out why before you reactivate it or choose "
        "another account."
    ),
}

# Findings of extraction (model/evidence.py) that become flags.
FLAG_OF_FINDING: dict[str, FlagCode] = {
    "iban_invalid": FlagCode.IBAN_INVALID,
    "iban_unreadable": FlagCode.IBAN_INVALID,
    "payment_data_conflict": FlagCode.PAYMENT_DATA_CONFLICT,
    "several_accounts": FlagCode.PAYMENT_DATA_CONFLICT,
    "claim_assigned": FlagCode.PAYMENT_DATA_CONFLICT,  # who sells and who is to be paid are two
    "amount_mismatch": FlagCode.AMOUNT_MISMATCH,
}
# Findings that leave open whom to pay, and are settled when the account is on file: then a person has decided before.
SETTLED_BY_ACCOUNT_ON_FILE = frozenset({"several_accounts", "claim_assigned"})

# Below this share of rightly read fields a person compares with the page (model/evidence.py, Evidence.confidence).
MIN_CONFIDENCE = 0.8
MIN_NAME_LIKENESS = 0.6  # of the printed name to that of the account's holder; below, they are two names
SUM_TOLERANCE = Decimal("0.05")  # Swiss cash rounding, and tax rounded line by line
SUM_HOLDS = "net_plus_tax"  # the check in a total's evidence that extraction sets when its sum was seen to hold

# A VAT number's prefix is an ISO 3166 code, but for Greece and Northern Ireland (Directives 2006/112/EC, 2020/1756).
COUNTRY_OF_VAT_PREFIX = {"EL": "GR", "XI": "GB"}
# Countries whose companies bear the VAT number of a neighbour: IBAN country -> VAT countries that fit as well.
VAT_NEIGHBOURS = {"MC": frozenset({"FR"}), "LI": frozenset({"CH"}), "CH": frozenset({"LI"})}


def flag(code: FlagCode, field: str | None, evidence: tuple[FlagEvidence, ...] = ()) -> Flag:
    """The flag with its text: an error if it stops approval, else a warning. `field` is a path of the invoice."""
    severity = Severity.ERROR if code in BLOCKING_FLAGS else Severity.WARNING
    return Flag(code=code, severity=severity, text=TEXTS[code], field=field, evidence=evidence)
