"""Which stack a command works on: the one served on this machine, or a deployed one by the operator's AWS rights."""

import argparse
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.exceptions import EndpointConnectionError

from paydraft.model.document import TENANT_ID

STATE_DIR = Path(".paydraft")


class TargetError(Exception):
    """No stack to work on; the message says how to get one."""


@dataclass(frozen=True)
class Target:
    """A running stack: its outputs by name, its stage, and for a local one what `serve` wrote."""

    outputs: dict[str, str]
    stage: str
    url: str
    token: str | None = None
    tenant_id: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say which stack: `find(arguments.stack, arguments.state_dir)`."""
    parser.add_argument("--stack", help="a deployed stack; without it the one that `paydraft serve` runs")
    parser.add_argument("--state-dir", type=Path, default=STATE_DIR, help="the folder of the served stack")


def explain(problem: Exception) -> str:
    """What to tell a person whose command AWS, or the served stack, did not answer as it should."""
    if isinstance(problem, EndpointConnectionError) and "AWS_ENDPOINT_URL" in os.environ:
        return "The served stack does not answer. Start it again with `make serve`."
    return f"AWS did not do it: {str(problem).rstrip('.')}. Check --stack, AWS_PROFILE and AWS_REGION."


def use_local(serve: dict[str, object]) -> Target:
    """Point this process's AWS clients at the stack of a serve.json, and describe it."""
    os.environ.update(
        AWS_ENDPOINT_URL=str(serve["aws_endpoint"]),
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION=str(serve.get("region", "eu-west-1")),
    )
    outputs = serve["outputs"]
    assert isinstance(outputs, dict)
    return Target(outputs, "local", str(serve["url"]), str(serve["token"]), str(serve["tenant_id"]))


def tenant_of(place: Target, wanted: str | None) -> str:
    """The tenant to work for: the one wanted, else the served stack's; TargetError for none, and for no right name."""
    tenant_id = wanted or place.tenant_id
    if tenant_id is None:
        raise TargetError("A deployed stack has many tenants: name one with --tenant.")
    if not re.fullmatch(TENANT_ID, tenant_id):
        raise TargetError("A tenant's name is 1 to 64 small letters, digits and hyphens.")
    return tenant_id


def find(stack: str | None, state_dir: Path = STATE_DIR) -> Target:
    """The deployed stack of that name, or without a name the one that `paydraft serve` runs (TargetError if none)."""
    if stack is not None:
        return _deployed(stack)
    try:
        return use_local(json.loads((state_dir / "serve.json").read_text()))
    except FileNotFoundError:
        raise TargetError(
            f"No stack is served from {state_dir}/. Start one with `make serve`, or name a deployed one with --stack."
        ) from None


def _deployed(stack: str) -> Target:
    description = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}
    parameters = {p["ParameterKey"]: p["ParameterValue"] for p in description.get("Parameters", [])}
    return Target(outputs, parameters["Stage"], outputs["ApiUrl"])
