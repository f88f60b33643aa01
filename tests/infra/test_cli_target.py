"""Whose data a command of the `paydraft` command line works on."""

import pytest

from infra.cli.target import Target, TargetError, tenant_of

SERVED = Target({}, "local", "http://127.0.0.1:8000", tenant_id="demo")
DEPLOYED = Target({}, "prod", "https://api.example")


def test_a_served_stack_has_a_tenant_and_another_may_be_named():
    assert tenant_of(SERVED, None) == "demo"
    assert tenant_of(SERVED, "acme-2") == "acme-2"


@pytest.mark.parametrize("wanted", [None, "Acme", "acme gmbh", "a" * 65])
def test_a_deployed_stack_works_for_a_tenant_that_is_named_rightly(wanted):
    with pytest.raises(TargetError, match="tenant"):
        tenant_of(DEPLOYED, wanted)
