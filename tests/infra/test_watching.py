"""Logs end some day, and alarms reach somebody."""

import pytest

from tests.infra.translated import folder_of, of_type, translated

LOG_GROUPS = of_type("AWS::Logs::LogGroup")
ALARMS = of_type("AWS::CloudWatch::Alarm")


@pytest.mark.parametrize("group", LOG_GROUPS.values(), ids=LOG_GROUPS)
def test_a_log_group_forgets(group):
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("function", of_type("AWS::Lambda::Function"))
def test_a_function_logs_to_a_group_of_its_own(function):
    """Else Lambda makes one that never ends."""
    logging = of_type("AWS::Lambda::Function")[function]["LoggingConfig"]
    group = function.removesuffix("Function") + "LogGroup"
    assert logging == {"LogFormat": "JSON", "ApplicationLogLevel": {"Ref": "LogLevel"}, "LogGroup": {"Ref": group}}
    assert LOG_GROUPS[group]["LogGroupName"]["Fn::Sub"].endswith(f"/{folder_of(function)}")


def test_state_machine_and_api_log_too():
    machine = of_type("AWS::StepFunctions::StateMachine")["JobCompletion"]["LoggingConfiguration"]
    assert (
        machine["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0] == "JobCompletionLogGroup"
    )
    assert machine["IncludeExecutionData"] is False
    stage = translated()["Resources"]["ApiApiGatewayDefaultStage"]["Properties"]
    assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["ApiLogGroup", "Arn"]}


def test_the_access_log_holds_no_query_no_token_no_body_and_no_callers_address():
    log_format = translated()["Resources"]["ApiApiGatewayDefaultStage"]["Properties"]["AccessLogSettings"]["Format"]
    assert "authorization" not in log_format.lower()
    assert "querystring" not in log_format.lower()
    assert "$context.path" not in log_format  # it would hold job ids
    assert "$context.identity" not in log_format


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS)
def test_an_alarm_calls_somebody_and_says_what_is_the_matter(alarm):
    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert len(alarm["AlarmDescription"]) > 40


def metrics_of(alarm):
    yield alarm.get("MetricName")
    yield from (
        metric["MetricStat"]["Metric"]["MetricName"] for metric in alarm.get("Metrics", []) if "MetricStat" in metric
    )


def test_what_must_not_go_unnoticed_has_an_alarm():
    watched = {name for alarm in ALARMS.values() for name in metrics_of(alarm)}
    assert watched >= {
        "ApproximateNumberOfMessagesVisible",
        "NumberOfMessagesReceived",
        "ApproximateAgeOfOldestMessage",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "5xx",
        "Invocations",
        "Throttles",
        "Duration",
        "RequestsUncounted",
    }


def test_throttles_are_watched_at_every_function():
    alarms = [ALARMS[name]["Metrics"][1:] for name in ("ApisAreThrottledAlarm", "FunctionsAreThrottledAlarm")]
    assert all(len(metrics) <= 10 for metrics in alarms)  # CloudWatch takes no more in one alarm
    metrics = [metric["MetricStat"]["Metric"] for metrics in alarms for metric in metrics]
    assert {one["Dimensions"][0]["Value"]["Ref"] for one in metrics} == of_type("AWS::Lambda::Function").keys()
    assert {one["MetricName"] for one in metrics} == {"Throttles"}


def test_a_reconciler_that_sends_no_figures_is_an_alarm():
    assert ALARMS["ReconcilerSleepsAlarm"]["TreatMissingData"] == "breaching"


@pytest.mark.parametrize("alarm", [alarm for alarm in ALARMS.values() if len(alarm.get("Metrics", ())) > 2])
def test_an_alarm_over_several_metrics_does_not_fall_silent_with_one_of_them(alarm):
    """Of a + b CloudWatch makes nothing where one has sent nothing, and an idle function sends nothing."""
    total = alarm["Metrics"][0]["Expression"]
    assert "FILL(" in total or total.startswith("IF(calls > 0")
    if "FILL(" in total:  # it fills the newest period too, whose figures come late: that one alone would always be fine
        assert alarm["DatapointsToAlarm"] < alarm["EvaluationPeriods"]
