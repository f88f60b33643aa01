"""Writes the table of job statuses of `functions/README.md` from the four dialects' tables; a test compares them.

`python -m infra.tools.status_table` writes.
"""

from collections.abc import Iterator
from pathlib import Path

from api_invoices_v1.errors import ANSWERS as MAKERSHUB
from api_invoices_v1.errors import NoExtractionError, RecordNotFoundError
from api_invoices_v1.translate import HAS_DATA
from api_invoices_v2.translate import STATUS_CODES
from api_ocr_jobs.translate import STATUSES as REPZO
from api_ocr_tasks.translate import STATUSES as MONITE
from paydraft.model.errors import PaydraftError
from paydraft.model.status import Fault, Status

README = Path(__file__).parents[2] / "functions" / "README.md"
BEGIN, END = "<!-- statuses: python -m infra.tools.status_table -->", "<!-- /statuses -->"
# The order in which a job meets them; only a failed job has a fault.
STATES: tuple[tuple[Status, Fault | None], ...] = tuple(
    (status, fault) for status in Status for fault in (tuple(Fault) if status is Status.FAILED else (None,))
)


def table() -> str:
    """The table as Markdown."""
    head = (
        "| job | phase | Corebanq `status` and HTTP code | Repzo `status` | Monite `status` | MakersHub `GET …/ocr` |"
    )
    return "\n".join((head, "|---|---|---|---|---|---|", *_rows()))


def rewritten(text: str) -> str:
    """A text with the present table between the marks."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _rows() -> Iterator[str]:
    for state in STATES:
        status, fault = state
        name = f"{status}, at fault: {fault}" if fault else str(status)
        monite = MONITE[state]
        cells = (name, status.phase, STATUS_CODES[state], REPZO[state], monite or "404", _makershub(state))
        yield f"| {' | '.join(str(cell) for cell in cells)} |"


def _makershub(state: tuple[Status, Fault | None]) -> str:
    if state not in HAS_DATA:
        return _refusal(RecordNotFoundError())
    without = _refusal(NoExtractionError())
    return {True: "200", False: without, None: f"{without} until the values are stored, then 200"}[HAS_DATA[state]]


def _refusal(error: PaydraftError) -> str:
    status = MAKERSHUB.status_of(type(error))
    return f"{status} `{MAKERSHUB.body(error, status)['msg']}`"


def main() -> None:
    """Rewrite the README."""
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
