"""What a sample's reading must give, as the JSON beside the documents, and the suppliers on file."""

import csv
import json
import re
from io import StringIO
from typing import Any

from infra.tools.sample_documents.bill import Bill, Company
from infra.tools.sample_documents.catalogue import Sample
from infra.tools.sample_documents.companies import OWN, TANNHOF
from paydraft.model.invoice import ReferenceKind

SUPPLIER_COLUMNS = (
    "legal_name", "vat_number", "iban", "bic", "email", "street", "postal_code", "city", "country", "own",
)  # fmt: skip
ON_FILE = (TANNHOF,)  # the suppliers that the demo knows; all others are strangers


def to_json(sample: Sample) -> str:
    """The expectation of one sample. A field given as null must be empty; one that is missing is not checked."""
    bill = sample.bill
    facts: dict[str, Any] = {
        "kind": sample.kind,
        "language": bill.language if bill else None,
        "outcome": "failed" if sample.failure else "completed",
        "failure": sample.failure.code if sample.failure else None,
        "no_draft": sample.no_draft,
        "match": _match_of(bill),
        "fields": _fields_of(sample, bill) if bill else {},
        "may_be_empty": dict(sample.may_be_empty),
        "not_checked": dict(sample.not_checked),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"


def suppliers_csv() -> str:
    """The counterparties on file: the supplier that is known, and the tenant's own company."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SUPPLIER_COLUMNS)
    for company in ON_FILE:
        writer.writerow(_supplier(company, own="no"))
    writer.writerow(_supplier(OWN, own="yes"))
    return out.getvalue()


def _match_of(bill: Bill | None) -> str | None:
    if bill is None:
        return None
    return "found" if bill.seller in ON_FILE else "not_found"


def _fields_of(sample: Sample, bill: Bill) -> dict[str, str | None]:
    fields: dict[str, str | None] = {
        "document_type": bill.document_type,
        "number": bill.number,
        "issue_date": f"{bill.issued}",
        "due_date": f"{bill.due}" if bill.due else None,
        "seller.name": bill.seller.name,
        "buyer.name": bill.buyer.name,
        "iban": bill.seller.iban,
        "bic": bill.seller.bic,
        "reference": _electronic(bill),
        "reference_kind": bill.reference_kind,
        "currency": bill.currency,
        "subtotal": f"{bill.subtotal:.2f}",
        "tax": f"{bill.tax:.2f}",
        "total": f"{bill.total:.2f}",
    }
    fields |= sample.differs
    return {name: value for name, value in fields.items() if name not in sample.not_checked}


def _electronic(bill: Bill) -> str | None:
    """The reference as a bank takes it: a structured one without the spaces and signs it is printed with."""
    if bill.reference is None or bill.reference_kind is ReferenceKind.TEXT:
        return bill.reference
    return re.sub(r"[^A-Z0-9]", "", bill.reference)


def _supplier(company: Company, *, own: str) -> tuple[str, ...]:
    values = {column: str(getattr(company, column, "")) for column in SUPPLIER_COLUMNS}
    return tuple((values | {"legal_name": company.name, "own": own}).values())
