"""Drafting: look at what is known, decide, write it all in one transaction; look again if it moved meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paydraft.model.audit import AuditEntry
from paydraft.model.counterparty import Account, Counterparty, MatchKind, MatchOutcome
from paydraft.model.errors import PermanentError, TransferChangedError, TransientError
from paydraft.model.ids import transfer_id_of
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.steps import DraftOutcome
from paydraft.model.transfer import THE_SERVICE, DraftTransfer, NoDraft, TransferStatus
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.transfers import Memory, Remembrance, TransferStore
from paydraft.transfers.draft import draft
from paydraft.transfers.duplicates import Marks, duplicates, marks_of, past_of, trace_of
from paydraft.transfers.redraft import Step, first_or_next, none_any_more

_TRIES = 6  # drafts of one supplier, written at the same moment, let one another pass


@dataclass(frozen=True, slots=True)
class Desk:
    """What is read and written."""

    jobs: JobStore
    transfers: TransferStore
    counterparties: CounterpartyStore


@dataclass(frozen=True, slots=True)
class Papers:
    """What there is to draft from."""

    job: Job
    invoice: Invoice
    match: MatchOutcome


def drafted(papers: Papers, desk: Desk, *, now: datetime) -> DraftOutcome:
    """The draft of this attempt, written or found, or why there is none.

    Raises PermanentError if the job has ended meanwhile, TransientError if others kept writing about the same supplier.
    """
    for _ in range(_TRIES):
        try:
            return _once(papers, desk, now)
        except TransferChangedError as moved:
            if any(moved.others):
                raise PermanentError("the job has moved on") from moved
    raise TransientError("the supplier's other drafts kept being faster")


def _once(papers: Papers, desk: Desk, now: datetime) -> DraftOutcome:
    job = papers.job
    standing = desk.transfers.get(job.tenant_id, transfer_id_of(job.job_id))
    if standing and standing.attempt >= job.attempt:
        return _outcome(standing)
    party, account = _payee(papers, desk)
    marks = marks_of(papers.invoice, papers.match, party.counterparty_id if party else None, _sha256(job))
    memory = desk.transfers.remembered(job.tenant_id, marks.keys)
    memory = memory.without(_gone(papers, marks, memory, desk))
    proposal = draft(
        job,
        papers.invoice,
        papers.match,
        party,
        account,
        now=now,
        today=now.date(),
        past=past_of(marks, memory.traces, frozenset({transfer_id_of(job.job_id)})),
        inactive=_inactive(papers, desk) if account is None else (),
    )
    if isinstance(proposal, NoDraft):
        step = none_any_more(standing, proposal, attempt=job.attempt, at=now)
        _write(job, standing, step, None, desk)
        touched = step.after if step else standing
        return _outcome(touched) if touched and not touched.was_closed else DraftOutcome(no_draft=proposal)
    trace = trace_of(proposal.transfer_id, papers.invoice, proposal.amount, job.created_at.date())
    step = first_or_next(standing, proposal)
    _write(job, standing, step, Remembrance(trace, marks.keys, memory), desk)
    return _outcome(step.after if step else standing or proposal)


def _write(
    job: Job, standing: DraftTransfer | None, step: Step | None, remember: Remembrance | None, desk: Desk
) -> None:
    if step is None:
        return
    entry = AuditEntry.of(standing, step.after, step.action, THE_SERVICE, step.after.note)
    still_open = desk.jobs.still_open(job.key, job.attempt)
    desk.transfers.write(standing, step.after, entry, remember=remember, others=[still_open])


def _outcome(transfer: DraftTransfer) -> DraftOutcome:
    return DraftOutcome(transfer_id=transfer.transfer_id, flags=tuple(flag.code for flag in transfer.flags))


def _gone(papers: Papers, marks: Marks, memory: Memory, desk: Desk) -> frozenset[UUID]:
    """The cancelled ones among those it resembles: they count for nothing, and are forgotten when it is remembered.

    Else copies that were given up would push a payment out of the memory, and the next copy would pass as the first.
    """
    job, amount, own = papers.job, papers.invoice.to_pay, transfer_id_of(papers.job.job_id)
    alike = past_of(marks, memory.traces, frozenset({own}))
    if amount is None:
        return frozenset()
    resembled = [one for _, one in duplicates(trace_of(own, papers.invoice, amount, job.created_at.date()), alike)]
    there = desk.transfers.get_many(job.tenant_id, resembled[-100:])
    return frozenset(one.transfer_id for one in there if one.status is TransferStatus.CANCELLED)


def _sha256(job: Job) -> str | None:
    return job.document.sha256 if job.document else None


def _payee(papers: Papers, desk: Desk) -> tuple[Counterparty | None, Account | None]:
    """The counterparty and account that were found, as they stand now; either may be gone since."""
    tenant_id, match = papers.job.tenant_id, papers.match
    if match.counterparty_id is None:
        return None, None
    counterparty = desk.counterparties.get(tenant_id, match.counterparty_id)
    if counterparty is None or not counterparty.active:
        return None, None
    account = (
        desk.counterparties.account(tenant_id, match.counterparty_id, match.account_id) if match.account_id else None
    )
    return counterparty, account if account and account.active else None


def _inactive(papers: Papers, desk: Desk) -> tuple[UUID, ...]:
    """Parties on file that the document names by IBAN or VAT number, deactivated themselves or by that account."""
    if papers.match.kind is MatchKind.AMBIGUOUS:
        return ()
    invoice = papers.invoice
    directory = desk.counterparties.exact(papers.job.tenant_id, iban=invoice.iban, vat_number=invoice.seller.vat_number)
    found = [party.counterparty_id for party in directory.by_vat if not party.active]
    found += [party.counterparty_id for party, one in directory.by_iban if not (party.active and one.active)]
    return tuple(dict.fromkeys(found))
