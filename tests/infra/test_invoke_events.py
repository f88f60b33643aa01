"""events/invoke: every function has events, of the shapes that AWS sends, and `sam local` runs them all."""

import json
from datetime import UTC, datetime

import pytest

from api_invoices_v2.operations import OPERATIONS
from infra.cli.target import Target
from infra.tools import sample_state
from infra.tools.sam_cases import CASES, EVENTS
from infra.tools.sam_stage import DOCUMENTS
from paydraft.model.credential import is_well_formed
from tests.infra.translated import folder_of, of_type

FILES = sorted(EVENTS.glob("*/*.json"))


def test_every_function_has_events():
    assert {file.parent.name for file in FILES} == {folder_of(name) for name in of_type("AWS::Lambda::Function")}


def test_sam_local_invokes_each_function_with_each_of_its_events():
    assert sorted(case.event for case in CASES) == FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_an_event_speaks_of_the_sample_jobs_only(file):
    known = {str(sample_state.job_id(number)) for number in sample_state.JOBS}
    text = file.read_text()
    assert json.loads(text)
    assert {text[at : at + 36] for at in range(len(text)) if text.startswith("03bb2cc3-d800", at)} <= known


def test_the_sample_state_can_be_put_into_a_stack(aws):
    place = Target(aws.built.outputs, "local", "")
    version = sample_state.seed(place, DOCUMENTS / "nl_scan.png", now=datetime.now(UTC))
    stored = aws.client("s3").list_object_versions(Bucket=aws["DocumentsBucket"], Prefix="incoming/")["Versions"]
    assert [one["VersionId"] for one in stored] == [version]


def test_the_sample_token_is_one_of_ours_and_stands_in_the_events():
    assert is_well_formed(sample_state.TOKEN)
    polls = [file for file in FILES if file.stem.startswith(("poll", "submit"))]
    assert all(
        json.loads(file.read_text())["headers"]["authorization"] == f"Bearer {sample_state.TOKEN}" for file in polls
    )


def test_requests_name_routes_that_the_api_has():
    routes = {f"{operation.method} {operation.path}" for operation in OPERATIONS}
    requests = [json.loads(file.read_text()) for file in FILES if file.parent.name == "api_invoices_v2"]
    sampled = {request["routeKey"] for request in requests}
    assert sampled <= routes
    assert {route for route in routes if "/ocr" in route} <= sampled


def test_the_arrival_of_a_document_is_told_in_all_three_shapes():
    shapes = {
        name: json.loads((EVENTS / f"extract_document/{name}.json").read_text())
        for name in ("s3", "sqs", "eventbridge")
    }
    inside = json.loads(shapes["sqs"]["Records"][0]["body"])
    assert inside == shapes["s3"]
    assert shapes["s3"]["Records"][0]["s3"]["object"]["key"] == shapes["eventbridge"]["detail"]["object"]["key"]


def test_a_foreign_key_is_encoded_by_s3_and_plain_in_eventbridge():
    queued = json.loads((EVENTS / "extract_document/foreign_key.json").read_text())
    encoded = json.loads(queued["Records"][0]["body"])["Records"][0]["s3"]["object"]["key"]
    plain = json.loads((EVENTS / "extract_document/foreign_key_eventbridge.json").read_text())["detail"]["object"][
        "key"
    ]
    assert " " in plain
    assert "ü" in plain
    assert (encoded, plain) == (
        "incoming/standard/M%C3%BCller+GmbH/Rechnung+7.pdf",
        "incoming/standard/Müller GmbH/Rechnung 7.pdf",
    )
