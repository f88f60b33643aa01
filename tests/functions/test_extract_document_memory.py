"""What a person taught about a supplier is used on his next invoice: real child process, real stores, nobody else's."""

import json
from typing import Any

import pytest

from extract_document.known import known_of
from paydraft.model.evidence import Area
from paydraft.model.hint import Hint, HintKind
from paydraft.model.invoice import Invoice
from paydraft.model.job import Job
from paydraft.model.media import MediaType
from paydraft.model.template import ReadingTemplate, Rule, RuleKind
from paydraft.model.transfer import Correction
from paydraft.stores.clients import client
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.table import put_together
from paydraft.stores.templates import TemplateStore
from paydraft.transfers.learning import learned, memory_keys
from tests.builders import IBANS, NOW, TENANT, a_draft, a_job, a_place, an_invoice
from tests.executions import wait_for_all
from tests.infra.translated import of_type
from tests.moto_stack import MotoStack
from tests.paper import a_sheet

FUNCTION = "ExtractDocumentFunction"
SUPPLIER = {"name": "Muster Bau GmbH", "vat": "DE136695976", "iban": "DE89 3704 0044 0532 0130 00"}


def a_page(first: str, second: str, *, name: str, vat: str, iban: str) -> bytes:
    """Two numbers under one label: which of them is the invoice's can't be told by the page."""
    lines = (
        name,
        f"USt-IdNr. {vat}",
        "Rechnung",
        f"Belegnummer {first}",
        f"Belegnummer {second}",
        "Rechnungsdatum 02.11.2026",
        "Nettobetrag 1.000,00 EUR",
        "MwSt 19 % 190,00 EUR",
        "Gesamtbetrag 1.190,00 EUR",
        f"IBAN {iban}",
    )
    return a_sheet(lines)


@pytest.fixture(autouse=True)
def _every_execution_ends(aws: MotoStack):
    yield
    wait_for_all(aws)


def sent(aws: MotoStack, data: bytes, tenant: str = TENANT, **fields: Any) -> tuple[Job, Invoice]:
    """A document through the function, and what it read."""
    job = a_job(tenant_id=tenant, **fields)
    JobStore(aws["JobsTable"]).put_new(job)
    stored = DocumentStore(aws["DocumentsBucket"]).put_new(a_place(job), data, MediaType.PDF)
    place = {
        "bucket": {"name": aws["DocumentsBucket"]},
        "object": {"key": stored.key, "versionId": stored.version_id, "sequencer": "0A"},
    }
    aws.invoke(FUNCTION, {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": place}]})
    invoice = ResultStore(aws["DocumentsBucket"]).invoice(job.key, 1)
    assert invoice is not None
    return job, invoice


def where(aws: MotoStack, job: Job, text: str) -> Area:
    """Where a client that shows the pages finds this word."""
    key = f"results/{job.tenant_id}/{job.job_id}/1/pages.json"
    body = aws.client("s3").get_object(Bucket=aws["DocumentsBucket"], Key=key)["Body"].read()
    (page,) = json.loads(body)["pages"]
    (box,) = [word[1:5] for line in page["lines"] for word in line["words"] if word[0] == text]
    x0, y0, x1, y1 = box
    return Area(page=1, x0=x0, y0=y0, x1=x1, y1=y1, page_width=page["width"], page_height=page["height"])


def teach(aws: MotoStack, job: Job, invoice: Invoice, **corrected: str) -> None:
    """A person corrects fields by pointing at words, and the draft is approved."""
    corrections = tuple(
        Correction(field=field, raw=text, area=where(aws, job, text), by="bob") for field, text in corrected.items()
    )
    draft = a_draft(job, corrections=corrections)
    memory = SupplierMemory(aws["TransfersTable"])
    put_together(memory.learn(job.tenant_id, memory_keys(invoice, None), learned(draft, invoice)))


def test_a_number_that_the_page_leaves_open_is_found_once_a_person_has_pointed_at_it(aws: MotoStack):
    job, first = sent(aws, a_page("2026-4711", "88-26/A", **SUPPLIER))
    assert first.number is None
    assert {other.value for other in first.evidence["number"].alternatives} == {"2026-4711", "88-26/A"}
    teach(aws, job, first, number="2026-4711")

    _, second = sent(aws, a_page("2026-4805", "91-26/B", **SUPPLIER))

    assert second.number == "2026-4805"
    assert second.evidence["number"].area is not None
    assert "91-26/B" in {other.value for other in second.evidence["number"].alternatives}


def test_the_account_alone_recalls_the_supplier_and_the_name_alone_does_not(aws: MotoStack):
    job, first = sent(aws, a_page("2026-4711", "88-26/A", **SUPPLIER))
    teach(aws, job, first, number="2026-4711")

    by_account = sent(aws, a_page("2026-4805", "91-26/B", **(SUPPLIER | {"vat": ""})))[1]
    by_name = sent(aws, a_page("2026-4805", "91-26/B", **(SUPPLIER | {"vat": "", "iban": IBANS[1]})))[1]

    assert by_account.number == "2026-4805"
    assert by_name.seller.name == first.seller.name
    assert by_name.number is None


def test_another_tenant_learns_nothing_of_it(aws: MotoStack):
    page = a_page("2026-4711", "88-26/A", **SUPPLIER)
    job, first = sent(aws, page)
    teach(aws, job, first, number="2026-4711")

    assert sent(aws, page)[1].number == "2026-4711"
    assert sent(aws, page, tenant="other")[1].number is None


def test_a_wrong_memory_neither_overrules_the_page_nor_stands_alone(aws: MotoStack):
    page = a_page("2026-4711", "88-26/A", **SUPPLIER)
    job, first = sent(aws, page)
    teach(aws, job, first, issue_date="1.000,00", due_date="02.11.2026", total="190,00", number=SUPPLIER["vat"])

    again = sent(aws, page)[1]

    assert (again.total, again.issue_date, again.iban) == (first.total, first.issue_date, first.iban)
    assert (again.due_date, again.number) == (None, None)


def test_a_template_decides_what_the_page_leaves_open_raises_the_floor_and_tells_what_it_misses(aws: MotoStack):
    number = Hint(kind=HintKind.TEMPLATE, field="number", labels=("Belegnummer",), pattern=r"\d{4}-\d{4}")
    template = ReadingTemplate(
        template_id="60f7b1b3e4b0e8b3f8b3f8b4",
        name="Bills",
        hints=(number,),
        languages=("de",),
        rules=(Rule(field="due_date", kind=RuleKind.REQUIRED), Rule(field="number", kind=RuleKind.NUMERIC)),
        created_at=NOW,
        updated_at=NOW,
    )
    TemplateStore(aws["JobsTable"]).put(TENANT, template)
    TemplateStore(aws["JobsTable"]).put(TENANT, template.model_copy(update={"version": 2}))
    page = a_page("2026-4711", "88-26/A", **SUPPLIER)

    invoice = sent(aws, page, template_id=template.template_id)[1]

    assert invoice.number == "2026-4711"
    told = [(finding.code, finding.field) for finding in invoice.findings]
    assert told == [("template_rule", "due_date"), ("template_rule", "number")]

    TemplateStore(aws["JobsTable"]).put(TENANT, template.model_copy(update={"version": 3, "least": 1.0, "rules": ()}))
    assert sent(aws, page, template_id=template.template_id)[1].total is None


def test_nothing_is_asked_where_the_document_names_nobody_and_one_thing_where_it_does(aws: MotoStack):
    asked: list[dict[str, Any]] = []

    def listen(params: dict[str, Any], **_: object) -> None:
        asked.extend(part for part in params["RequestItems"].values() if "MEM#" in part["Keys"][0]["sk"]["S"])

    client("dynamodb").meta.events.register("provide-client-params.dynamodb.BatchGetItem", listen)

    sent(aws, a_sheet(("Rechnung 4711", "Rechnungsdatum 02.11.2026", "Gesamtbetrag 1.190,00 EUR")))
    assert asked == []
    sent(aws, a_page("2026-4711", "88-26/A", **SUPPLIER))
    client("dynamodb").meta.events.unregister("provide-client-params.dynamodb.BatchGetItem", listen)

    (request,) = asked
    assert len(request["Keys"]) == 2
    named = set(request["ExpressionAttributeNames"].values()) | {name for key in request["Keys"] for name in key}
    assert named == allowed_attributes()


def allowed_attributes() -> set[str]:
    """The attributes of TransfersTable that the function's role may see."""
    role = of_type("AWS::IAM::Role")[f"{FUNCTION}Role"]
    statements = (one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"])
    (condition,) = (one["Condition"] for one in statements if one["Action"] == "dynamodb:BatchGetItem")
    assert condition["StringEqualsIfExists"] == {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
    return set(condition["ForAllValues:StringEquals"]["dynamodb:Attributes"])


def test_a_document_is_read_without_a_memory_that_does_not_answer(aws: MotoStack):
    known = known_of(a_job(), TemplateStore(aws["JobsTable"]), SupplierMemory("no-such-table"))
    assert known.advice(an_invoice()) is None
