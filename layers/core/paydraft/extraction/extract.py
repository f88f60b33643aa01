"""The door: what was seen in a document → an Invoice. Pure: the same reading gives the same invoice.

Each source of evidence proposes candidates (e-invoice, QR codes, page), `reconcile` picks. Nothing is invented: a value
that no source states or that could mean two things stays None, its readings in `evidence.alternatives`.
"""

from collections.abc import Sequence
from dataclasses import replace

from paydraft.extraction.assemble import assemble
from paydraft.extraction.calibration import Scale, fitted
from paydraft.extraction.candidates import Candidate
from paydraft.extraction.dates import Order
from paydraft.extraction.einvoice import einvoice_candidates
from paydraft.extraction.hinted import Tongue, hinted_candidates
from paydraft.extraction.labels.vocabulary import Lexicon, vocabulary
from paydraft.extraction.layout import arrange
from paydraft.extraction.page_fields import PageReading, read_pages
from paydraft.extraction.qr_payload import code_findings, qr_candidates
from paydraft.extraction.reconcile import Picked, reconcile
from paydraft.extraction.several import Pages, in_common, invoices_of, parts_of
from paydraft.model.hint import Hint
from paydraft.model.invoice import Invoice
from paydraft.model.page import Reading


def extract(
    reading: Reading, hints: Sequence[Hint] = (), *, least: float = 0.0, calibration: Scale | None = None
) -> Invoice:
    """The invoice in a document; raises UnsafeDocumentError for more words than a document can have.

    Whether it is an invoice at all is `document_type`: OTHER when nothing in it asks for payment. `hints` are what a
    tenant's template or the memory of its supplier know of such documents: more candidates, never the only ones.
    `least` is the confidence below which the tenant wants every field empty.
    `calibration` is given only by those who fit it; without it the confidences are those of calibration.toml.
    """
    stated, findings = einvoice_candidates(reading.attachments)
    codes = qr_candidates(reading.codes, reading.pages)
    page = read_pages(reading.pages, elsewhere=(*stated, *codes))
    invoices = _invoices(reading, page, calibration or fitted())
    if len(invoices) > 1:
        return assemble(
            in_common(invoices), language=page.language, findings=(*findings, *code_findings(reading.codes))
        )
    proposed = _hinted(reading, hints, page.language) if hints else ()
    picked = reconcile(
        (*stated, *codes, *page.candidates, *proposed),
        page.printed,
        calibration or fitted(),
        least={hint.field: hint.least for hint in hints},
        least_of_all=least,
    )
    return assemble(picked, language=page.language, findings=(*findings, *code_findings(reading.codes), *page.findings))


def _invoices(reading: Reading, page: PageReading, calibration: Scale) -> list[tuple[Pages, Picked]]:
    """The invoices of a file that holds several, each read from its own pages; else at most one."""
    parts = parts_of(page.numbers)
    if len(parts) < 2:
        return []
    return invoices_of((pages, _alone(reading, pages, calibration)) for pages in parts)


def _alone(reading: Reading, pages: Pages, calibration: Scale) -> Picked:
    """Some pages as if they were the whole file: its first page has the letterhead."""
    own = tuple(
        replace(page, number=page.number - pages.first + 1)
        for page in reading.pages
        if pages.first <= page.number <= pages.last
    )
    read = read_pages(own, elsewhere=())
    return reconcile(read.candidates, read.printed, calibration)


def _hinted(reading: Reading, hints: Sequence[Hint], language: str | None) -> tuple[Candidate, ...]:
    lexicon = Lexicon(vocabulary(), frozenset({language} if language else ()))
    order = Order.DAY_FIRST if language not in (None, "en") else None
    views = {page.number: page.view for page in reading.pages if page.view is not None}
    return tuple(hinted_candidates(arrange(reading.pages), hints, Tongue(lexicon.months, order), views))
