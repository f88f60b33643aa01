"""The sample documents as the tests see them: bytes, and what must come out."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.tools.sample_documents.catalogue import SAMPLES, Sample
from paydraft.model.invoice import Invoice

GOLDEN = Path(__file__).parent
_CENT = Decimal("0.01")


@dataclass(frozen=True, eq=False)  # by identity: a sample is no key of a dictionary
class Golden:
    """A committed document and the JSON beside it."""

    sample: Sample

    def __str__(self) -> str:
        return self.sample.name

    @property
    def document(self) -> Path:
        return GOLDEN / "documents" / self.sample.name

    @property
    def data(self) -> bytes:
        return self.document.read_bytes()

    @cached_property
    def expected(self) -> dict[str, Any]:
        return json.loads((GOLDEN / "expected" / f"{self.document.stem}.json").read_text(encoding="utf-8"))

    @property
    def is_pixels(self) -> bool:
        """Whether nothing can be read without Tesseract."""
        return self.expected["kind"].startswith(("scan_", "photo_"))


DOCUMENTS = tuple(Golden(sample) for sample in SAMPLES)
BY_NAME = {golden.sample.name: golden for golden in DOCUMENTS}
READABLE = tuple(golden for golden in DOCUMENTS if golden.expected["outcome"] == "completed")
REFUSED = tuple(golden for golden in DOCUMENTS if golden.expected["outcome"] == "failed")


def value_of(invoice: Invoice, name: str) -> str | None:
    """A field by its dotted name, as the JSON has it: amounts with the decimals they are printed with."""
    value: Any = invoice
    for part in name.split("."):
        value = getattr(value, part)
    if isinstance(value, Decimal) and value == value.quantize(_CENT):
        value = value.quantize(_CENT)
    return None if value is None else str(value)


def problems(golden: Golden, invoice: Invoice) -> dict[str, str]:
    """What is wrong or missing, by field. A field may only be empty where the document gives a reason for it."""
    expected = {**golden.expected["fields"], "language": golden.expected["language"]}
    may_be_empty = {*golden.expected["may_be_empty"], "language"}
    found = {}
    for name, wanted in expected.items():
        value = value_of(invoice, name)
        if value != wanted and not (value is None and name in may_be_empty):
            found[name] = f"{'missing' if value is None else 'wrong'}: {value!r}, expected {wanted!r}"
    return found
