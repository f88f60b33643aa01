"""Pages of items that are named by a prefix and a UUIDv7: `TOK#<id>`. The order of ids is the order of making."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from pydantic import BaseModel

from paydraft.stores.items import Item, plain, read_as
from paydraft.stores.table import Table


def behind(
    table: Table, tenant_id: str, prefix: str, after: UUID | None, *, newest_first: bool, page_size: int
) -> Iterator[Item]:
    """The items of a tenant with this prefix (`TOK#`) behind that id, in order; so many are read at once."""
    end = f"{prefix[:-1]}$"  # behind every key of the prefix, which ends in #
    edge = f"{prefix}{after}" if after else None
    items = table.query(
        "#tenant_id = :tenant_id AND #sk BETWEEN :low AND :high",
        newest_first=newest_first,
        page_size=page_size,
        tenant_id=tenant_id,
        low=prefix if newest_first else edge or prefix,
        high=edge or end if newest_first else end,
    )
    return (item for item in items if plain(item["sk"]) != edge)


def page_of[Model: BaseModel](
    model: type[Model], table: Table, tenant_id: str, prefix: str, *, after: UUID | None, limit: int, newest_first: bool
) -> tuple[tuple[Model, ...], UUID | None]:
    """At most `limit` of them, and the id behind which the next page begins; None at the end."""
    items = behind(table, tenant_id, prefix, after, newest_first=newest_first, page_size=limit + 2)
    found = tuple(islice(items, limit + 1))
    last = UUID(plain(found[limit - 1]["sk"]).removeprefix(prefix)) if len(found) > limit else None
    return tuple(read_as(model, item) for item in found[:limit]), last
