"""Every test of a store runs against moto, and (slow) against MiniStack: what only one of them allows is no promise."""

from collections.abc import Iterator

import pytest

from paydraft.stores.counterparties import CounterpartyStore
from paydraft.stores.credentials import CredentialStore
from paydraft.stores.documents import DocumentStore
from paydraft.stores.jobs import JobStore
from paydraft.stores.results import ResultStore
from paydraft.stores.transfers import TransferStore
from tests.ministack_server import ministack_server, ministack_stack
from tests.template_stack import Stack


@pytest.fixture(scope="session")
def ministack() -> Iterator[str]:
    with ministack_server() as address:
        yield address


@pytest.fixture(params=["moto", pytest.param("ministack", marks=pytest.mark.slow)])
def endpoint(request: pytest.FixtureRequest) -> str:
    """Where the stores' calls go."""
    return request.param


@pytest.fixture
def stack(endpoint: str, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The data resources of template.yaml, empty; `stack["JobsTable"]` is a name."""
    if endpoint == "moto":
        yield request.getfixturevalue("aws").built
        return
    with ministack_stack(request.getfixturevalue("ministack")) as built:
        yield built


@pytest.fixture
def jobs(stack: Stack) -> JobStore:
    return JobStore(stack["JobsTable"], stack["TransientTable"])


@pytest.fixture
def documents(stack: Stack) -> DocumentStore:
    return DocumentStore(stack["DocumentsBucket"])


@pytest.fixture
def results(stack: Stack) -> ResultStore:
    return ResultStore(stack["DocumentsBucket"])


@pytest.fixture
def counterparties(stack: Stack) -> CounterpartyStore:
    return CounterpartyStore(stack["CounterpartiesTable"])


@pytest.fixture
def transfers(stack: Stack) -> TransferStore:
    return TransferStore(stack["TransfersTable"])


@pytest.fixture
def credentials(stack: Stack) -> CredentialStore:
    return CredentialStore(stack["CredentialsTable"])
