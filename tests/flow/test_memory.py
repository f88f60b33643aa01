"""What two people let pass teaches how the supplier's next invoice is read, over HTTP, in the whole stack."""

from pathlib import Path

import pytest

from infra.cli.client import Client
from paydraft.model.credential import Scope
from paydraft.stores.items import item_of
from tests.builders import a_credential, a_token
from tests.flow.onlooker import Onlooker
from tests.paper import a_sheet

pytestmark = pytest.mark.slow

TOP, LINE, WIDTH, HEIGHT = 90, 24, 595, 842  # points; the second number stands in the fifth line


def an_invoice(folder: Path, first: str, second: str) -> Path:
    """Two numbers under one label: which of them is the invoice's can't be told by the page."""
    lines = (
        "Muster Bau GmbH",
        "USt-IdNr. DE136695976",
        "Rechnung",
        f"Belegnummer {first}",
        f"Belegnummer {second}",
        "Rechnungsdatum 02.11.2026",
        "Gesamtbetrag 1.190,00 EUR",
        "IBAN DE89 3704 0044 0532 0130 00",
    )
    path = folder / f"{first}.pdf"
    path.write_bytes(a_sheet(lines))
    return path


def colleague(onlooker: Onlooker, name: str) -> Client:
    token = a_token()
    credential = a_credential(token, tenant_id="house-of-memory", subject=name, scopes=tuple(Scope))
    onlooker.aws("dynamodb").put_item(TableName=onlooker.outputs["CredentialsTable"], Item=item_of(credential))
    return Client(onlooker.served["url"], token)


def test_a_number_that_a_person_pointed_at_is_found_on_the_suppliers_next_invoice(stack, tmp_path: Path):
    alice, bob = (colleague(Onlooker(stack), name) for name in ("alice", "bob"))
    payee = {
        "legal_name": "Muster Bau GmbH",
        "vat_number": "DE136695976",
        "bank_accounts": [{"iban": "DE89370400440532013000"}],
    }
    assert alice.ask("POST", "/v1/counterparties", payee).status == 201
    first = alice.wait_until_ended(alice.submit(an_invoice(tmp_path, "2026-4711", "88-26/A")).body["job_id"]).body
    assert first["result"]["invoice_number"] == ""

    transfer = f"/v2/transfers/{first['transfer_id']}"
    place = {"page": 1, "x0": 135, "y0": TOP + 4 * LINE - 10, "x1": 200, "y1": TOP + 4 * LINE + 2}
    seen = {"field": "number", "raw": "88-26/A", "place": place | {"page_width": WIDTH, "page_height": HEIGHT}}
    assert alice.ask("PATCH", transfer, {"corrections": [seen]}).status == 200
    assert alice.ask("POST", f"{transfer}/finalize").body["status"] == "pending-approval"
    assert bob.ask("POST", f"{transfer}/approve").body["status"] == "approved"

    second = alice.wait_until_ended(alice.submit(an_invoice(tmp_path, "2026-4805", "91-26/B")).body["job_id"]).body

    assert second["result"]["invoice_number"] == "91-26/B"
