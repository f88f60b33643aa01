"""What a function loads at its start: a list of what it must not, since seconds are no test."""

import json
import subprocess
import sys

import pytest

NATIVE = {"PIL", "pypdfium2", "pypdfium2_raw", "cv2", "numpy", "tesserocr", "pytesseract", "zxingcpp", "pi_heif"}
HTTP_STACK = {"aws_lambda_powertools.event_handler"}
TOOLS = {"moto", "pytest", "hypothesis", "rich", "infra", "tests", "samtranslator", "cfnlint"}
RARELY = {"jwt", "cryptography"}  # loaded when the first JWT comes
DOORS = {  # function → what it must not load beside TOOLS
    "api_docs": NATIVE | {"boto3"},
    "api_invoices_v1": NATIVE,
    "api_invoices_v2": NATIVE,
    "api_ocr_jobs": NATIVE,
    "api_ocr_tasks": NATIVE,
    "api_counterparties": NATIVE,
    "api_tokens": NATIVE,
    "api_transfers": NATIVE,
    "fetch_document": NATIVE | HTTP_STACK | {"requests", "httpx", "http.cookiejar", "netrc"},
    "extract_document": NATIVE | HTTP_STACK,  # its child loads them
    "match_counterparty": NATIVE | HTTP_STACK,
    "create_draft_transfer": NATIVE | HTTP_STACK,
    "finish_job": NATIVE | HTTP_STACK,
    "reconcile_jobs": NATIVE | HTTP_STACK,
}
# A function reads its environment and makes its clients when it is called: at its start there is neither.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
START = """
import importlib, json, sys
importlib.import_module(sys.argv[1] + ".handler").lambda_handler
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(function):
    command = [sys.executable, "-W", "error", "-c", START, function]
    ended = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", DOORS)
def test_a_function_starts_without_an_environment_and_without_what_it_does_not_need(function):
    assert loaded_by(function) & (DOORS[function] | TOOLS | RARELY) == set()
