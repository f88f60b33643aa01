"""Every value that extraction gives for a corpus, and whether it is right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from infra.cli.field_names import named_fields
from paydraft.extraction.calibration import LEAST_SCORE, Scale
from paydraft.extraction.extract import extract
from paydraft.model.invoice import Invoice
from paydraft.model.page import Source
from tests.benchmarks.corpus import Document, Scorer, Truth

# The model's dotted path → the corpus' name.
TRUTH_NAMES = {
    "number": "invoice_number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "currency": "currency",
    "total": "total",
    "subtotal": "subtotal",
    "tax": "tax_amount",
    "tax_rate": "tax_rate",
    "amount_due": "amount_due",
    "iban": "iban",
    "bic": "bic",
    "reference": "payment_reference",
    **{
        f"{party}.{mine}": f"{party}.{theirs}"
        for party in ("seller", "buyer")
        for mine, theirs in (
            ("name", "name"),
            ("address", "address"),
            ("vat_number", "vat"),
            ("tax_number", "tax_id"),
            ("email", "email"),
        )
    },
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A value, or a field that is printed and was left empty."""

    document: str
    family: str
    variant: str
    path: str
    value: str | None
    source: Source | None
    checks: tuple[str, ...]
    confidence: float
    right: bool
    score: float = 0.0  # of the candidate that won, where a Recorder looked on
    legible: float = 1.0


class Recorder:
    """A scale that takes scores as shares and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[float, float]] = {}

    def share(self, field: str, source: Source, score: float, legible: float) -> float:
        if score >= self.asked.get(field, (0.0, 1.0))[0]:
            self.asked[field] = (score, legible)
        return score

    def floor(self, field: str) -> float:
        return LEAST_SCORE


def judge(documents: Iterable[Document], scorer: Scorer, calibration: Scale | None = None) -> Iterator[Judged]:
    """Each value that the corpus knows an answer for, and each printed field without a value.

    Without a calibration it is extraction's own.
    """
    for one in documents:
        invoice = extract(one.reading, calibration=calibration) if one.reading is not None else Invoice()
        yield from _of_invoice(one, invoice, scorer)


def judge_scores(documents: Iterable[Document], scorer: Scorer) -> Iterator[Judged]:
    """The same with every value that scores enough to be thought about, and with the scores."""
    for one in documents:
        looking_on = Recorder()
        for value in judge([one], scorer, looking_on):
            score, legible = looking_on.asked.get(value.path, (0.0, 1.0))
            yield replace(value, score=score, legible=legible)


def _of_invoice(one: Document, invoice: Invoice, scorer: Scorer) -> Iterator[Judged]:
    fields = named_fields(invoice)
    for path, name in TRUTH_NAMES.items():
        state = _state(name, one.truth, fields, scorer)
        evidence = invoice.evidence.get(path)
        if state is None:
            continue
        known = (one.truth["id"], one.family, one.variant, path)
        if state == "empty" or evidence is None:
            yield Judged(*known, None, None, (), 0.0, right=False)
        else:
            shown = str(scorer.get(fields, name))
            right = state == "right"
            yield Judged(*known, shown, evidence.source, evidence.checks, evidence.confidence, right=right)


def _state(name: str, truth: Truth, fields: dict[str, Any], scorer: Scorer) -> str | None:
    """What the scorer says of a field; None for one that it knows nothing of."""
    if name in truth["visible"]:
        return scorer.judge(name, truth["fields"], fields)
    must_be_empty = name in truth.get("absent", ()) or name in truth.get("invalid", ())
    return "wrong" if must_be_empty and scorer.get(fields, name) is not None else None
