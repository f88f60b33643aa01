"""Builds and runs the product as AWS would: sam build, sam local invoke for every function, sam local start-api.

The containers work on a throw-away stack of infra/local, whose own functions stand still meanwhile. Where no container
engine can start it says so in one line and ends well. A problem in any step ends with exit code 1.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from infra.cli import target
from infra.cli.client import Answer, Client
from infra.local import environments
from infra.local.serve import running_stack
from infra.tools import sam_env, sample_state
from infra.tools.container_engine import NoEngineError, engine
from infra.tools.sam_cases import CASES, Case

ROOT = Path(__file__).resolve().parents[2]
SAM = ROOT / ".tools/sam"
DOCUMENTS = ROOT / "tests/golden/documents"
REGION = "eu-west-1"
IMAGE = "extractdocumentfunction:latest"  # what `sam build` calls it
_LABEL = "label=sam.cli.container.type=lambda"
_READY_SECONDS = 60


class StageError(Exception):
    """A step failed; the message says which and how."""


def main() -> int:
    """Run the stage."""
    try:
        with engine() as environment:
            _run(environment)
    except NoEngineError as reason:
        print(f"[sam] skipped: {reason}")
    except StageError as problem:
        print(f"[sam] FAILED: {problem}", file=sys.stderr)
        return 1
    return 0


def _run(environment: dict[str, str]) -> None:
    _install_sam()
    environment |= {
        "PATH": f"{SAM / 'bin'}:{environment['PATH']}",  # its python3.13 and pip build the layers
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": REGION,
    }
    _step("base images", [str(ROOT / "infra/tools/base_images.sh")], environment)
    _step("sam validate --lint", ["sam", "validate", "--lint"], environment)
    _step("cfn-lint of the transformed template", ["sh", "-c", _LINT_TRANSFORMED], environment)
    _step("sam build", ["sam", "build", "--cached", "--parallel"], environment)
    _step("the image alone, not as root", ["docker", "run", "--rm", "--user", "65534", *_ASK_IMAGE], environment)
    with (
        _stack() as place,
        sam_env.relay(os.environ["AWS_ENDPOINT_URL"], environment) as aws_endpoint,
        tempfile.TemporaryDirectory(prefix="paydraft-sam-") as folder,
        _no_containers_left(environment),
    ):
        names = Path(folder) / "sam_env.json"
        names.write_text(json.dumps(sam_env.variables(aws_endpoint)))
        local = ["--skip-pull-image", "--env-vars", str(names), "--region", REGION]
        version = sample_state.seed(place, DOCUMENTS / "nl_scan.png", now=datetime.now(UTC))
        for case in CASES:
            _invoke(case, version, Path(folder), local, environment)
        _switch(on=True)
        _start_api(local, environment)


_LINT_TRANSFORMED = f"'{sys.executable}' -m infra.tools.transform | '{Path(sys.executable).parent}/cfn-lint'"
_ASK_IMAGE = ["--entrypoint", "sh", IMAGE, "-c", "python --version; tesseract --list-langs | tail -n +2 | tr '\\n' ' '"]


def _install_sam() -> None:
    begun = time.monotonic()
    environments.tool("sam", ROOT / "infra/tools/sam.lock.txt")
    _say("aws-sam-cli, pinned with hashes, in .tools/sam", begun)


@contextmanager
def _stack() -> Iterator[target.Target]:
    """A throw-away stack that does nothing of itself: what happens is done by the containers."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="paydraft-sam-stack-") as folder, running_stack(Path(folder)) as serve:
        place = target.use_local(serve)
        _switch(on=False)
        _say("stack for the containers to work on", begun)
        yield place


def _switch(*, on: bool) -> None:
    """Lanes and schedule of the stack."""
    functions, rules = boto3.client("lambda"), boto3.client("events")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
    for rule in rules.list_rules()["Rules"]:
        (rules.enable_rule if on else rules.disable_rule)(Name=rule["Name"])


def _invoke(case: Case, version: str, folder: Path, local: Sequence[str], environment: dict[str, str]) -> None:
    begun = time.monotonic()
    event = folder / "event.json"
    event.write_text(case.event.read_text().replace(sample_state.VERSION, version))
    command = ["sam", "local", "invoke", case.function, "--event", str(event), *local]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    name = f"{case.function} {case.name}"
    try:
        answer = json.loads((done.stdout.strip().splitlines() or [""])[-1])
    except ValueError:
        raise StageError(f"{name} gave no answer:\n{done.stdout[-2000:]}{done.stderr[-4000:]}") from None
    if not isinstance(answer, dict) or "errorType" in answer or answer | case.expected != answer:
        raise StageError(f"{name} answered {json.dumps(answer)[:500]}\n{done.stderr[-4000:]}")
    _say(f"invoked {name}: {_short(answer)}", begun)


def _start_api(local: Sequence[str], environment: dict[str, str]) -> None:
    with _api(local, environment) as url:
        client = Client(url, sample_state.TOKEN)
        begun = time.monotonic()
        posted = client.submit(DOCUMENTS / "de_freelancer.pdf")
        _expect("POST /v2/invoices/ocr", posted, 202, begun)
        begun = time.monotonic()
        polled = client.wait_until_ended(posted.body["job_id"])
        _expect("GET /v2/invoices/ocr/{id}", polled, 200, begun)


@contextmanager
def _api(local: Sequence[str], environment: dict[str, str]) -> Iterator[str]:
    port = str(_free_port())
    command = ["sam", "local", "start-api", "--port", port, "--warm-containers", "LAZY", *local]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, process_group=0)
        try:
            _wait_for(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}"
        except (StageError, OSError, TimeoutError, KeyError) as problem:
            log.seek(0)
            raise StageError(
                f"sam local start-api: {problem}\n{log.read().decode(errors='replace')[-4000:]}"
            ) from problem
        finally:
            _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Stop it, more and more firmly: who starts us in the background may have had SIGINT ignored for all of us."""
    for wish, seconds in ((signal.SIGINT, 40), (signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        server.send_signal(wish)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=seconds)
            return


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, if only that there is no such route
        except OSError:
            time.sleep(0.1)
    raise StageError("it does not answer")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _no_containers_left(environment: dict[str, str]) -> Iterator[None]:
    """SAM leaves some behind when it is interrupted; those of others stay."""
    before = _containers(environment)
    try:
        yield
    finally:
        if left := _containers(environment) - before:
            subprocess.run(["docker", "rm", "--force", *left], env=environment, capture_output=True)


def _containers(environment: dict[str, str]) -> set[str]:
    listing = ["docker", "ps", "--all", "--quiet", "--filter", _LABEL]
    return set(subprocess.run(listing, env=environment, capture_output=True, text=True).stdout.split())


def _step(name: str, command: Sequence[str], environment: dict[str, str]) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        raise StageError(f"{name}\n{done.stdout[-6000:]}")
    _say(name, begun)


def _expect(name: str, answer: Answer, status: int, begun: float) -> None:
    if answer.status != status:
        raise StageError(f"{name} answered {answer.status} {answer.body}")
    _say(f"start-api {name}: {answer.status} {_short(answer.body)}", begun)


def _short(answer: dict[str, Any]) -> str:
    if "statusCode" in answer:
        body = str(answer["body"])
        return f"{answer['statusCode']} {_short(json.loads(body)) if body.startswith('{') else repr(body[:60])}"
    text = json.dumps(answer, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:159]}…"


def _say(text: str, begun: float) -> None:
    print(f"[sam] {text} ({time.monotonic() - begun:.1f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
