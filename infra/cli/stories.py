"""The second part of `paydraft demo`: what becomes of drafts in a company with people in it, from documents alone.

Alice sends documents, Bob asks for approval, Carol approves. Each does it over HTTP with a token of her or his own.
"""

import base64
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from infra.cli import tokens
from infra.cli.client import Answer, Client
from infra.cli.demo_report import print_step, print_story
from infra.cli.target import Target
from infra.tools.payment_schema import schema
from infra.tools.sample_documents import stories as papers
from paydraft.model.credential import Scope, SubjectKind
from paydraft.model.money import Money
from paydraft.workflows.tokens import Wish

HIDDEN_IBAN = Path("tests/golden/documents/en_hidden_iban.pdf")
CHANGED, DUPLICATE, CONFLICT = "iban_changed", "possible_duplicate", "payment_data_conflict"


@dataclass(frozen=True)
class Story:
    """A document, and what its draft must be like."""

    title: str
    draw: Callable[[date], bytes]
    match: str
    flags: Callable[[set[str]], bool]
    wanted: str  # the same in words


STORIES = (
    Story("an invoice of a supplier on file", papers.known, "found", lambda codes: not codes, "no flags"),
    Story(
        "his next invoice, with an account nobody has seen",
        papers.other_account,
        "found",
        lambda codes: CHANGED in codes,
        CHANGED,
    ),
    Story(
        "somebody who is called almost the same",
        papers.look_alike,
        "ambiguous",
        lambda codes: not codes & {CHANGED, DUPLICATE},
        "candidates",
    ),
    Story(
        "the first invoice again, printed out and scanned",
        papers.rescanned,
        "found",
        lambda codes: DUPLICATE in codes,
        DUPLICATE,
    ),
    Story(
        "an invoice whose file names another account than its page shows",
        lambda _: HIDDEN_IBAN.read_bytes(),
        "not_found",
        lambda codes: CONFLICT in codes,
        CONFLICT,
    ),
)


@dataclass(frozen=True)
class Told:
    """A story's outcome: the job's answer and its transfer."""

    story: Story
    job: dict[str, Any]
    transfer: dict[str, Any]

    @property
    def codes(self) -> set[str]:
        """The flags of the draft."""
        return {flag["code"] for flag in self.transfer["flags"]}

    def problems(self) -> Iterator[str]:
        """What is not as the story says."""
        if self.job["counterparty_match"] != self.story.match:
            yield f"{self.story.title}: match is {self.job['counterparty_match']}, not {self.story.match}"
        if not self.story.flags(self.codes):
            yield f"{self.story.title}: flags are {sorted(self.codes)}, wanted: {self.story.wanted}"


@dataclass(frozen=True)
class Office:
    """The three people, each with a client of their own."""

    alice: Client
    bob: Client
    carol: Client

    @classmethod
    def of(cls, place: Target) -> "Office":
        """People of the place's tenant, with fresh tokens."""
        wishes = (Wish(name, SubjectKind.PERSON, tuple(Scope)) for name in ("alice", "bob", "carol"))
        return cls(*(Client(place.url, tokens.make(place, str(place.tenant_id), wish)) for wish in wishes))


def tell(place: Target) -> Iterator[str]:
    """Tell all stories and print them; what did not come out as it should."""
    office, today = Office.of(place), datetime.now(UTC).date()
    told = []
    for number, story in enumerate(STORIES, start=1):
        told.append(_told(story, office, today))
        wrong = list(told[-1].problems())
        print_story(number, told[-1], wrong)
        yield from wrong
    known, changed, *_ = told
    yield from _approve(known, changed, office)
    yield from _export([known, changed], office)


def _told(story: Story, office: Office, today: date) -> Told:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(story.draw(today))
        accepted = office.alice.submit(Path(file.name))
    job = office.alice.wait_until_ended(accepted.body["job_id"]).body
    return Told(story, job, office.bob.ask("GET", f"/v2/transfers/{job['transfer_id']}").body)


def _approve(known: Told, changed: Told, office: Office) -> Iterator[str]:
    """Both are sent for approval; the one with the new account waits until a second person has looked into it."""
    one, other = f"/v2/transfers/{known.transfer['id']}", f"/v2/transfers/{changed.transfer['id']}"
    note = {"note": "Called the supplier on the number we have on file: they have changed their bank."}
    print_step("Then:", "")
    steps = (
        ("bob asks for approval of the first", office.bob.ask("POST", f"{one}/finalize"), 200),
        ("alice, who sent it, can't approve it", office.alice.ask("POST", f"{one}/approve"), 403),
        ("carol approves it", office.carol.ask("POST", f"{one}/approve"), 200),
        ("bob asks for approval of the second", office.bob.ask("POST", f"{other}/finalize"), 200),
        ("carol can't approve it: its account is new", office.carol.ask("POST", f"{other}/approve"), 409),
        (f"carol clears {CHANGED}, with a note", office.carol.ask("POST", f"{other}/flags/{CHANGED}/clear", note), 200),
        ("carol approves it; the account is on file now", office.carol.ask("POST", f"{other}/approve"), 200),
    )
    for line, answer, wanted in steps:
        yield from _step(line, answer, wanted)


def _export(told: list[Told], office: Office) -> Iterator[str]:
    """One payment file of both, which validates; a second export pays nothing again."""
    wish = {"transfer_ids": [one.transfer["id"] for one in told]}
    answer = office.carol.ask("POST", "/v2/transfers/export", wish)
    yield from _step("carol exports both as one payment file", answer, 200)
    if answer.status != 200:
        return
    order = answer.body
    data = base64.b64decode(order["file"]["base64_file"])
    with suppress(StopIteration):
        yield f"the payment file does not validate: {next(_faults(data))}"
    sums = (Money.of_minor_units(int(total["amount_minor"]), total["currency"]) for total in order["totals"])
    totals = ", ".join(f"{one.currency} {one.amount}" for one in sums)
    print_step(f"{order['file']['file_name']}: {order['transaction_count']} payments, {totals}; valid by its XSD", "")
    again = office.carol.ask("POST", "/v2/transfers/export", wish)
    if (again.body.get("file") or {}).get("sha256") != order["file"]["sha256"]:
        yield "exporting the same transfers again gave another file"
    print_step("asked again, the answer is the same file: nothing is paid twice", again.status)


def _faults(document: bytes) -> Iterator[str]:
    """What the official schema of pain.001.001.09 says against a file."""
    return (str(fault.reason) for fault in schema().iter_errors(document.decode()))


def _step(line: str, answer: Answer, wanted: int) -> Iterator[str]:
    print_step(line, answer.status)
    if answer.status != wanted:
        yield f"{line}: HTTP {answer.status}, not {wanted}: {answer.body}"
