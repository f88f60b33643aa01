"""Sources that contradict each other about money: what no rule may decide, and an e-invoice that belongs elsewhere."""

from dataclasses import dataclass, replace
from decimal import Decimal

from paydraft.extraction.candidates import CONFLICTING, FLOOR, LABELLED, Candidate, kind_of, says_the_same
from paydraft.model.bank_account import Iban
from paydraft.model.evidence import Finding, Severity
from paydraft.model.page import Source

_AMOUNTS_TO_PAY = ("amount_due", "total")
_PARTS = ("subtotal", "tax")  # of a total that is open: open, too, where the sources differ

type Fields = dict[str, list[Candidate]]


@dataclass(frozen=True, slots=True)
class Printed:
    """What the page prints beside the values it was read for: every creditor's IBAN and every amount."""

    ibans: frozenset[Iban]
    amounts: frozenset[Decimal]


def is_foreign(fields: Fields, printed: Printed) -> bool:
    """Whether the e-invoice describes another invoice than the page: neither number, account nor amount agree."""
    agrees = differs = 0
    for name in ("number", "iban", "total"):
        stated = [one for one in fields.get(name, []) if one.source is Source.XML and one.value is not None]
        page = [one for one in fields.get(name, []) if kind_of(one) == "page" and one.value is not None]
        also: frozenset[object] = frozenset(
            printed.ibans if name == "iban" else printed.amounts if name == "total" else ()
        )
        if stated and (page or also):
            agree = any(one.value in also or any(says_the_same(one, other) for other in page) for one in stated)
            agrees, differs = agrees + agree, differs + (not agree)
    return not agrees and differs >= 2


def doubted(one: Candidate) -> Candidate:
    """A candidate of an e-invoice that belongs elsewhere; any other as it is."""
    return replace(one, confidence=min(one.confidence, CONFLICTING)) if one.source is Source.XML else one


def without_e_invoice(found: list[Candidate]) -> list[Candidate]:
    """The candidates that pages and codes propose."""
    return [one for one in found if one.source is not Source.XML]


def conflicts(fields: Fields, printed: Printed) -> frozenset[str]:
    """The payment fields whose sources state different things."""
    names: set[str] = set()
    if _ibans_conflict(fields.get("iban", []), printed):
        names.add("iban")
    if _amounts_conflict(fields, printed):
        names.update(_AMOUNTS_TO_PAY, (name for name in _PARTS if _kinds_differ(fields.get(name, []))))
    currencies = {one.value for one in fields.get("currency", []) if one.confidence >= LABELLED}
    if len(currencies) > 1:
        names.add("currency")
    return frozenset(names)


def _ibans_conflict(found: list[Candidate], printed: Printed) -> bool:
    """Whether e-invoice and QR name different accounts, or one that is not among those the page prints."""
    stated: dict[str, set[object]] = {}
    for one in found:
        if one.value is not None and kind_of(one) != "page":
            stated.setdefault(kind_of(one), set()).add(one.value)
    by_page = [values for values in stated.values() if printed.ibans and not values & printed.ibans]
    between = len(stated) > 1 and not set.intersection(*stated.values())
    return bool(by_page) or between


def doubtful_iban(fields: Fields) -> frozenset[str]:
    """An account that fails its check where another source has a valid, different one: kept, but a conflict."""
    found = fields.get("iban", [])
    broken = [one for one in found if one.value is None and one.raw]
    valid = [one for one in found if one.value is not None]
    return frozenset({"iban"}) if broken and valid else frozenset()


def _amounts_conflict(fields: Fields, printed: Printed) -> bool:
    """Whether two kinds want different amounts to be paid."""
    kinds: dict[str, dict[str, Candidate]] = {}
    for name in _AMOUNTS_TO_PAY:
        for one in fields.get(name, []):
            if one.value is not None and one.confidence >= (FLOOR if kind_of(one) == "page" else LABELLED):
                kinds.setdefault(kind_of(one), {}).setdefault(name, one)
    page = kinds.pop("page", {})
    stated = list(kinds.values())
    between = len(stated) == 2 and bool(_differing(stated[0], stated[1]))
    return between or any(_contradicts(one, page, printed) for one in stated)


def _kinds_differ(found: list[Candidate]) -> bool:
    sure = [one for one in found if one.value is not None and one.confidence >= FLOOR]
    return any(kind_of(one) != kind_of(other) and one.value != other.value for one in sure for other in sure)


def _contradicts(stated: dict[str, Candidate], page: dict[str, Candidate], printed: Printed) -> bool:
    """Whether the page says otherwise. A stated amount that it prints, beside an unsure pick, is a misread page."""
    return any(
        one.value not in printed.amounts or other.confidence >= LABELLED for one, other in _differing(stated, page)
    )


def _differing(one: dict[str, Candidate], other: dict[str, Candidate]) -> list[tuple[Candidate, Candidate]]:
    """The amounts two kinds disagree on: field by field, or any with any where they name no field in common."""
    common = [name for name in one if name in other]
    if common:
        return [(one[name], other[name]) for name in common if one[name].value != other[name].value]
    pairs = [(mine, theirs) for mine in one.values() for theirs in other.values()]
    return [] if any(mine.value == theirs.value for mine, theirs in pairs) else pairs


def conflict_finding(name: str) -> Finding:
    """What a person is told of a field that was left open."""
    return Finding(
        code="payment_data_conflict",
        severity=Severity.ERROR,
        message="What this document says about the payment is contradictory. Compare it with the data on file.",
        field=name,
    )
