"""Looking uploads up: the stores of a request, one upload, a page of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api_invoices_v2 import upload_wire
from api_invoices_v2.paging import page_wish, signer_of
from paydraft.model.ids import uuid_of
from paydraft.model.upload import Upload
from paydraft.model.upload_errors import UploadNotFoundError
from paydraft.runtime.operations import Caller, Operation
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.uploads import UploadStore


@dataclass(frozen=True, slots=True)
class UploadStores:
    """What the routes of uploads read and write."""

    uploads: UploadStore
    jobs: JobStore
    documents: DocumentStore
    cursor_secret: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which uploads a list shows. `about` tells it apart from other lists, so that no cursor serves two."""

    about: str = ""
    keep: Callable[[Upload], bool] = lambda _: True


def find(stores: UploadStores, caller: Caller, upload_id: str) -> Upload:
    """The tenant's upload; raises UploadNotFoundError, for what is no UUID as well."""
    its_id = uuid_of(upload_id)
    found = stores.uploads.get(caller.tenant_id, its_id) if its_id else None
    if found is None:
        raise UploadNotFoundError
    return found


def page(
    parameters: Mapping[str, str], operation: Operation, choice: Choice, caller: Caller, stores: UploadStores
) -> upload_wire.UploadList:
    """A page, and the cursor of the next one; raises InvalidQueryError or InvalidCursorError."""
    wish = page_wish(parameters, operation)
    signer = signer_of(stores.cursor_secret, caller.tenant_id, f"uploads{choice.about}", wish)
    found, last = stores.uploads.page(
        caller.tenant_id,
        after=wish.after(signer),
        limit=wish.limit,
        newest_first=wish.newest_first,
        keep=choice.keep,
    )
    return upload_wire.UploadList(
        data=tuple(upload_wire.wire(one) for one in found),
        has_more=last is not None,
        next_cursor=signer.sign(str(last)) if last else None,
    )
