"""Pages of invoices and uploads: what a list is asked for, and where it goes on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from paydraft.model.transfer_errors import InvalidQueryError
from paydraft.runtime.cursor import Signer
from paydraft.runtime.operations import Operation

_LIMIT = re.compile(r"[1-9][0-9]?|100")


@dataclass(frozen=True, slots=True)
class PageWish:
    """What a list is asked for."""

    limit: int
    newest_first: bool
    cursor: str | None

    def after(self, signer: Signer) -> UUID | None:
        """The id behind which the page begins; raises InvalidCursorError."""
        return UUID(signer.read(self.cursor)[0]) if self.cursor else None


def page_wish(parameters: Mapping[str, str], operation: Operation) -> PageWish:
    """The query parameters of a list; raises InvalidQueryError that names the wrong ones."""
    limit, order = parameters.get("limit", "20"), parameters.get("order", "desc")
    checks = {"limit": bool(_LIMIT.fullmatch(limit)), "order": order in ("desc", "asc")}
    wrong = [name for name, is_right in checks.items() if not is_right]
    unknown = [name[:64] for name in sorted(parameters.keys() - operation.query.keys())]
    if wrong or unknown:
        raise InvalidQueryError(details={"fields": wrong + unknown})
    return PageWish(int(limit), order == "desc", parameters.get("cursor"))


def signer_of(secret: str, tenant_id: str, listed: str, wish: PageWish) -> Signer:
    """Who signs the cursors of this list, good only for the same order."""
    return Signer(secret, tenant_id, {"list": listed, "order": "desc" if wish.newest_first else "asc"})
