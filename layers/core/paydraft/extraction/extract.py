"""The door: what was seen in a document → an Invoice. Pure: the same reading gives the same invoice.

Each source of evidence proposes candidates (e-invoice, QR codes, page), `reconcile` picks. Nothing is invented: a value
that no source states or that could mean two things stays None, its readings in `evidence.alternatives`.
"""

from paydraft.extraction.assemble import assemble
from paydraft.extraction.calibration import Scale, fitted
from paydraft.extraction.einvoice import einvoice_candidates
from paydraft.extraction.page_fields import read_pages
from paydraft.extraction.qr_payload import code_findings, qr_candidates
from paydraft.extraction.reconcile import reconcile
from paydraft.model.invoice import Invoice
from paydraft.model.page import Reading


def extract(reading: Reading, *, calibration: Scale | None = None) -> Invoice:
    """The invoice in a document; raises UnsafeDocumentError for more words than a document can have.

    Whether it is an invoice at all is `document_type`: OTHER when nothing in it asks for payment. `calibration` is
    given only by those who fit it; without it the confidences are those of calibration.toml.
    """
    stated, findings = einvoice_candidates(reading.attachments)
    codes = qr_candidates(reading.codes, reading.pages)
    page = read_pages(reading.pages, elsewhere=(*stated, *codes))
    picked = reconcile((*stated, *codes, *page.candidates), page.printed, calibration or fitted())
    return assemble(picked, language=page.language, findings=(*findings, *code_findings(reading.codes), *page.findings))
