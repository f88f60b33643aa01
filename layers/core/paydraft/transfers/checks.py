"""What smells about a draft: one small check per flag, each answering with the field concerned, or None.

`reprocessed_differs` is not among them: it compares two readings (redraft.py).
"""

from collections.abc import Callable
from decimal import Decimal

from paydraft.model.counterparty import Candidate, MatchKind, MatchOutcome, MatchReason
from paydraft.model.invoice import DocumentType, Invoice
from paydraft.model.transfer import Flag, FlagCode
from paydraft.transfers.case import Case
from paydraft.transfers.duplicates import duplicates, is_outlier
from paydraft.transfers.flag_evidence import evidence_of
from paydraft.transfers.flags import (
    COUNTRY_OF_VAT_PREFIX,
    FLAG_OF_FINDING,
    MIN_CONFIDENCE,
    MIN_NAME_LIKENESS,
    SETTLED_BY_ACCOUNT_ON_FILE,
    SUM_HOLDS,
    SUM_TOLERANCE,
    VAT_NEIGHBOURS,
    flag,
)
from paydraft.transfers.payment_area import SEPA_CURRENCY


def flags_of(case: Case) -> tuple[Flag, ...]:
    """Every flag of this draft, each code at most once, the blocking ones first."""
    fields = {code: check(case) for code, check in CHECKS.items()}
    return tuple(
        flag(code, field, evidence_of(code, field, case)) for code, field in fields.items() if field is not None
    )


def _found_by_extraction(code: FlagCode, default_field: str) -> Callable[[Case], str | None]:
    def check(case: Case) -> str | None:
        settled = SETTLED_BY_ACCOUNT_ON_FILE if case.account else frozenset()
        found = (one for one in case.invoice.findings if FLAG_OF_FINDING.get(one.code) is code)
        return next((one.field or default_field for one in found if one.code not in settled), None)

    return check


def _iban_changed(case: Case) -> str | None:
    return "iban" if case.counterparty and case.account is None and case.iban else None


def _iban_other_counterparty(case: Case) -> str | None:
    """The IBAN leads to one counterparty, the VAT number or the name to another."""
    if case.match.kind is MatchKind.AMBIGUOUS:
        return "iban" if _speak_apart(case.match.candidates) else None
    return "iban" if _is_under_another_name(case) else None


def _is_under_another_name(case: Case) -> bool:
    """An account on file that a stranger's name is printed beside, with no VAT number to speak for it."""
    likeness = case.match.name_likeness
    return (
        case.account is not None
        and likeness is not None
        and likeness < MIN_NAME_LIKENESS
        and not _on_file_together(case.match)
    )


def _speak_apart(candidates: tuple[Candidate, ...]) -> bool:
    reasons = {candidate.reasons for candidate in candidates}
    return {(MatchReason.IBAN,), (MatchReason.VAT_NUMBER,)} <= reasons


def _iban_country_mismatch(case: Case) -> str | None:
    """Silent where account and VAT number are on file for one payee: then a person has put them together."""
    if case.iban is None or _on_file_together(case.match):
        return None
    vat_number = case.invoice.seller.vat_number or (case.counterparty.vat_number if case.counterparty else None)
    if not vat_number or not vat_number[:2].isalpha():
        return None
    prefix = vat_number[:2].upper()
    country = COUNTRY_OF_VAT_PREFIX.get(prefix, prefix)
    fitting = {case.iban.country} | VAT_NEIGHBOURS.get(case.iban.country, frozenset())
    return None if country in fitting else "iban"


def _on_file_together(match: MatchOutcome) -> bool:
    together = (MatchReason.IBAN, MatchReason.VAT_NUMBER)
    return any(c.counterparty_id == match.counterparty_id and c.reasons == together for c in match.candidates)


def _payment_data_conflict(case: Case) -> str | None:
    if case.match.own_account:
        return "iban"
    return _found_by_extraction(FlagCode.PAYMENT_DATA_CONFLICT, "iban")(case)


def _amount_mismatch(case: Case) -> str | None:
    found = _found_by_extraction(FlagCode.AMOUNT_MISMATCH, "total")(case)
    return found or (None if _sum_holds(case.invoice) else "total")


def _sum_holds(invoice: Invoice) -> bool:
    """Also where a part of the sum was not read: nothing contradicts the total then."""
    if invoice.subtotal is None or invoice.tax is None or invoice.total is None:
        return True
    seen = invoice.evidence.get("total")
    if seen and SUM_HOLDS in seen.checks:
        return True
    none = Decimal(0)
    plain = invoice.subtotal + invoice.tax
    adjusted = plain - abs(invoice.discount or none) + (invoice.shipping or none) + (invoice.rounding or none)
    return any(abs(total - invoice.total) <= SUM_TOLERANCE for total in (plain, adjusted))


def _new_counterparty(case: Case) -> str | None:
    unknown = case.counterparty is None and case.match.kind is not MatchKind.AMBIGUOUS
    return "seller" if unknown and not case.match.own_account else None


def _due_date_past(case: Case) -> str | None:
    due = case.invoice.due_date
    return "due_date" if due is not None and due < case.today else None


def _currency_not_sepa(case: Case) -> str | None:
    return None if case.invoice.currency == SEPA_CURRENCY else "currency"


def _possible_duplicate(case: Case) -> str | None:
    return "number" if duplicates(case.trace, case.past) else None


def _amount_outlier(case: Case) -> str | None:
    return ("total" if case.invoice.amount_due is None else "amount_due") if is_outlier(case.trace, case.past) else None


def _payee_inactive(case: Case) -> str | None:
    return "seller" if case.inactive else None


def _low_confidence(case: Case) -> str | None:
    """An IBAN that is on file needs no more confidence."""
    if case.invoice.document_type is DocumentType.OTHER:
        return "document_type"
    amount = "total" if case.invoice.amount_due is None else "amount_due"
    fields = (amount, "currency") if case.account else ("iban", amount, "currency")
    return next((field for field in fields if _is_doubtful(case.invoice, field)), None)


def _is_doubtful(invoice: Invoice, field: str) -> bool:
    evidence = invoice.evidence.get(field)
    return evidence is not None and evidence.confidence < MIN_CONFIDENCE


CHECKS: dict[FlagCode, Callable[[Case], str | None]] = {
    FlagCode.IBAN_INVALID: _found_by_extraction(FlagCode.IBAN_INVALID, "iban"),
    FlagCode.IBAN_CHANGED: _iban_changed,
    FlagCode.IBAN_OTHER_COUNTERPARTY: _iban_other_counterparty,
    FlagCode.IBAN_COUNTRY_MISMATCH: _iban_country_mismatch,
    FlagCode.PAYMENT_DATA_CONFLICT: _payment_data_conflict,
    FlagCode.POSSIBLE_DUPLICATE: _possible_duplicate,
    FlagCode.AMOUNT_MISMATCH: _amount_mismatch,
    FlagCode.AMOUNT_OUTLIER: _amount_outlier,
    FlagCode.PAYEE_INACTIVE: _payee_inactive,
    FlagCode.NEW_COUNTERPARTY: _new_counterparty,
    FlagCode.DUE_DATE_PAST: _due_date_past,
    FlagCode.CURRENCY_NOT_SEPA: _currency_not_sepa,
    FlagCode.LOW_CONFIDENCE: _low_confidence,
}
