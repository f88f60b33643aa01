"""More than one invoice in a file: which pages belong to which, and what all of them say alike.

Pages part where a page prints other numbers of its own than those before it. A part is an invoice of its own when, read
alone, it is one: with a number, a date and a total that is not that of the part before. Repeated heads, attached terms
and copies have the same number, or none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from paydraft.extraction.candidates import FLOOR, shown
from paydraft.extraction.document_number import number_candidates
from paydraft.extraction.folding import folded
from paydraft.extraction.reconcile import Picked
from paydraft.extraction.relations import Labelled
from paydraft.model.evidence import Alternative, Evidence, Finding, Severity
from paydraft.model.invoice import DocumentType

_LEAST = 3  # characters of a number that another one can hold
_NUMBER_SCORE = 0.7  # of a number behind a strong label
_INVOICES = (
    *(DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.DIRECT_DEBIT, DocumentType.PAID_INVOICE),
    DocumentType.REMINDER,
)
# What several invoices of a file can have in common; whatever else agrees by chance is that of none in particular.
_IN_COMMON = ("seller.", "buyer.", "iban", "bic", "bank_name", "currency")

type OwnNumbers = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one invoice, both counted from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        """As a person writes them: "3", "4-5"."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def numbers_of_pages(labelled: Labelled) -> dict[int, OwnNumbers]:
    """Page → the numbers that it prints as its document's own; empty for a single page."""
    sheets = list(dict.fromkeys(row.sheet.number for row in labelled.layout.rows))
    return {sheet: _numbers(labelled.on_sheet(sheet)) for sheet in sheets} if len(sheets) > 1 else {}


def _numbers(page: Labelled) -> OwnNumbers:
    found = (one for one in number_candidates(page) if one.field == "number")
    return frozenset(
        folded(text)
        for one in found
        if one.confidence >= _NUMBER_SCORE or one.alternatives
        for text in (shown(one.value), *(other.value for other in one.alternatives))
        if text
    )


def parts_of(numbers: dict[int, OwnNumbers]) -> list[Pages]:
    """The runs of pages whose numbers have something in common; pages without a number belong to those before."""
    parts: list[Pages] = []
    known: OwnNumbers = frozenset()
    for page, own in sorted(numbers.items()):
        if not parts or (own and known and not _alike(own, known)):
            parts.append(Pages(page, page))
            known = own
        else:
            parts[-1] = Pages(parts[-1].first, page)
            known |= own
    return parts


def _alike(some: OwnNumbers, others: OwnNumbers) -> bool:
    """Whether two pages may print the same number, one of them in part."""
    return any(
        one == other or (min(len(one), len(other)) >= _LEAST and (one in other or other in one))
        for one in some
        for other in others
    )


def invoices_of(parts: Iterable[tuple[Pages, Picked]]) -> list[tuple[Pages, Picked]]:
    """The parts that are invoices; another part, and one that says what the one before it says, goes with that."""
    found: list[tuple[Pages, Picked]] = []
    for pages, read in parts:
        if found and not (_is_invoice(read) and _is_another(read, found[-1][1])):
            before, picked = found[-1]
            found[-1] = Pages(before.first, pages.last), picked
        else:
            found.append((pages, read))
    return found if len(found) > 1 and _is_invoice(found[0][1]) else found[:1]


def _is_invoice(read: Picked) -> bool:
    values = read.values
    kind = DocumentType(str(values.get("document_type", DocumentType.OTHER)))
    total = "total" in values or "amount_due" in values
    return kind in _INVOICES and "number" in values and "issue_date" in values and total


def _is_another(read: Picked, before: Picked) -> bool:
    """Whether date or amount differ, not only a number that may be misread."""
    return any(read.values.get(name) != before.values.get(name) for name in ("issue_date", "total", "amount_due"))


def in_common(invoices: list[tuple[Pages, Picked]]) -> Picked:
    """What all invoices of a file say alike; each other field stays empty and offers what each of them says."""
    first, *others = (read for _, read in invoices)
    values = {
        name: value
        for name, value in first.values.items()
        if name.startswith(_IN_COMMON) and all(other.values.get(name) == value for other in others)
    }
    kinds = {read.values.get("document_type") for _, read in invoices}
    values["document_type"] = (kinds.pop() if len(kinds) == 1 else None) or DocumentType.INVOICE
    evidence = {name: proof for name, proof in first.evidence.items() if name in values}  # its pages count from 1
    for name in {name for _, read in invoices for name in read.values} - set(values):
        if "." not in name and name not in ("line_items", "taxes"):
            evidence[name] = _offered(name, [read for _, read in invoices if name in read.values])
    findings = {finding.code: finding for _, read in invoices for finding in read.findings}
    return Picked(values, evidence, (_finding([pages for pages, _ in invoices]), *findings.values()))


def _offered(name: str, reads: list[Picked]) -> Evidence:
    proofs = [(read.values[name], read.evidence[name]) for read in reads]
    alternatives = tuple(
        Alternative(value=shown(value), raw=proof.raw, source=proof.source, confidence=min(proof.confidence, FLOOR))
        for value, proof in proofs
    )
    return Evidence(source=proofs[0][1].source, raw="", confidence=0.0, alternatives=alternatives)


def _finding(invoices: list[Pages]) -> Finding:
    pages = ", ".join(f"page{'s' * (one.first != one.last)} {one}" for one in invoices)
    return Finding(
        code="several_invoices",
        severity=Severity.ERROR,
        message=f"The file holds {len(invoices)} invoices: {pages}. Send each of them as a file of its own.",
    )
