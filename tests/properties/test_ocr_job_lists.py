"""Lists of OCR jobs: whatever a filter says, it is read or refused by name, and what is read selects what it says."""

import json
import random
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api_ocr_jobs.fields import FIELDS
from api_ocr_jobs.query import MAX_DEPTH, MAX_TERMS, page_of, terms_of, wish_of
from paydraft.model.job import Priority
from paydraft.model.job_summary import JobSummary
from paydraft.model.money import Money
from paydraft.model.status import Status
from paydraft.model.transfer_errors import InvalidQueryError
from tests.builders import NOW, an_id
from tests.moto_stack import moto_stack
from tests.repzo import JOBS, RepzoTenant

OPERATORS = ("$eq", "$ne", "$in", "$gt", "$gte", "$lt", "$lte", "$exists")
WORDS = ("N-1", "created", "high", "auto", "EUR", "2026-11-20T10:00:00Z", "pdf", "Muster", "", "1190")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
    | st.text(alphabet=st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=2)
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from((*OPERATORS, *FIELDS)) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=25,
)
near_filters = st.dictionaries(
    st.sampled_from(tuple(FIELDS)) | st.text(max_size=5),
    scalars
    | st.dictionaries(st.sampled_from((*OPERATORS, "$where")), scalars | st.lists(scalars, max_size=4), max_size=4),
    max_size=6,
)


def a_summary(dice):
    number = dice.randrange(6)
    return JobSummary(
        job_id=an_id(NOW + timedelta(seconds=number)),
        status=dice.choice(tuple(Status)),
        job_number=dice.choice((None, f"N-{number}")),
        document_name=dice.choice((None, "Scan.pdf", "Größe.pdf")),
        group_id=dice.choice((None, "0" * 24)),
        priority=dice.choice(tuple(Priority)),
        reruns=number % 3,
        updated_at=NOW,
        completed_at=dice.choice((None, NOW)),
        seller_name=dice.choice((None, "Muster", "Straße")),
        invoice_number=dice.choice((None, "X-1")),
        total=dice.choice((None, Money.of_minor_units(number * 100, "EUR"))),
    )


SUMMARIES = [a_summary(random.Random(seed)) for seed in range(60)]


@settings(max_examples=1000, deadline=None)
@given(trees | near_filters)
def test_any_filter_is_read_or_refused_by_name(tree):
    try:
        wish = wish_of({"filter": json.dumps(tree), "sort": "jobNumber"})
    except InvalidQueryError as refused:
        assert refused.details["fields"]
        assert all(name.isprintable() and len(name) < 400 for name in refused.details["fields"])
        return
    page = page_of(SUMMARIES, wish)
    assert set(page.summaries) <= set(SUMMARIES)
    assert page.total <= len(SUMMARIES)


@given(st.text())
def test_any_text_is_no_filter_or_one(text):
    try:
        terms_of(text)
    except InvalidQueryError:
        return


@given(st.integers(min_value=1, max_value=30))
def test_depth_and_number_of_terms_are_limited(size):
    deep = json.loads("[" * size + "]" * size)
    with pytest.raises(InvalidQueryError):
        terms_of(json.dumps({"jobNumber": {"$in": [deep]}}))
    wide = {name: dict.fromkeys(("$eq", "$ne"), None) for name in tuple(FIELDS)[:size]}
    if 2 * len(wide) > MAX_TERMS:
        with pytest.raises(InvalidQueryError):
            terms_of(json.dumps(wide))
    else:
        assert len(terms_of(json.dumps(wide))) == 2 * len(wide)
    assert MAX_DEPTH == 3


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "9" * 100_000, '{"retryCount":1e999999999}'])
def test_a_bomb_is_refused(text):
    with pytest.raises(InvalidQueryError):
        terms_of(text)


@given(st.sampled_from(tuple(FIELDS)), st.sampled_from(SUMMARIES))
def test_operators_agree_with_one_another(name, one):
    """For a value that a job has: equal is not unequal, at most is less or equal, and it is among itself."""
    value = shown(FIELDS[name].value(one), name)
    if value is None:
        assert chosen({name: None}, one)
        assert not chosen({name: {"$exists": True}}, one)
        return
    assert chosen({name: value}, one)
    assert not chosen({name: {"$ne": value}}, one)
    assert chosen({name: {"$lte": value, "$gte": value, "$exists": True, "$in": [None, value]}}, one)
    assert not chosen({name: {"$lt": value}}, one)
    assert not chosen({name: {"$gt": value}}, one)
    for other in SUMMARIES:
        there = FIELDS[name].value(other)
        if there is not None:
            sides = [chosen({name: {sign: value}}, other) for sign in ("$lt", "$eq", "$gt")]
            assert sides.count(True) == 1


def shown(value, name):
    """A value as a client writes it."""
    if value is None or isinstance(value, str):
        return value
    if name == "status":
        return tuple(Status)[value]
    if name == "priority":
        return tuple(Priority)[value]
    if hasattr(value, "isoformat"):
        return value.astimezone(UTC).isoformat()
    return float(value)


def chosen(tree, one):
    return all(term.holds(one) for term in terms_of(json.dumps(tree)))


@given(st.sampled_from(tuple(FIELDS)), st.booleans(), st.integers(min_value=1, max_value=20))
def test_pages_join_to_the_whole_list_each_job_once(name, newest_first, limit):
    order = {"sort": name, "order": "desc" if newest_first else "asc"}
    pages = [
        page_of(SUMMARIES, wish_of(order | {"limit": str(limit), "offset": str(offset)})).summaries
        for offset in range(0, len(SUMMARIES), limit)
    ]
    joined = [one for page in pages for one in page]
    assert sorted(one.job_id for one in joined) == sorted(one.job_id for one in SUMMARIES)
    ranks = [FIELDS[name].value(one) for one in joined]
    there = [rank for rank in ranks if rank is not None]
    assert there == sorted(there, reverse=newest_first)
    nothing_first = ranks[: ranks.count(None)] if not newest_first else ranks[len(there) :]
    assert all(rank is None for rank in nothing_first)


@given(st.text(max_size=6), st.sampled_from(SUMMARIES))
def test_search_finds_parts_in_any_case(part, one):
    found = page_of([one], wish_of({"search": part})).total
    texts = (one.job_number or str(one.job_id), one.document_name or "document", one.seller_name, one.invoice_number)
    assert found == (not part.casefold() or any(part.casefold() in (text or "").casefold() for text in texts))


@pytest.mark.slow  # a thousand requests
def test_a_thousand_filters_are_never_our_fault_and_never_show_another_tenants_job():
    dice = random.Random(20261121)
    with moto_stack() as aws:
        RepzoTenant("filters-other", aws).completed()
        tenant = RepzoTenant("filters", aws)
        mine = {tenant.completed().short_id, tenant.queued().short_id}
        client = tenant.holder()
        statuses = set()
        for _ in range(1000):
            answer = client.list(filter=json.dumps(a_tree(dice)))
            statuses.add(answer.status)
            assert answer.status in (200, 400), answer.text
            if answer.status == 200:
                assert {one["_id"] for one in answer.json["data"]} <= mine
        assert statuses == {200, 400}
        assert client.get(JOBS).json["total"] == 2


def a_tree(dice):
    def value(depth):
        kinds = [None, True, 0, -1.5, 10**30, "created", "N-1", "\ud800", "2026-11-20", [], {}]
        if depth and dice.random() < 0.4:
            names = dice.sample((*OPERATORS, "$or", "nope"), 2)
            return {name: value(depth - 1) for name in names} if dice.random() < 0.6 else [value(depth - 1)] * 2
        return dice.choice(kinds)

    return {dice.choice((*FIELDS, *FIELDS, "tenant_id", "sk")): value(3) for _ in range(dice.randrange(1, 4))}
