"""A counterparty's file as the items of CounterpartiesTable, and back.

CP#<id>, CP#<id>#ACC#<id>, CP#<id>#CON#<id>, CP#<id>#ADR#<id> hold the file. Made from it, and written with it: the
sentinels IBAN#, VAT# and EMAIL#, each uniqueness and look-up in one; ACC#<id>, CON#<id> and ADR#<id>, which say whose
a part is; NAM#<id>, by which a likely name is found; OWN#<id>, the tenant itself. What is inactive keeps its sentinels,
so that it can come back and nobody takes its place unseen; only NAM# is for those who can be paid, OWN# for those who
can pay.
"""

from collections.abc import Iterable
from uuid import UUID

from paydraft.matching.domains import telling_domains
from paydraft.matching.names import name_key
from paydraft.model.counterparty import (
    Account,
    Contact,
    ContactType,
    Counterparty,
    FiledAddress,
    Held,
    Known,
    normalised_email,
    normalised_vat,
)
from paydraft.model.counterparty_file import CounterpartyFile, id_of
from paydraft.model.errors import CounterpartyExistsError
from paydraft.stores.items import Item, item_of, plain, read_as

PARTS: dict[type[Held], str] = {Account: "ACC", Contact: "CON", FiledAddress: "ADR"}
SENTINELS = {"IBAN": "iban", "VAT": "vat_number", "EMAIL": "email"}


def items_of(file: CounterpartyFile) -> dict[str, Item]:
    """All items of a file by sort key, without the tenant; raises CounterpartyExistsError if it takes a key twice."""
    owner = file.counterparty_id
    items = {f"CP#{owner}": item_of(file.counterparty)}
    if number := normalised_vat(file.counterparty.vat_number):
        items[f"VAT#{number}"] = item_of({"counterparty_id": owner})
    if (known := known_of(file)) is not None:
        items[f"NAM#{owner}"] = item_of(known)
    if file.counterparty.own and file.counterparty.active:
        items[f"OWN#{owner}"] = item_of({"counterparty_id": owner})
    for part in (*file.accounts, *file.contacts, *file.addresses):
        for sk, item in _items_of_part(owner, part).items():
            if sk in items:
                field = SENTINELS[sk.partition("#")[0]]
                raise CounterpartyExistsError(f"two parts share one {field}", taken={field: owner})
            items[sk] = item
    return {sk: item_of({"sk": sk}) | item for sk, item in items.items()}


def file_of(items: Iterable[Item]) -> CounterpartyFile | None:
    """The file that these items (CP#<id>…) hold; None where the counterparty itself is not among them."""
    root: Counterparty | None = None
    parts: dict[str, list[Item]] = {kind: [] for kind in PARTS.values()}
    for item in items:
        _, _, kind = _split(plain(item["sk"]))
        if kind:
            parts[kind].append(item)
        else:
            root = read_as(Counterparty, item)
    if root is None:
        return None
    return CounterpartyFile(
        counterparty=root,
        accounts=tuple(read_as(Account, item) for item in parts["ACC"]),
        contacts=tuple(read_as(Contact, item) for item in parts["CON"]),
        addresses=tuple(read_as(FiledAddress, item) for item in parts["ADR"]),
    )


def owner_in(sk: str) -> str:
    """Whose file an item of it belongs to."""
    return _split(sk)[1]


def known_of(file: CounterpartyFile) -> Known | None:
    """What a likely name is told by; None for who can't be paid."""
    party = file.counterparty
    if party.own or not party.active:
        return None
    reached = [
        one.value for one in file.contacts if one.active and one.type in (ContactType.EMAIL, ContactType.WEBSITE)
    ]
    addresses = [party.address, *(one.address for one in file.addresses if one.active)]
    return Known(
        counterparty_id=party.counterparty_id,
        name_keys=tuple(dict.fromkeys(name_key(name) for name in (party.legal_name, *party.aliases))),
        domains=telling_domains([party.email or "", *reached]),
        postal_codes=tuple(dict.fromkeys(one.postal_code for one in addresses if one and one.postal_code)),
    )


def _items_of_part(owner: UUID, part: Held) -> dict[str, Item]:
    if part.counterparty_id != owner:
        raise ValueError("a part belongs to the counterparty it is written with")
    kind, id_ = PARTS[type(part)], id_of(part)
    items = {f"CP#{owner}#{kind}#{id_}": item_of(part), f"{kind}#{id_}": item_of({"counterparty_id": owner})}
    if isinstance(part, Account):
        items[f"IBAN#{part.iban}"] = item_of({"counterparty_id": owner, "account_id": part.account_id})
    if isinstance(part, Contact) and part.type is ContactType.EMAIL:
        items[f"EMAIL#{normalised_email(part.value)}"] = item_of({"counterparty_id": owner})
    return items


def _split(sk: str) -> tuple[str, str, str]:
    head, owner, kind, _ = (*sk.split("#", 3), "", "")[:4]
    return head, owner, kind
