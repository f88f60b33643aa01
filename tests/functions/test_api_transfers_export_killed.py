"""An export is killed before and after each of its AWS calls, and sent again: each transfer is in exactly one file."""

import pytest

from tests.builders import IBANS, an_id
from tests.crash_points import crash_everywhere
from tests.exports import ALL, PATH, approved, file_in, paid_by, paid_once, these
from tests.tenants import Tenant


@pytest.mark.slow
@pytest.mark.parametrize("how", ["by key", "by ids", "all"])
def test_wherever_an_export_is_killed_each_transfer_is_in_one_file_and_told_once(aws, how):
    """Whoever comes next completes what was broken off."""
    clients = {}

    def arrange():
        acme = Tenant(f"killed-{an_id()}", aws)
        acme.own(IBANS[4])
        clients[acme.name] = acme.person("bob")
        return acme, [approved(acme) for _ in range(2)]

    def deliver(subject):
        acme, made = subject
        body = these(*made) if how == "by ids" else ALL
        headers = {"idempotency_key": "k"} if how == "by key" else {}
        return clients[acme.name].post(PATH, body, **headers)

    def check(subject):
        acme, made = subject
        answer = deliver(subject)
        if how == "all":
            assert answer.json["error"] == "nothing_to_export"
        else:
            assert paid_by(file_in(answer)) == sorted(one.transfer_id.hex for one in made)
        paid_once(acme, made)

    assert crash_everywhere(arrange, deliver, check) >= 24
