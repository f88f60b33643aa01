"""What is known of a document from elsewhere: the template its sender named, and the memory of its supplier.

The template is known before the document is read. Whose document it is only shows then; the memory is looked up by the
seller's VAT number and by the account, both exact and checked, never by a name, and always under the job's own tenant.
"""

from dataclasses import dataclass

from paydraft.model.evidence import Finding, Severity
from paydraft.model.hint import MAX_HINTS, Hint
from paydraft.model.invoice import Invoice, Party
from paydraft.model.job import Job
from paydraft.model.template import AUTOMATIC, FIELDS, Advice, ReadingTemplate
from paydraft.runtime.telemetry import count, logger
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.templates import TemplateStore
from paydraft.transfers.learning import memory_keys

SERVICE = "extract_document"
_MISSING = Finding(
    code="template_missing",
    severity=Severity.WARNING,
    message="The template that was named for this document is not there. It was read without one.",
)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one job's document."""

    tenant_id: str
    memory: SupplierMemory
    template: ReadingTemplate | None
    findings: tuple[Finding, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the template."""
        return self.template.languages if self.template else ()

    def advice(self, invoice: Invoice) -> Advice | None:
        """What helps to read a document that turned out to be this; None where nothing is known."""
        remembered = self._remembered(invoice)
        if self.template is None and not remembered:
            return None
        advice = self.template.advice if self.template else Advice()
        hints = (*advice.hints, *(hint for hint in remembered if hint.field in FIELDS))
        return advice.model_copy(update={"hints": hints[:MAX_HINTS]})

    def _remembered(self, invoice: Invoice) -> tuple[Hint, ...]:
        """The memory of its supplier; none where the table does not answer: a document is read without it, too."""
        try:
            return self.memory.hints(self.tenant_id, identity_keys(invoice))
        except Exception:  # whatever is the matter with it, no document may fail for want of a memory
            logger(SERVICE).exception("supplier memory not read")
            count(SERVICE, "MemoriesNotRead")
            return ()


def known_of(job: Job, templates: TemplateStore, memory: SupplierMemory) -> Known:
    """What is known before the document is read, and how to learn the rest."""
    template = templates.meant(job.tenant_id, job.template_id)
    if template is None:
        return Known(job.tenant_id, memory, None, () if job.template_id in (None, AUTOMATIC) else (_MISSING,))
    return Known(job.tenant_id, memory, template, template.findings)


def identity_keys(invoice: Invoice) -> tuple[str, ...]:
    """The keys of memory (transfers/learning.py) that the VAT number and the account of this invoice open."""
    nameless = invoice.model_copy(update={"seller": Party(vat_number=invoice.seller.vat_number)})
    return memory_keys(nameless, None)
