"""Builds the data resources of the real template.yaml wherever boto3 points: nothing is declared twice.

Tables, bucket with notifications, queues, topic and state machine; functions are only named. Understands exactly the
intrinsics and resource types that the template uses for these, and fails loudly on any other.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from paydraft.stores.clients import client

REPOSITORY = Path(__file__).resolve().parents[1]
REGION = "eu-central-1"
_ABSENT = object()
_TABLE_KEYS = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")


@cache
def template() -> dict[str, Any]:
    """template.yaml as data, intrinsics in their long form."""
    return yaml_parse((REPOSITORY / "template.yaml").read_text())


@dataclass
class Stack:
    """The resources that were built. `ids` holds what Ref gives, `arns` what GetAtt Arn gives, by logical id."""

    parameters: dict[str, Any]
    account: str
    region: str = REGION
    ids: dict[str, str] = field(default_factory=dict)
    arns: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, logical_id: str) -> str:
        return self.ids[logical_id]

    @property
    def outputs(self) -> dict[str, str]:
        """The stack outputs that name what was built (not the API's address)."""
        declared = template()["Outputs"].items()
        return {name: self.resolve(output["Value"]) for name, output in declared if name != "ApiUrl"}

    def environment_of(self, function: str) -> dict[str, str]:
        """The variables the template gives one function, by logical id."""
        both = (template()["Globals"]["Function"], template()["Resources"][function]["Properties"])
        variables = [part.get("Environment", {}).get("Variables", {}) for part in both]
        return {name: str(value) for name, value in self.resolve(variables[0] | variables[1]).items()}

    def environment(self) -> dict[str, str]:
        """The variables of all functions together: a name means the same thing everywhere."""
        joined: dict[str, str] = {}
        for function in functions():
            for name, value in self.environment_of(function).items():
                assert joined.setdefault(name, value) == value, f"{name} has two meanings"
        return joined

    def resolve(self, value: Any) -> Any:
        """A template value with its intrinsics worked out; what resolves to AWS::NoValue is left out."""
        if isinstance(value, list):
            return [part for part in map(self.resolve, value) if part is not _ABSENT]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (function := next(iter(value))) in ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If"):
            return self._intrinsic(function, value[function])
        parts = {name: self.resolve(part) for name, part in value.items()}
        assert not any(name.startswith("Fn::") for name in parts), parts
        return {name: part for name, part in parts.items() if part is not _ABSENT}

    def _intrinsic(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self._name(argument)
            case "Fn::GetAtt":
                logical_id, attribute = argument
                return self._attribute(logical_id, attribute)
            case "Fn::Sub":
                return re.sub(r"\$\{([\w:.]+)}", lambda found: str(self._name(found[1])), argument)
            case _:
                condition, yes, no = argument
                return self.resolve(yes if {"IsProd": False, "HasCorsOrigins": False}[condition] else no)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if attribute == "Name":
            return self.ids[logical_id].rpartition(":")[2]  # a state machine's Ref is its ARN
        assert attribute == "Arn", attribute
        return self.arns[logical_id]

    def _name(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _ABSENT
        pseudo = {"AWS::AccountId": self.account, "AWS::Region": self.region, "AWS::Partition": "aws"}
        pseudo["AWS::StackId"] = f"arn:aws:cloudformation:{self.region}:{self.account}:stack/tests/0"
        if "." in name:
            return self._attribute(*name.split("."))
        return (pseudo | self.parameters | self.ids)[name]


def functions() -> list[str]:
    """The logical ids of all functions."""
    return [name for name, part in template()["Resources"].items() if part["Type"] == "AWS::Serverless::Function"]


def build(account: str, *, prefix: str = "") -> Stack:
    """Create everything; `prefix` keeps two stacks in one place apart (the bucket's name is the template's)."""
    declared = template()
    parameters = {name: part.get("Default") for name, part in declared["Parameters"].items()}
    parameters |= {"Stage": "local", "RequestsPerSecond": 1000, "RequestBurst": 1000}  # tests are in a hurry
    stack = Stack(parameters, account)
    for name in functions():
        stack.ids[name] = f"{prefix}{name}"
        stack.arns[name] = f"arn:aws:lambda:{REGION}:{account}:function:{prefix}{name}"
    for kind, create in _MAKERS.items():
        waiting = {name: part for name, part in declared["Resources"].items() if part["Type"] == kind}
        for name in _in_order(waiting):
            create(stack, name, waiting[name]["Properties"], prefix)
    return stack


def _in_order(resources: dict[str, Any]) -> list[str]:
    """Those first that the others of the same kind point to (a queue after its dead letters)."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        mentioned = re.findall(r"\"(\w+)\"", json.dumps(resources[name]))
        for other in set(mentioned) & resources.keys() - {name}:
            visit(other)
        if name not in ordered:
            ordered.append(name)

    for name in resources:
        visit(name)
    return ordered


def _table(stack: Stack, name: str, properties: dict[str, Any], prefix: str) -> None:
    db, physical = client("dynamodb"), f"{prefix}{name}"
    wanted = stack.resolve(properties)
    made = db.create_table(TableName=physical, **{key: wanted[key] for key in _TABLE_KEYS if key in wanted})
    if "TimeToLiveSpecification" in wanted:
        db.update_time_to_live(TableName=physical, TimeToLiveSpecification=wanted["TimeToLiveSpecification"])
    stack.ids[name], stack.arns[name] = physical, made["TableDescription"]["TableArn"]


def _queue(stack: Stack, name: str, properties: dict[str, Any], prefix: str) -> None:
    sqs, wanted = client("sqs"), stack.resolve(properties)
    texts = {key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in wanted.items()}
    stack.ids[name] = sqs.create_queue(QueueName=f"{prefix}{name}", Attributes=texts)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=stack.ids[name], AttributeNames=["QueueArn"])
    stack.arns[name] = answer["Attributes"]["QueueArn"]


def _topic(stack: Stack, name: str, _: dict[str, Any], prefix: str) -> None:
    arn = client("sns").create_topic(Name=f"{prefix}{name}")["TopicArn"]
    stack.ids[name] = stack.arns[name] = arn


def _bucket(stack: Stack, name: str, properties: dict[str, Any], _: str) -> None:
    s3, wanted = client("s3"), stack.resolve(properties)
    bucket = wanted["BucketName"]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=wanted["VersioningConfiguration"])
    queues = [
        {"QueueArn": one["Queue"], "Events": [one["Event"]], "Filter": {"Key": _key_filter(one)}}
        for one in wanted["NotificationConfiguration"]["QueueConfigurations"]
    ]
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": queues})
    stack.ids[name], stack.arns[name] = bucket, f"arn:aws:s3:::{bucket}"


def _key_filter(configuration: dict[str, Any]) -> dict[str, Any]:
    rules = configuration["Filter"]["S3Key"]["Rules"]
    return {"FilterRules": [{"Name": rule["Name"], "Value": rule["Value"]} for rule in rules]}


def _state_machine(stack: Stack, name: str, properties: dict[str, Any], prefix: str) -> None:
    definition = (REPOSITORY / properties["DefinitionUri"]).read_text()
    for placeholder, value in stack.resolve(properties["DefinitionSubstitutions"]).items():
        definition = definition.replace(f"${{{placeholder}}}", value)
    role = f"arn:aws:iam::{stack.account}:role/{name}"
    made = client("stepfunctions").create_state_machine(
        name=f"{prefix}{name}", definition=definition, roleArn=role, type=properties["Type"]
    )
    stack.ids[name] = stack.arns[name] = made["stateMachineArn"]


_MAKERS = {
    "AWS::DynamoDB::Table": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::SNS::Topic": _topic,
    "AWS::S3::Bucket": _bucket,
    "AWS::Serverless::StateMachine": _state_machine,
}
