"""From transfers, invoices and audit entries to the wire. Pure."""

from typing import Any

from api_transfers import schemas
from paydraft.model.audit import AuditEntry
from paydraft.model.evidence import Area
from paydraft.model.invoice import Address, Invoice
from paydraft.model.money import Money, decimals_of
from paydraft.model.transfer import Creditor, DraftTransfer, Flag, FlagEvidence, Proof, Verification
from paydraft.transfers.life import missing

_HIDDEN = frozenset({"tenant_id"})


def transfer(one: DraftTransfer) -> schemas.Transfer:
    """A transfer as it is answered."""
    return schemas.Transfer(
        id=one.transfer_id,
        status=one.status,
        direction="outbound",
        version=one.version,
        customer_id=one.customer_id,
        amount=amount_of(one.amount),
        source=schemas.Selector(
            counterparty_id=one.source.counterparty_id if one.source else None,
            cp_account_id=one.source.account_id if one.source else None,
        ),
        destination=schemas.Selector(counterparty_id=one.counterparty_id, cp_account_id=one.account_id),
        creditor=_creditor(one.creditor),
        remittance=one.remittance and schemas.Remittance(kind=one.remittance.kind, text=one.remittance.text),
        requested_date=one.requested_date,
        invoice_number=one.invoice_number,
        flags=tuple(_flag(flag) for flag in one.flags),
        missing=missing(one),
        verification=_verification(one.verification),
        job_id=one.job_id,
        upload_id=one.upload_id,
        attempt=one.attempt,
        created_at=one.created_at,
        created_by=one.created_by,
        modified_at=one.updated_at,
        modified_by=one.edited_by,
        submitted_at=one.submitted_at,
        submitted_by=one.submitted_by,
        approved_at=one.approved_at,
        approved_by=one.approved_by,
        exported_at=one.exported_at,
        order_id=one.order_id,
        note=one.note,
        links=_links(one),
    )


def evidence(one: DraftTransfer, invoice: Invoice) -> schemas.Evidence:
    """What the document said, the best read fields first within their order."""
    fields = tuple(
        schemas.FieldEvidence(
            field=name,
            value=seen.raw,
            source=seen.source,
            confidence=seen.confidence,
            checks=seen.checks,
            place=_place(seen.area),
            alternatives=tuple(other.raw for other in seen.alternatives),
        )
        for name, seen in invoice.evidence.items()
    )
    return schemas.Evidence(transfer_id=one.transfer_id, job_id=one.job_id, attempt=one.attempt, fields=fields)


def event(entry: AuditEntry) -> schemas.Event:
    """One line of a transfer's history."""
    return schemas.Event(
        id=f"{entry.transfer_id}/{entry.version}",
        transfer_id=entry.transfer_id,
        created_at=entry.at,
        created_by=entry.by,
        event_type=entry.action,
        from_status=entry.from_status,
        to_status=entry.to_status,
        note=entry.note,
        before=_shown(entry.before),
        after=_shown(entry.after),
    )


def _shown(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _HIDDEN}


def amount_of(amount: Money) -> schemas.Amount:
    """An amount in minor and in major units."""
    return schemas.Amount(
        amount_minor=str(amount.minor_units),
        currency=amount.currency,
        precision=decimals_of(amount.currency),
        amount=f"{amount.amount:f}",
    )


def _creditor(creditor: Creditor) -> schemas.Creditor:
    address = creditor.address
    return schemas.Creditor(
        name=creditor.name, iban=creditor.iban, bic=creditor.bic, address=_address(address) if address else None
    )


def _address(address: Address) -> schemas.PostalAddress:
    return schemas.PostalAddress(
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        state=address.state,
        country=address.country,
        lines=address.lines,
    )


def _flag(flag: Flag) -> schemas.Flag:
    cleared = flag.cleared
    return schemas.Flag(
        code=flag.code,
        severity=flag.severity,
        text=flag.text,
        field=flag.field,
        blocking=flag.blocks,
        evidence=tuple(_proof(proof) for proof in flag.evidence),
        cleared=schemas.Clearing(by=cleared.by, at=cleared.at, note=cleared.note) if cleared else None,
    )


def _proof(proof: FlagEvidence) -> schemas.Proof:
    return schemas.Proof(
        kind=proof.kind,
        name=proof.name,
        value=proof.value,
        place=_place(proof.area),
        transfer_id=proof.about if proof.kind is Proof.TRANSFER else None,
        counterparty_id=proof.about if proof.kind is Proof.COUNTERPARTY else None,
    )


def _place(area: Area | None) -> schemas.Place | None:
    return schemas.Place(**area.model_dump()) if area else None


def _verification(verification: Verification | None) -> schemas.Verification | None:
    if verification is None:
        return None
    return schemas.Verification(
        result=verification.result,
        provider=verification.provider,
        checked_at=verification.checked_at,
        suggested_name=verification.suggested_name,
    )


def _links(one: DraftTransfer) -> schemas.Links:
    itself = f"/v2/transfers/{one.transfer_id}"
    return schemas.Links(
        self=itself,
        job=f"/v2/invoices/ocr/{one.job_id}",
        upload=f"/v2/uploads/{one.upload_id}",
        evidence=f"{itself}/evidence",
        events=f"{itself}/events",
        qr=f"{itself}/qr",
        payment_file=f"{itself}/pain.001",
    )
