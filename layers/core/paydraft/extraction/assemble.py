"""The picked values as an Invoice."""

from typing import Any

from paydraft.extraction.document_type import settled
from paydraft.extraction.reconcile import Picked
from paydraft.model.evidence import Finding
from paydraft.model.invoice import DocumentType, Invoice

_PARTIES = ("seller", "buyer")


def assemble(picked: Picked, *, language: str | None, findings: tuple[Finding, ...]) -> Invoice:
    """An Invoice with evidence for every value; a value that was stated without being needed is dropped with it."""
    flat: dict[str, Any] = dict(picked.values)
    if flat.get("reference") is None:
        flat.pop("reference_kind", None)
    numbered = sorted((name for name in flat if name.startswith("accounts.")), key=lambda name: int(name[9:]))
    flat["accounts"] = tuple(flat.pop(name) for name in numbered)
    nested: dict[str, Any] = {party: {} for party in _PARTIES}
    for name in [name for name in flat if "." in name]:
        party, part = name.split(".", 1)
        nested[party][part] = flat.pop(name)
    kind = DocumentType(flat.get("document_type", DocumentType.OTHER))
    flat["document_type"] = settled(kind, flat.get("total"), flat.get("amount_due"))
    return Invoice(
        **flat,
        **nested,
        language=language,
        evidence=picked.evidence,
        findings=(*findings, *picked.findings),
    )
