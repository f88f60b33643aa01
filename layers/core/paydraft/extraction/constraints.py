"""What fields say about each other: a date after another, an account and its bank, a number inside a reference.

Each constraint is a row of a table. Where it holds, it vouches for some of its fields as one more source would. Where
it is broken, some of its fields stay open, their values are offered, and a finding tells a person. Where it has
nothing to say (a value is missing, a country is unknown), nothing happens. Amounts have a solver of their own
(sums.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from paydraft.extraction.calibration import AGREED, LEAST_SCORE
from paydraft.extraction.candidates import Candidate
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.evidence import Alternative, Finding, Severity
from paydraft.model.invoice import Address
from paydraft.model.page import Source

_STATED = frozenset({Source.XML, Source.QR})
_LEAST_NUMBER = 4  # digits of an invoice number that are found again in a reference

# A bank's country (ISO 9362) where it is not that of the account (ISO 13616).
_BANKS_OF = {"GB": {"GB", "GG", "JE", "IM"}, "FR": {"FR", "MC", "GP", "MQ", "RE", "PF", "NC"}, "MC": {"MC", "FR"}}
# What is usually paid with; an account may hold other money, so these only vouch.
_EURO = frozenset("AD AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK".split())
_CURRENCY_OF = {
    "CH": "CHF", "LI": "CHF", "GB": "GBP", "PL": "PLN", "CZ": "CZK", "SE": "SEK", "NO": "NOK", "DK": "DKK", "HU": "HUF",
    "RO": "RON", "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "IN": "INR", "JP": "JPY", "SG": "SGD", "TR": "TRY",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pick:
    """The surest candidate of a field: the share of such values that are right, and why."""

    best: Candidate
    share: float
    checks: tuple[str, ...]
    others: tuple[Alternative, ...]


type Holds = Callable[..., bool | None]  # of the candidates' values; None: it does not say


@dataclass(frozen=True, slots=True)
class Constraint:
    """One row: what is compared, and what follows."""

    name: str  # the check on the fields it vouches for
    of: tuple[str, ...]
    holds: Holds
    vouches_for: tuple[str, ...] = ()
    worth: float = 0.0  # what a source of this share would add
    leaves_open: tuple[str, ...] = ()  # when it is broken: those that are not stated by a file, nor surer than the rest
    finding: str | None = None


def constrained(picks: dict[str, Pick]) -> tuple[dict[str, Pick], tuple[Finding, ...]]:
    """The picks after every constraint, and findings for the broken ones."""
    settled, findings = dict(picks), []
    for rule in CONSTRAINTS:
        known = [picks.get(name) for name in rule.of]
        if any(pick is None or pick.best.value is None or pick.share <= 0 for pick in known):
            continue
        holds = rule.holds(*(pick.best.value for pick in known if pick is not None))
        if holds:
            settled |= {name: _vouched(settled[name], rule) for name in rule.vouches_for}
        elif holds is False:
            settled |= {name: replace(settled[name], share=0.0) for name in _doubtful(rule, picks)}
            if rule.finding:
                findings += [_finding(rule.finding, name) for name in rule.leaves_open]
    return settled, tuple(findings)


def _doubtful(rule: Constraint, picks: dict[str, Pick]) -> list[str]:
    """The fields to leave open: read rather than stated, and not surer than all that they contradict."""
    read = [name for name in rule.leaves_open if picks[name].best.source not in _STATED]
    return [name for name in read if picks[name].share <= max(picks[other].share for other in rule.of if other != name)]


def _vouched(pick: Pick, rule: Constraint) -> Pick:
    """The pick made surer; not one whose own rule could not decide (its rivals may fit as well), nor a hint's alone.

    A hint may point at the very words that it is compared with: they are no witness for it.
    """
    hint_alone = pick.best.hint is not None and pick.share < LEAST_SCORE
    if pick.best.confidence < LEAST_SCORE or hint_alone:
        return pick
    share = max(pick.share, min(AGREED, 1 - (1 - pick.share) * (1 - rule.worth)))
    return replace(pick, share=share, checks=(*pick.checks, rule.name))


def _finding(code: str, field: str) -> Finding:
    message = "This value contradicts another one of the same document. Compare both with the page."
    return Finding(code=code, severity=Severity.WARNING, message=message, field=field)


def _in_order(issued: date, due: date) -> bool:
    return issued <= due


def _bank_of_account(iban: str, bic: str) -> bool:
    country = Iban(iban).country
    return Bic(bic).country in _BANKS_OF.get(country, {country})


def _in_reference(number: str, reference: str) -> bool | None:
    digits = re.sub(r"\D", "", number).lstrip("0")
    return True if len(digits) >= _LEAST_NUMBER and digits in re.sub(r"\D", "", reference) else None


def _money_of_account(iban: str, currency: str) -> bool | None:
    return _usual(Iban(iban).country, currency)


def _money_of_seller(address: Address, currency: str) -> bool | None:
    return _usual(address.country, currency) if address.country else None


def _usual(country: str, currency: str) -> bool | None:
    expected = "EUR" if country in _EURO else _CURRENCY_OF.get(country)
    return True if expected == currency else None


def _home_of_seller(iban: str, vat_number: str) -> bool | None:
    return True if Iban(iban).country == vat_number[:2].replace("EL", "GR") else None


def _two_parties(seller: str, buyer: str) -> bool | None:
    return False if seller == buyer else None


_SELLER_VAT, _BUYER_VAT = "seller.vat_number", "buyer.vat_number"
CONSTRAINTS = (
    Constraint(
        "not_before_issue", ("issue_date", "due_date"), _in_order, leaves_open=("due_date",), finding="dates_conflict"
    ),
    Constraint(
        "country_of_iban", ("iban", "bic"), _bank_of_account, ("bic",), 0.5, ("bic",), finding="bank_account_conflict"
    ),
    Constraint("in_reference", ("number", "reference"), _in_reference, ("number", "reference"), 0.6),
    Constraint("currency_of_iban", ("iban", "currency"), _money_of_account, ("currency",), 0.5),
    Constraint("currency_of_seller", ("seller.address", "currency"), _money_of_seller, ("currency",), 0.5),
    Constraint("country_of_iban", ("iban", _SELLER_VAT), _home_of_seller, (_SELLER_VAT,), 0.2),
    Constraint("two_parties", (_SELLER_VAT, _BUYER_VAT), _two_parties, leaves_open=(_SELLER_VAT, _BUYER_VAT)),
)
