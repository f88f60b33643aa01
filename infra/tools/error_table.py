"""Writes the error table of `functions/README.md` from the catalogue and the dialect's tables; a test compares them.

`python -m infra.tools.error_table` writes.
"""

import importlib
from collections.abc import Iterator
from pathlib import Path

from api_counterparties.errors import ANSWERS as COUNTERPARTIES
from api_invoices_v2.errors import ANSWERS
from api_invoices_v2.translate import STATUS_CODES
from api_ocr_jobs.errors import ANSWERS as OCR_JOBS
from api_tokens.errors import ANSWERS as TOKENS
from api_transfers.errors import ANSWERS as TRANSFERS
from paydraft.model.errors import DocumentError, PaydraftError, ServiceError, every_error
from paydraft.model.status import Status
from paydraft.runtime.refusals import OUR_FAULT

README = Path(__file__).parents[2] / "functions" / "README.md"
BEGIN, END = "<!-- errors: python -m infra.tools.error_table -->", "<!-- /errors -->"
# Modules of the catalogue beside model/errors.py: a class is listed once its module is loaded.
CATALOGUE = (
    "paydraft.model.idempotency",
    "paydraft.model.request_errors",
    "paydraft.model.transfer_errors",
    "paydraft.model.counterparty_errors",
    "paydraft.model.upload_errors",
    "paydraft.model.token_errors",
    "paydraft.model.job_errors",
    "paydraft.model.group_errors",
    "paydraft.model.template_errors",
)
# Whose answer the table shows, where it is not that of the OCR routes.
_ANSWERS = {
    "paydraft.model.transfer_errors": TRANSFERS,
    "paydraft.model.counterparty_errors": COUNTERPARTIES,
    "paydraft.model.token_errors": TOKENS,
    "paydraft.model.job_errors": OCR_JOBS,
    "paydraft.model.group_errors": OCR_JOBS,
    "paydraft.model.template_errors": OCR_JOBS,
}


def catalogue() -> tuple[type[PaydraftError], ...]:
    """Every class of the catalogue: module by module, in the order of its tree, whatever was loaded first."""
    order = {module: place for place, module in enumerate((PaydraftError.__module__, *CATALOGUE))}
    for module in CATALOGUE:
        importlib.import_module(module)
    ours = (cls for cls in every_error() if cls.__module__.startswith("paydraft.model."))
    return tuple(sorted(ours, key=lambda cls: order[cls.__module__]))


def table() -> str:
    """The table as Markdown."""
    head = "| code | what happened | answer to a request | answer to the GET of a failed job | what the client reads |"
    return "\n".join((head, "|---|---|---|---|---|", *_rows()))


def rewritten(text: str) -> str:
    """A text with the present table between the marks."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _rows() -> Iterator[str]:
    for cls in catalogue():
        meaning = (cls.__doc__ or "").split(".\n")[0].split(". ")[0].rstrip(".")
        status = _ANSWERS.get(cls.__module__, ANSWERS).status_of(cls)
        ending = STATUS_CODES[Status.FAILED, cls.fault] if issubclass(cls, DocumentError | ServiceError) else "–"
        text = cls.text if status < 500 or ending != "–" else OUR_FAULT
        yield f"| `{cls.code}` | {meaning} | {status} | {ending} | {text} |"


def main() -> None:
    """Rewrite the README."""
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
