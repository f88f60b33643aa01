"""Routes of written-down invoices: POST /v2/invoices with explicit selectors, read and list."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn
from uuid import UUID

from aws_lambda_powertools.event_handler import Response

from api_invoices_v2 import invoice_wire, operations
from api_invoices_v2.paging import page_wish, signer_of
from paydraft.model.counterparty_file import CounterpartyFile
from paydraft.model.errors import JobExistsError
from paydraft.model.ids import to_millisecond, uuid7, uuid_of
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.model.stored_invoice import Item, PartyChoice, Rates, StoredInvoice, sums_of
from paydraft.model.transfer_errors import InvoiceNotFoundError
from paydraft.runtime.http import Api, json_response
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.json_body import parse, read_json_object, to_json
from paydraft.runtime.kept_answers import Answer, Repeatable, body_part
from paydraft.runtime.operations import Caller, Operation, Served, serve
from paydraft.runtime.settings import DoorSettings
from paydraft.stores.answers import AnswerStore
from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.invoices import InvoiceStore
from paydraft.stores.jobs import JobStore


@dataclass(frozen=True, slots=True)
class InvoiceStores:
    """What these routes read and write."""

    invoices: InvoiceStore
    jobs: JobStore
    counterparties: CounterpartyStore
    answers: AnswerStore
    cursor_secret: str


def register(
    api: Api,
    settings: Callable[[], DoorSettings],
    stores: Callable[[], InvoiceStores],
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], int],
) -> None:
    """Serve the routes. `chance` gives at least 74 random bits."""

    def create(caller: Caller) -> Response[str]:
        key = idempotency_key(api.header("idempotency-key"), api.header("x-idempotency-key"))
        body = read_json_object(api.current_event.raw_event, api.current_event.headers)
        answer = _created(body, caller, key, stores(), chance())
        headers = {"Location": f"/v2/invoices/{json.loads(answer.body)['id']}"}
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        return json_response(HTTPStatus.CREATED, answer.body, headers)

    def read(caller: Caller, invoice_id: str) -> Response[str]:
        its_id = uuid_of(invoice_id)
        found = stores().invoices.get(caller.tenant_id, its_id) if its_id else None
        if found is None:
            raise InvoiceNotFoundError
        return json_response(HTTPStatus.OK, to_json(invoice_wire.wire(found)))

    def listing(caller: Caller) -> Response[str]:
        return json_response(
            HTTPStatus.OK, to_json(_page(api.current_event.query_string_parameters or {}, caller, stores()))
        )

    routes: tuple[tuple[Operation, Served], ...] = (
        (operations.CREATE_INVOICE, create),
        (operations.READ_INVOICE, read),
        (operations.LIST_INVOICES, listing),
    )
    for operation, route in routes:
        serve(api, operation, settings=settings, clock=clock)(route)


def _created(body: dict[str, Any], caller: Caller, key: str | None, stores: InvoiceStores, dice: int) -> Answer:
    once = Repeatable(operations.CREATE_INVOICE, caller, key, {"body": body_part(body)}, stores.answers)
    earlier = once.earlier()
    if earlier:
        return earlier
    invoice = _invoice(parse(invoice_wire.InvoiceRequest, body), caller, stores, dice)
    text = to_json(invoice_wire.wire(invoice))
    try:
        stores.invoices.put_new(invoice, others=once.kept(text))
    except JobExistsError:
        earlier = once.earlier()  # the same request, a moment ago
        if earlier:
            return earlier
        raise
    return Answer(text, replayed=False, status=HTTPStatus.CREATED)


def _invoice(request: invoice_wire.InvoiceRequest, caller: Caller, stores: InvoiceStores, dice: int) -> StoredInvoice:
    source = _party("source", request.source, caller, stores)
    destination = _party("destination", request.destination, caller, stores)
    if source.counterparty_id == destination.counterparty_id:
        _refuse("destination", "counterparty_id", "is the source as well")
    items = tuple(
        Item(title=one.title, description=one.description, quantity=one.quantity, price_minor=int(one.price))
        for one in request.items
    )
    rates = Rates(discount=request.rates.discount, vat=request.rates.vat)
    now = to_millisecond(caller.now)
    return StoredInvoice(
        tenant_id=caller.tenant_id,
        id=uuid7(now, dice),
        invoice_id=stores.jobs.next_invoice_id(caller.tenant_id),
        invoice_number=request.invoice_number,
        status=request.status,
        description=request.description,
        reference=request.reference,
        customer_id=request.customer_id,
        issue_date=request.issue_date,
        due_date=request.due_date,
        source=source,
        destination=destination,
        items=items,
        rates=rates,
        sums=sums_of(items, rates, int(request.amount.shipping), request.amount.currency),
        created_at=now,
        created_by=caller.credential.subject,
    )


def _party(name: str, sent: invoice_wire.SelectorIn, caller: Caller, stores: InvoiceStores) -> PartyChoice:
    """The chosen party; raises InvalidFieldsError unless all that is named is the tenant's, together and active.

    Without an address the one that is preferred for billing is taken, where there is one.
    """
    file = stores.counterparties.file(caller.tenant_id, sent.counterparty_id)
    if file is None or not file.counterparty.active:
        _refuse(name, "counterparty_id", "no active counterparty")
    if sent.cp_account_id not in {None, *(one.account_id for one in file.accounts if one.active)}:
        _refuse(name, "cp_account_id", "no active account of this counterparty")
    if sent.cp_address_id not in {None, *(one.address_id for one in file.addresses if one.active)}:
        _refuse(name, "cp_address_id", "no active address of this counterparty")
    return PartyChoice(
        counterparty_id=sent.counterparty_id,
        account_id=sent.cp_account_id,
        address_id=sent.cp_address_id or _billing_address(file),
    )


def _billing_address(file: CounterpartyFile) -> UUID | None:
    active = [one for one in file.addresses if one.active]
    ranked = sorted(active, key=lambda one: (not one.preferred_billing, one.created_at))
    return ranked[0].address_id if ranked else None


def _page(parameters: Mapping[str, str], caller: Caller, stores: InvoiceStores) -> invoice_wire.InvoiceList:
    wish = page_wish(parameters, operations.LIST_INVOICES)
    signer = signer_of(stores.cursor_secret, caller.tenant_id, "invoices", wish)
    found, last = stores.invoices.page(
        caller.tenant_id, after=wish.after(signer), limit=wish.limit, newest_first=wish.newest_first
    )
    return invoice_wire.InvoiceList(
        data=tuple(invoice_wire.wire(one) for one in found),
        has_more=last is not None,
        next_cursor=signer.sign(str(last)) if last else None,
    )


def _refuse(selector: str, field: str, message: str) -> NoReturn:
    found = {"loc": ["body", selector, field], "msg": message, "type": "value_error"}
    raise InvalidFieldsError(f"{selector}.{field}", details={"fields": [found]})
