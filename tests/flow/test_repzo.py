"""A client of Repzo's API on the whole stack: created with an address, started, watched, read, read again, deleted."""

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.flow.conftest import DOCUMENTS
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

JOBS = "/ocr-invoice-job"
NAME = "en_label_table"
SECONDS = 120


@pytest.fixture(scope="module")
def onlooker(stack):
    looking = Onlooker(stack)
    looking.listen()
    return looking


@pytest.fixture
def ask(stack):
    """Sends a request with the api-key; answers status, headers and body."""

    def send(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        sent = {"api-key": stack["token"], "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        request = Request(stack["url"] + path, data, sent, method=method)
        try:
            with urlopen(request, timeout=40) as answer:
                text, status, told = answer.read(), answer.status, answer.headers
        except HTTPError as refused:
            text, status, told = refused.read(), refused.code, refused.headers
        return status, {name.lower(): value for name, value in told.items()}, json.loads(text) if text else None

    return send


def watched(ask, path):
    """What is told of a job until it has ended: each new answer once, waited for by its tag."""
    seen, etag = [], '"none yet"'
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        status, headers, body = ask("GET", path, if_none_match=etag, prefer="wait=5")
        if status == 304:
            continue
        assert status == 200, body
        etag = headers["etag"]
        seen.append(body["data"])
        if body["data"]["status"] in ("completed", "failed"):
            return seen
    raise AssertionError(f"still {seen[-1]['status']} after {SECONDS} s")


def created(ask, url, number):
    body = {"jobNumber": number, "documentName": f"{NAME}.pdf", "documentUrl": url, "template": "auto"}
    status, _, answer = ask("POST", JOBS, body | {"priority": "high"})
    assert (status, answer["data"]["status"]) == (201, "created"), answer
    return answer["data"]["_id"]


def test_a_job_is_made_started_watched_read_and_deleted(ask, onlooker, document_host):
    short_id = created(ask, f"http://{document_host}/{NAME}.pdf", "FLOW-1")
    path = f"{JOBS}/{short_id}"
    assert ask("GET", f"{path}/results")[0] == 404
    status, _, answer = ask("POST", f"{path}/process")
    assert (status, answer["data"]["jobId"], answer["data"]["status"]) == (200, short_id, "queued")
    told = watched(ask, path)
    percentages = [one["progress"]["percentage"] for one in told]
    assert percentages == sorted(percentages)
    assert (told[-1]["status"], percentages[-1]) == ("completed", 100)
    expected = json.loads((DOCUMENTS.parent / f"expected/{NAME}.json").read_text())["fields"]
    status, _, results = ask("GET", f"{path}/results")
    assert status == 200
    assert f"{results['data']['extractedData']['invoice']['amounts']['total']:.2f}" == expected["total"]
    assert results["data"]["extractedData"] == told[-1]["extractedData"]
    page = ask("GET", f"{JOBS}?search=flow-1&limit=1")[2]
    assert (page["total"], page["data"]) == (1, [told[-1]])
    full_id = next(str(job.job_id) for job in onlooker.jobs() if job.short_id == short_id)
    assert [draft.status for draft in onlooker.drafts(full_id)] == ["draft"]
    assert ask("DELETE", path)[0] == 200
    assert ask("GET", path)[0] == ask("GET", f"{path}/results")[0] == ask("DELETE", path)[0] == 404
    assert ask("GET", f"{JOBS}?search=flow-1")[2]["total"] == 0
    assert [draft.status for draft in onlooker.drafts(full_id)] == ["cancelled"]
    assert onlooker.results(full_id) == []
    assert full_id not in [str(job.job_id) for job in onlooker.jobs()]


def test_a_completed_job_is_read_again_from_its_stored_document(ask, document_host):
    short_id = created(ask, f"http://{document_host}/{NAME}.pdf", "FLOW-2")
    path = f"{JOBS}/{short_id}"
    ask("POST", f"{path}/process")
    first = watched(ask, path)[-1]
    status, _, answer = again(ask, path)
    assert (status, answer["data"]["status"]) == (200, "queued")
    second = watched(ask, path)[-1]
    assert (second["status"], second["retryCount"]) == ("completed", 1)
    assert second["extractedData"] == first["extractedData"]


def again(ask, path):
    """Started again, as soon as the event of the first run is out."""
    for _ in range(20):
        answer = ask("POST", f"{path}/process")
        if answer[0] != 503:
            return answer
        time.sleep(float(answer[1]["retry-after"]))
    raise AssertionError("the event of the first run never got out")


def test_a_job_that_is_deleted_while_it_is_under_way_is_gone_and_stays_gone(ask, onlooker, document_host):
    short_id = created(ask, f"http://{document_host}/{NAME}.pdf", "FLOW-3")
    path = f"{JOBS}/{short_id}"
    ask("POST", f"{path}/process")
    assert ask("DELETE", path)[0] == 200
    assert ask("GET", path)[0] == 404
    onlooker.invoke("ReconcileJobsFunction", {"check": "all"})
    assert ask("GET", path)[0] == 404
    created(ask, f"http://{document_host}/{NAME}.pdf", "FLOW-3")  # the number is free again


def test_a_document_that_can_not_be_had_fails_its_job_in_repzos_words(ask, document_host):
    short_id = created(ask, f"http://{document_host}/not-there.pdf", "FLOW-4")
    ask("POST", f"{JOBS}/{short_id}/process")
    told = watched(ask, f"{JOBS}/{short_id}")[-1]
    assert told["status"] == "failed"
    assert "address" in told["errorLog"]
    assert document_host not in told["errorLog"]
    assert ask("GET", f"{JOBS}/{short_id}/results")[0] == 404
