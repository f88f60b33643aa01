"""One event in three shapes names one document; a key is decoded where S3 encoded it, and only there."""

import json
from urllib.parse import quote_plus

import pytest

from extract_document.trigger import arrivals, arrivals_of_message, messages
from paydraft.model.errors import PermanentError
from tests.builders import a_job, a_place

FOREIGN = "incoming/standard/acme/Rechnung für März + April.pdf"


def in_s3(key: str, **fields: object) -> dict:
    stored = {"key": quote_plus(key, safe="/"), "versionId": "v1", "sequencer": "0A"} | fields
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "responseElements": {"x-amz-request-id": "REQ1"},
        "s3": {"bucket": {"name": "documents"}, "object": stored},
    }
    return {"Records": [record]}


def in_sqs(event: dict, message_id: str = "message-1") -> dict:
    record = {"eventSource": "aws:sqs", "messageId": message_id, "body": json.dumps(event)}
    return {"Records": [record]}


def in_eventbridge(key: str) -> dict:
    detail = {"bucket": {"name": "documents"}, "object": {"key": key, "version-id": "v1", "sequencer": "0A"}}
    return {"id": "event-1", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def in_every_shape(key: str) -> list:
    (message,) = messages(in_sqs(in_s3(key)))
    return [arrivals(in_s3(key)), arrivals_of_message(message), arrivals(in_eventbridge(key))]


def test_all_shapes_of_an_event_name_the_same_version_of_our_document():
    place = a_place(a_job())

    for (arrival,) in in_every_shape(str(place)):
        assert (arrival.bucket, arrival.version_id, arrival.place) == ("documents", "v1", place)


def test_a_key_with_a_space_an_umlaut_and_a_plus_is_decoded_rightly_and_is_not_ours():
    for (arrival,) in in_every_shape(FOREIGN):
        assert arrival.key == FOREIGN
        assert arrival.place is None


def test_eventbridge_keys_are_taken_as_they_are():
    (arrival,) = arrivals(in_eventbridge("incoming/a%20b+c"))

    assert arrival.key == "incoming/a%20b+c"


def test_a_message_is_owned_by_its_id_so_that_a_redelivery_is_known_again():
    (message,) = messages(in_sqs(in_s3("incoming/x"), "message-7"))

    assert [arrival.owner for arrival in arrivals_of_message(message)] == ["message-7"]


def test_an_event_without_a_message_is_owned_by_its_own_id():
    assert arrivals(in_s3("k"))[0].owner == arrivals(in_s3("k"))[0].owner
    assert arrivals(in_s3("k"))[0].owner != arrivals(in_s3("k", sequencer="0B"))[0].owner
    assert "event-1" in arrivals(in_eventbridge("k"))[0].owner


def test_the_greeting_of_s3_names_nothing():
    greeting = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "documents"}
    (message,) = messages(in_sqs(greeting))

    assert arrivals(greeting) == []
    assert arrivals_of_message(message) == []


def test_a_bucket_without_versions_gives_none():
    event = in_s3("k")
    del event["Records"][0]["s3"]["object"]["versionId"]

    assert arrivals(event)[0].version_id is None


@pytest.mark.parametrize("event", [in_s3("k"), in_eventbridge("k"), {"Records": None}])
def test_only_a_batch_of_sqs_is_a_batch(event: dict):
    assert messages(event) is None


@pytest.mark.parametrize("event", [{}, {"Records": [{}]}, {"detail": {}}, {"Records": 3}, {"detail": "x"}, []])
def test_what_is_no_event_is_parked_and_never_dropped(event: object):
    with pytest.raises(PermanentError):
        arrivals(event)


def test_a_message_that_is_no_json_is_parked_and_never_dropped():
    with pytest.raises(PermanentError):
        arrivals_of_message({"messageId": "m", "body": "<xml/>"})
