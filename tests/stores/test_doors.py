"""State machine, topic, queues and FinishJob, as the stores reach them."""

import json
import time

import pytest

from paydraft.model.document import Lane
from paydraft.model.errors import NotAnInvoiceError, TransientError
from paydraft.model.events import JobEvent
from paydraft.model.status import Status
from paydraft.model.steps import Outcome
from paydraft.stores.clients import client
from paydraft.stores.completion import Completion, ExecutionState
from paydraft.stores.finish_door import FinishDoor
from paydraft.stores.lane_queues import LaneQueues
from paydraft.stores.topic import CompletionTopic
from tests.builders import NOW, a_job, a_step, an_id, an_object


@pytest.fixture
def machine(stack):
    """JobCompletion without its functions: every execution waits, so that its state is ours to set."""
    definition = {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 3600, "End": True}}}
    client("stepfunctions").update_state_machine(
        stateMachineArn=stack["JobCompletion"], definition=json.dumps(definition)
    )
    return Completion(stack["JobCompletion"])


def execution_of(stack, step):
    arn = f"{stack['JobCompletion'].replace(':stateMachine:', ':execution:')}:{step.job_id}-{step.attempt}"
    return client("stepfunctions").describe_execution(executionArn=arn)


def test_an_execution_is_named_by_job_and_attempt_and_carries_the_step(machine, stack):
    step = a_step(attempt=2, outcome=Outcome.FAILED, failure=NotAnInvoiceError().failure)
    machine.start(step)
    assert json.loads(execution_of(stack, step)["input"]) == step.to_json()
    assert machine.state_of(step.job_id, 2) is ExecutionState.RUNNING


def test_an_execution_that_was_never_started_is_none(machine):
    assert machine.state_of(an_id(), 1) is None


def test_starting_twice_is_one_execution_and_success(machine, stack):
    step = a_step()
    machine.start(step)
    machine.start(step)
    machine.start(step.model_copy(update={"outcome": Outcome.FAILED}))
    listed = client("stepfunctions").list_executions(stateMachineArn=stack["JobCompletion"])["executions"]
    assert [execution["name"] for execution in listed] == [f"{step.job_id}-1"]
    assert json.loads(execution_of(stack, step)["input"])["outcome"] == "extracted"


def test_an_execution_that_was_stopped_has_failed_and_can_not_be_started_again(machine, stack):
    step = a_step()
    machine.start(step)
    client("stepfunctions").stop_execution(executionArn=execution_of(stack, step)["executionArn"])
    while execution_of(stack, step)["status"] == "RUNNING":
        time.sleep(0.01)
    machine.start(step)
    assert machine.state_of(step.job_id, 1) is ExecutionState.FAILED


def received(url):
    answer = client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageAttributeNames=["All"]
    )
    return [json.loads(message["Body"]) for message in answer.get("Messages", ())]


@pytest.mark.parametrize("lane", list(Lane))
def test_an_announcement_has_s3s_own_shape_and_goes_into_its_lane(stack, lane):
    urls = {Lane.EXPRESS: stack["ExpressQueue"], Lane.STANDARD: stack["StandardQueue"]}
    obj = an_object(a_job(lane=lane), "version-7")
    for url in urls.values():
        received(url)  # S3's greeting
    LaneQueues(urls[Lane.EXPRESS], urls[Lane.STANDARD]).announce(obj, lane, "a-bucket")
    other = next(url for name, url in urls.items() if name is not lane)
    assert received(other) == []
    ((record,),) = [body["Records"] for body in received(urls[lane])]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["s3"]["bucket"]["name"] == "a-bucket"
    assert record["s3"]["object"] == {"key": obj.key, "versionId": "version-7"}


def test_an_event_reaches_subscribers_as_cloudevent_with_attributes_to_filter_by(stack):
    queue = client("sqs").create_queue(QueueName="Subscriber")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=stack["CompletionTopic"], Protocol="sqs", Endpoint=arn)
    event = JobEvent.of(a_job(status=Status.COMPLETED, completed_at=NOW), "local")
    CompletionTopic(stack["CompletionTopic"]).publish(event, "local")
    (note,) = received(queue)
    assert JobEvent.model_validate_json(note["Message"]) == event
    attributes = {name: value["Value"] for name, value in note["MessageAttributes"].items()}
    assert attributes == event.attributes("local")


def test_the_exit_is_called_with_the_step_and_waited_for(aws):
    aws.handlers["FinishJobFunction"] = lambda event, context: {"status": "failed"}
    step = a_step(outcome=Outcome.FAILED, failure=NotAnInvoiceError().failure)
    FinishDoor(aws["FinishJobFunction"]).finish(step)
    assert aws.calls == [("FinishJobFunction", step.to_json())]


def test_an_exit_that_fails_is_worth_another_try(aws):
    def fail(event, context):
        raise KeyError("x")

    aws.handlers["FinishJobFunction"] = fail
    with pytest.raises(TransientError):
        FinishDoor(aws["FinishJobFunction"]).finish(a_step())
