"""MatchCounterparty: the invoice of this attempt against the tenant's own directory."""

import pytest

from paydraft.model.bank_account import Iban
from paydraft.model.errors import PermanentError
from paydraft.model.invoice import Party
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.results import ResultStore
from tests.builders import IBANS, a_counterparty, a_job, a_step, an_account, an_invoice


def read(aws, invoice, **fields):
    """A job whose present attempt was read as `invoice`."""
    job = a_job(**fields)
    ResultStore(aws["DocumentsBucket"]).put_invoice(job.key, job.attempt, invoice)
    return job


def on_file(aws, tenant_id, **fields):
    party = a_counterparty(**fields)
    account = an_account(party)
    CounterpartyStore(aws["CounterpartiesTable"]).add(tenant_id, party, [account])
    return party, account


def match(aws, job):
    return aws.invoke("MatchCounterpartyFunction", a_step(job).to_json())


def test_a_payee_on_file_is_found_by_the_iban_of_the_page(aws):
    job = read(aws, an_invoice())
    party, account = on_file(aws, job.tenant_id)
    answer = match(aws, job)
    assert answer["kind"] == "found"
    assert answer["counterparty_id"] == str(party.counterparty_id)
    assert answer["account_id"] == str(account.account_id)


def test_the_answer_names_ids_and_reasons_and_nothing_personal(aws):
    job = read(aws, an_invoice())
    party, _ = on_file(aws, job.tenant_id)
    text = str(match(aws, job))
    assert party.legal_name not in text
    assert IBANS[0] not in text


def test_a_payee_is_found_by_its_vat_number_alone(aws):
    job = read(aws, an_invoice(iban=Iban(IBANS[2]), seller=Party(vat_number="DE 811 907 980")))
    party, _ = on_file(aws, job.tenant_id, vat_number="DE811907980")
    answer = match(aws, job)
    assert (answer["kind"], answer["counterparty_id"]) == ("found", str(party.counterparty_id))
    assert "account_id" not in answer


def test_another_tenants_payee_is_not_found(aws):
    job = read(aws, an_invoice(), tenant_id="acme")
    on_file(aws, "umbrella")
    assert match(aws, job)["kind"] == "not_found"


def test_the_tenants_own_account_is_named_as_such(aws):
    job = read(aws, an_invoice())
    on_file(aws, job.tenant_id, own=True)
    assert match(aws, job) == {"kind": "not_found", "candidates": [], "own_account": True}


def test_an_invoice_without_account_and_vat_number_finds_nobody_but_proposes_a_likely_name(aws):
    job = read(aws, an_invoice(iban=None, bic=None, seller=Party(name="Muster GmbH")))
    on_file(aws, job.tenant_id, legal_name="Muster GmbH")
    outcome = match(aws, job)
    assert outcome["kind"] == "ambiguous"
    assert [candidate["reasons"] for candidate in outcome["candidates"]] == [["name"]]
    assert "counterparty_id" not in outcome


def test_an_attempt_without_a_result_is_not_tried_again(aws):
    with pytest.raises(PermanentError):
        match(aws, a_job())
