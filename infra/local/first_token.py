"""`python -m infra.local.first_token <credentials table> <jobs table> <tenant>` makes a credential with every right.

It prints the token. Runs with the packages a function has, against the endpoint its environment names.
"""

import secrets
import sys
from datetime import UTC, datetime
from uuid import NAMESPACE_DNS, uuid5

from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.ids import to_millisecond
from paydraft.stores.tokens import TokenStore
from paydraft.workflows.tokens import SECRET_BYTES, Chance, Wish, new_token


def main(credentials_table: str, jobs_table: str, tenant_id: str) -> None:
    wish = Wish("local", SubjectKind.PERSON, tuple(Scope), (entity_of(tenant_id),), "the first token of this stack")
    chance = Chance(secrets.token_bytes(SECRET_BYTES), int.from_bytes(secrets.token_bytes(16)))
    made = new_token(wish, tenant_id, stage="local", now=to_millisecond(datetime.now(UTC)), chance=chance)
    TokenStore(credentials_table, jobs_table).add(made.credential)
    print(made.token)


def entity_of(tenant_id: str) -> str:
    """The one entity that the first token of a tenant speaks for."""
    return str(uuid5(NAMESPACE_DNS, f"{tenant_id}.paydraft.local"))


if __name__ == "__main__":
    main(*sys.argv[1:])
