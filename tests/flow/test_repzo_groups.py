"""A group of five documents on the whole stack: two at a time, read by one template, one event when all have ended."""

import json
import time
from typing import Any
from urllib.request import Request, urlopen

import pytest

from paydraft.stores.items import plain
from tests.flow.onlooker import Onlooker

pytestmark = pytest.mark.slow

NAMES = ("en_label_table", "de_freelancer", "de_factur_x", "es_two_column", "not-there")
SECONDS = 240
TEMPLATE = {
    "name": "Bills",
    "ocrEngine": "tesseract",
    "documentType": "invoice",
    "extractionRules": {"fields": [{"name": "mood", "type": "text"}]},
    "postprocessingSettings": {
        "confidenceThreshold": 0.1,
        "validationRules": [{"field": "total", "rule": "email", "message": "Our rule about totals"}],
    },
}


@pytest.fixture(scope="module")
def onlooker(stack):
    looking = Onlooker(stack)
    looking.listen()
    return looking


@pytest.fixture
def ask(stack):
    """Sends a request with the api-key; answers the data of the answer."""

    def send(method: str, path: str, body: Any = None) -> Any:
        sent = {"api-key": stack["token"], "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(stack["url"] + path, data, sent, method=method), timeout=40) as answer:
            return json.loads(answer.read())["data"]

    return send


def running(onlooker, group_id):
    """How many of the group's jobs have a place now."""
    key = {"tenant_id": {"S": onlooker.tenant_id}, "sk": {"S": f"GRP#{group_id}"}}
    item = onlooker.aws("dynamodb").get_item(TableName=onlooker.outputs["JobsTable"], Key=key)["Item"]
    return len(plain(item["running"])) if "running" in item else 0


def test_a_group_runs_two_at_a_time_and_tells_once_when_all_have_ended(ask, onlooker, document_host):
    template_id = ask("POST", "/ocr-invoice-job-template", TEMPLATE)["_id"]
    settings = {"name": "November", "template": template_id, "processingSettings": {"parallelJobs": 2}}
    group_id = ask("POST", "/ocr-invoice-job-group", settings)["_id"]
    made = {"template": template_id, "group": group_id}
    jobs = {}
    for name in NAMES:
        url = f"http://{document_host}/{name}.pdf"
        body = {"jobNumber": f"GROUP-{name}", "documentName": name, "documentUrl": url} | made
        jobs[name] = ask("POST", "/ocr-invoice-job", body)["_id"]
    for short_id in jobs.values():
        ask("POST", f"/ocr-invoice-job/{short_id}/process")

    most, end = 0, time.monotonic() + SECONDS
    while (group := ask("GET", f"/ocr-invoice-job-group/{group_id}"))["pendingJobs"]:
        assert time.monotonic() < end, group
        most = max(most, running(onlooker, group_id))
        time.sleep(0.2)

    assert most == 2
    counts = {"totalJobs": 5, "completedJobs": 4, "failedJobs": 1, "pendingJobs": 0, "status": "completed"}
    assert {name: group[name] for name in counts} == counts
    assert (group["statistics"]["successRate"], group["statistics"]["totalPages"]) == (0.8, 4)
    members = {one["documentName"]: one["status"] for one in ask("GET", f"/ocr-invoice-job-group/{group_id}/jobs")}
    assert members == dict.fromkeys(NAMES, "completed") | {"not-there": "failed"}

    notes = onlooker.notes([group_id])[group_id]
    assert [note["Message"]["type"] for note in notes] == ["paydraft.group.completed.v1"]
    assert notes[0]["Message"]["data"]["completed_jobs"] == 4

    told = ask("GET", f"/ocr-invoice-job/{jobs['en_label_table']}/results")["validationResults"]
    assert told["isValid"] is False
    found = {one.get("field"): (one["message"], one["severity"]) for one in told["errors"]}
    assert found["invoice.amounts.total"] == ("Our rule about totals", "error")
    assert found["mood"][1] == "info"
