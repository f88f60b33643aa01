"""JSON at the door. (More of what comes in: tests/functions/test_api_hostile_bodies.py.)"""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from paydraft.model.request_errors import InvalidFieldsError, MalformedBodyError
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.json_numbers import to_json_numbers


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    amount: Decimal | None = None
    inner: "Wire | None" = None


def test_a_decimal_is_never_written_by_accident():
    for value in ({"total": Decimal("1.10")}, Wire(name="a", amount=Decimal("1.10")), [Decimal(1)]):
        with pytest.raises(TypeError, match="Decimal"):
            to_json(value)


def test_a_float_that_json_does_not_know_is_never_written():
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json({"score": float("nan")})


def test_what_was_not_set_is_left_out_and_what_is_null_stays():
    assert json.loads(to_json(Wire(name="a", inner=Wire(name="b", amount=None)))) == {
        "name": "a",
        "inner": {"name": "b", "amount": None},
    }


def test_moments_are_written_in_utc_to_the_second_and_days_as_days():
    moment = datetime(2026, 11, 20, 11, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    written = json.loads(to_json({"at": moment, "on": date(2026, 11, 20), "id": UUID(int=1)}))
    assert written == {
        "at": "2026-11-20T10:00:00Z",
        "on": "2026-11-20",
        "id": "00000000-0000-0000-0000-000000000001",
    }
    assert to_json({"at": datetime(2026, 1, 1, tzinfo=UTC)}) == '{"at":"2026-01-01T00:00:00Z"}'


def test_every_text_can_leave_as_bytes():
    assert to_json({"name": "Grüße \ud800"}).encode("ascii")


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_what_was_written_reads_the_same(value):
    assert read_json_object({"body": json.dumps(value)}, {}) == value


@given(st.text())
def test_any_body_is_an_object_or_malformed(text):
    try:
        assert isinstance(read_json_object({"body": text}, {}), dict)
    except MalformedBodyError as refused:
        assert refused.details == {}


def test_a_refusal_holds_nothing_of_the_body():
    with pytest.raises(MalformedBodyError) as refused:
        read_json_object({"body": '{"iban": "DE89370400440532013000"'}, {})
    assert "DE89" not in str(refused.value)
    assert refused.value.__suppress_context__
    with pytest.raises(InvalidFieldsError) as wrong:
        parse(Wire, {"name": 7, "secret": "DE89370400440532013000"})
    assert [field["loc"] for field in wrong.value.details["fields"]] == [["body", "name"], ["body", "secret"]]
    assert "DE89" not in str(wrong.value.details)


def test_no_more_than_twenty_wrong_fields_are_told():
    with pytest.raises(InvalidFieldsError) as wrong:
        parse(Wire, {f"field-{number}": number for number in range(100)})
    assert len(wrong.value.details["fields"]) == 20


def test_where_a_dialects_amounts_are_numbers_they_keep_exactly_their_digits():
    amounts = {"a": Decimal("1190.00"), "b": Decimal("12345678901234567890.12"), "c": Decimal("-0.10")}
    text = to_json_numbers(amounts)
    assert text == '{"a":1190.00,"b":12345678901234567890.12,"c":-0.10}'
    assert json.loads(text, parse_float=Decimal) == amounts


@pytest.mark.parametrize("wrong", ["NaN", "Infinity"])
def test_an_amount_that_is_none_is_never_written_as_a_number(wrong):
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json_numbers({"a": Decimal(wrong)})
