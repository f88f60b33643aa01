"""A tenant of the stack in moto, with all that a test of transfers wants to see of it."""

from dataclasses import dataclass

from paydraft.model.audit import Action, AuditEntry
from paydraft.model.bank_account import Iban
from paydraft.model.credential import Scope, SubjectKind
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from tests.builders import a_counterparty, a_credential, a_draft, a_job, a_token, an_account, an_invoice
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack

ALL = (Scope.TRANSFERS_READ, Scope.TRANSFERS_WRITE, Scope.TRANSFERS_APPROVE)


@dataclass(frozen=True)
class Tenant:
    """A tenant, with all that a test wants to see of it. Alice sends documents; Bob and Carol are her colleagues."""

    name: str
    aws: MotoStack

    @property
    def transfers(self):
        return TransferStore(self.aws["TransfersTable"])

    @property
    def payees(self):
        return CounterpartyStore(self.aws["CounterpartiesTable"])

    def person(self, subject, *scopes, kind=SubjectKind.PERSON):
        token = a_token()
        fields = {"tenant_id": self.name, "subject": subject, "kind": kind, "scopes": scopes or ALL}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return HttpClient(self.aws.guarded("ApiTransfersFunction"), token)

    def draft(self, job=None, **fields):
        job = job or a_job(tenant_id=self.name)
        made = a_draft(job, **fields)
        self.transfers.write(None, made, AuditEntry.of(None, made, Action.DRAFTED, "paydraft"))
        return made

    def read_draft(self, invoice=None, **fields):
        """A draft whose job, upload and result are there."""
        job = a_job(tenant_id=self.name)
        JobStore(self.aws["JobsTable"]).put_new(job)
        ResultStore(self.aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, invoice or an_invoice())
        return self.draft(job, **fields)

    def payee(self, *ibans, **fields):
        party = a_counterparty(**fields)
        accounts = [an_account(party, iban=Iban(iban)) for iban in ibans]
        self.payees.add(self.name, party, accounts)
        return party, *accounts

    def own(self, iban, **fields):
        """An account of the tenant itself, as a choice: the `source` of a request."""
        us, account = self.payee(iban, **({"own": True, "legal_name": "Acme SARL"} | fields))
        return {"counterparty_id": str(us.counterparty_id), "cp_account_id": str(account.account_id)}

    def now(self, transfer):
        return self.transfers.get(self.name, transfer.transfer_id)

    def history(self, transfer):
        return [(one.action, one.by) for one in self.transfers.audit(self.name, transfer.transfer_id)]
