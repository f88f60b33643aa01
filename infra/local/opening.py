"""Between "the services answer" and "the product answers": deployment, a first token, a look at open jobs."""

import hashlib
import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local import containers, environments
from infra.local.containers import MissingImageError
from infra.local.deploy import DeploymentError, deploy
from infra.local.journal import write_synced
from infra.local.template import images, parameters, prepare

STACK = "paydraft-local"
TENANT = "demo"
# Told in one line; anything else is a fault of ours and comes with its traceback.
EXPECTED_FAILURES = (DeploymentError, MissingImageError, environments.MissingToolError, ClientError)
_REPOSITORY = environments.REPOSITORY


@dataclass(frozen=True)
class Opening:
    """Opens one stack; every step finds out by itself whether it was done at an earlier start."""

    state_dir: Path
    template: Path
    as_images: bool
    """Run image functions as their images."""
    parameters: dict[str, str]
    """Of the template, before those of samconfig.toml."""
    region: str
    aws_endpoint: str
    keep: Callable[[], None]
    """Returns when the services' state is on disk."""

    def deployed(self) -> dict[str, str]:
        """The outputs of the stack, brought up to date if a file that describes it has changed."""
        if self.as_images:
            containers.require(images(self.template))
        record, inputs = self.state_dir / "deployment.json", self._inputs()
        known = json.loads(record.read_text()) if record.exists() else {}
        if known.get("inputs") != inputs:
            known = {"inputs": inputs, "outputs": self._deploy()}
            self.keep()
            write(record, known)
        outputs: dict[str, str] = known["outputs"]
        return outputs

    def token(self, outputs: dict[str, str]) -> str | None:
        """A credential of the demo tenant with every right, made once; None for a stack without a table for it."""
        file, table = self.state_dir / "token.json", outputs.get("CredentialsTable")
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if table and known.get("table") != table:
            core, packages = _REPOSITORY / "layers/core", environments.layer(environments.LAMBDA_REQUIREMENTS)
            variables = {
                "PYTHONPATH": os.pathsep.join([str(core), str(packages / "python")]),
                "PATH": os.environ["PATH"],
                **clients_environment(self.aws_endpoint, self.region),
            }
            tables = [table, outputs["JobsTable"]]
            command = [str(environments.runtime_python()), "-m", "infra.local.first_token", *tables, TENANT]
            made = subprocess.run(
                command, env=variables, cwd=_REPOSITORY, stdout=subprocess.PIPE, text=True, check=True
            )
            known = {"table": table, "token": made.stdout.strip()}
            write(file, known)
        return known.get("token")

    def look_at_open_jobs(self, outputs: dict[str, str]) -> None:
        """Let ReconcileJobs look at every open job: what was under way when the last stack ended is taken up again."""
        if function := outputs.get("ReconcileJobsFunction"):
            request = urllib.request.Request(
                f"{self.aws_endpoint}/2015-03-31/functions/{function}/invocations",
                data=b'{"check":"all"}',
                headers={"X-Amz-Invocation-Type": "Event"},
            )
            urllib.request.urlopen(request).close()

    def _inputs(self) -> str:
        folder = self.template.parent
        files = [self.template, *sorted([*folder.glob("*.asl.json"), *folder.glob("infra/statemachines/*.asl.json")])]
        files += [folder / "samconfig.toml", environments.LAMBDA_REQUIREMENTS]
        files += [environments.IMAGE_REQUIREMENTS, *sorted(Path(__file__).parent.glob("*.py"))]
        content = [file.read_bytes() for file in files if file.exists()]
        content += [repr((str(self.template), self.as_images, sorted(self.parameters.items()))).encode()]
        return hashlib.sha256(b"\0".join(content)).hexdigest()

    def _deploy(self) -> dict[str, str]:
        requirements = (environments.LAMBDA_REQUIREMENTS, environments.IMAGE_REQUIREMENTS)
        installed = {file: environments.layer(file) for file in requirements}
        template, folders = prepare(self.template, as_images=self.as_images, installed=installed)
        values = parameters(template, self.template.parent / "samconfig.toml", self.parameters)
        return deploy(self.aws_endpoint, self.region, STACK, template, values, folders)


def api_id(outputs: dict[str, str]) -> str | None:
    """The HTTP API's id, out of its address on AWS."""
    found = re.search(r"//([a-z0-9]+)\.execute-api\.", outputs.get("ApiUrl", ""))
    return found[1] if found else None


def clients_environment(aws_endpoint: str, region: str) -> dict[str, str]:
    """Variables that lead boto3 here."""
    return {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": region,
    }


def write(file: Path, content: Any) -> None:
    """JSON for the owner's eyes, there whole or not at all."""
    write_synced(file, (json.dumps(content, indent=2) + "\n").encode())
