"""JobCompletion: every way through it, with whatever errors, ends in FinishJob."""

import json
import re
import time
from itertools import count

import pytest

from infra.tools.transform import ROOT
from paydraft.model.errors import PermanentError, TransientError
from paydraft.model.ids import execution_name
from paydraft.model.steps import CaughtError, Outcome, Step
from tests.builders import a_job, a_step
from tests.infra.translated import of_type, state_machine, written

MACHINE = state_machine()
STATES = MACHINE["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
EXIT = "FinishJob"
LAMBDA_IS_BUSY = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
_numbers = count(1)


def follows(state):
    """Every state that can come next."""
    yield from (choice["Next"] for choice in state.get("Choices", []))
    yield from (catch["Next"] for catch in state.get("Catch", []))
    yield from (state[name] for name in ("Next", "Default") if name in state)


def ways(name, before=()):
    """Every way from here to an end; a state that comes twice is an error."""
    assert name not in before, f"{name} can come again"
    onward = list(follows(STATES[name]))
    if not onward:
        yield (*before, name)
    for state in onward:
        yield from ways(state, (*before, name))


def test_every_way_ends_in_finish_job():
    ends = {way[-1] for way in ways(MACHINE["StartAt"])}
    assert ends == {EXIT}
    assert STATES[EXIT]["End"] is True


def test_every_state_lies_on_some_way():
    assert {state for way in ways(MACHINE["StartAt"]) for state in way} == STATES.keys()


def test_a_choice_has_a_way_for_whatever_comes():
    assert all("Default" in state for state in STATES.values() if state["Type"] == "Choice")


def test_the_choice_knows_the_words_of_the_model():
    [choice] = STATES["WasItRead"]["Choices"]
    assert choice["StringEquals"] == Outcome.EXTRACTED
    assert choice["Variable"] == "$.outcome"


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_a_time_limit_longer_than_its_functions(name):
    function = re.fullmatch(r"\$\{(\w+)Arn}", TASKS[name]["Resource"])[1]
    assert name == function.removesuffix("Function")
    assert TASKS[name]["TimeoutSeconds"] > of_type("AWS::Lambda::Function")[function]["Timeout"]


def test_the_machine_itself_has_a_time_limit():
    assert MACHINE["TimeoutSeconds"] == 900


@pytest.mark.parametrize("name", TASKS)
def test_a_task_tries_again_by_the_names_of_our_errors(name):
    transient, permanent, unknown = TASKS[name]["Retry"]
    assert set(transient["ErrorEquals"]) == {TransientError.__name__} | LAMBDA_IS_BUSY
    assert transient["JitterStrategy"] == "FULL"
    assert permanent == {"ErrorEquals": [PermanentError.__name__], "MaxAttempts": 0}
    assert unknown["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {EXIT}))
def test_a_task_hands_any_error_to_finish_job_beside_its_input(name):
    assert TASKS[name]["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": EXIT}]


def test_what_tasks_add_are_fields_of_the_step():
    paths = {state["ResultPath"] for state in TASKS.values() if "ResultPath" in state}
    paths |= {catch["ResultPath"] for state in TASKS.values() for catch in state.get("Catch", [])}
    assert {path.removeprefix("$.") for path in paths} == {"match", "draft", "error"}
    assert {"match", "draft", "error"} <= Step.model_fields.keys()
    assert CaughtError.model_fields.keys() == {"Error", "Cause"}  # AWS's words


def test_every_placeholder_is_filled_and_every_filling_is_used():
    text = (ROOT / "infra/statemachines/job_completion.asl.json").read_text()
    filled = of_type("AWS::Serverless::StateMachine", written())["JobCompletion"]["DefinitionSubstitutions"]
    assert set(re.findall(r"\$\{(\w+)}", text)) == filled.keys()
    assert all(value == {"Fn::GetAtt": [name.removesuffix("Arn"), "Arn"]} for name, value in filled.items())


# The real definition, run by moto, with injected errors. Only its waits are cut short.

MATCH, DRAFT, FINISH = "MatchCounterpartyFunction", "CreateDraftTransferFunction", "FinishJobFunction"
ANSWERS = {MATCH: {"kind": "not_found"}, DRAFT: {"no_draft": "no_total"}, FINISH: {"status": "completed"}}


@pytest.fixture
def run(aws):
    """Run a step through the machine; the functions raise what is given, one a call, before they answer."""

    def run(errors, **fields):
        waiting = {function: list(errors.get(function, ())) for function in ANSWERS}

        def function(name):
            def handler(event, context):
                if waiting[name]:
                    raise waiting[name].pop(0)
                return ANSWERS[name]

            return handler

        aws.handlers |= {name: function(name) for name in ANSWERS}
        step = a_step(a_job(), **fields)
        states = aws.client("stepfunctions")
        arn = states.create_state_machine(
            name=f"JobCompletion{next(_numbers)}",
            definition=impatient(aws),
            roleArn="arn:aws:iam::123456789012:role/any",
        )["stateMachineArn"]
        execution = states.start_execution(
            stateMachineArn=arn, name=execution_name(step.job_id, 1), input=json.dumps(step.to_json())
        )["executionArn"]
        while (status := states.describe_execution(executionArn=execution)["status"]) == "RUNNING":
            time.sleep(0.01)
        return status, aws.calls

    return run


def impatient(aws):
    definition = state_machine()
    for state in definition["States"].values():
        for retry in state.get("Retry", []):
            if retry["MaxAttempts"]:
                retry |= {"IntervalSeconds": 1, "BackoffRate": 1, "MaxDelaySeconds": 2}
        if "Resource" in state:
            state["Resource"] = aws.built.arns[state["Resource"].removeprefix("${").removesuffix("Arn}")]
    return json.dumps(definition)


def called(calls, function):
    return sum(name == function for name, _ in calls)


def handed_to_finish(calls):
    return next(event for name, event in reversed(calls) if name == FINISH)


def test_without_errors_each_function_is_called_once_in_order(run):
    status, calls = run({})
    assert status == "SUCCEEDED"
    assert [name for name, _ in calls] == [MATCH, DRAFT, FINISH]
    assert Step.model_validate(handed_to_finish(calls)).draft.no_draft == "no_total"


def test_a_document_that_was_not_read_goes_straight_to_finish_job(run):
    status, calls = run({}, outcome=Outcome.FAILED)
    assert (status, [name for name, _ in calls]) == ("SUCCEEDED", [FINISH])


def test_two_transient_errors_are_overcome(run):
    status, calls = run({MATCH: [TransientError(), TransientError()]})
    assert (status, called(calls, MATCH), called(calls, FINISH)) == ("SUCCEEDED", 3, 1)
    assert Step.model_validate(handed_to_finish(calls)).error is None


@pytest.mark.parametrize("function", [MATCH, DRAFT])
def test_a_permanent_error_is_not_tried_again_and_reaches_finish_job(run, function):
    status, calls = run({function: [PermanentError()]})
    assert (status, called(calls, function), called(calls, FINISH)) == ("SUCCEEDED", 1, 1)
    assert Step.model_validate(handed_to_finish(calls)).error.Error == "PermanentError"


def test_an_unknown_error_gets_two_more_tries_and_reaches_finish_job(run):
    status, calls = run({DRAFT: [KeyError("k")] * 9})
    assert (status, called(calls, DRAFT), called(calls, FINISH)) == ("SUCCEEDED", 3, 1)
    assert Step.model_validate(handed_to_finish(calls)).error.Error == "KeyError"


def test_finish_job_is_tried_again_after_errors_of_its_own(run):
    status, calls = run({DRAFT: [PermanentError()], FINISH: [TransientError(), TransientError()]})
    assert (status, called(calls, FINISH)) == ("SUCCEEDED", 3)


def test_a_finish_job_that_can_not_fails_the_execution_so_that_its_rule_calls_it_again(run):
    status, calls = run({FINISH: [PermanentError()]})
    assert (status, called(calls, FINISH)) == ("FAILED", 1)


@pytest.mark.slow
def test_a_transient_error_that_stays_ends_in_finish_job_after_six_more_tries(run):
    status, calls = run({DRAFT: [TransientError()] * 20})
    assert (status, called(calls, DRAFT), called(calls, FINISH)) == ("SUCCEEDED", 7, 1)
    assert Step.model_validate(handed_to_finish(calls)).error.Error == "TransientError"
