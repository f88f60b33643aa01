"""What a child is told: its orders before the document, and advice once the document has shown whose it is."""

from pydantic import Field

from paydraft.model.evidence import Frozen
from paydraft.model.template import MAX_LANGUAGES, Language

MAX_ORDERS_BYTES = 4096
MAX_ADVICE_BYTES = 4 * 1024 * 1024  # template.py and hint.py allow 1 MB


class Orders(Frozen):
    """How this document is to be read, beyond the settings of the process."""

    languages: tuple[Language, ...] = Field(default=(), max_length=MAX_LANGUAGES)  # the likeliest first; (): as set
