"""How a stack begins and ends: what it writes, whom it refuses, what is left of it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from infra.local.environments import REPOSITORY
from infra.local.serve import StackFailedError, running_stack, start, wait_until_served
from tests.infra.local.conftest import TINY
from tests.infra.local.processes import ends

pytestmark = pytest.mark.slow


def function_pid(tiny) -> int:
    with urllib.request.urlopen(tiny.served["url"] + "/echo/1", timeout=30) as answer:
        return json.load(answer)["pid"]


def test_serve_json_tells_all_a_client_needs_and_only_its_owner(own_tiny):
    file = own_tiny.state_dir / "serve.json"
    served = json.loads(file.read_text())
    assert served["pid"] == own_tiny.process.pid
    assert served["tenant_id"] == "demo"
    assert served["outputs"]["ApiUrl"] == served["url"]
    assert set(served) == {"url", "aws_endpoint", "region", "token", "tenant_id", "pid", "outputs"}
    assert file.stat().st_mode & 0o077 == 0
    assert own_tiny.state_dir.stat().st_mode & 0o077 == 0


def test_sigterm_ends_all_processes_and_the_announcement(own_tiny):
    pid = function_pid(own_tiny)
    assert own_tiny.stop() == 0
    assert ends(pid)
    assert not (own_tiny.state_dir / "serve.json").exists()


def test_what_runs_at_sigterm_may_end(own_tiny):
    sqs = own_tiny.client("sqs")
    sqs.send_message(QueueUrl=own_tiny.outputs["WorkUrl"], MessageBody="quick")
    own_tiny.stop()
    own_tiny.start()
    attributes = own_tiny.client("sqs").get_queue_attributes(
        QueueUrl=own_tiny.outputs["WorkUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "0"


def test_killed_it_leaves_no_process_and_starts_again(own_tiny):
    pid = function_pid(own_tiny)
    own_tiny.kill()
    assert ends(pid)
    assert (own_tiny.state_dir / "serve.json").exists()  # nobody could remove it
    own_tiny.start()
    assert own_tiny.served["pid"] == own_tiny.process.pid
    assert function_pid(own_tiny) != pid


def test_a_second_one_on_the_same_state_is_refused_by_name_and_the_first_goes_on(own_tiny):
    command = [sys.executable, "-m", "infra.local", "serve", "--state-dir", str(own_tiny.state_dir), "--port", "0"]
    second = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert f"served already, by process {own_tiny.process.pid}" in second.stderr
    assert json.loads((own_tiny.state_dir / "serve.json").read_text())["pid"] == own_tiny.process.pid
    assert function_pid(own_tiny)


def test_a_taken_port_is_passed_over(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running_stack(tmp_path, port=port, template=TINY) as served:
            assert port < int(served["url"].rpartition(":")[2]) < port + 100


def test_a_changed_template_updates_the_stack_and_keeps_the_data(own_tiny, tmp_path):
    things = own_tiny.outputs["Things"]
    own_tiny.client("dynamodb").put_item(TableName=things, Item={"id": {"S": "a"}, "sk": {"S": "b"}})
    own_tiny.stop()
    folder = Path(shutil.copytree(TINY.parent, tmp_path / "changed"))
    own_tiny.template = folder / "template.yaml"
    text = own_tiny.template.read_text()
    own_tiny.template.write_text(text.replace('Path: "/echo/{id}"', 'Path: "/say/{id}"'))
    own_tiny.start()
    assert own_tiny.outputs["Things"] == things
    assert own_tiny.client("dynamodb").get_item(TableName=things, Key={"id": {"S": "a"}, "sk": {"S": "b"}})["Item"]
    with urllib.request.urlopen(own_tiny.served["url"] + "/say/1", timeout=30) as answer:
        assert json.load(answer)["routeKey"] == "GET /say/{id}"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(own_tiny.served["url"] + "/echo/1", timeout=30)


def test_a_template_that_cannot_be_deployed_ends_it_with_cloudformations_reason(tmp_path):
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {Nothing: {Type: AWS::No::Such}}\n")
    with pytest.raises(StackFailedError, match="AWS::No::Such"):
        wait_until_served(tmp_path / "state", start(tmp_path / "state", template=template))


def test_a_failed_creation_does_not_stand_in_the_way_of_the_next(tmp_path):
    template = tmp_path / "template.yaml"
    nobody = "{TargetFunctionArn: nobody, AuthType: NONE}"
    template.write_text(f"Resources: {{Url: {{Type: AWS::Lambda::Url, Properties: {nobody}}}}}\n")
    with pytest.raises(StackFailedError, match=r"Url: .*not found"):
        wait_until_served(tmp_path / "state", start(tmp_path / "state", template=template))
    template.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Arn: {Value: !Ref Topic}}\n")
    with running_stack(tmp_path / "state", template=template) as served:
        assert served["outputs"]["Arn"].startswith("arn:aws:sns:")


def test_docker_without_an_engine_is_a_clear_refusal(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {F: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}}\n")
    with pytest.raises(StackFailedError, match="--docker needs"):
        wait_until_served(tmp_path / "state", start(tmp_path / "state", docker=True, template=template))


def test_the_environment_of_the_caller_does_not_lead_the_stack_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with running_stack(tmp_path, template=TINY) as served:
        assert served["region"] == "eu-west-1"
        assert ":eu-west-1:" in served["outputs"]["TopicArn"]
        assert os.environ["AWS_REGION"] == "us-east-1"
