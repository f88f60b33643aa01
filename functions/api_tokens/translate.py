"""A token as it is shown."""

from datetime import datetime

from api_tokens import schemas
from paydraft.model.credential import Credential
from paydraft.workflows.tokens import Wish


def token(credential: Credential, *, now: datetime) -> schemas.Token:
    """Without its secret, which nobody keeps."""
    return schemas.Token(
        id=credential.token_id,
        subject=credential.subject,
        kind=credential.kind,
        label=credential.label,
        scopes=credential.scopes,
        entities=credential.entities,
        last_four=credential.last_four,
        state=credential.state(now),
        created_at=credential.created_at,
        made_by=credential.made_by,
        expires_at=credential.expires_at,
        revoked_at=credential.revoked_at,
        rotated_from=credential.rotated_from,
        rotated_to=credential.rotated_to,
    )


def new_token(credential: Credential, secret: str | None, *, now: datetime) -> schemas.NewToken:
    """With its secret, or without where the answer is one to be kept."""
    return schemas.NewToken(**dict(token(credential, now=now)), token=secret)


def wish(request: schemas.TokenRequest) -> Wish:
    """What is asked for."""
    return Wish(
        subject=request.subject,
        kind=request.kind,
        scopes=request.scopes,
        entities=tuple(str(one) for one in request.entities),
        label=request.label,
        days=request.expires_in_days,
    )
