"""What a child says of a document: JSON over the wire, checked by the parent as anything that comes from outside."""

from typing import Self

from extract_document.pages import PagesFile
from paydraft.model.errors import PaydraftError
from paydraft.model.evidence import Frozen
from paydraft.model.invoice import Invoice

MAX_ANSWER_BYTES = 32 * 1024 * 1024


class Refusal(Frozen):
    """An error of the catalogue by its code, and a detail for the log."""

    code: str
    detail: str = ""


class Answer(Frozen):
    """Either values and pages, or a refusal."""

    invoice: Invoice | None = None
    pages: PagesFile | None = None
    refusal: Refusal | None = None

    @classmethod
    def of_error(cls, error: PaydraftError) -> Self:
        """The refusal that this error makes."""
        return cls(refusal=Refusal(code=error.code, detail=str(error)[:300]))
