"""Groups in Repzo's dialect: what a PUT says a GET repeats, what is counted is made of jobs, places are kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from paydraft.model.credential import Scope
from paydraft.model.errors import InternalError
from paydraft.model.status import Status
from paydraft.model.steps import Ending, Outcome
from paydraft.stores.clients import client
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.groups import GroupStore
from paydraft.stores.job_lists import JobLists
from paydraft.stores.jobs import JobStore
from tests.builders import NOW, TENANT, a_credential, a_document, a_step, a_token, after, an_object
from tests.fault_injection import CrashError, crash
from tests.http_client import HttpClient

PATH = "/ocr-invoice-job-group"
LEAST = {"name": "November", "template": "auto"}
WHOLE = LEAST | {
    "description": "All bills of the month",
    "batchNumber": "B-11",
    "priority": "high",
    "processingSettings": {"parallelJobs": 2, "retryCount": 5, "timeoutMinutes": 120},
    "notifications": {"onCompletion": True, "onFailure": False, "recipients": ["a@muster.example"]},
    "createdBy": "60f7b1b3e4b0e8b3f8b3f8b6",
    "assignedTo": "60f7b1b3e4b0e8b3f8b3f8b7",
    "tags": ["a", "b"],
    "metadata": {"a": {"b": [1, None]}},
}
NOTHING = {"totalJobs": 0, "completedJobs": 0, "pendingJobs": 0, "failedJobs": 0, "status": "created"}


class Client:
    """A program with an api-key, and a hand on what happens behind its back."""

    def __init__(self, aws, tenant_id=TENANT, scopes=(Scope.JOBS_READ, Scope.JOBS_WRITE)):
        token = a_token()
        credential = a_credential(token, tenant_id=tenant_id, scopes=frozenset(scopes))
        CredentialStore(aws["CredentialsTable"]).add(credential)
        self.api_key, self.aws, self.tenant_id = {"api-key": token}, aws, tenant_id
        self.http = HttpClient(aws.guarded("ApiOcrJobsFunction"))
        self.made = 0

    def __call__(self, method, path="", body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, f"{PATH}{path}", body, headers=self.api_key | sent)

    def job(self, method, path="", body=None):
        return self.http.request(method, f"/ocr-invoice-job{path}", body, headers=self.api_key)

    def make(self, **fields):
        answer = self("POST", "", LEAST | fields)
        assert answer.status == 201, answer.text
        return answer.json["data"]

    def make_job(self, group_id):
        self.made += 1
        body = {
            "jobNumber": f"N-{self.made}",
            "documentName": f"{self.made}.pdf",
            "documentUrl": "https://a.example/b.pdf",
            "template": "auto",
            "group": group_id,
        }
        answer = self.job("POST", "", body)
        assert answer.status == 201, answer.text
        return answer.json["data"]["_id"]

    def end(self, job_id, outcome=Outcome.FAILED):
        jobs = JobStore(self.aws["JobsTable"])
        job = jobs.get(JobLists(self.aws["JobsTable"]).by_short_id(self.tenant_id, job_id))
        step = a_step(job, outcome=outcome, failure=InternalError().failure)
        return self.aws.invoke("FinishJobFunction", step.to_json())

    def shown(self, group_id):
        return self("GET", f"/{group_id}").json["data"]


@pytest.fixture
def call(aws):
    return Client(aws)


def told(answer):
    return answer.status, answer.json["success"], answer.json.get("message")


def test_what_was_written_is_repeated_beside_what_its_jobs_have_come_to(call):
    made = call("POST", "", WHOLE)
    data = made.json["data"]
    ours = {"_id", "createdAt", "updatedAt", "statistics", *NOTHING}
    assert made.status == 201
    assert {name: value for name, value in data.items() if name not in ours} == WHOLE
    assert {name: data[name] for name in NOTHING} == NOTHING
    assert data["statistics"] == {"totalDocuments": 0, "totalPages": 0, "totalCost": 0, "currency": "USD"}
    assert made.headers["location"] == f"{PATH}/{data['_id']}"
    assert call("GET", f"/{data['_id']}").json == {"success": True, "data": data}


def test_what_was_not_said_is_the_documented_default(call):
    data = call.make()
    assert data["processingSettings"] == {"parallelJobs": 3, "retryCount": 2, "timeoutMinutes": 30}
    assert data["notifications"] == {"onCompletion": False, "onFailure": True, "recipients": []}
    assert data["priority"] == "medium"
    assert not {"startedAt", "completedAt", "estimatedCompletionTime"} & data.keys()


def test_an_answer_can_be_sent_back_and_changes_no_count(call):
    data = call.make()
    call.make_job(data["_id"])
    put = call("PUT", f"/{data['_id']}", call.shown(data["_id"]) | {"name": "Other", "totalJobs": 99})
    assert (put.status, put.json["data"]["name"], put.json["data"]["totalJobs"]) == (200, "Other", 1)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"template": None}, "template"),
        ({"template": "f" * 24}, "template: there is no such template"),
        ({"template": "x"}, "template"),
        ({"priority": "soon"}, "priority"),
        ({"processingSettings": {"parallelJobs": 0}}, "processingSettings.parallelJobs"),
        ({"processingSettings": {"parallelJobs": 11}}, "processingSettings.parallelJobs"),
        ({"processingSettings": {"parallelJobs": True}}, "processingSettings.parallelJobs"),
        ({"processingSettings": {"parallelJobs": "3"}}, "processingSettings.parallelJobs"),
        ({"processingSettings": {"retryCount": 6}}, "processingSettings.retryCount"),
        ({"processingSettings": {"timeoutMinutes": 4}}, "processingSettings.timeoutMinutes"),
        ({"processingSettings": {"timeoutMinutes": 121}}, "processingSettings.timeoutMinutes"),
        ({"notifications": {"recipients": ["nobody"]}}, "notifications.recipients.0"),
        ({"mood": "good"}, "mood"),
        ({"metadata": {"a": "b" * 60_000}}, "characters"),
    ],
)
def test_what_is_wrong_is_named(call, fields, named):
    status, success, message = told(call("POST", "", LEAST | fields))
    assert (status, success) == (400, False)
    assert named in message


# ── jobs in a group ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_counts_status_and_statistics_follow_the_jobs(call):
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    one, two = call.make_job(group_id), call.make_job(group_id)
    assert call.shown(group_id)["status"] == "created"
    call.job("POST", f"/{one}/process")
    running = call.shown(group_id)
    assert (running["status"], running["pendingJobs"], "startedAt" in running) == ("processing", 2, True)
    call.end(one)
    between = call.shown(group_id)
    assert (between["status"], between["pendingJobs"], between["failedJobs"]) == ("queued", 1, 1)
    call.job("DELETE", f"/{two}")
    done = call.shown(group_id)
    assert (done["status"], done["pendingJobs"], "completedAt" in done) == ("failed", 0, True)
    assert done["statistics"]["successRate"] == 0


def test_pages_and_times_are_those_that_were_measured(call, aws):
    jobs, group_id = JobStore(aws["JobsTable"]), call.make()["_id"]
    for pages, seconds in ((3, 4), (1, 2)):
        job_id = call.make_job(group_id)
        call.job("POST", f"/{job_id}/process")
        job = jobs.get(JobLists(aws["JobsTable"]).by_short_id(TENANT, job_id))
        jobs.begin(job.key, 1, an_object(job), owner="message-0", now=NOW)
        jobs.record_document(job.key, 1, a_document(pages=pages), now=NOW)
        jobs.finish(job.key, 1, Ending(status=Status.COMPLETED), now=after(seconds=seconds))
    assert call.shown(group_id)["statistics"] == {
        "totalDocuments": 2,
        "totalPages": 4,
        "averageProcessingTime": 3.0,
        "successRate": 1.0,
        "totalCost": 0,
        "currency": "USD",
    }


def test_a_job_beyond_the_places_is_queued_until_one_is_free(call, aws):
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    one, two = call.make_job(group_id), call.make_job(group_id)
    answers = [call.job("POST", f"/{job_id}/process").json["data"]["status"] for job_id in (one, two)]
    assert answers == ["queued", "queued"]
    assert len(aws.messages("FetchQueue")) == 1
    assert call.job("GET", f"/{two}").json["data"]["status"] == "queued"
    call.end(one)
    assert len(aws.messages("FetchQueue")) == 1


def test_a_job_in_line_is_told_of_with_a_tag_and_when_to_ask_again(call):
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    for job_id in (call.make_job(group_id), call.make_job(group_id)):
        call.job("POST", f"/{job_id}/process")
    told = call.job("GET", f"/{job_id}")
    assert {"etag", "retry-after"} <= told.headers.keys()
    assert "retry-after" in call.job("GET", f"/{job_id}/results").headers


def test_many_who_start_a_job_that_finds_no_place_are_told_the_same(call, aws):
    for service in ("dynamodb", "sqs", "s3"):
        client(service)  # boto3 makes clients in one thread only
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    one, two = call.make_job(group_id), call.make_job(group_id)
    call.job("POST", f"/{one}/process")
    line = threading.Barrier(6)

    def start(_):
        line.wait()
        return call.job("POST", f"/{two}/process")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(start, range(6)))
    assert {(answer.status, answer.json["data"]["status"]) for answer in answers} == {(200, "queued")}
    line = list(GroupStore(aws["JobsTable"]).line(TENANT, group_id))
    assert [key.job_id.hex[:24] for key in line] == [two]


def test_a_deletion_that_died_in_the_exit_and_is_repeated_gives_the_place_to_the_next(call, aws):
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    one, two = call.make_job(group_id), call.make_job(group_id)
    for job_id in (one, two):
        call.job("POST", f"/{job_id}/process")
    aws.messages("FetchQueue")
    with crash(6, "after"), pytest.raises(CrashError):  # two reads here, then the exit: job, group, the end
        call.end(one, Outcome.CANCELLED)
    assert aws.messages("FetchQueue") == []
    assert call.job("DELETE", f"/{one}").status == 200
    assert len(aws.messages("FetchQueue")) == 1
    assert call.shown(group_id)["totalJobs"] == 1


def test_more_places_call_jobs_that_wait(call, aws):
    group_id = call.make(processingSettings={"parallelJobs": 1})["_id"]
    for job_id in [call.make_job(group_id) for _ in range(4)]:
        call.job("POST", f"/{job_id}/process")
    aws.messages("FetchQueue")
    call("PUT", f"/{group_id}", LEAST | {"processingSettings": {"parallelJobs": 3}})
    assert len(aws.messages("FetchQueue")) == 2


def test_the_jobs_of_a_group_are_listed_with_its_own_ones_only(call):
    group_id, other = call.make()["_id"], call.make()["_id"]
    jobs = [call.make_job(group_id) for _ in range(3)]
    call.make_job(other)
    whole = call("GET", f"/{group_id}/jobs").json
    assert whole["total"] == 3
    assert [one["jobId"] for one in whole["data"]] == jobs[::-1]
    assert whole["data"][0] == {"jobId": jobs[2], "status": "created", "documentName": "3.pdf"}
    page = call("GET", f"/{group_id}/jobs?limit=1&offset=1&order=asc").json
    assert ([one["jobId"] for one in page["data"]], page["total"]) == ([jobs[1]], 3)


def test_a_job_can_not_join_a_group_that_is_not_there(call):
    body = {"jobNumber": "N", "documentName": "a", "documentUrl": "https://a.example/b", "template": "auto"}
    status, success, message = told(call.job("POST", "", body | {"group": "f" * 24}))
    assert (status, success) == (400, False)
    assert "group: there is no such group" in message


def test_a_group_with_open_jobs_stays_and_says_so(call):
    group_id = call.make()["_id"]
    job_id = call.make_job(group_id)
    status, success, message = told(call("DELETE", f"/{group_id}"))
    assert (status, success) == (400, False)
    assert "not ended" in message
    call.job("DELETE", f"/{job_id}")
    assert told(call("DELETE", f"/{group_id}")) == (200, True, "OCR invoice job group deleted successfully")
    assert call("GET", f"/{group_id}").status == 404


# ── lists, other people ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_paged_sorted_filtered_searched_and_counted(call):
    for name, batch in (("Alpha", "1"), ("Beta", "2"), ("Gamma", "alp-3")):
        call.make(name=name, batchNumber=batch)
    assert [one["name"] for one in call("GET", "?sort=name&order=asc&limit=2").json["data"]] == ["Alpha", "Beta"]
    assert call("GET", "?search=ALP").json["total"] == 2
    assert call("GET", '?filter={"totalJobs":{"$gte":1}}').json["total"] == 0
    assert call("GET", '?filter={"status":"created"}').json["total"] == 3
    assert call("GET", "?sort=completedAt").json["total"] == 3


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "sort=mood", "order=up", "filter=[]", "a=b"])
def test_a_wrong_query_is_refused(call, query):
    group_id = call.make()["_id"]
    for path in ("", f"/{group_id}/jobs"):
        status, success, _ = told(call("GET", f"{path}?{query}"))
        assert (status, success) == (400, False)


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", "", None), ("GET", "/jobs", None), ("PUT", "", LEAST), ("DELETE", "", None)]
)
def test_another_tenants_group_answers_as_one_that_never_was(aws, call, method, path, body):
    foreign = Client(aws, "other").make()["_id"]
    theirs, nobodys = (call(method, f"/{group_id}{path}", body) for group_id in (foreign, "f" * 24))
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text)
    assert theirs.status == 404
    assert call("GET", "").json == {"success": True, "data": [], "total": 0}


def test_a_job_can_not_join_another_tenants_group(aws, call):
    foreign = Client(aws, "other").make()["_id"]
    body = {"jobNumber": "N", "documentName": "a", "documentUrl": "https://a.example/b", "template": "auto"}
    theirs, nobodys = (call.job("POST", "", body | {"group": group_id}) for group_id in (foreign, "f" * 24))
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text) == (400, nobodys.text)
    assert GroupStore(aws["JobsTable"]).get("other", foreign).total == 0


def test_a_key_makes_repetitions_one(call):
    first, again = (call("POST", "", LEAST, idempotency_key="key-1") for _ in range(2))
    assert (first.text, again.headers["idempotent-replayed"]) == (again.text, "true")
    assert call("GET", "").json["total"] == 1
    assert call("POST", "", LEAST | {"name": "Other"}, idempotency_key="key-1").status == 422
