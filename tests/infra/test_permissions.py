"""Who may do what: each function exactly its part of the flow, each row of IAM a sentence.

That the permissions suffice is checked where handlers run: tests/iam.py refuses what the template does not allow.
"""

import re

import pytest
from botocore.exceptions import ClientError

from tests import iam
from tests.infra.translated import folder_of, named_in, of_type, translated, written

ROLES = of_type("AWS::IAM::Role")
LOGS_ONLY = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"  # attached by SAM
TRACES_ONLY = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"
NO_NARROWER_RESOURCE = re.compile(
    "logs:(Create|Get|Update|Delete|List)LogDeliver|logs:(Put|Describe)(Resource|LogGroups)"
)
DELETERS = ("ApiOcrJobsFunctionRole", "ReconcileJobsFunctionRole")  # of a job that its tenant wants gone
STATEMENTS = [
    (role, statement)
    for role, properties in ROLES.items()
    for policy in properties.get("Policies", [])
    for statement in policy["PolicyDocument"]["Statement"]
]


def as_list(value):
    return value if isinstance(value, list) else [value]


def actions_of(role):
    """Action → the logical ids it may be done to; objects of the bucket by their folder."""
    may: dict[str, set[str]] = {}
    for owner, statement in STATEMENTS:
        if owner == role:
            for action in as_list(statement["Action"]):
                may.setdefault(action, set()).update(
                    target for one in as_list(statement["Resource"]) for target in targets(one)
                )
    return may


def targets(resource):
    if isinstance(resource, dict) and "-documents-" in str(resource.get("Fn::Sub", "")):
        folder = re.search(r"/(\w+)/\*$", resource["Fn::Sub"])
        return {f"documents/{folder[1]}" if folder else "documents"}
    return set(named_in(resource)) - {"AWS::Partition", "AWS::Region", "AWS::AccountId"} or {str(resource)}


@pytest.mark.parametrize(("role", "statement"), STATEMENTS, ids=[f"{r}-{s.get('Sid')}" for r, s in STATEMENTS])
def test_a_statement_allows_named_actions_on_named_resources(role, statement):
    assert statement["Effect"] == "Allow"
    for action in as_list(statement["Action"]):
        assert "*" not in action
        if "*" in as_list(statement["Resource"]):
            assert NO_NARROWER_RESOURCE.match(action), f"{action} on everything"
    assert "NotAction" not in statement
    assert "NotResource" not in statement


def test_nobody_may_scan_and_only_look_ups_and_whole_jobs_are_ever_deleted():
    """A changed VAT number or mail address frees the old one; what is exported is no longer listed as approved.

    A job that is called leaves its group's line.
    """
    actions = {(role, action) for role, statement in STATEMENTS for action in as_list(statement["Action"])}
    dangerous = {one for one in actions if re.search("Scan|Delete(?!Message|LogDelivery)|BatchWrite", one[1])}
    assert dangerous == {
        ("ApiCounterpartiesFunctionRole", "dynamodb:DeleteItem"),
        ("ApiTransfersFunctionRole", "dynamodb:DeleteItem"),
        ("FinishJobFunctionRole", "dynamodb:DeleteItem"),
        *((role, action) for role in DELETERS for action in ("dynamodb:DeleteItem", "s3:DeleteObjectVersion")),
    }


def test_policies_are_written_by_hand():
    functions = of_type("AWS::Serverless::Function", written()) | of_type("AWS::Serverless::StateMachine", written())
    for name, properties in functions.items():
        for policy in as_list(properties.get("Policies", [])):
            assert policy.keys() == {"Version", "Statement"}, f"{name} uses a policy template"


def test_what_sam_attaches_by_itself_writes_logs_and_traces_only():
    attached = {arn for properties in ROLES.values() for arn in properties.get("ManagedPolicyArns", [])}
    assert attached == {LOGS_ONLY, TRACES_ONLY}


def test_every_statement_says_what_it_is_for():
    without = [role for role, statement in STATEMENTS if "Sid" not in statement]
    on_failure = [
        role for role, s in STATEMENTS if s["Action"] == "sqs:SendMessage" and "ParkedCalls" in named_in(s["Resource"])
    ]
    assert without == on_failure  # SAM writes these for EventInvokeConfig


def test_each_function_has_a_role_of_its_own():
    functions = of_type("AWS::Lambda::Function")
    roles = [one["Role"]["Fn::GetAtt"][0] for one in functions.values()]
    assert roles == [f"{name}Role" for name in functions]


MAY = {
    "ApiInvoicesV2Function": {
        "dynamodb:GetItem": {"JobsTable", "CredentialsTable", "CounterpartiesTable", "TransientTable"},
        "dynamodb:Query": {"JobsTable", "CounterpartiesTable"},
        "dynamodb:BatchGetItem": {"JobsTable"},
        "dynamodb:PutItem": {"JobsTable", "TransientTable"},
        "dynamodb:UpdateItem": {"JobsTable", "TransientTable"},
        "s3:GetObject": {"documents/incoming", "documents/results"},
        "s3:GetObjectVersion": {"documents/incoming"},  # for links to a version
        "s3:PutObject": {"documents/incoming"},  # and for tickets
        "s3:ListBucket": {"documents"},
    },
    "ApiCounterpartiesFunction": {
        "dynamodb:GetItem": {"CounterpartiesTable", "CredentialsTable", "TransientTable"},
        "dynamodb:Query": {"CounterpartiesTable"},
        "dynamodb:PutItem": {"CounterpartiesTable", "TransientTable"},
        "dynamodb:UpdateItem": {"TransientTable"},
        "dynamodb:DeleteItem": {"CounterpartiesTable"},
    },
    "ApiDocsFunction": {},
    "ApiInvoicesV1Function": {
        "dynamodb:GetItem": {"JobsTable", "TransfersTable", "CredentialsTable"},
        "dynamodb:PutItem": {"JobsTable", "TransientTable"},
        "dynamodb:UpdateItem": {"JobsTable", "TransientTable"},
        "s3:GetObject": {"documents/incoming", "documents/results"},
        "s3:GetObjectVersion": {"documents/incoming"},
        "s3:PutObject": {"documents/incoming"},
        "s3:ListBucket": {"documents"},
    },
    "ApiTransfersFunction": {
        "dynamodb:GetItem": {
            "TransfersTable",
            "JobsTable",
            "CounterpartiesTable",
            "CredentialsTable",
            "TransientTable",
        },
        "dynamodb:BatchGetItem": {"TransfersTable", "CounterpartiesTable"},
        "dynamodb:Query": {"TransfersTable", "CounterpartiesTable"},
        "dynamodb:PutItem": {"TransfersTable", "CounterpartiesTable", "TransientTable"},
        "dynamodb:UpdateItem": {"TransfersTable", "JobsTable", "TransientTable"},
        "dynamodb:DeleteItem": {"TransfersTable"},
        "dynamodb:ConditionCheckItem": {"CounterpartiesTable"},
        "s3:GetObject": {"documents/results"},
        "s3:ListBucket": {"documents"},
    },
    "ApiOcrJobsFunction": {
        "dynamodb:GetItem": {"JobsTable", "TransfersTable", "CredentialsTable", "TransientTable"},
        "dynamodb:BatchGetItem": {"JobsTable"},
        "dynamodb:Query": {"JobsTable"},
        "dynamodb:PutItem": {"JobsTable", "TransfersTable", "TransientTable"},
        "dynamodb:UpdateItem": {"JobsTable", "TransfersTable", "TransientTable"},
        "dynamodb:DeleteItem": {"JobsTable"},
        "sqs:SendMessage": {"FetchQueue"},
        "s3:GetObject": {"documents/results"},
        "s3:GetObjectVersion": {"documents/incoming"},
        "s3:PutObject": {"documents/incoming"},
        "s3:ListBucket": {"documents"},
        "s3:ListBucketVersions": {"documents"},
        "s3:DeleteObjectVersion": {"documents/incoming", "documents/results"},
        "lambda:InvokeFunction": {"FinishJobFunction"},
        "states:StopExecution": {"JobCompletion"},
    },
    "ApiOcrTasksFunction": {
        "dynamodb:GetItem": {"JobsTable", "CredentialsTable", "TransientTable"},
        "dynamodb:BatchGetItem": {"JobsTable"},
        "dynamodb:Query": {"JobsTable"},
        "dynamodb:PutItem": {"JobsTable", "TransientTable"},
        "dynamodb:UpdateItem": {"JobsTable", "TransientTable"},
        "sqs:SendMessage": {"FetchQueue"},
        "s3:GetObject": {"documents/incoming", "documents/results"},
        "s3:GetObjectVersion": {"documents/incoming"},
        "s3:PutObject": {"documents/incoming"},
        "s3:ListBucket": {"documents"},
    },
    "FetchDocumentFunction": {  # no s3:ListBucket: it can find no document whose key it does not know
        "sqs:ReceiveMessage": {"FetchQueue"},
        "sqs:DeleteMessage": {"FetchQueue"},
        "sqs:GetQueueAttributes": {"FetchQueue"},
        "dynamodb:GetItem": {"JobsTable"},
        "s3:GetObject": {"documents/incoming"},
        "s3:PutObject": {"documents/incoming"},
        "lambda:InvokeFunction": {"FinishJobFunction"},
    },
    "ApiTokensFunction": {
        "dynamodb:GetItem": {"CredentialsTable", "JobsTable", "TransientTable"},
        "dynamodb:Query": {"JobsTable"},
        "dynamodb:PutItem": {"CredentialsTable", "JobsTable", "TransientTable"},
        "dynamodb:UpdateItem": {"CredentialsTable", "JobsTable", "TransientTable"},
    },
    "ExtractDocumentFunction": {
        "sqs:ReceiveMessage": {"ExpressQueue", "StandardQueue"},
        "sqs:DeleteMessage": {"ExpressQueue", "StandardQueue"},
        "sqs:GetQueueAttributes": {"ExpressQueue", "StandardQueue"},
        "dynamodb:GetItem": {"JobsTable"},
        "dynamodb:BatchGetItem": {"TransfersTable"},
        "dynamodb:PutItem": {"JobsTable"},
        "dynamodb:UpdateItem": {"JobsTable"},
        "s3:GetObject": {"documents/incoming", "documents/results"},
        "s3:GetObjectVersion": {"documents/incoming"},
        "s3:PutObject": {"documents/results"},
        "s3:ListBucket": {"documents"},
        "states:StartExecution": {"JobCompletion"},
    },
    "MatchCounterpartyFunction": {
        "dynamodb:GetItem": {"CounterpartiesTable"},
        "dynamodb:Query": {"CounterpartiesTable"},
        "s3:GetObject": {"documents/results"},
        "s3:ListBucket": {"documents"},
    },
    "CreateDraftTransferFunction": {
        "dynamodb:GetItem": {"JobsTable", "CounterpartiesTable", "TransfersTable"},
        "dynamodb:ConditionCheckItem": {"JobsTable"},
        "dynamodb:BatchGetItem": {"TransfersTable"},
        "dynamodb:PutItem": {"TransfersTable"},
        "dynamodb:UpdateItem": {"TransfersTable"},
        "s3:GetObject": {"documents/results"},
        "s3:ListBucket": {"documents"},
    },
    "FinishJobFunction": {
        "dynamodb:GetItem": {"JobsTable", "TransfersTable"},
        "dynamodb:Query": {"JobsTable"},
        "dynamodb:DeleteItem": {"JobsTable"},
        "dynamodb:PutItem": {"TransfersTable"},
        "dynamodb:UpdateItem": {"JobsTable", "TransfersTable"},
        "sns:Publish": {"CompletionTopic"},
        "sqs:ReceiveMessage": {"ExpressDeadLetters", "StandardDeadLetters", "FetchDeadLetters"},
        "sqs:DeleteMessage": {"ExpressDeadLetters", "StandardDeadLetters", "FetchDeadLetters"},
        "sqs:GetQueueAttributes": {"ExpressDeadLetters", "StandardDeadLetters", "FetchDeadLetters"},
        "sqs:SendMessage": {"FetchQueue", "ParkedCalls"},
    },
    "ReconcileJobsFunction": {
        "dynamodb:Query": {"JobsTable"},
        "dynamodb:GetItem": {"JobsTable"},
        "dynamodb:UpdateItem": {"JobsTable"},
        "dynamodb:DeleteItem": {"JobsTable"},
        "s3:GetObject": {"documents/incoming"},
        "s3:GetObjectVersion": {"documents/incoming"},
        "s3:PutObject": {"documents/incoming"},
        "s3:ListBucket": {"documents"},
        "s3:ListBucketVersions": {"documents"},
        "s3:DeleteObjectVersion": {"documents/incoming", "documents/results"},
        "sqs:SendMessage": {"ExpressQueue", "StandardQueue", "FetchQueue", "ParkedCalls"},
        "states:DescribeExecution": {"JobCompletion"},
        "lambda:InvokeFunction": {"FinishJobFunction"},
    },
}


def test_the_table_of_permissions_names_every_function():
    assert MAY.keys() == of_type("AWS::Lambda::Function").keys()


@pytest.mark.parametrize("function", MAY, ids=folder_of)
def test_a_function_may_do_its_part_and_nothing_else(function):
    assert actions_of(f"{function}Role") == MAY[function]


def test_only_the_function_of_tokens_writes_credentials():
    writers = {
        function
        for function, may in MAY.items()
        for action, tables in may.items()
        if "CredentialsTable" in tables and action != "dynamodb:GetItem"
    }
    assert writers == {"ApiTokensFunction"}


def test_only_finish_job_may_publish_even_if_another_role_is_widened():
    deny = translated()["Resources"]["CompletionTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]
    assert deny["Effect"] == "Deny"
    assert deny["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["FinishJobFunctionRole", "Arn"]}}}
    assert [function for function, may in MAY.items() if "sns:Publish" in may] == ["FinishJobFunction"]


def test_the_state_machine_may_call_its_three_functions():
    assert actions_of("JobCompletionRole")["lambda:InvokeFunction"] == {
        "MatchCounterpartyFunction",
        "CreateDraftTransferFunction",
        "FinishJobFunction",
    }


def test_s3_may_send_only_from_our_bucket_in_our_account():
    name = written()["Resources"]["DocumentsBucket"]["Properties"]["BucketName"]["Fn::Sub"]
    bucket = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{name}"}
    for lane in ("Express", "Standard"):
        [statement] = translated()["Resources"][f"{lane}QueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Condition"] == {
            "ArnEquals": {"aws:SourceArn": bucket},
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        }


def test_the_bucket_waits_for_the_policies_of_its_queues():
    """S3 tries to send when the notifications are set up, and refuses them if it may not."""
    assert set(translated()["Resources"]["DocumentsBucket"]["DependsOn"]) == {
        "ExpressQueuePolicy",
        "StandardQueuePolicy",
    }


def test_documents_travel_encrypted():
    [statement] = translated()["Resources"]["DocumentsBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_stack_that_tests_use_refuses_what_no_statement_allows(aws):
    with pytest.raises(AssertionError, match="MatchCounterpartyFunction lacks a permission"):  # noqa: SIM117
        with iam.acting_as("MatchCounterpartyFunction", aws.built):
            with pytest.raises(ClientError, match="AccessDenied"):
                aws.client("dynamodb").get_item(TableName=aws["TransfersTable"], Key={"tenant_id": {"S": "acme"}})


def test_the_stack_that_tests_use_allows_what_a_statement_allows(aws):
    key = {"tenant_id": {"S": "acme"}, "sk": {"S": "CP#1"}}
    with iam.acting_as("MatchCounterpartyFunction", aws.built):
        assert "Item" not in aws.client("dynamodb").get_item(TableName=aws["CounterpartiesTable"], Key=key)
