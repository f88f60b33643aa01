"""How values stand in DynamoDB: readable by the next release, and by the last one."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paydraft.model.counterparty import Candidate, MatchKind, MatchOutcome, MatchReason
from paydraft.model.document import DocumentInfo, Lane, StoredObject
from paydraft.model.errors import NotAnInvoiceError
from paydraft.model.job import Dialect, Job
from paydraft.model.media import MediaType
from paydraft.model.money import CURRENCIES, Money
from paydraft.model.status import Status
from paydraft.model.transfer import FlagCode, NoDraft
from paydraft.stores.items import encode, iso, item_of, plain, read_as
from tests.builders import a_credential, a_draft, a_job, an_id

# A row with every attribute, as release 0.1.0 writes it. Never edit it: rows like this are out there.
ROW_0_1_0 = {
    "tenant_id": {"S": "acme"},
    "sk": {"S": "JOB#01a1f866-0d00-7978-83c0-2eda4c05a554"},
    "job_id": {"S": "01a1f866-0d00-7978-83c0-2eda4c05a554"},
    "upload_id": {"S": "01a1f866-0d00-70f7-b185-624e424a4b88"},
    "invoice_id": {"N": "42"},
    "dialect": {"S": "corebanq_v2"},
    "subject": {"S": "alice"},
    "lane": {"S": "express"},
    "customer_id": {"S": "c-1"},
    "status": {"S": "completed"},
    "attempt": {"N": "2"},
    "updated_at": {"S": "2026-11-20T10:00:09.120Z"},
    "started_at": {"S": "2026-11-20T10:00:01.000Z"},
    "completed_at": {"S": "2026-11-20T10:00:09.120Z"},
    "original": {"M": {"key": {"S": "incoming/express/acme/01a1f866/1"}, "version_id": {"S": "v1"}}},
    "document": {
        "M": {
            "sha256": {"S": "ab12"},
            "size": {"N": "51234"},
            "media_type": {"S": "application/pdf"},
            "pages": {"N": "2"},
        }
    },
    "source": {"M": {"key": {"S": "incoming/express/acme/01a1f866/2"}, "version_id": {"S": "v7"}}},
    "next_check_at": {"S": "2026-11-20T10:01:09.120Z"},
    "open_shard": {"N": "4"},
    "requeues": {"N": "1"},
    "match": {
        "M": {
            "kind": {"S": "ambiguous"},
            "candidates": {
                "L": [
                    {
                        "M": {
                            "counterparty_id": {"S": "01a1f866-0d00-7128-8727-7023ae3d5a66"},
                            "score": {"N": "0.85"},
                            "reasons": {"L": [{"S": "name"}, {"S": "email"}]},
                        }
                    }
                ]
            },
            "own_account": {"BOOL": False},
        }
    },
    "flags": {"L": [{"S": "new_counterparty"}]},
    "no_draft": {"S": "no_total"},
    "failure": {"M": {"code": {"S": "not_an_invoice"}, "fault": {"S": "document"}}},
    "event_pending": {"BOOL": True},
}
JOB_0_1_0 = Job(
    tenant_id="acme",
    job_id=UUID("01a1f866-0d00-7978-83c0-2eda4c05a554"),
    upload_id=UUID("01a1f866-0d00-70f7-b185-624e424a4b88"),
    invoice_id=42,
    dialect=Dialect.COREBANQ_V2,
    subject="alice",
    lane=Lane.EXPRESS,
    customer_id="c-1",
    status=Status.COMPLETED,
    attempt=2,
    updated_at=datetime(2026, 11, 20, 10, 0, 9, 120_000, tzinfo=UTC),
    started_at=datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC),
    completed_at=datetime(2026, 11, 20, 10, 0, 9, 120_000, tzinfo=UTC),
    original=StoredObject(key="incoming/express/acme/01a1f866/1", version_id="v1"),
    document=DocumentInfo(sha256="ab12", size=51234, media_type=MediaType.PDF, pages=2),
    source=StoredObject(key="incoming/express/acme/01a1f866/2", version_id="v7"),
    next_check_at=datetime(2026, 11, 20, 10, 1, 9, 120_000, tzinfo=UTC),
    requeues=1,
    match=MatchOutcome(
        kind=MatchKind.AMBIGUOUS,
        candidates=(
            Candidate(
                counterparty_id=UUID("01a1f866-0d00-7128-8727-7023ae3d5a66"),
                score=0.85,
                reasons=(MatchReason.NAME, MatchReason.EMAIL),
            ),
        ),
    ),
    flags=(FlagCode.NEW_COUNTERPARTY,),
    no_draft=NoDraft.NO_TOTAL,
    failure=NotAnInvoiceError().failure,
    event_pending=True,
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def test_a_row_of_the_first_release_is_read_as_it_was_meant():
    assert read_as(Job, ROW_0_1_0) == JOB_0_1_0


def test_a_row_is_still_written_as_the_first_release_wrote_it_and_says_more():
    as_then = {name: value for name, value in ROW_0_1_0.items() if name not in ("sk", "open_shard")}
    since = {"priority": {"S": "medium"}, "reruns": {"N": "0"}}
    assert item_of(JOB_0_1_0) == as_then | since


def test_attributes_of_a_later_release_are_passed_over_at_any_depth():
    item = item_of(a_job(source=StoredObject(key="k", version_id="v")))
    item["mood"] = {"SS": ["sunny"]}
    item["source"]["M"]["etag"] = {"B": b"x"}
    assert read_as(Job, item).source == StoredObject(key="k", version_id="v")


def test_a_row_that_lacks_what_every_job_has_is_an_error_and_no_guess():
    item = item_of(a_job())
    del item["status"]
    with pytest.raises(ValidationError):
        read_as(Job, item)


def test_what_is_absent_is_left_out():
    assert item_of({"a": None, "b": 1}) == {"b": {"N": "1"}}
    assert not {"document", "lease_owner", "failure"} & item_of(a_job()).keys()


@pytest.mark.parametrize("value", [a_job(), a_draft(), a_credential()], ids=lambda value: type(value).__name__)
def test_a_value_comes_back_equal(value):
    assert read_as(type(value), item_of(value)) == value


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(-(10**15), 10**15))
def test_money_comes_back_exactly(currency, units):
    money = Money.of_minor_units(units, currency)
    assert encode(money)["M"]["minor_units"] == {"N": str(units)}
    assert plain(encode(money)) == money


@given(MOMENTS, MOMENTS)
def test_stored_moments_compare_as_moments_do(one, two):
    cut = [moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in (one, two)]
    assert (iso(one) < iso(two)) == (cut[0] < cut[1])


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_plain_values_come_back_as_they_were(value):
    assert plain(encode(value)) == value


def test_a_moment_is_stored_in_utc():
    assert iso(datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-03-29T01:30:00.000Z"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        iso(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (True, {"BOOL": True}),
        (7, {"N": "7"}),
        (0.9, {"N": "0.9"}),
        (Decimal("19.00"), {"S": "19.00"}),
        (date(2026, 2, 28), {"S": "2026-02-28"}),
        (Status.FAILED, {"S": "failed"}),
        ((), {"L": []}),
        ("", {"S": ""}),
    ],
)
def test_each_kind_of_value_has_one_form(value, stored):
    assert encode(value) == stored


def test_ids_are_stored_as_text():
    one = an_id()
    assert encode(one) == {"S": str(one)}


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}])
def test_what_has_no_form_is_refused(value):
    with pytest.raises(TypeError):
        encode(value)
