"""Monite's list: filters, pages in both directions while others write, and pagination tokens that lead nowhere else."""

import base64
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest

from api_ocr_tasks import listing
from api_ocr_tasks.query import moment_of
from paydraft.model.errors import EncryptedDocumentError, EngineError
from paydraft.model.invoice import DocumentType, LineItem
from paydraft.model.status import Status
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.items import item_of
from paydraft.stores.results import ResultStore
from tests.builders import NOW, a_credential, a_job, a_token, an_id, an_invoice
from tests.http_client import HttpClient
from tests.moto_stack import MotoStack, moto_stack

TASKS = "/v1/ocr_tasks"
VERSION = {"x-monite-version": "2024-05-25"}
ENTITY, OTHER_ENTITY = "9d2b4c8f-2087-4738-ba91-7359683c49a4", "0c1a2b3c-2087-4738-ba91-7359683c49a4"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def aws():
    with moto_stack() as stack:
        yield stack


@dataclass
class Tenant:
    """A tenant whose jobs are put into the table as they are, and a client that lists them."""

    name: str
    aws: MotoStack
    client: HttpClient

    @classmethod
    def new(cls, aws: MotoStack, name: str | None = None) -> "Tenant":
        name, token = name or f"list-{next(_numbers)}", a_token()
        credential = a_credential(token, tenant_id=name, entities=(ENTITY, OTHER_ENTITY))
        CredentialStore(aws["CredentialsTable"]).add(credential)
        return cls(name, aws, HttpClient(aws.guarded("ApiOcrTasksFunction"), token))

    def job(self, number: int = 0, **fields: Any) -> str:
        """A job made `number` seconds after NOW."""
        job = a_job(tenant_id=self.name, created_at=NOW + timedelta(seconds=number), **fields)
        item = item_of({"tenant_id": self.name, "sk": f"JOB#{job.job_id}"}) | item_of(job)
        self.aws.client("dynamodb").put_item(TableName=self.aws["JobsTable"], Item=item)
        return str(job.job_id)

    def delete(self, job_id: str) -> None:
        key = item_of({"tenant_id": self.name, "sk": f"JOB#{job_id}"})
        self.aws.client("dynamodb").delete_item(TableName=self.aws["JobsTable"], Key=key)

    def ask(self, query: str = "", **headers: str) -> Any:
        return self.client.request("GET", f"{TASKS}?{query}" if query else TASKS, headers=VERSION | headers)

    def ids(self, query: str = "", **headers: str) -> list[str]:
        return [task["id"] for task in self.ask(query, **headers).json["data"]]


@pytest.fixture
def acme(aws):
    return Tenant.new(aws)


def follow(tenant, token):
    return tenant.ask(urlencode({"pagination_token": token}))


def through(tenant, query, direction="next_pagination_token"):
    """All pages in one direction."""
    answer = tenant.ask(query)
    pages = [answer.json]
    while token := pages[-1][direction]:
        pages.append(follow(tenant, token).json)
    return pages


def ids_of(pages):
    return [task["id"] for page in pages for task in page["data"]]


# ── Order and filters ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_oldest_come_first_unless_the_newest_are_asked_for(acme):
    made = [acme.job(number) for number in range(5)]
    assert acme.ids() == acme.ids("order=asc") == acme.ids("sort=id") == acme.ids("sort=created_at") == made
    assert acme.ids("order=desc") == acme.ids("order=desc&sort=id") == made[::-1]
    assert acme.ids("limit=2&order=desc") == made[:2:-1]


def test_a_list_of_nothing_leads_nowhere(acme):
    assert acme.ask().json == {"data": [], "next_pagination_token": None, "prev_pagination_token": None}


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("created_at__gt={at}", [2, 3, 4]),
        ("created_at__gte={at}", [1, 2, 3, 4]),
        ("created_at__lt={at}", [0]),
        ("created_at__lte={at}", [0, 1]),
        ("created_at__gt={at}&created_at__lt={to}", [2]),
        ("created_at__gte={at}&created_at__lte={to}&order=desc", [3, 2, 1]),
        ("created_at__gt={to}&created_at__lt={at}", []),
    ],
)
@pytest.mark.parametrize("spelling", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "zone"])
def test_a_stretch_of_time_is_kept_to_the_millisecond(acme, query, kept, spelling):
    made = [acme.job(number) for number in range(5)]

    def spelled(number):
        at = NOW + timedelta(seconds=number)
        if spelling != "zone":
            return quote(at.strftime(spelling))
        return quote(at.astimezone(timezone(timedelta(hours=-9, minutes=-30))).isoformat())

    asked = query.format(at=spelled(1), to=spelled(3))
    assert acme.ids(asked) == [made[number] for number in kept]


def test_the_created_at_of_a_task_is_exactly_where_its_job_stands(acme):
    made = [acme.job(number / 1000) for number in range(3)]
    second = acme.ask().json["data"][1]["created_at"]
    assert second == "2026-11-20T10:00:00.001Z"
    assert acme.ids(f"created_at__gt={second}") == made[2:]
    assert acme.ids(f"created_at__gte={second}&created_at__lte={second}") == [made[1]]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T10:00", NOW),
        ("2026-11-20T10:00Z", NOW),
        ("2026-11-20T10:00:00z", NOW),
        ("2026-11-20T11:00:00+01:00", NOW),
        ("2026-11-20T11:00:00 01:00", NOW),  # a plus sign that was not encoded
        ("2026-11-20T10:00:00.000001", NOW + timedelta(microseconds=1)),
        ("2026-11-20T10:00:00.5Z", NOW + timedelta(milliseconds=500)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("2026-11-20", None),
        ("2026-11-20 10:00", None),
        ("2026-02-30T10:00", None),
        ("2026-11-20T24:01", None),
        ("2026-11-20T10:00:00.1234567", None),
        ("2026-11-20T10:00+0100", None),
        ("2026-11-20T10:00+25:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("1763632800", None),
        ("٢٠٢٦-11-20T10:00", None),
        ("", None),
    ],
)
def test_a_moment_has_the_documented_form(text, moment):
    assert moment_of(text) == moment


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
@pytest.mark.parametrize("bound", ["gt", "gte", "lt", "lte"])
def test_no_moment_is_too_far_away(acme, text, bound):
    made = acme.job()
    is_within = (bound in ("gt", "gte")) is text.startswith("0")
    assert acme.ids(f"created_at__{bound}={text}") == [made] * is_within


def test_a_status_is_asked_for_in_this_dialects_words(acme):
    failures = [EncryptedDocumentError().failure, EngineError().failure]
    open_jobs = [acme.job(n, status=one) for n, one in enumerate((Status.CREATED, Status.QUEUED, Status.PROCESSING))]
    failed = [acme.job(10 + n, status=Status.FAILED, failure=one) for n, one in enumerate(failures)]
    completed = acme.job(20, status=Status.COMPLETED)
    acme.job(30, status=Status.CANCELLED)
    assert acme.ids("status=processing") == open_jobs
    assert acme.ids("status=error") == failed
    assert acme.ids("status=success") == [completed]
    assert acme.ids() == [*open_jobs, *failed, completed]


def test_a_type_is_what_the_client_said_or_else_what_was_read(acme):
    said = acme.job(1, asked_type=DocumentType.RECEIPT, document_type=DocumentType.INVOICE)
    read = {kind: acme.job(10 + n, document_type=kind) for n, kind in enumerate(DocumentType)}
    acme.job(90)
    assert acme.ids("document_type=receipt") == [said, read[DocumentType.RECEIPT]]
    assert acme.ids("document_type=credit_note") == [read[DocumentType.CREDIT_NOTE]]
    invoices = (DocumentType.INVOICE, DocumentType.REMINDER, DocumentType.DIRECT_DEBIT, DocumentType.PAID_INVOICE)
    assert acme.ids("document_type=invoice") == [read[kind] for kind in invoices]


def test_ids_that_are_not_there_give_nothing_and_others_come_in_order(acme, aws):
    made = [acme.job(number) for number in range(4)]
    elsewhere = Tenant.new(aws).job()
    wanted = [made[2], str(an_id()), elsewhere, made[0].upper(), made[2]]
    query = "&".join(f"id__in={one}" for one in wanted)
    assert acme.ids(query) == [made[0], made[2]]
    assert acme.ids(f"{query}&order=desc&limit=1") == [made[2]]
    assert acme.ids(f"{query}&status=success") == []
    assert acme.ids(f"id__in={elsewhere}") == []


def test_a_hundred_ids_with_every_filter_fit_into_a_token_and_one_more_is_refused(acme):
    made = [acme.job(number) for number in range(100)]
    filters = "order=desc&sort=created_at&limit=50&status=processing&created_at__gte=2026-11-20T09:00:00.000000%2B00:00"
    query = "&".join([filters, *(f"id__in={one}" for one in made)])
    pages = through(acme, query)
    assert ids_of(pages) == made[::-1]
    assert len(pages[0]["next_pagination_token"]) < 4000
    assert acme.ask(f"{query}&id__in={an_id()}").status == 422


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1.0", "limit"),
        ("limit=%D9%A3", "limit"),
        ("limit=", "limit"),
        ("order=up", "order"),
        ("sort=status", "sort"),
        ("status=completed", "status"),
        ("document_type=bill", "document_type"),
        ("created_at__gt=yesterday", "created_at__gt"),
        ("id__in=7", "id__in"),
        ("id__in=", "id__in"),
        ("limit=5&limit=6", "limit"),
        ("tenant_id=globex", "tenant_id"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(acme, query, name):
    answer = acme.ask(query)
    assert answer.status == 422
    assert [detail["loc"] for detail in answer.json["detail"]] == [["query", name]]


def test_every_wrong_parameter_is_named_and_far_too_many_are_not_looked_at(acme):
    answer = acme.ask("limit=x&order=x&sort=x&id__in=x")
    assert {detail["loc"][1] for detail in answer.json["detail"]} == {"limit", "order", "sort", "id__in"}
    assert acme.ask("&".join(f"p{number}=1" for number in range(500))).status == 422


# ── Tokens ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pages_lead_on_and_back_and_end_with_null(acme):
    made = [acme.job(number) for number in range(7)]
    pages = through(acme, "limit=3")
    assert [[task["id"] for task in page["data"]] for page in pages] == [made[:3], made[3:6], made[6:]]
    assert pages[0]["prev_pagination_token"] is None
    back = follow(acme, pages[2]["prev_pagination_token"]).json
    assert ids_of([back]) == made[3:6]
    assert ids_of([follow(acme, back["next_pagination_token"]).json]) == made[6:]
    first = follow(acme, back["prev_pagination_token"]).json
    assert ids_of([first]) == made[:3]
    assert first["prev_pagination_token"] is None
    assert ids_of([follow(acme, first["next_pagination_token"]).json]) == made[3:6]


def test_a_last_page_that_is_full_leads_nowhere(acme):
    made = [acme.job(number) for number in range(4)]
    pages = through(acme, "limit=2")
    assert [len(page["data"]) for page in pages] == [2, 2]
    assert ids_of(pages) == made


def test_with_a_token_every_other_parameter_is_ignored(acme):
    made = [acme.job(number) for number in range(5)]
    token = acme.ask("limit=2&order=desc").json["next_pagination_token"]
    query = urlencode({"pagination_token": token})
    for others in ("", "&limit=100&order=asc", "&limit=ten&status=maybe&id__in=7", "&unknown=1"):
        assert acme.ids(query + others) == [made[2], made[1]]


def test_a_filter_goes_with_its_token(acme):
    made = [acme.job(n, status=Status.COMPLETED if n % 3 else Status.QUEUED) for n in range(12)]
    pages = through(acme, "limit=2&status=processing&created_at__gt=2026-11-20T10:00:00Z")
    assert ids_of(pages) == [made[3], made[6], made[9]]


def is_refused(answer):
    return answer.status == 422 and [one["loc"] for one in answer.json["detail"]] == [["query", "pagination_token"]]


def test_no_altered_token_is_taken(acme, tell):
    for number in range(6):
        acme.job(number)
    tokens = {
        token
        for query in ("limit=1", "limit=2&order=desc", "limit=1&status=processing", "limit=2&document_type=invoice")
        for page in through(acme, query)
        for token in (page["next_pagination_token"], page["prev_pagination_token"])
        if token
    }
    assert len(tokens) >= 10
    tried = 0
    for token in sorted(tokens)[:20]:
        for place in range(0, len(token), 7):
            other = "A" if token[place] != "A" else "B"
            assert is_refused(follow(acme, token[:place] + other + token[place + 1 :]))
            tried += 1
    tell(f"pagination tokens: {tried} altered ones refused")


@pytest.mark.parametrize("token", ["", "x", "0", "null", "A" * 5000, "ü" * 20, base64.b64encode(b"[1,2]" * 9).decode()])
def test_what_is_no_token_is_refused(acme, token):
    assert is_refused(follow(acme, token))


def test_a_token_is_good_for_its_tenant_and_its_entity_alone(acme, aws):
    for number in range(3):
        acme.job(number)
    token = acme.ask("limit=1").json["next_pagination_token"]
    assert follow(acme, token).status == 200
    assert is_refused(follow(Tenant.new(aws), token))
    query = urlencode({"pagination_token": token})
    assert is_refused(acme.ask(query, **{"x-monite-entity-id": ENTITY}))
    theirs = acme.ask("limit=1", **{"x-monite-entity-id": ENTITY}).json["next_pagination_token"]
    query = urlencode({"pagination_token": theirs})
    assert acme.ask(query, **{"x-monite-entity-id": ENTITY}).status == 200
    assert is_refused(acme.ask(query, **{"x-monite-entity-id": OTHER_ENTITY}))


# ── While others write ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_that_others_write_to_tells_every_job_that_stayed_once(acme):
    """What tests/properties/test_ocr_tasks_paging.py tries by the hundred, here with the table."""
    there = [acme.job(number) for number in range(9)]
    for order in ("asc", "desc"):
        answer = acme.ask(f"limit=2&order={order}").json
        told = ids_of([answer])
        for gone, late in ((3, 20), (6, 21), (0, 22)):
            acme.delete(there[gone])
            acme.job(late)
            answer = follow(acme, answer["next_pagination_token"]).json
            told += ids_of([answer])
        while token := answer["next_pagination_token"]:
            answer = follow(acme, token).json
            told += ids_of([answer])
        stayed = [one for n, one in enumerate(there) if n not in (3, 6, 0)]
        assert len(told) == len(set(told))
        assert [one for one in told if one in stayed] == (stayed if order == "asc" else stayed[::-1])


# ── What a page costs ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Meter:
    """What DynamoDB looked at."""

    items: int = 0
    calls: int = 0

    def __call__(self, parsed: dict[str, Any], **_: Any) -> None:
        self.items += parsed.get("ScannedCount", 0)
        self.calls += 1


@pytest.fixture
def metered(aws):
    events = aws.client("dynamodb").meta.events
    meter = Meter()
    events.register("after-call.dynamodb.Query", meter)
    yield meter
    events.unregister("after-call.dynamodb.Query", meter)


def test_a_page_costs_the_same_at_the_end_as_at_the_start(acme, metered, tell):
    for number in range(600):
        acme.job(number)
    costs = []
    answer = acme.ask("limit=20").json
    while token := answer["next_pagination_token"]:
        metered.items = metered.calls = 0
        answer = follow(acme, token).json
        costs.append((metered.items, metered.calls))
    tell(f"600 jobs, pages of 20: items looked at and calls, {costs[0]} at the start, {costs[-2]} at the end")
    assert len(costs) == 29
    assert set(costs[:-1]) == {(22, 1)}
    assert costs[-1] <= (22, 1)


@pytest.mark.slow
def test_of_ten_thousand_jobs_the_last_page_costs_what_the_first_one_does(acme, metered, tell):
    made = many(acme, 10_000)
    costs, told = [], []
    answer = acme.ask("limit=100").json
    while True:
        told += ids_of([answer])
        if not (token := answer["next_pagination_token"]):
            break
        metered.items = metered.calls = 0
        answer = follow(acme, token).json
        costs.append((metered.items, metered.calls))
    tell(f"10,000 jobs, pages of 100: items looked at and calls, {costs[0]} at the start, {costs[-2]} at the end")
    assert told == made
    assert set(costs[:-1]) == {(102, 1)}
    assert costs[-1] <= (102, 1)


def many(tenant, count):
    """So many jobs, written in batches; their ids in order."""
    jobs = [a_job(tenant_id=tenant.name, created_at=NOW + timedelta(milliseconds=number)) for number in range(count)]
    items = [item_of({"tenant_id": tenant.name, "sk": f"JOB#{job.job_id}"}) | item_of(job) for job in jobs]
    for few in itertools.batched(items, 25, strict=False):
        requests = [{"PutRequest": {"Item": item}} for item in few]
        tenant.aws.client("dynamodb").batch_write_item(RequestItems={tenant.aws["JobsTable"]: requests})
    return [str(job.job_id) for job in jobs]


def test_a_stretch_of_time_that_ends_before_it_begins_is_not_asked_of_the_table(acme, metered):
    """DynamoDB refuses a range whose ends are the wrong way round; the stand-in for it does not."""
    acme.job(2)
    for query in (
        "created_at__gt=2026-11-20T10:00:03Z&created_at__lt=2026-11-20T10:00:01Z",
        "created_at__gte=2193-08-30T07:07:22.37881&created_at__lte=2026-11-21T12:16:48.555Z&order=desc",
        "created_at__gt=2026-11-20T10:00:02Z&created_at__lt=2026-11-20T10:00:02Z",
    ):
        assert acme.ids(query) == []
    assert metered.calls <= 1


def test_a_filter_that_fits_little_gives_a_short_page_that_leads_on(acme, metered, monkeypatch):
    monkeypatch.setattr(listing, "_ROUND", 10)
    monkeypatch.setattr(listing, "_ROUNDS", 3)
    made = [acme.job(n, status=Status.COMPLETED if n in (5, 70, 95) else Status.QUEUED) for n in range(100)]
    pages = through(acme, "limit=2&status=success")
    assert ids_of(pages) == [made[5], made[70], made[95]]
    assert [len(page["data"]) for page in pages] == [1, 0, 1, 1]
    assert metered.calls <= 16
    back = through(acme, "limit=2&status=success&order=desc")
    assert ids_of(back) == [made[95], made[70], made[5]]


# ── What was recognised ───────────────────────────────────────────────────────────────────────────────────────────────


def a_completed(tenant, number, invoice):
    job_id = tenant.job(number, status=Status.COMPLETED, document_type=invoice.document_type)
    job = a_job(tenant_id=tenant.name, job_id=UUID(job_id))
    ResultStore(tenant.aws["DocumentsBucket"]).put_invoice(job.key, 1, invoice)
    return job_id


def test_a_page_tells_what_was_recognised_of_each_in_its_place(acme):
    made = [a_completed(acme, n, an_invoice(number=f"RE-{n}")) if n % 3 else acme.job(n) for n in range(40)]
    tasks = acme.ask().json["data"]
    assert [task["id"] for task in tasks] == made
    assert [task.get("recognized_data", {}).get("document_number") for task in tasks] == [
        f"RE-{n}" if n % 3 else None for n in range(40)
    ]


def test_a_result_that_is_gone_does_not_take_the_list_with_it(acme):
    acme.job(1, status=Status.COMPLETED, document_type=DocumentType.INVOICE)
    (task,) = acme.ask().json["data"]
    assert (task["status"], "recognized_data" in task) == ("success", False)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_page_that_one_answer_can_not_hold_is_shorter_and_leads_on(acme, monkeypatch, order):
    monkeypatch.setattr(listing, "_LARGEST", 25_000)
    lines = tuple(LineItem(description="x" * 400) for _ in range(10))
    made = [a_completed(acme, n, an_invoice(line_items=lines)) for n in range(7)]
    pages = through(acme, f"limit=7&order={order}")
    assert ids_of(pages) == (made if order == "asc" else made[::-1])
    assert len(pages) == 4
    last = pages[-1]
    told = ids_of([last])
    while token := last["prev_pagination_token"]:
        last = follow(acme, token).json
        told = ids_of([last]) + told
    assert told == (made if order == "asc" else made[::-1])


def test_jobs_of_one_millisecond_are_told_apart(acme):
    made = sorted(acme.job(1) for _ in range(5))
    assert ids_of(through(acme, "limit=2")) == made
    assert acme.ids("created_at__gte=2026-11-20T10:00:01Z") == made
    assert acme.ids("created_at__gt=2026-11-20T10:00:01Z") == []
