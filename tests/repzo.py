"""A tenant of the stack in moto, as a client of Repzo's API sees it, with all that a test wants to see behind it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from paydraft.model.counterparty import MatchKind, MatchOutcome
from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.document import DocumentInfo
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.job_summary import Gist
from paydraft.model.media import MediaType
from paydraft.model.status import Status
from paydraft.model.steps import DraftOutcome, Ending
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from tests.builders import A_PDF, a_credential, a_document, a_job, a_place, a_token, an_invoice
from tests.http_client import Answer, HttpClient
from tests.moto_stack import MotoStack

JOBS = "/ocr-invoice-job"
APP = (Scope.JOBS_READ, Scope.JOBS_WRITE)


@dataclass(frozen=True)
class KeyHolder:
    """Who has an api-key."""

    http: HttpClient
    key: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"api-key": self.key} | ({} if body is None else {"content-type": "application/json"})
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, path, body, sent | named)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def list(self, **parameters: Any) -> Answer:
        texts = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in parameters.items()}
        return self.get(f"{JOBS}?{urlencode(texts)}")


@dataclass(frozen=True)
class RepzoTenant:
    """A tenant of the stack."""

    name: str
    aws: MotoStack

    @property
    def jobs(self) -> JobStore:
        return JobStore(self.aws["JobsTable"], self.aws["TransientTable"])

    @property
    def lists(self) -> JobLists:
        return JobLists(self.aws["JobsTable"])

    @property
    def results(self) -> ResultStore:
        return ResultStore(self.aws["DocumentsBucket"])

    def holder(
        self, *scopes: Scope, subject: str = "alice", function: str = "ApiOcrJobsFunction", seconds_left: float = 29
    ) -> KeyHolder:
        token = a_token()
        fields = {"tenant_id": self.name, "subject": subject, "scopes": scopes or APP, "kind": SubjectKind.SERVICE}
        CredentialStore(self.aws["CredentialsTable"]).add(a_credential(token, **fields))
        return KeyHolder(HttpClient(self.aws.guarded(function), seconds_left=seconds_left), token)

    def row(self, short_id: str) -> Job | None:
        key = self.lists.by_short_id(self.name, short_id)
        return self.jobs.get(key) if key else None

    def queued(self, **fields: Any) -> Job:
        """A job with its document in its place."""
        job = a_job(tenant_id=self.name, created_at=datetime.now(UTC), **fields)
        stored = DocumentStore(self.aws["DocumentsBucket"]).put_new(a_place(job), A_PDF, MediaType.PDF)
        job = job.model_copy(update={"original": stored})
        self.jobs.put_new(job)
        return job

    def reading(self, **fields: Any) -> Job:
        """A job whose document a reader has taken up."""
        job = self.queued(**fields)
        assert job.original
        return self.jobs.begin(job.key, 1, job.original, owner="message", now=datetime.now(UTC))

    def extracted(self, invoice: Invoice | None = None, document: DocumentInfo | None = None, **fields: Any) -> Job:
        """A running job whose values are stored."""
        job, invoice = self.reading(**fields), invoice or an_invoice()
        self.results.put_pages(job.key, 1, b'{"pages": []}')
        self.results.put_invoice(job.key, 1, invoice)
        return self.jobs.record_document(
            job.key, 1, document or a_document(), gist=Gist.of(invoice), now=datetime.now(UTC)
        )

    def completed(self, invoice: Invoice | None = None, **fields: Any) -> Job:
        """A job that has ended well, its event out."""
        job = self.extracted(invoice, **fields)
        ending = Ending(status=Status.COMPLETED, match=MatchOutcome(kind=MatchKind.NOT_FOUND), draft=DraftOutcome())
        self.jobs.finish(job.key, 1, ending, now=datetime.now(UTC))
        self.jobs.event_published(job.key, 1)
        ended = self.jobs.get(job.key)
        assert ended
        return ended

    def objects(self, job: Job) -> list[str]:
        """The keys of everything that lies in the bucket for this job, in any version."""
        prefixes = (f"incoming/{job.lane}/{self.name}/{job.job_id}/", f"results/{self.name}/{job.job_id}/")
        answers = [
            self.aws.client("s3").list_object_versions(Bucket=self.aws["DocumentsBucket"], Prefix=prefix)
            for prefix in prefixes
        ]
        return [
            one["Key"] for answer in answers for one in (*answer.get("Versions", ()), *answer.get("DeleteMarkers", ()))
        ]

    def items(self, job: Job) -> list[str]:
        """The sort keys of all items that name this job."""
        answer = self.aws.client("dynamodb").query(
            TableName=self.aws["JobsTable"],
            KeyConditionExpression="tenant_id = :t",
            ExpressionAttributeValues={":t": {"S": self.name}},
        )
        return [item["sk"]["S"] for item in answer["Items"] if str(job.job_id) in json.dumps(item)]


def an_input(**fields: Any) -> dict[str, Any]:
    """The body of a POST or PUT."""
    return {
        "jobNumber": "OCR-2023-001",
        "documentName": "invoice_2023_001.pdf",
        "documentUrl": "https://storage.example.com/invoices/invoice_2023_001.pdf",
        "template": "auto",
    } | fields
