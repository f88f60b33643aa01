"""Bank accounts that are printed without an IBAN: what is printed, in the form of its country, as far as it checks.

Nothing here becomes an IBAN. Sources: the numbering rules that each country's clearing publishes; the British modulus
table is not free to ship, so a sort code is checked by its form alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from paydraft.model import check_digits
from paydraft.model.evidence import Frozen


class AccountScheme(StrEnum):
    """What the numbers of an account mean: `number`, and `routing` where the scheme has one."""

    GB = "gb"  # sort code (6), account number (8)
    US = "us"  # ABA routing number (9), account number
    CA = "ca"  # institution (3) and transit (5), account number
    AU = "au"  # BSB (6), account number
    NZ = "nz"  # bank, branch, account and suffix in one number of 15 or 16 digits
    IN = "in"  # IFSC, account number
    MX = "mx"  # CLABE (18)
    DE = "de"  # Bankleitzahl (8), Kontonummer; before IBAN
    CH = "ch"  # post account 80-470-3, its middle filled up to six digits
    SE_BANKGIRO = "se_bankgiro"
    SE_PLUSGIRO = "se_plusgiro"
    NO = "no"  # 11 digits
    DK = "dk"  # registration number (4), account number
    DK_FIK = "dk_fik"  # creditor number (8) of a payment slip; routing is the card type
    CZ = "cz"  # Czech and Slovak: bank code (4), account number, with its prefix before a hyphen
    HU = "hu"  # 16 or 24 digits
    RS = "rs"  # 18 digits


@dataclass(frozen=True, slots=True)
class _Rule:
    """The form of a scheme; `holds` says whether the check digits fit, None where there are none to check."""

    number: str
    routing: str | None = None
    holds: Callable[[str, str], bool] | None = None


def _czech(number: str, routing: str) -> bool:
    prefix, _, main = number.rpartition("-")
    return check_digits.czech(main) and (not prefix or check_digits.czech(prefix))


def _us(number: str, routing: str) -> bool:
    first = int(routing[:2])
    return check_digits.aba(routing) and (first <= 12 or 21 <= first <= 32 or 61 <= first <= 72 or first == 80)


_RULES = {
    AccountScheme.GB: _Rule(r"\d{8}", r"\d{6}"),
    AccountScheme.US: _Rule(r"\d{4,17}", r"\d{9}", _us),
    AccountScheme.CA: _Rule(r"\d{7,12}", r"\d{8}"),
    AccountScheme.AU: _Rule(r"\d{5,9}", r"\d{6}"),
    AccountScheme.NZ: _Rule(r"\d{15,16}"),
    AccountScheme.IN: _Rule(r"\d{9,18}", r"[A-Z]{4}0[A-Z0-9]{6}"),
    AccountScheme.MX: _Rule(r"\d{18}", None, lambda number, _: check_digits.clabe(number)),
    AccountScheme.DE: _Rule(r"\d{3,10}", r"[1-8]\d{7}"),
    AccountScheme.CH: _Rule(r"\d{9}", None, lambda number, _: check_digits.mod10_recursive(number)),
    AccountScheme.SE_BANKGIRO: _Rule(r"\d{7,8}", None, lambda number, _: check_digits.luhn(number)),
    AccountScheme.SE_PLUSGIRO: _Rule(r"\d{2,8}", None, lambda number, _: check_digits.luhn(number)),
    AccountScheme.NO: _Rule(r"\d{11}", None, lambda number, _: check_digits.mod11(number)),
    AccountScheme.DK: _Rule(r"\d{5,10}", r"\d{4}"),
    AccountScheme.DK_FIK: _Rule(r"\d{8}", r"(?:01|04|15|71|73|75)"),
    AccountScheme.CZ: _Rule(r"(?:\d{2,6}-)?\d{2,10}", r"\d{4}", _czech),
    AccountScheme.HU: _Rule(
        r"\d{16}(?:\d{8})?",
        None,
        lambda number, _: check_digits.hungarian(number[:8]) and check_digits.hungarian(number[8:]),
    ),
    AccountScheme.RS: _Rule(r"\d{18}", None, lambda number, _: check_digits.serbian(number)),
}  # fmt: skip


class DomesticAccount(Frozen):
    """An account as its country writes it: digits and capitals without separators, form and check digits right."""

    scheme: AccountScheme
    number: str
    routing: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not _fits_rule(self.scheme, self.number, self.routing):
            raise ValueError("not an account of its scheme")
        return self

    @classmethod
    def parse(cls, scheme: AccountScheme, number: str, routing: str | None = None) -> Self | None:
        """The account, or None if the numbers are none; separators are dropped (but for the Czech hyphen)."""
        if scheme is AccountScheme.CH and (parts := re.fullmatch(r"\s*(\d{2})-(\d{1,6})-(\d)\s*", number)):
            number = parts[1] + parts[2].zfill(6) + parts[3]
        kept = r"[^0-9A-Z\-]" if scheme is AccountScheme.CZ else r"[^0-9A-Z]"
        number = re.sub(kept, "", number.upper())
        routing = re.sub(r"[^0-9A-Z]", "", routing.upper()) if routing else None
        return cls(scheme=scheme, number=number, routing=routing) if _fits_rule(scheme, number, routing) else None

    @property
    def is_checked(self) -> bool:
        """Whether the scheme has check digits that this account passed."""
        return _RULES[self.scheme].holds is not None

    @property
    def printed(self) -> str:
        """Routing and number, as a person compares them."""
        return " ".join(part for part in (self.routing, self.number) if part)


def _fits_rule(scheme: AccountScheme, number: str, routing: str | None) -> bool:
    rule = _RULES[scheme]
    if not (number.isascii() and re.fullmatch(rule.number, number)) or not any(char in "123456789" for char in number):
        return False
    if (rule.routing is None) is not (routing is None):
        return False
    if rule.routing is not None and not (routing and routing.isascii() and re.fullmatch(rule.routing, routing)):
        return False
    return rule.holds is None or rule.holds(number, routing or "")
