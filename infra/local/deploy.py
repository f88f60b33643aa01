"""A stack on the local endpoint from a prepared template, in one CloudFormation call."""

import json
import time
from pathlib import Path
from typing import Any

import boto3

from infra.local.artifacts import pointer
from infra.local.template import ARTIFACTS_BUCKET, Json

_TEMPLATE_KEY = "template.json"


class DeploymentError(Exception):
    """The stack could not be made; the message holds CloudFormation's reason."""


def deploy(
    endpoint: str, region: str, stack: str, template: Json, parameters: dict[str, str], folders: dict[str, Path]
) -> dict[str, str]:
    """Create or update the stack and wait for it; back come its outputs."""
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=region)
    _upload(session.client("s3", endpoint_url=endpoint), folders, template)
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    _clear_away(cloudformation, stack)
    _create_or_update(cloudformation, stack, f"{endpoint}/{ARTIFACTS_BUCKET}/{_TEMPLATE_KEY}", parameters)
    description = _settled(cloudformation, stack) or {"StackStatus": "gone"}
    if description["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeploymentError(f"{stack}: {description['StackStatus']}: {_reasons(cloudformation, stack)}")
    return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}


def _upload(s3: Any, folders: dict[str, Path], template: Json) -> None:
    if ARTIFACTS_BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=ARTIFACTS_BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    for key, folder in folders.items():
        s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=key, Body=pointer(folder))
    s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=_TEMPLATE_KEY, Body=json.dumps(template, default=str).encode())


def _clear_away(cloudformation: Any, stack: str) -> None:
    """A stack whose creation failed takes no update."""
    description = _settled(cloudformation, stack)
    if description and description["StackStatus"] in ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
        cloudformation.delete_stack(StackName=stack)
        _settled(cloudformation, stack)


def _settled(cloudformation: Any, stack: str) -> dict[str, Any] | None:
    """The stack's description when nothing is under way, or None if there is none."""
    while True:
        try:
            description: dict[str, Any] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        except cloudformation.exceptions.ClientError as refusal:
            if "does not exist" in str(refusal):
                return None
            raise
        if not description["StackStatus"].endswith("IN_PROGRESS"):
            return description
        time.sleep(0.02)


def _create_or_update(cloudformation: Any, stack: str, template_url: str, parameters: dict[str, str]) -> None:
    request = {
        "StackName": stack,
        "TemplateURL": template_url,  # in a request a template may have 51,200 bytes
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        cloudformation.create_stack(**request)
    except cloudformation.exceptions.AlreadyExistsException:
        try:
            cloudformation.update_stack(**request)
        except cloudformation.exceptions.ClientError as refusal:
            if "No updates are to be performed" not in str(refusal):
                raise


def _reasons(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if "FAILED" in event["ResourceStatus"]]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)
