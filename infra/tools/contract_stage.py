"""Holds every API of a running stack against its published description: Schemathesis, one run per OpenAPI file.

    python -m infra.tools.contract_stage [--examples N] [FILE …]

A stage of `.ci/run`. Each API gets a token of its own with every scope. A run fails on any answer that is a 5xx, is
not as the file says, came without a right token, or names what was deleted; and also if nothing was really asked,
because the token opened no door. When all files are run, at least `LEAST_CASES` cases must have been sent.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cli import suppliers, target, tokens
from infra.cli.client import Client
from infra.cli.stories import HIDDEN_IBAN
from infra.local import environments
from infra.local.serve import running_stack
from infra.tools.openapi import PUBLISHED
from paydraft.model.credential import Scope, SubjectKind
from paydraft.workflows.tokens import Wish

LEAST_CASES = 2_000
LOCK = Path(__file__).with_name("schemathesis.lock.txt")
# Left out: positive_data_acceptance (a schema can't say "base64 of a PDF" or "an IBAN that is on file");
# unsupported_method and allow_header_conformance (the gateway itself answers 404 for methods that no route has);
# ensure_resource_availability (two dialects answer 404 for what was not read yet, by their own contract);
# object_level_authorization (it needs two identities: tests/functions compare the bytes of every route).
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "use_after_free",
    "ignored_auth",
)
SEED = 20261121


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    name: str
    cases: int
    rates: Counter[str]  # accepted, rejected, unreachable, conflicts
    problems: tuple[str, ...]
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Run the stage."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.contract_stage", description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=6, help="random cases an operation, beside the systematic ones")
    parser.add_argument("files", nargs="*", type=Path, help="OpenAPI files (default: all that are published)")
    given = parser.parse_args(arguments)
    python = environments.tool("schemathesis", LOCK)
    environments.prepare()
    files = given.files or sorted(PUBLISHED.glob("*.openapi.json"))
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="paydraft-contract-") as folder, running_stack(Path(folder)) as serve:
        place = target.use_local(serve)
        _furnish(place)
        for file in files:
            outcomes.append(_run(python, file, place, Path(folder), given.examples))
            _print(outcomes[-1])
    cases = sum(one.cases for one in outcomes)
    print(f"[contract] {cases} cases, {sum(bool(one.problems) for one in outcomes)} of {len(outcomes)} APIs at fault")
    enough = bool(given.files) or cases >= LEAST_CASES
    if not enough:
        print(f"[contract] FAILED: {cases} cases are fewer than {LEAST_CASES}", file=sys.stderr)
    return 0 if enough and not any(one.problems for one in outcomes) else 1


def _furnish(place: target.Target) -> None:
    """Suppliers, and a job with a draft, so that there is something to list and to read."""
    list(suppliers.import_file(place, str(place.tenant_id), Path("tests/golden/suppliers.csv")))
    client = Client(place.url, str(place.token))
    client.wait_until_ended(client.submit(HIDDEN_IBAN).body["job_id"])


def _run(python: Path, file: Path, place: target.Target, folder: Path, examples: int) -> Outcome:
    begun = time.monotonic()
    name, report = file.name.removesuffix(".openapi.json"), folder / f"{file.name}.report.json"
    token = tokens.make(place, str(place.tenant_id), Wish(f"contract-{name}", SubjectKind.PERSON, tuple(Scope)))
    command = [
        *(str(python.with_name("st")), "run", str(file.resolve()), "--url", place.url),
        *(part for header in _headers(file, token) for part in ("-H", header)),
        *("--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(SEED), "--no-shrink"),
        *("--continue-on-failure", "--report", "json", "--report-json-path", str(report), "--report-dir", str(folder)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if not report.exists():
        problems = (f"Schemathesis gave no report:\n{done.stdout[-3000:]}{done.stderr[-3000:]}",)
        return Outcome(name, 0, Counter(), problems, time.monotonic() - begun)
    told = json.loads(report.read_text())
    found = tuple(_problems(told, done.stdout))
    return Outcome(name, told["test_cases"]["generated"], _rates(told), found, time.monotonic() - begun)


def _headers(file: Path, token: str) -> list[str]:
    schemes = json.loads(file.read_text())["components"]["securitySchemes"].values()
    keys = [one["name"] for one in schemes if one["type"] == "apiKey"]
    return [f"{name}: {token}" for name in keys] or [f"Authorization: Bearer {token}"]


def _rates(told: dict[str, Any]) -> Counter[str]:
    rates: Counter[str] = Counter()
    for phases in told["valid_rates"].values():
        for counts in phases.values():
            rates.update(counts)
    return rates


def _problems(told: dict[str, Any], output: str) -> list[str]:
    found = [f"{one['title']}: {', '.join(one['operations'])}" for one in told["failures"]]
    found += [f"could not be tested: {one}" for one in told["errors"]]
    # One operation may be closed to a token on purpose (a second person is needed); all of them never are.
    closed = told["warnings"].get("missing_auth", [])
    if closed and len(closed) == told["operations"]["tested"]:
        found.append("the token opened no door")
    return [*found, output] if found else []


def _print(one: Outcome) -> None:
    rates = ", ".join(f"{count} {name}" for name, count in sorted(one.rates.items()))
    print(f"[contract] {one.name}: {one.cases} cases ({rates}), {one.seconds:.0f} s", flush=True)
    for problem in one.problems:
        print(f"[contract] {one.name} FAILED: {problem}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
