"""Values that are valid by default; a test names only what matters to it.

Each builder takes the fields of its model. Ids are fresh with every call and moments are fixed: two jobs never meet by
accident, and no test depends on the day it runs.
"""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from paydraft.model.bank_account import Bic, Iban
from paydraft.model.counterparty import Account, Counterparty
from paydraft.model.credential import Credential, SubjectKind, hash_of, mint
from paydraft.model.document import DocumentInfo, IncomingKey, StoredObject
from paydraft.model.evidence import Area, Evidence
from paydraft.model.group import Group
from paydraft.model.ids import created_at, transfer_id_of, uuid7
from paydraft.model.invoice import Invoice, Party
from paydraft.model.job import Dialect, Job, JobKey
from paydraft.model.media import MediaType
from paydraft.model.money import Money
from paydraft.model.page import Source
from paydraft.model.status import Status
from paydraft.model.steps import Outcome, Step
from paydraft.model.transfer import Creditor, DraftTransfer

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TENANT = "acme"
A_PDF = b"%PDF-1.7\n% a document of a few bytes\n%%EOF\n"

# Valid IBANs of different countries, for parties that must differ.
IBANS = (
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "CH9300762011623852957",
    "AT611904300234573201",
    "GB29NWBK60161331926819",
)

_dice = random.Random(20261120)
_numbers = itertools.count(1)


def some_bytes(count: int = 32) -> bytes:
    """Randomness to hand in; the same in every run."""
    return _dice.randbytes(count)


def an_id(at: datetime = NOW) -> UUID:
    """A fresh UUIDv7."""
    return uuid7(at, int.from_bytes(some_bytes()))


def after(**span: float) -> datetime:
    """A moment after NOW: after(minutes=2)."""
    return NOW + timedelta(**span)


def a_job(**fields: Any) -> Job:
    """A queued job without its document, just accepted."""
    made_at = fields.pop("created_at", NOW)
    defaults = {
        "tenant_id": TENANT,
        "job_id": an_id(made_at),
        "upload_id": an_id(made_at),
        "invoice_id": next(_numbers),
        "dialect": Dialect.COREBANQ_V2,
        "subject": "alice",
        "status": Status.QUEUED,
        "opened_at": created_at(fields["job_id"]) if "job_id" in fields else made_at,
        "updated_at": made_at,
    }
    return Job(**(defaults | fields))


def a_group(**fields: Any) -> Group:
    """A group without jobs."""
    defaults = {"group_id": some_bytes(12).hex(), "name": "November", "template_id": "auto"}
    return Group(**(defaults | {"created_at": NOW, "updated_at": NOW} | fields))


def a_place(job: Job, **fields: Any) -> IncomingKey:
    """Where the job's document of its present attempt belongs."""
    defaults = {"lane": job.lane, "tenant_id": job.tenant_id, "job_id": job.job_id, "attempt": job.attempt}
    return IncomingKey(**(defaults | fields))


def an_object(job: Job, version_id: str = "version-1") -> StoredObject:
    """A version of the job's document, as an event names it."""
    return StoredObject(key=str(a_place(job)), version_id=version_id)


def a_document(**fields: Any) -> DocumentInfo:
    """The facts of a one-page PDF."""
    defaults = {"sha256": "ab" * 32, "size": len(A_PDF), "media_type": MediaType.PDF, "pages": 1}
    return DocumentInfo(**(defaults | fields))


def an_evidence(raw: str, **fields: Any) -> Evidence:
    """Read from the text layer of page 1."""
    area = Area(page=1, x0=50, y0=50, x1=150, y1=60, page_width=595, page_height=842)
    return Evidence(**({"source": Source.TEXT, "raw": raw, "confidence": 0.97, "area": area} | fields))


def an_invoice(**fields: Any) -> Invoice:
    """An invoice with all that a SEPA transfer needs."""
    defaults: dict[str, Any] = {
        "number": "RE-2026-0042",
        "issue_date": date(2026, 11, 2),
        "due_date": date(2026, 12, 2),
        "seller": Party(name="Muster GmbH", vat_number="DE123456789"),
        "buyer": Party(name="Acme SARL"),
        "iban": Iban(IBANS[0]),
        "bic": Bic("COBADEFFXXX"),
        "currency": "EUR",
        "subtotal": Decimal("1000.00"),
        "tax": Decimal("190.00"),
        "tax_rate": Decimal(19),
        "total": Decimal("1190.00"),
    }
    values = defaults | fields
    evidence = {name: an_evidence(str(value)) for name, value in values.items() if isinstance(value, str | Decimal)}
    return Invoice(**({"evidence": evidence} | values))


def a_counterparty(**fields: Any) -> Counterparty:
    """A company on file, with a VAT number of its own."""
    number = next(_numbers)
    defaults = {
        "counterparty_id": an_id(),
        "legal_name": f"Muster {number} GmbH",
        "vat_number": f"DE{number:09}",
        "created_at": NOW,
        "created_by": "alice",
    }
    return Counterparty(**(defaults | fields))


def an_account(counterparty: Counterparty, **fields: Any) -> Account:
    """The counterparty's account with the first of IBANS."""
    defaults = {
        "account_id": an_id(),
        "counterparty_id": counterparty.counterparty_id,
        "iban": Iban(IBANS[0]),
        "is_primary": True,
        "created_at": NOW,
        "created_by": "alice",
    }
    return Account(**(defaults | fields))


def a_draft(job: Job | None = None, **fields: Any) -> DraftTransfer:
    """The draft of a job (default: of some job)."""
    job = job or a_job()
    defaults = {
        "transfer_id": transfer_id_of(job.job_id),
        "tenant_id": job.tenant_id,
        "job_id": job.job_id,
        "attempt": job.attempt,
        "upload_id": job.upload_id,
        "amount": Money(amount=Decimal("1190.00"), currency="EUR"),
        "creditor": Creditor(name="Muster GmbH", iban=Iban(IBANS[0])),
        "created_at": NOW,
        "updated_at": NOW,
        "created_by": job.subject,
    }
    return DraftTransfer(**(defaults | fields))


def a_step(job: Job | JobKey | None = None, **fields: Any) -> Step:
    """The event of a state machine function whose document was read."""
    job = job or a_job()
    defaults = {
        "tenant_id": job.tenant_id,
        "job_id": job.job_id,
        "attempt": getattr(job, "attempt", 1),
        "outcome": Outcome.EXTRACTED,
    }
    return Step(**(defaults | fields))


def a_token() -> str:
    """A well-formed token that nobody was given."""
    return mint("local", some_bytes())


def a_credential(token: str | None = None, **fields: Any) -> Credential:
    """A person's credential with an app's scopes, for a token (default: some token)."""
    defaults = {
        "token_hash": hash_of(token or a_token()),
        "token_id": an_id(),
        "tenant_id": TENANT,
        "subject": "alice",
        "kind": SubjectKind.PERSON,
        "created_at": NOW,
    }
    return Credential(**(defaults | fields))
