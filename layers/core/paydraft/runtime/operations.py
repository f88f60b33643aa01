"""An API's operations as data: what routes, the scope matrix of the tests and the OpenAPI file are all made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from paydraft.model.credential import Credential, Scope
from paydraft.model.errors import PaydraftError
from paydraft.runtime.door import admit
from paydraft.runtime.http import Api
from paydraft.runtime.settings import DoorSettings


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. `path` is as the template writes it: /v2/transfers/{id}."""

    name: str  # operationId
    method: str
    path: str
    scope: Scope
    summary: str
    status: int = 200
    takes: type[BaseModel] | None = None
    body_required: bool = True
    answers: type[BaseModel] | None = None
    media_type: str = "application/json"
    more_media_types: tuple[str, ...] = ()  # that the client may choose instead
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # parameter → JSON Schema
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the dialect's own → OpenAPI parameter
    errors: tuple[type[PaydraftError], ...] = ()  # beside those that every operation has
    by_second_person: bool = False
    form: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # a multipart body that is taken as well
    also: Mapping[int, str] = field(default_factory=dict)  # other statuses that answer in the same shape, and why
    says: tuple[str, ...] = ()  # headers of the answer, beside those that every answer has
    can_wait: bool = False  # takes Prefer: wait=N and If-None-Match
    example: Mapping[str, Any] | None = None  # a body
    shows: Mapping[str, Any] | None = None  # an answer

    @property
    def rule(self) -> str:
        """The path as the resolver writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def writes(self) -> bool:
        """Whether it changes something, so that it takes an Idempotency-Key."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and when."""

    credential: Credential
    now: datetime

    @property
    def tenant_id(self) -> str:
        """Whose data it is about."""
        return self.credential.tenant_id


type Served = Callable[..., Response[str]]


def serve(
    api: Api, operation: Operation, *, settings: Callable[[], DoorSettings], clock: Callable[[], datetime]
) -> Callable[[Served], Served]:
    """Register a function as the operation's route. It is called with the Caller, who has the operation's scope.

    What the path holds is handed on by name. Nothing of the request is looked at before the token, its rate and its
    scope (runtime/door.py). `settings` is asked for each request.
    """

    def register(serving: Served) -> Served:
        @wraps(serving)
        def guarded(**path: str) -> Response[str]:
            now = clock()
            return serving(Caller(admit(api, settings(), operation.scope, now=now), now), **path)

        api.route(operation.rule, method=operation.method)(guarded)
        return guarded

    return register
