"""From a rule's score to the share of such values that are right, and the share below which a field stays empty.

The rules score what they find by a table of habits (candidates.py): how a value was tied to its field, how well it was
read, which checks it passed. How often a score is right was counted on documents with known answers and lies in
`calibration.toml`, written by tests/benchmarks/calibrate.py: for a group of fields
log-odds of right = offset + slope × log-odds of the score + legibility × log-odds of the reader's own certainty, the
last for pixels only; a share each for what an e-invoice and a payment code state;
a floor each for what a payment rests on and for what is said of the parties.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol

from paydraft.model.page import Source

ALONE = 0.99  # the most that one source makes: what was counted can't tell more
AGREED = 0.999  # the most that several make
LEAST_SCORE = 0.5  # a rule that scores less says that it does not know
_EDGE = 0.02  # log-odds of 0 and 1 are infinite


class Group(StrEnum):
    """Fields that are found in like ways, and are right about equally often for a like score."""

    AMOUNT = "amount"
    ACCOUNT = "account"
    CURRENCY = "currency"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    ADDRESS = "address"
    IDENTITY = "identity"  # tax and register numbers, e-mail, phone, web
    WHOLE = "whole"  # what is no single value: the type, the tables; neither fitted nor floored


_GROUPS = {
    "currency": Group.CURRENCY,
    "number": Group.NUMBER,
    "purchase_order": Group.NUMBER,
    **dict.fromkeys(("iban", "bic", "reference", "reference_kind"), Group.ACCOUNT),
    **dict.fromkeys(("issue_date", "due_date", "delivery_date"), Group.DATE),
    **dict.fromkeys(("name", "bank_name"), Group.NAME),
    "address": Group.ADDRESS,
    **dict.fromkeys(("document_type", "line_items", "taxes", "accounts"), Group.WHOLE),
    **dict.fromkeys(("vat_number", "tax_number", "register_number", "email", "phone", "website"), Group.IDENTITY),
}
_FLOORS = {
    **dict.fromkeys((Group.AMOUNT, Group.ACCOUNT, Group.CURRENCY, Group.DATE, Group.NUMBER), "payment"),
    **dict.fromkeys((Group.NAME, Group.ADDRESS, Group.IDENTITY), "party"),
}


USUAL = 2.5  # log-odds of 0.924: Tesseract's certainty of an ordinary word


class Scale(Protocol):
    """How sure a value is, and how sure it must be: the fitted numbers, or whoever fits them and looks on."""

    def share(self, field: str, source: Source, score: float, legible: float) -> float:
        """See Calibration.share."""

    def floor(self, field: str) -> float:
        """See Calibration.floor."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers."""

    slope: float
    legibility: float
    offsets: Mapping[str, float]  # by group
    stated: Mapping[str, float]  # by source: the e-invoice, the payment code
    floors: Mapping[str, float]  # "payment" and "party"

    def share(self, field: str, source: Source, score: float, legible: float) -> float:
        """The share of right values among those of this field, source, score and certainty of the characters."""
        group = group_of(field)
        if score < LEAST_SCORE or group is Group.WHOLE:
            return score
        if source.value in self.stated:
            return min(score, ALONE, self.stated[source.value])
        odds = self.offsets.get(group, 0.0) + self.slope * log_odds(score)
        if legible < 1:
            odds += self.legibility * (log_odds(legible) - USUAL)
        return ALONE / (1 + math.exp(-odds))

    def floor(self, field: str) -> float:
        """The share below which the field stays empty, and its value is only offered."""
        return self.floors.get(kind_of_floor(field), LEAST_SCORE)


def log_odds(share: float) -> float:
    """ln(p / (1 - p)), finite at both ends."""
    bounded = min(max(share, _EDGE), 1 - _EDGE)
    return math.log(bounded / (1 - bounded))


def group_of(field: str) -> Group:
    """The group of a dotted path."""
    first, _, last = field.partition(".")
    return _GROUPS.get(first) or _GROUPS.get(last, Group.AMOUNT)


def kind_of_floor(field: str) -> str:
    """Which floor holds for a dotted path; "" for none."""
    return _FLOORS.get(group_of(field), "")


@cache
def fitted() -> Calibration:
    """The numbers of calibration.toml; loaded once a process."""
    numbers = tomllib.loads(files(__package__).joinpath("calibration.toml").read_text("utf-8"))
    return Calibration(
        numbers["slope"], numbers["legibility"], numbers["offsets"], numbers["stated"], numbers["floors"]
    )
