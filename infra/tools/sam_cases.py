"""What `sam local invoke` calls each function with, and what must come back; the sam stage runs them in this order."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).resolve().parents[2] / "events/invoke"


@dataclass(frozen=True)
class Case:
    """One file of events/invoke and a part of what the function must answer."""

    function: str
    name: str
    expected: dict[str, Any]

    @property
    def event(self) -> Path:
        """The event's file; its folder is the function's."""
        folder = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.function)
        return EVENTS / folder.strip("_").removesuffix("_function") / f"{self.name}.json"


_TAKEN: dict[str, Any] = {"batchItemFailures": []}
CASES = (  # in the order of a job's life
    Case("ApiInvoicesV2Function", "submit_v1", {"statusCode": 202}),
    Case("ApiInvoicesV2Function", "submit_v2", {"statusCode": 202}),
    Case("ApiInvoicesV2Function", "create_upload", {"statusCode": 201}),
    Case("ApiInvoicesV2Function", "list_uploads", {"statusCode": 200}),
    Case("ApiInvoicesV2Function", "without_token", {"statusCode": 401}),
    Case("FetchDocumentFunction", "nobody_waits", _TAKEN),
    Case("FetchDocumentFunction", "not_public", _TAKEN),  # its job fails, by the stack's own FinishJob
    Case("ExtractDocumentFunction", "test_event", _TAKEN),
    Case("ExtractDocumentFunction", "foreign_key", _TAKEN),
    Case("ExtractDocumentFunction", "foreign_key_eventbridge", {}),
    Case("ExtractDocumentFunction", "sqs", _TAKEN),
    Case("ExtractDocumentFunction", "s3", {}),
    Case("ExtractDocumentFunction", "eventbridge", {}),
    Case("MatchCounterpartyFunction", "extracted", {"kind": "not_found"}),
    Case("CreateDraftTransferFunction", "extracted", {"flags": ["new_counterparty"]}),
    Case("ApiInvoicesV1Function", "read_unknown", {"statusCode": 404}),
    Case("ApiOcrJobsFunction", "create", {"statusCode": 201}),
    Case("ApiOcrJobsFunction", "list", {"statusCode": 200}),
    Case("ApiOcrJobsFunction", "read_unknown", {"statusCode": 404}),
    Case("ApiOcrTasksFunction", "list", {"statusCode": 200}),
    Case("ApiOcrTasksFunction", "read_unknown", {"statusCode": 404}),
    Case("ApiOcrTasksFunction", "without_version", {"statusCode": 422}),
    Case("ApiDocsFunction", "start", {"statusCode": 200}),
    Case("ApiTransfersFunction", "list", {"statusCode": 200}),  # the draft that was made
    Case("ApiTransfersFunction", "read_unknown", {"statusCode": 404}),
    Case("ApiTransfersFunction", "code_of_unknown", {"statusCode": 404}),
    Case("ApiTransfersFunction", "payment_file_of_unknown", {"statusCode": 404}),
    Case("ApiTransfersFunction", "export_all", {"statusCode": 409}),  # nobody has approved anything
    Case("ApiCounterpartiesFunction", "list_bank_accounts", {"statusCode": 200}),
    Case("ApiCounterpartiesFunction", "read_unknown", {"statusCode": 404}),
    Case("ApiTokensFunction", "list_without_scope", {"statusCode": 403}),
    Case("FinishJobFunction", "completed", {"status": "completed"}),
    Case("FinishJobFunction", "reading_failed", {"status": "failed"}),
    Case("FinishJobFunction", "caught_error", {"status": "failed"}),
    Case("FinishJobFunction", "dead_letter", _TAKEN),
    Case("FinishJobFunction", "dead_fetch", _TAKEN),
    Case("FinishJobFunction", "execution_failed", {"status": "failed"}),
    Case("ReconcileJobsFunction", "schedule", {}),
    Case("ReconcileJobsFunction", "every_job", {}),
    Case("ApiInvoicesV2Function", "poll_v1", {"statusCode": 200}),  # the job that these functions completed
    Case("ApiInvoicesV2Function", "poll_v2", {"statusCode": 200}),  # the one whose document the image read
)
