"""`python -m infra.local.first_token <table> <tenant>` makes a credential with every right and prints its token.

Runs with the packages a function has, against the endpoint its environment names.
"""

import secrets
import sys
from datetime import UTC, datetime
from uuid import uuid4

from paydraft.model.credential import Credential, Scope, SubjectKind, hash_of, mint
from paydraft.stores.credentials import CredentialStore


def main(table: str, tenant_id: str) -> None:
    token = mint("local", secrets.token_bytes(32))
    credential = Credential(
        token_hash=hash_of(token),
        token_id=uuid4(),
        tenant_id=tenant_id,
        subject="local",
        kind=SubjectKind.PERSON,
        scopes=tuple(Scope),
        created_at=datetime.now(UTC),
    )
    CredentialStore(table).add(credential)
    print(token)


if __name__ == "__main__":
    main(*sys.argv[1:])
