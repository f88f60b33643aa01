"""Looking transfers up: the stores of a request, one transfer, a page of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from api_transfers import schemas, translate
from api_transfers.operations import LIST, MAX_LIMIT
from paydraft.model.ids import uuid_of
from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.model.transfer_errors import InvalidQueryError, TransferNotFoundError
from paydraft.runtime.cursor import Signer
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.orders import OrderStore
from paydraft.stores.results import ResultStore
from paydraft.stores.supplier_memory import SupplierMemory
from paydraft.stores.transfers import TransferStore
from paydraft.transfers.verification import PayeeVerifier

_LIMIT = re.compile(r"[1-9][0-9]{0,3}")
_DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Stores:
    """What the routes read and write."""

    transfers: TransferStore
    orders: OrderStore
    jobs: JobStore
    counterparties: CounterpartyStore
    counterparties_table: str
    results: ResultStore
    answers: AnswerStore
    memory: SupplierMemory
    verifier: PayeeVerifier


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list is asked for."""

    limit: int
    newest_first: bool
    filters: Mapping[str, str]
    cursor: str | None


def find(stores: Stores, tenant_id: str, transfer_id: str) -> DraftTransfer:
    """The tenant's transfer; raises TransferNotFoundError, for what is no UUID as well."""
    its_id = uuid_of(transfer_id)
    found = stores.transfers.get(tenant_id, its_id) if its_id else None
    if found is None:
        raise TransferNotFoundError
    return found


def wish_of(parameters: Mapping[str, str]) -> Wish:
    """The query parameters of a list; raises InvalidQueryError that names the wrong ones."""
    limit, order = parameters.get("limit", str(_DEFAULT_LIMIT)), parameters.get("order", "desc")
    checks = {
        "limit": bool(_LIMIT.fullmatch(limit)) and int(limit) <= MAX_LIMIT,
        "order": order in ("desc", "asc"),
        "status": parameters.get("status", "draft") in tuple(TransferStatus),
        "counterparty_id": _is_id_or_absent(parameters.get("counterparty_id")),
        "job_id": _is_id_or_absent(parameters.get("job_id")),
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    unknown = sorted(parameters.keys() - LIST.query.keys())
    if wrong or unknown:
        raise InvalidQueryError(details={"fields": wrong + [name[:64] for name in unknown]})
    filters = {name: parameters[name].lower() for name in ("status", "counterparty_id", "job_id") if name in parameters}
    return Wish(int(limit), order == "desc", filters, parameters.get("cursor"))


def page(stores: Stores, tenant_id: str, wish: Wish, secret: str) -> schemas.TransferList:
    """A page, and the cursor of the next one; raises InvalidCursorError."""
    query = {"list": "transfers", "order": str(wish.newest_first), **wish.filters}
    signer = Signer(secret, tenant_id, query)
    after = UUID(signer.read(wish.cursor)[0]) if wish.cursor else None
    found = stores.transfers.page(
        tenant_id,
        after=after,
        limit=wish.limit,
        newest_first=wish.newest_first,
        keep=lambda one: all(_value(one, name) == value for name, value in wish.filters.items()),
    )
    return schemas.TransferList(
        data=tuple(translate.transfer(one) for one in found.transfers),
        has_more=found.last is not None,
        next_cursor=signer.sign(str(found.last)) if found.last else None,
    )


def _is_id_or_absent(text: str | None) -> bool:
    return text is None or uuid_of(text) is not None


def _value(transfer: DraftTransfer, name: str) -> str:
    return str(getattr(transfer, name))
