"""What a transfer's approval needs of CounterpartiesTable, as parts of the approval's own transaction.

The items are those of stores/counterparty_items.py: CP#<id>, CP#<id>#ACC#<id>, ACC#<id>, and the sentinel IBAN#<iban>.
"""

from uuid import UUID

from paydraft.model.bank_account import Iban
from paydraft.stores.table import Check


class PayeeConditions:
    """Conditions on one tenant's payees."""

    def __init__(self, table: str, tenant_id: str) -> None:
        self._table = table
        self._tenant_id = tenant_id

    def is_active(self, counterparty_id: UUID) -> Check:
        """That the counterparty may be paid."""
        return self._check(f"CP#{counterparty_id}", "#active = :yes AND #own = :no", yes=True, no=False)

    def has_account(self, counterparty_id: UUID, account_id: UUID, iban: Iban) -> Check:
        """That the account is active and has this IBAN."""
        sk = f"CP#{counterparty_id}#ACC#{account_id}"
        return self._check(sk, "#active = :yes AND #iban = :iban", yes=True, iban=iban)

    def _check(self, sk: str, condition: str, **values: object) -> Check:
        key = (("tenant_id", self._tenant_id), ("sk", sk))
        return Check(self._table, key, condition, tuple(values.items()))
