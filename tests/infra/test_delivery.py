"""Nothing that was accepted is lost: queues, retries, dead letters, and a place for what nobody could handle."""

import pytest

from tests.infra.translated import of_type, translated

QUEUES = of_type("AWS::SQS::Queue")
MAPPINGS = of_type("AWS::Lambda::EventSourceMapping")
FUNCTIONS = of_type("AWS::Lambda::Function")
RULES = of_type("AWS::Events::Rule")
END_OF_THE_LINE = "ParkedCalls"
FOURTEEN_DAYS = 14 * 24 * 3600


def queue_of(mapping):
    return mapping["EventSourceArn"]["Fn::GetAtt"][0]


def function_of(mapping):
    return mapping["FunctionName"]["Ref"]


def test_each_queue_has_one_reader():
    readers = {queue_of(one): function_of(one) for one in MAPPINGS.values()}
    assert readers == {
        "ExpressQueue": "ExtractDocumentFunction",
        "StandardQueue": "ExtractDocumentFunction",
        "FetchQueue": "FetchDocumentFunction",
        "ExpressDeadLetters": "FinishJobFunction",
        "StandardDeadLetters": "FinishJobFunction",
        "FetchDeadLetters": "FinishJobFunction",
    }


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_a_reader_takes_one_message_and_says_what_it_could_not_handle(mapping):
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"]


@pytest.mark.parametrize("mapping", MAPPINGS.values(), ids=MAPPINGS)
def test_a_message_stays_invisible_for_six_times_the_readers_time_out(mapping):
    assert QUEUES[queue_of(mapping)]["VisibilityTimeout"] >= 6 * FUNCTIONS[function_of(mapping)]["Timeout"]


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_keeps_messages_for_fourteen_days_encrypted(name):
    assert QUEUES[name]["MessageRetentionPeriod"] == FOURTEEN_DAYS
    assert QUEUES[name]["SqsManagedSseEnabled"] is True


def test_every_queue_leads_to_dead_letters_and_the_last_to_a_person():
    redrive = {name: one["RedrivePolicy"] for name, one in QUEUES.items() if "RedrivePolicy" in one}
    chain = {
        name: (policy["deadLetterTargetArn"]["Fn::GetAtt"][0], policy["maxReceiveCount"])
        for name, policy in redrive.items()
    }
    assert chain == {
        "ExpressQueue": ("ExpressDeadLetters", 3),
        "StandardQueue": ("StandardDeadLetters", 3),
        "FetchQueue": ("FetchDeadLetters", 3),
        "ExpressDeadLetters": (END_OF_THE_LINE, 10),
        "StandardDeadLetters": (END_OF_THE_LINE, 10),
        "FetchDeadLetters": (END_OF_THE_LINE, 10),
    }
    alarm = of_type("AWS::CloudWatch::Alarm")["CallsAreParkedAlarm"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": [END_OF_THE_LINE, "QueueName"]}}]


def called_asynchronously():
    """Functions that EventBridge calls."""
    return {target["Arn"]["Fn::GetAtt"][0] for rule in RULES.values() for target in rule["Targets"]}


def test_the_functions_that_events_call_are_these():
    assert called_asynchronously() == {"FinishJobFunction", "ReconcileJobsFunction"}


def test_an_asynchronous_call_that_fails_is_parked():
    configurations = {one["FunctionName"]["Ref"]: one for one in of_type("AWS::Lambda::EventInvokeConfig").values()}
    for function in called_asynchronously():
        failed = configurations[function]["DestinationConfig"]["OnFailure"]["Destination"]
        assert failed == {"Fn::GetAtt": [END_OF_THE_LINE, "Arn"]}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_event_that_can_not_be_delivered_is_parked(rule):
    for target in rule["Targets"]:
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [END_OF_THE_LINE, "Arn"]}}


def test_rules_may_park():
    [statement] = translated()["Resources"]["ParkedCallsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {arn["Fn::GetAtt"][0] for arn in statement["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert allowed == set(RULES)


def test_an_execution_that_did_not_succeed_calls_finish_job():
    """States.ALL catches neither States.Runtime nor a time-out or a stop of the whole machine."""
    pattern = RULES["FinishJobFunctionExecutionEnded"]["EventPattern"]
    assert pattern["detail"] == {
        "stateMachineArn": [{"Ref": "JobCompletion"}],
        "status": ["FAILED", "TIMED_OUT", "ABORTED"],
    }


def test_the_reconciler_runs_every_minute_and_ends_before_the_next():
    assert RULES["ReconcileJobsFunctionEveryMinute"]["ScheduleExpression"] == "rate(1 minute)"
    assert FUNCTIONS["ReconcileJobsFunction"]["Timeout"] < 60


def test_the_api_gives_up_before_the_gateway_does():
    assert FUNCTIONS["ApiInvoicesV2Function"]["Timeout"] < 30
