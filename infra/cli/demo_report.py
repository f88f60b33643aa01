"""What the demo prints: one block a document, one event, one verdict. Colours only on a terminal."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.console import Console

from paydraft.model.page import Source

if TYPE_CHECKING:
    from infra.cli.demo import Run
    from infra.cli.stories import Told

_CONSOLE = Console(highlight=False, soft_wrap=True, emoji=False, markup=True)
_WAYS = {
    Source.XML: "e-invoice XML",
    Source.QR: "payment QR code",
    Source.TEXT: "PDF text layer",
    Source.OCR: "Tesseract",
    Source.DERIVED: "derived",
}


def say(line: str) -> None:
    """One line of progress."""
    _CONSOLE.print(f"[dim]{line}[/dim]")


def print_run(number: int, run: Run) -> None:
    """A document's block: the way it took, status, fields, match, draft and times."""
    name = f"{run.case.document.name}"
    _CONSOLE.print(f"\n[bold]{number}. {name}[/bold]  {run.case.title}")
    wrong = list(run.problems())
    for label, text in _rows(run):
        _CONSOLE.print(f"   [dim]{label:<9}[/dim] {text}")
    for problem in wrong:
        _CONSOLE.print(f"   [red]WRONG     {problem}[/red]")


def print_story(number: int, told: Told, wrong: list[str]) -> None:
    """A story's block: its title, whom it matched, and its flags."""
    job, transfer = told.job, told.transfer
    result = job["result"]
    flags = ", ".join(f"{flag['code']} ({flag['severity']})" for flag in transfer["flags"]) or "none"
    choice = job.get("candidates") if job["counterparty_match"] == "ambiguous" else ()
    offered = ", ".join(f"score {one['score']}" for one in choice or ())
    _CONSOLE.print(f"\n[bold]Story {number}.[/bold]  {told.story.title}")
    rows = (
        ("fields", f"{result['customer_name']} · {result['invoice_number']} · {result['total']} · {result['iban']}"),
        ("match", job["counterparty_match"] + (f"; offered to a person: {offered}" if offered else "")),
        ("flags", flags),
    )
    for label, text in rows:
        _CONSOLE.print(f"   [dim]{label:<9}[/dim] {text}")
    for problem in wrong:
        _CONSOLE.print(f"   [red]WRONG     {problem}[/red]")


def print_step(line: str, status: int | str) -> None:
    """What somebody did, and the HTTP status that came back."""
    _CONSOLE.print(f"   {line} [dim]{status}[/dim]")


def print_event(event: dict[str, Any] | None, count: int) -> None:
    """The event of the first document, as the subscriber got it."""
    _CONSOLE.print(f"\n[bold]{count} events reached the subscriber of CompletionTopic; the first document's:[/bold]")
    _CONSOLE.print(json.dumps(event, indent=2), markup=False)


def print_verdict(documents: int, stories: int, problems: list[str]) -> None:
    """The last line: all as it should be, or what was not."""
    for problem in problems:
        _CONSOLE.print(f"[red]{problem}[/red]", markup=True)
    if not problems:
        told = f"All {documents} documents and {stories} stories came out as they should."
        _CONSOLE.print(f"\n[green]{told}[/green]")


def _rows(run: Run) -> list[tuple[str, str]]:
    rows = [("way", _way(run)), ("status", f"{run.job.status} (HTTP {run.answer.status})")]
    if run.job.failure:
        rows.append(("reason", f"{run.job.failure.code}: {run.answer.body.get('message', '')}"))
    if run.answer.status == 200:
        rows += [("fields", _fields(run)), ("match", _match(run)), ("transfer", _transfer(run))]
    return [*rows, ("time", _times(run))]


def _way(run: Run) -> str:
    if run.invoice is None:
        return "not read"
    sources = Counter(evidence.source for evidence in run.invoice.evidence.values())
    return " + ".join(_WAYS.get(source, source) for source, _ in sources.most_common() if source != Source.DERIVED)


def _fields(run: Run) -> str:
    result = run.answer.body["result"]
    amount = f"{result['currency_code']} {result['total']}".strip()
    parts = (result["customer_name"], result["invoice_number"], amount, result["iban"])
    due = f"due {result['due_date']}" if result["due_date"] else ""
    return " · ".join(part for part in (*parts, due) if part)


def _match(run: Run) -> str:
    on_file = f" → {run.counterparty.legal_name} (on file)" if run.counterparty else ""
    return f"{run.answer.body['counterparty_match']}{on_file}"


def _transfer(run: Run) -> str:
    if run.draft is None:
        return f"none: {run.answer.body.get('message', '')}"
    flags = ", ".join(f"{flag.code} ({flag.severity})" for flag in run.draft.flags) or "none"
    return f"{run.draft.transfer_id} {run.draft.status}; flags: {flags}"


def _times(run: Run) -> str:
    job, started = run.job, run.execution_started
    spans = [("accepted", run.accepted_ms / 1000)]
    if job.started_at:
        spans.append(("waited", (job.started_at - job.created_at).total_seconds()))
        if started:
            spans.append(("read", started - job.started_at.timestamp()))
    if job.completed_at:
        if started:
            spans.append(("matched, drafted, announced", job.completed_at.timestamp() - started))
        spans.append(("in all", (job.completed_at - job.created_at).total_seconds()))
    return " · ".join(f"{name} {_duration(max(seconds, 0))}" for name, seconds in spans)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
