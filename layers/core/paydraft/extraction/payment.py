"""Bank accounts on the page: IBANs whose check digits hold, whose they are, and what is printed beside them.

A debtor's account is never the creditor's: the words around an account decide whose it is. An account that the claim
was assigned to stands before the seller's own. Where a page shows several accounts of equal right the first stays,
with the others as alternatives and a finding.
"""

from dataclasses import dataclass, replace

from paydraft.extraction import candidates as sure
from paydraft.extraction.account_roles import clauses, role_of
from paydraft.extraction.bic import bic_candidate
from paydraft.extraction.candidates import Candidate, alternative, left_open, seen, seen_over
from paydraft.extraction.domestic_accounts import domestic_accounts
from paydraft.extraction.ibans import printed_ibans, unreadable_iban
from paydraft.extraction.labels.vocabulary import Lexicon
from paydraft.extraction.layout import Row, Span
from paydraft.extraction.relations import Labelled
from paydraft.extraction.scheme_labels import named_schemes
from paydraft.model.bank_account import Iban
from paydraft.model.evidence import Finding, Severity
from paydraft.model.invoice import AccountRole, PrintedAccount

_MAX_ACCOUNTS = 20


@dataclass(frozen=True, slots=True)
class FoundIban:
    """A valid IBAN on the page and whose it seems to be."""

    iban: Iban
    spans: tuple[Span, ...]
    labelled: bool
    role: AccountRole

    @property
    def span(self) -> Span:
        """Where it begins."""
        return self.spans[0]

    @property
    def debtor(self) -> bool:
        """Whether it is the account that will be debited."""
        return self.role is AccountRole.DEBTOR


def ibans_of(labelled: Labelled, lexicon: Lexicon) -> list[FoundIban]:
    """Every IBAN of a document in reading order, each once a place."""
    assigned = clauses(labelled.layout)
    printed = printed_ibans(labelled, lexicon)
    places = [one.span for one in printed]
    found = [
        FoundIban(one.iban, one.spans, one.labelled, role_of(labelled, lexicon, one.span, assigned, places))
        for one in printed
    ]
    return _assigned_alone(found, assigned)


def _assigned_alone(found: list[FoundIban], assigned: list[Row]) -> list[FoundIban]:
    """Where the claim is assigned and only one account is printed, it is the assignee's wherever it stands."""
    creditors = {one.iban for one in found if one.role is AccountRole.CREDITOR}
    if not assigned or len(creditors) != 1 or any(one.role is AccountRole.ASSIGNEE for one in found):
        return found
    return [replace(one, role=AccountRole.ASSIGNEE) if one.iban in creditors else one for one in found]


def payment_candidates(
    labelled: Labelled, lexicon: Lexicon, found: list[FoundIban]
) -> tuple[list[Candidate], list[Finding]]:
    """The creditor's account, its BIC, all accounts printed, and what a person should know about them."""
    assigned = clauses(labelled.layout)
    ranked = _ranked(found)
    out: list[Candidate] = []
    findings: list[Finding] = []
    if ranked:
        unclear = bool(assigned) and ranked[0].role is not AccountRole.ASSIGNEE
        out.append(_iban(ranked, unclear=unclear))
        if len(ranked) > 1:
            findings.append(_finding("several_accounts", Severity.WARNING, "The document names several bank accounts."))
        if assigned:
            findings.append(
                _finding("claim_assigned", Severity.WARNING, "The claim was assigned: only its new owner may be paid.")
            )
    elif not found and unreadable_iban(labelled):
        findings.append(_finding("iban_unreadable", Severity.WARNING, "An IBAN is printed, but its check digits fail."))
    beside = ranked[0].span if ranked else None
    debtors = frozenset(
        near for one in found if one.debtor for near in range(one.span.segment.row - 1, one.span.segment.row + 2)
    )
    bic = bic_candidate(labelled, ranked[0].iban if ranked else None, beside, debtors)
    out += [bic] if bic is not None else []
    return [*out, *_accounts(labelled, lexicon, found, assigned)], findings


def _ranked(found: list[FoundIban]) -> list[FoundIban]:
    """Those that may be paid, each once: the assignee's alone if there is one, else the labelled ones first."""
    payable = [one for one in found if one.role is AccountRole.ASSIGNEE] or [one for one in found if not one.debtor]
    places: dict[Iban, FoundIban] = {}
    for one in sorted(payable, key=lambda one: not one.labelled):
        places.setdefault(one.iban, one)
    return list(places.values())


def _iban(ranked: list[FoundIban], *, unclear: bool) -> Candidate:
    """The first account; open where several stand on a page whose claim was assigned and none is the assignee's."""
    best, others = ranked[0], ranked[1:]
    if others and unclear:
        return left_open("iban", [(one.iban, one.span) for one in ranked])
    confidence = sure.WEAKLY_LABELLED if others else sure.CHECKED
    rivals = tuple(alternative(one.iban, one.span, confidence / 2) for one in others)
    one = seen_over("iban", best.iban, best.spans, confidence)
    return replace(one, checks=("mod97",), alternatives=rivals)


def _accounts(labelled: Labelled, lexicon: Lexicon, found: list[FoundIban], assigned: list[Row]) -> list[Candidate]:
    """Every account of the page as a candidate of its own: "accounts.0" and on."""
    ibans: dict[tuple[Iban, AccountRole], FoundIban] = {}
    for one in found:
        ibans.setdefault((one.iban, one.role), one)
    out = [
        replace(seen_over("", PrintedAccount(role=one.role, iban=one.iban), one.spans, sure.CHECKED), checks=("mod97",))
        for one in ibans.values()
    ]
    for other in domestic_accounts(labelled, named_schemes(labelled)):
        role = role_of(labelled, lexicon, other.span, assigned, [one.span for one in found])
        account = PrintedAccount(role=role, domestic=other.account)
        checked = other.account.is_checked
        confidence = sure.CHECKED if checked else sure.WEAKLY_LABELLED
        out.append(seen("", account, other.span, confidence, checks=("check_digits",) if checked else ()))
    return [replace(one, field=f"accounts.{place}") for place, one in enumerate(out[:_MAX_ACCOUNTS])]


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(code=code, severity=severity, message=message, field="iban")
