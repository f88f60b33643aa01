"""Whether an invoice was drafted before, and whether it asks for more than its supplier does.

Three memories, each under a hashed key: of the file's bytes, of a supplier's invoice number, of a supplier's amounts. A
supplier is remembered by everything that names it (counterparty, VAT number, IBAN, name), so that a bad scan which lost
one of them is known again by another.
"""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from paydraft.model.counterparty import MatchOutcome, normalised_vat
from paydraft.model.evidence import Frozen
from paydraft.model.history import Trace
from paydraft.model.invoice import Invoice
from paydraft.model.money import Money

NEAR = timedelta(days=3)  # a second copy is dated as the first one, or a few days later
UNDATED = timedelta(days=30)  # two papers whose date or number was not read, as they came in
SERIES = 3  # invoices of one amount before a fourth one counts as expected
OUTLIER_FACTOR = 3  # times the median
OUTLIER_HISTORY = 3  # invoices, at least

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_RUN = re.compile(r"[0-9]+|[A-Z]+")


class Marks(Frozen):
    """The keys under which one invoice is remembered; `suppliers` begins with what names the supplier best."""

    files: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.files, *self.numbers, *self.suppliers)


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered under an invoice's marks, its own earlier readings and cancelled drafts left out."""

    same_file: tuple[Trace, ...] = ()
    same_number: tuple[Trace, ...] = ()
    supplier: tuple[Trace, ...] = ()


def marks_of(invoice: Invoice, match: MatchOutcome, counterparty_id: UUID | None, sha256: str | None) -> Marks:
    """The keys of this invoice; `sha256` is its file's."""
    suppliers = tuple(_names_of(invoice, match, counterparty_id))
    forms = number_forms(invoice.number)
    return Marks(
        files=(f"DUP#FILE#{sha256}",) if sha256 else (),
        numbers=tuple(f"DUP#NO#{_hashed(name, form)}" for name in suppliers for form in forms),
        suppliers=tuple(f"HIS#{_hashed(name)}" for name in suppliers),
    )


def trace_of(transfer_id: UUID, invoice: Invoice, amount: Money, seen: date) -> Trace:
    """What is remembered of this invoice."""
    return Trace(
        transfer_id=transfer_id,
        number=next(iter(number_forms(invoice.number)), None),
        minor_units=amount.minor_units,
        currency=amount.currency,
        dated=invoice.issue_date,
        seen=seen,
        **seller_hashes(invoice),
    )


def seller_hashes(invoice: Invoice) -> dict[str, str | None]:
    """The seller as printed, for a trace."""
    vat_number, name = normalised_vat(invoice.seller.vat_number), _folded(invoice.seller.name)
    return {"vat_hash": _hashed(vat_number) if vat_number else None, "name_hash": _hashed(name) if name else None}


def past_of(marks: Marks, found: Mapping[str, Sequence[Trace]], ignored: frozenset[UUID]) -> Past:
    """What `found` holds under these marks; `ignored` are the transfers that count for nothing."""

    def under(keys: Sequence[str]) -> tuple[Trace, ...]:
        traces = (trace for key in keys for trace in found.get(key, ()) if trace.transfer_id not in ignored)
        return tuple({trace.transfer_id: trace for trace in traces}.values())

    return Past(same_file=under(marks.files), same_number=under(marks.numbers), supplier=under(marks.suppliers))


def duplicates(trace: Trace, past: Past) -> tuple[tuple[str, UUID], ...]:
    """The rule that was met and the transfer it was met with, each transfer once; the surest rule speaks."""
    met = [("same_amount", one.transfer_id) for one in _same_amount(trace, _of_one_seller(trace, past.supplier))]
    met += [("same_number", one.transfer_id) for one in _of_one_seller(trace, past.same_number)]
    met += [("same_file", one.transfer_id) for one in past.same_file]
    return tuple((rule, transfer_id) for transfer_id, rule in {one: rule for rule, one in met}.items())


def usual_amount(trace: Trace, past: Past) -> tuple[int, int] | None:
    """Twice the median of what this supplier asked for in this currency, and of how many; None of too few."""
    sellers = _of_one_seller(trace, past.supplier)
    amounts = sorted(one.minor_units for one in sellers if one.currency == trace.currency)
    if len(amounts) < OUTLIER_HISTORY:
        return None
    return amounts[(len(amounts) - 1) // 2] + amounts[len(amounts) // 2], len(amounts)


def is_outlier(trace: Trace, past: Past) -> bool:
    """Whether the amount is more than three times what is usual."""
    usual = usual_amount(trace, past)
    return usual is not None and 2 * trace.minor_units > OUTLIER_FACTOR * usual[0]


def number_forms(number: str | None) -> tuple[str, ...]:
    """An invoice number without what copies differ in: case, separators, leading zeros; as one run, and in groups.

    "RE-2026-0042" is written "RE20260042" by one reader and "RE 2026/42" by another: each shares a form with the first.
    """
    plain = unicodedata.normalize("NFKD", number or "").upper()
    runs = _RUN.findall("".join(char for char in plain if not unicodedata.combining(char)))
    if not runs:
        return ()
    whole = _LEADING_ZEROS.sub("", "".join(runs))
    groups = "-".join(run.lstrip("0") or "0" for run in runs)
    return tuple(dict.fromkeys((whole, groups)))


def _of_one_seller(trace: Trace, others: tuple[Trace, ...]) -> tuple[Trace, ...]:
    """Without those of another seller: two who have their invoices paid to one factoring bank, for example.

    Both VAT number and name must differ. One alone may be misread, or a company's second one.
    """
    return tuple(
        one for one in others if not (_differ(trace.vat_hash, one.vat_hash) and _differ(trace.name_hash, one.name_hash))
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _same_amount(trace: Trace, supplier: tuple[Trace, ...]) -> Iterator[Trace]:
    """Recurring invoices are let through: months lie between them, or they go on as they always did."""
    equal = [one for one in supplier if (one.minor_units, one.currency) == (trace.minor_units, trace.currency)]
    if _continues_a_series(trace, equal):
        return
    yield from (one for one in equal if _is_near(trace, one))


def _is_near(one: Trace, other: Trace) -> bool:
    if one.dated and other.dated:
        return abs(one.dated - other.dated) <= NEAR
    both_numbered = one.number is not None and other.number is not None
    return not both_numbered and abs(one.seen - other.seen) <= UNDATED


def _continues_a_series(trace: Trace, equal: list[Trace]) -> bool:
    """A new number, dated after all others, no closer to the last one than they are to one another."""
    dates = sorted(one.dated for one in equal if one.dated)
    if trace.dated is None or trace.number is None or len(dates) < SERIES or len(dates) < len(equal):
        return False
    gaps = [later - earlier for earlier, later in itertools.pairwise(dates)]
    is_new = trace.number not in {one.number for one in equal}
    return is_new and min(gaps) > timedelta(0) and trace.dated - dates[-1] >= min(gaps)


def _names_of(invoice: Invoice, match: MatchOutcome, counterparty_id: UUID | None) -> Iterator[str]:
    if counterparty_id:
        yield f"counterparty/{counterparty_id}"
    if vat_number := normalised_vat(invoice.seller.vat_number):
        yield f"vat/{vat_number}"
    if invoice.iban and not match.own_account:
        yield f"iban/{invoice.iban}"
    if name := _folded(invoice.seller.name):
        yield f"name/{name}"


def _folded(name: str | None) -> str:
    plain = unicodedata.normalize("NFKD", (name or "").casefold())
    return "".join(char for char in plain if char.isalnum())


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
