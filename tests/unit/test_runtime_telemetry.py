"""Logs are JSON lines that hold no IBAN and no token, even where somebody forgot to mask them."""

import json

import jwt
import pytest

from paydraft.runtime.telemetry import NAMESPACE, correlated, count, logger, mask
from tests.builders import IBANS, a_token


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_or_a_token_that_slips_through_is_masked(capsys, iban):
    token = a_token()
    spaced = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
    logger("a_function").info(f"paid to {iban}, {spaced} by {token}", iban=iban, nested={"token": token})
    (line,) = lines(capsys)
    for secret in (iban, spaced, token, iban[-8:], token[-20:]):
        assert secret not in json.dumps(line)


def test_a_jwt_that_slips_through_is_masked(capsys):
    token = jwt.encode({"sub": "alice"}, "a secret of a provider that nobody knows", algorithm="HS256")
    logger("a_function").info(f"brought {token}", token=token)
    (line,) = lines(capsys)
    assert all(part not in json.dumps(line) for part in token.split("."))


def test_a_trace_is_masked_too(capsys):
    logger("a_function").error("it failed", exc_info=ValueError(f"bad account {IBANS[0]}"))
    text = capsys.readouterr().out
    assert IBANS[0] not in text
    assert "bad account" in text


def test_ids_and_hashes_are_left_as_they_are(capsys):
    fields = {
        "job_id": "01931e2a-7c00-7abc-8def-0123456789ab",
        "sha256": "ab" * 32,
        "key": "incoming/standard/acme/x/1",
    }
    logger("a_function").info("seen", **fields)
    assert lines(capsys)[0].items() >= fields.items()


@pytest.mark.parametrize(("value", "masked"), [(None, None), ("", "…(0)"), ("Anna", "…(4)"), (IBANS[0], "DE…(22)")])
def test_a_masked_value_tells_two_apart_and_no_more(value, masked):
    assert mask(value) == masked


def test_lines_about_a_job_carry_it_and_later_lines_do_not(capsys):
    with correlated("a_function", "job-1", attempt=2) as log:
        log.info("inside")
    logger("a_function").info("outside")
    inside, outside = lines(capsys)
    assert (inside["correlation_id"], inside["attempt"], inside["service"]) == ("job-1", 2, "a_function")
    assert "correlation_id" not in outside


def test_a_failure_inside_takes_the_job_off_later_lines(capsys):
    with pytest.raises(KeyError), correlated("a_function", "job-1"):
        raise KeyError
    logger("a_function").info("outside")
    assert "correlation_id" not in lines(capsys)[0]


def test_a_metric_is_one_line_that_cloudwatch_understands(capsys):
    count("a_function", "JobsEnded", 2, status="completed")
    (line,) = lines(capsys)
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert declared["Namespace"] == NAMESPACE
    assert declared["Dimensions"] == [["service", "status"]]
    assert (line["JobsEnded"], line["service"], line["status"]) == ([2.0], "a_function", "completed")
