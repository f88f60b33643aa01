"""Looks into a running stack from outside: what lies in its tables and buckets, and what its subscribers were told."""

import json
import time
from functools import cached_property
from typing import Any
from uuid import UUID

import boto3

from infra.cli.client import Client
from infra.local.opening import STACK
from paydraft.model.document import StoredObject, results_prefix
from paydraft.model.job import Job
from paydraft.model.transfer import DraftTransfer
from paydraft.stores.items import read_as


class Onlooker:
    """One stack, by the content of its serve.json."""

    def __init__(self, served: dict[str, Any]) -> None:
        self.served = served
        self.outputs: dict[str, str] = served["outputs"]
        self.tenant_id: str = served["tenant_id"]
        self.api = Client(served["url"], served["token"])
        self._session = boto3.Session("local", "local", region_name=served["region"])
        self._clients: dict[str, Any] = {}

    def aws(self, service: str) -> Any:
        """A client of one of the stack's services."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service, endpoint_url=self.served["aws_endpoint"])
        return self._clients[service]

    def job(self, job_id: str) -> Job:
        key = {"tenant_id": {"S": self.tenant_id}, "sk": {"S": f"JOB#{job_id}"}}
        return read_as(Job, self.aws("dynamodb").get_item(TableName=self.outputs["JobsTable"], Key=key)["Item"])

    def jobs(self) -> list[Job]:
        return [read_as(Job, item) for item in self._rows("JobsTable", "JOB#")]

    def drafts(self, job_id: str) -> list[DraftTransfer]:
        every = [read_as(DraftTransfer, item) for item in self._rows("TransfersTable", "TRF#")]
        return [draft for draft in every if str(draft.job_id) == job_id]

    def document(self, job_id: str) -> StoredObject:
        """The job's document, as its event names it."""
        prefix = f"incoming/standard/{self.tenant_id}/{job_id}/"
        [version] = self._versions(prefix)
        return StoredObject(key=version["Key"], version_id=version["VersionId"])

    def results(self, job_id: str, attempt: int = 1) -> list[str]:
        """The keys of all versions of all results."""
        prefix = results_prefix(self.tenant_id, UUID(job_id), attempt)
        return sorted(version["Key"].rpartition("/")[2] for version in self._versions(prefix))

    def executions(self, job_id: str) -> list[str]:
        pages = self.aws("stepfunctions").get_paginator("list_executions")
        every = pages.paginate(stateMachineArn=self.outputs["JobCompletionArn"])
        names = [execution["name"] for page in every for execution in page["executions"]]
        return [name for name in names if name.startswith(job_id)]

    def invoke(self, logical_id: str, event: dict[str, Any]) -> Any:
        """Call a function through Lambda's API; an error of the function fails the test."""
        found = self.aws("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
        name = found["StackResourceDetail"]["PhysicalResourceId"]
        answer = self.aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload
        return payload

    @cached_property
    def _subscriber(self) -> str:
        sqs = self.aws("sqs")
        queue: str = sqs.create_queue(QueueName="onlooker")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.aws("sns").subscribe(TopicArn=self.outputs["CompletionTopicArn"], Protocol="sqs", Endpoint=arn)
        return queue

    def listen(self) -> None:
        """Subscribe, if that was not done before."""
        _ = self._subscriber

    def notes(self, job_ids: list[str], *, seconds: float = 30) -> dict[str, list[dict[str, Any]]]:
        """What was published about these jobs, once there is something about each (or the time is over)."""
        found: dict[str, list[dict[str, Any]]] = {job_id: [] for job_id in job_ids}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for note in self._received():
                note["Message"] = json.loads(note["Message"])
                found.setdefault(note["Message"]["subject"], []).append(note)
            if all(found[job_id] for job_id in job_ids):
                break
        return found

    def _received(self) -> list[dict[str, Any]]:
        sqs = self.aws("sqs")
        answer = sqs.receive_message(QueueUrl=self._subscriber, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        messages = answer.get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=self._subscriber, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def _rows(self, table: str, prefix: str) -> list[dict[str, Any]]:
        pages = (
            self.aws("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.outputs[table],
                KeyConditionExpression="tenant_id = :tenant AND begins_with(sk, :prefix)",
                ExpressionAttributeValues={":tenant": {"S": self.tenant_id}, ":prefix": {"S": prefix}},
            )
        )
        return [item for page in pages for item in page["Items"]]

    def _versions(self, prefix: str) -> list[dict[str, Any]]:
        answer = self.aws("s3").list_object_versions(Bucket=self.outputs["DocumentsBucket"], Prefix=prefix)
        return answer.get("Versions", [])
