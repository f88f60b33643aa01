"""What is remembered of a draft for those that come after it: enough to know an invoice again, and nothing personal."""

from datetime import date
from uuid import UUID

from paydraft.model.evidence import Frozen


class Trace(Frozen):
    """One draft in the memory of a file, an invoice number or a supplier."""

    transfer_id: UUID
    number: str | None = None  # normalised
    minor_units: int
    currency: str
    dated: date | None = None  # as printed
    seen: date  # the day the document came in
    vat_hash: str | None = None  # of the seller's VAT number and name as printed: two may share an account
    name_hash: str | None = None
