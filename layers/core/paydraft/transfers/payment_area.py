"""Which payments are SEPA credit transfers, by currency and the countries of both accounts.

Source: EPC409-09, list of SEPA scheme countries (IBAN country codes; in force since Serbia joined in May 2026).
"""

from paydraft.model.bank_account import Iban

EEA = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
SEPA = EEA | frozenset("AD AL CH GB GI MC MD ME MK RS SM VA".split())
SEPA_CURRENCY = "EUR"


def is_sepa(currency: str, debtor: Iban, creditor: Iban) -> bool:
    """Whether a transfer can go out as a SEPA credit transfer."""
    return currency == SEPA_CURRENCY and {debtor.country, creditor.country} <= SEPA


def leaves_eea(debtor: Iban, creditor: Iban) -> bool:
    """Whether an end of the transfer is outside the EEA: the debtor's address must then go with it."""
    return not {debtor.country, creditor.country} <= EEA


def is_domestic_swiss(debtor: Iban, creditor: Iban) -> bool:
    """Within Switzerland and Liechtenstein, where QR references exist and no BIC is needed."""
    return {debtor.country, creditor.country} <= {"CH", "LI"}
