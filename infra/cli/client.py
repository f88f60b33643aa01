"""A client of the Corebanq dialect as a mobile app would write it: standard library, no knowledge of the inside."""

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `body` is the parsed JSON, or {} when there is none."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Client:
    """Talks to one stack with one token."""

    url: str
    token: str

    def submit(self, document: Path, *, idempotency_key: str | None = None) -> Answer:
        """POST a document as base64; 202 with `job_id` and `upload_id`."""
        body = json.dumps({"base64_file": base64.b64encode(document.read_bytes()).decode()}).encode()
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return self._call("POST", "/v2/invoices/ocr", headers, body)

    def poll(self, job_id: str, *, wait: int = 20) -> Answer:
        """GET a job, held open for up to `wait` seconds (at most 20) while it runs."""
        return self._call("GET", f"/v2/invoices/ocr/{job_id}", {"Prefer": f"wait={wait}"})

    def wait_until_ended(self, job_id: str, *, polls: int = 30) -> Answer:
        """Poll until the job is neither waiting nor running (TimeoutError after `polls` long polls)."""
        for _ in range(polls):
            answer = self.poll(job_id)
            if answer.status != 202:
                return answer
        raise TimeoutError(f"job {job_id} still runs after {polls} long polls")

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Any other route, with a JSON body or none."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        return self._call(method, path, headers, None if body is None else json.dumps(body).encode())

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        request = urllib.request.Request(
            self.url.rstrip("/") + path,
            data=body,
            method=method,
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=40) as response:
                return _answer(response.status, response.headers.items(), response.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers.items(), error.read())


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers}, json.loads(body) if body else {})
