"""Who is to be paid. An exact IBAN or an exact VAT number on file decides; nothing else ever does.

A look-alike name scores above a true one ("Stadtwerke Born" for "Stadtwerke Bonn"), so a name can only propose.
"""

from collections.abc import Iterator
from uuid import UUID

from paydraft.matching.domains import domain_of
from paydraft.matching.names import likeness, likest
from paydraft.model.counterparty import (
    Account,
    Candidate,
    Counterparty,
    Directory,
    Known,
    MatchKind,
    MatchOutcome,
    MatchReason,
    normalised_vat,
)
from paydraft.model.invoice import Invoice, Party

# How far a candidate's reasons carry, 0..1. A VAT number names the party, not the account.
SCORES: dict[tuple[MatchReason, ...], float] = {
    (MatchReason.IBAN, MatchReason.VAT_NUMBER): 1.0,
    (MatchReason.IBAN,): 0.9,
    (MatchReason.VAT_NUMBER,): 0.8,
}
# A name, however alike, stays below what an account or a VAT number says.
MOST_OF_A_NAME = 0.7
LIKELY = 0.82  # likeness of a name worth proposing
_SUPPORTED = 0.66  # of one that the mail domain or the postal code speaks for as well
_PROPOSED = 5


def match(invoice: Invoice, directory: Directory) -> MatchOutcome:
    """The payee of `invoice` among what is on file.

    `found` when exactly one active counterparty has the most of {this IBAN, this VAT number}; with an account only if
    the IBAN itself is on file and active. The IBAN of one and the VAT number of another is `ambiguous`. The tenant's
    own account is never a payee. A likely name is `ambiguous`, even when it is the only one.
    """
    if _names_own_account(invoice, directory):
        return MatchOutcome(kind=MatchKind.NOT_FOUND, own_account=True)
    candidates = _candidates(invoice, directory)
    if not candidates:
        proposed = _likely(invoice.seller, directory)
        return MatchOutcome(kind=MatchKind.AMBIGUOUS if proposed else MatchKind.NOT_FOUND, candidates=proposed)
    most = max(len(candidate.reasons) for candidate in candidates)
    best = [candidate for candidate in candidates if len(candidate.reasons) == most]
    if len(best) > 1:
        return MatchOutcome(kind=MatchKind.AMBIGUOUS, candidates=candidates)
    return MatchOutcome(
        kind=MatchKind.FOUND,
        counterparty_id=best[0].counterparty_id,
        account_id=best[0].account_id,
        candidates=candidates,
        name_likeness=_likeness(invoice.seller, best[0].counterparty_id, directory),
    )


def _likeness(seller: Party, payee: UUID, directory: Directory) -> float | None:
    """Of the printed name to the payee's; None where none is printed."""
    parties = (*(owner for owner, _ in directory.by_iban), *directory.by_vat)
    names = {name for party in parties if party.counterparty_id == payee for name in (party.legal_name, *party.aliases)}
    return round(likeness(seller.name, sorted(names)), 3) if seller.name and names else None


def _likely(seller: Party, directory: Directory) -> tuple[Candidate, ...]:
    """The counterparties whose names are likest to the seller's, each once, best first."""
    if not seller.name:
        return ()
    owners = [one for one in directory.known for _ in one.name_keys]
    keys = [key for one in directory.known for key in one.name_keys]
    places = likest(seller.name, keys, at_least=_SUPPORTED, most=4 * _PROPOSED)
    found: dict[UUID, Candidate] = {}
    for place, alike in places:  # best first, so that the first of a counterparty's names stays
        one = owners[place]
        reasons = (MatchReason.NAME, *_support(seller, one, directory.by_email))
        if alike >= LIKELY or len(reasons) > 1:
            score = round((0.9 * alike + 0.05 * (len(reasons) - 1)) * MOST_OF_A_NAME, 3)
            found.setdefault(one.counterparty_id, _named_candidate(one.counterparty_id, score, reasons))
    ranked = sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.counterparty_id))
    return tuple(ranked[:_PROPOSED])


def _named_candidate(party: UUID, score: float, reasons: tuple[MatchReason, ...]) -> Candidate:
    return Candidate(counterparty_id=party, score=score, reasons=reasons)


def _support(seller: Party, one: Known, by_email: UUID | None) -> Iterator[MatchReason]:
    if one.counterparty_id == by_email or not _domains(seller).isdisjoint(one.domains):
        yield MatchReason.EMAIL
    postal_code = seller.address.postal_code if seller.address else None
    if postal_code and postal_code in one.postal_codes:
        yield MatchReason.ADDRESS


def _domains(seller: Party) -> set[str]:
    """Of the printed mail address and website."""
    return {domain_of(text) for text in (seller.email, seller.website) if text} - {""}


def _names_own_account(invoice: Invoice, directory: Directory) -> bool:
    """Also when the account was closed since: whose it was decides."""
    return any(owner.own and account.iban == invoice.iban for owner, account in directory.by_iban)


def _candidates(invoice: Invoice, directory: Directory) -> tuple[Candidate, ...]:
    accounts = {owner.counterparty_id: account for owner, account in _by_iban(invoice, directory)}
    by_vat = {party.counterparty_id for party in _by_vat(invoice, directory)}
    found = [_candidate(party, accounts.get(party), by_vat) for party in sorted(accounts.keys() | by_vat)]
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _candidate(party: UUID, account: Account | None, by_vat: set[UUID]) -> Candidate:
    reasons = (MatchReason.IBAN,) * (account is not None) + (MatchReason.VAT_NUMBER,) * (party in by_vat)
    return Candidate(
        counterparty_id=party,
        account_id=account.account_id if account else None,
        score=SCORES[reasons],
        reasons=reasons,
    )


def _by_iban(invoice: Invoice, directory: Directory) -> Iterator[tuple[Counterparty, Account]]:
    for owner, account in directory.by_iban:
        if account.iban == invoice.iban and account.active and _can_be_paid(owner):
            yield owner, account


def _by_vat(invoice: Invoice, directory: Directory) -> Iterator[Counterparty]:
    wanted = normalised_vat(invoice.seller.vat_number)
    for party in directory.by_vat:
        if wanted and normalised_vat(party.vat_number) == wanted and _can_be_paid(party):
            yield party


def _can_be_paid(party: Counterparty) -> bool:
    return party.active and not party.own
