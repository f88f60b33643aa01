"""What a function is told by its environment. Each function's model names its variables, and so its permissions.

The only module that reads `os.environ`; read per invocation, never at import.
"""

import os
from collections.abc import Collection
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base: field names are the environment's names in lower case. A missing variable is an error at the first call."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: str

    @classmethod
    def load(cls) -> Self:
        """The settings of this process."""
        return cls.model_validate(
            {name: os.environ[name.upper()] for name in cls.model_fields if name.upper() in os.environ}
        )


def keep_only(names: Collection[str]) -> None:
    """Take every other variable out of this process's environment; some libraries add to it while they are imported."""
    for name in set(os.environ) - set(names):
        del os.environ[name]


class DoorSettings(Settings):
    """What every API function needs at its door (runtime/door.py)."""

    credentials_table: str
    transient_table: str
    requests_per_second: int = 30
    request_burst: int = 30
    oidc_issuer: str = ""  # empty: no tokens but our own
    oidc_audience: str = ""
    oidc_tenant_claim: str = ""
    oidc_scopes: str = ""  # separated by commas


class ApiSettings(DoorSettings):
    """api_invoices_v2."""

    jobs_table: str
    counterparties_table: str
    documents_bucket: str
    cursor_secret: str


class DocsSettings(Settings):
    """api_docs."""

    api_docs: str = "off"  # or on


class InvoicesV1Settings(DoorSettings):
    """api_invoices_v1."""

    jobs_table: str
    transfers_table: str
    documents_bucket: str


class TransfersSettings(DoorSettings):
    """api_transfers."""

    jobs_table: str
    transfers_table: str
    counterparties_table: str
    documents_bucket: str
    cursor_secret: str


class OcrJobsSettings(DoorSettings):
    """api_ocr_jobs."""

    jobs_table: str
    transfers_table: str
    documents_bucket: str
    job_completion_arn: str
    finish_job_function: str
    fetch_queue_url: str


class OcrTasksSettings(DoorSettings):
    """api_ocr_tasks."""

    jobs_table: str
    documents_bucket: str
    fetch_queue_url: str
    cursor_secret: str


class CounterpartiesSettings(DoorSettings):
    """api_counterparties."""

    counterparties_table: str


class TokensSettings(DoorSettings):
    """api_tokens."""

    jobs_table: str
    cursor_secret: str


class ExtractSettings(Settings):
    """extract_document."""

    jobs_table: str
    transfers_table: str
    documents_bucket: str
    job_completion_arn: str
    ocr_languages: str = "eng+deu+fra"
    ocr_engine: str = "auto"  # auto | tesserocr | pytesseract
    child_memory_mb: int = 1500
    child_seconds: int = 60
    tessdata_prefix: str = ""  # folder of Tesseract's language data; found by itself in the usual places
    path: str = f"{os.defpath}:/usr/local/bin:/opt/homebrew/bin"  # where the tesseract program is looked for


class FetchSettings(Settings):
    """fetch_document."""

    jobs_table: str
    documents_bucket: str
    finish_job_function: str
    fetch_test_hosts: str = ""  # host:port, separated by commas; for a developer's machine

    @property
    def test_hosts(self) -> frozenset[str]:
        """The pairs to which the rules for strangers' hosts do not apply; none in prod, whatever is configured."""
        pairs = () if self.stage == "prod" else self.fetch_test_hosts.lower().split(",")
        return frozenset(pair.strip() for pair in pairs) - {""}


class MatchSettings(Settings):
    """match_counterparty."""

    counterparties_table: str
    documents_bucket: str


class DraftSettings(Settings):
    """create_draft_transfer."""

    jobs_table: str
    transfers_table: str
    counterparties_table: str
    documents_bucket: str


class FinishSettings(Settings):
    """finish_job."""

    jobs_table: str
    transfers_table: str
    completion_topic_arn: str
    fetch_queue_url: str


class ReconcileSettings(Settings):
    """reconcile_jobs."""

    jobs_table: str
    documents_bucket: str
    job_completion_arn: str
    finish_job_function: str
    express_queue_url: str
    standard_queue_url: str
    fetch_queue_url: str
