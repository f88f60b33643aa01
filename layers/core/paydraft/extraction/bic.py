"""The BIC beside the account, and the name of the bank: labelled, and never replaced by a guess."""

import re

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, blurred, seen
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.relations import Labelled, Relation
from paydraft.model.bank_account import IBAN_LENGTHS, Bic, Iban

_BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])")
# Territories whose banks use another country's code in the BIC.
_BIC_COUNTRIES = {"GB": {"GB", "GG", "JE", "IM"}, "FR": {"FR", "MC", "GP", "MQ", "RE", "PF", "NC"}, "MC": {"MC", "FR"}}
_WITHOUT_IBANS = frozenset("US CA AU NZ JP SG HK IN CN ZA MX TH MY ID KR TW PH VN".split())
_BANK = re.compile(r"[\s:.\-]*(?P<name>[^\W\d_][^:;|]{2,60})")


def bic_candidate(
    labelled: Labelled, iban: Iban | None, beside: Span | None, debtors: frozenset[int]
) -> Candidate | None:
    """The labelled BIC whose country agrees with the IBAN's; of several the one printed next to the IBAN.

    `debtors` are the rows of the debtor's account.
    """
    read: dict[str, tuple[Bic, Span]] = {}
    for hit in labelled.of(Label.BIC):
        for _, span in labelled.regions(hit):
            one = _first_bic(span)
            if one is None:
                continue
            bic, where = one
            fits = iban is None or bic.country in _BIC_COUNTRIES.get(iban.country, {iban.country})
            if fits and where.segment.row not in debtors:
                read.setdefault(bic.removesuffix("XXX"), (bic, where))
            break
    if beside is not None and len(read) > 1:
        near = [one for one in read.values() if abs(one[1].segment.row - beside.segment.row) <= 2]
        read = {near[0][0]: near[0]} if len(near) == 1 else read
    if not read:
        return None
    bic, where = next(iter(read.values()))
    others = tuple(alternative(one, span, sure.CONFLICTING) for one, span in list(read.values())[1:])
    confidence = sure.CONFLICTING if others or blurred(where, bic[6:]) else sure.LABELLED
    return seen("bic", bic, where, confidence, checks=("country_of_iban",) if iban else (), alternatives=others)


def _first_bic(span: Span) -> tuple[Bic, Span] | None:
    for match in _BIC.finditer(span.text[:60]):
        bic = Bic.parse(match.group())
        if bic and bic.country in IBAN_LENGTHS.keys() | _WITHOUT_IBANS:
            return bic, span.within(match.start(), match.end())
    return None


def bank_candidate(labelled: Labelled, beside: Span | None) -> Candidate | None:
    """The bank's name behind its label, near the account where there is one."""
    for hit in labelled.of(Label.BANK_NAME):
        near = beside is None or (
            hit.span.segment.sheet is beside.segment.sheet and abs(hit.span.segment.row - beside.segment.row) <= 4
        )
        for relation, span in labelled.regions(hit) if near else ():
            match = _BANK.match(span.text)
            if match is None or relation is Relation.BELOW:
                break
            name = match["name"].rstrip(" ,.-")
            return seen(
                "bank_name",
                name,
                span.within(match.start("name"), match.start("name") + len(name)),
                sure.WEAKLY_LABELLED,
            )
    return None
