"""Promises about drafts that hold for every invoice: duplicates, changed accounts, exact amounts, four eyes."""

import itertools
import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from xml.etree.ElementTree import fromstring

from hypothesis import given, settings
from hypothesis import strategies as st

from api_transfers import editing, requests, translate
from paydraft.matching.match import match
from paydraft.model.bank_account import Iban, mod97
from paydraft.model.counterparty import Candidate, Directory, MatchKind, MatchOutcome, MatchReason
from paydraft.model.errors import PaydraftError
from paydraft.model.invoice import Party
from paydraft.model.money import CURRENCIES, Money
from paydraft.model.payment_order import Debtor
from paydraft.model.transfer import Creditor, FlagCode, NoDraft, TransferStatus
from paydraft.stores.items import encode, plain
from paydraft.transfers import life
from paydraft.transfers.draft import draft
from paydraft.transfers.duplicates import duplicates, marks_of, past_of, trace_of
from paydraft.transfers.flags import SUM_TOLERANCE, flag
from paydraft.transfers.pain001 import NAMESPACE, pain001
from paydraft.transfers.payment_order import payment_order
from paydraft.transfers.verification import NobodyToAsk
from tests.builders import NOW, a_counterparty, a_draft, a_job, after, an_account, an_id, an_invoice

NOT_FOUND = MatchOutcome(kind=MatchKind.NOT_FOUND)
PAIRS = 200
ACCOUNTS = 100
AMOUNTS = 10_000
_IN = f"{{{NAMESPACE}}}"


def a_german_iban(dice):
    bban = f"{dice.randrange(10**18):018}"
    return Iban(f"DE{98 - mod97(bban + 'DE00'):02}{bban}")


# ── duplicates ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Memory:
    """What is remembered of a tenant's invoices, as the table keeps it."""

    def __init__(self):
        self.traces = {}

    def take_in(self, invoice, sha256, seen):
        """The rules by which this invoice resembles earlier ones; it is remembered from now on."""
        transfer_id = an_id()
        marks = marks_of(invoice, NOT_FOUND, None, sha256)
        trace = trace_of(transfer_id, invoice, invoice.to_pay, seen)
        met = duplicates(trace, past_of(marks, self.traces, frozenset()))
        for key in marks.keys:
            self.traces[key] = (*self.traces.get(key, ()), trace)
        return {rule for rule, _ in met}


def some_invoice(dice, number):
    total = Decimal(dice.randrange(100, 10_000_000)).scaleb(-2)
    seller = Party(name=f"Lieferant {dice.randrange(10**9)} GmbH", vat_number=f"DE{dice.randrange(10**9):09}")
    issued = date(2026, 1, 1) + timedelta(days=dice.randrange(300))
    return an_invoice(
        number=number, seller=seller, iban=a_german_iban(dice), total=total, subtotal=None, issue_date=issued
    )


def renumbered(text, dice):
    """The same number as another reader writes it."""
    head, *rest = text.split("-")
    separator = dice.choice(["", "-", " ", "/", "."])
    return dice.choice([str.upper, str.lower])(separator.join([head, *rest]))


def without_leading_zeros(text):
    head, year, count = text.split("-")
    return f"{head}-{year}-{int(count)}"


COPIES = {
    "the same file": lambda one, dice: (one, "first"),
    "re-encoded": lambda one, dice: (one, "other"),
    "number written otherwise": lambda one, dice: (
        one.model_copy(update={"number": renumbered(one.number, dice)}),
        "other",
    ),
    "leading zeros lost": lambda one, dice: (
        one.model_copy(update={"number": without_leading_zeros(one.number)}),
        "other",
    ),
    "a bad scan: no IBAN, no VAT number": lambda one, dice: (
        one.model_copy(update={"iban": None, "seller": Party(name=one.seller.name.upper())}),
        "other",
    ),
    "a bad scan: no number": lambda one, dice: (one.model_copy(update={"number": None}), "other"),
    "a bad scan: no date, no number": lambda one, dice: (
        one.model_copy(update={"number": None, "issue_date": None}),
        "other",
    ),
    "under a new number, dated a day later": lambda one, dice: (
        one.model_copy(update={"number": f"X-{one.number}", "issue_date": one.issue_date + timedelta(days=1)}),
        "other",
    ),
}


def test_two_hundred_copies_of_invoices_are_all_flagged(tell):
    dice, missed = random.Random(1), []
    kinds = list(COPIES)
    for pair in range(PAIRS):
        memory, kind = Memory(), kinds[pair % len(kinds)]
        invoice = some_invoice(dice, f"RE-2026-{dice.randrange(1, 10_000):05}")
        assert memory.take_in(invoice, "first", NOW.date()) == set()
        copy, sha256 = COPIES[kind](invoice, dice)
        if not memory.take_in(copy, sha256, NOW.date() + timedelta(days=1)):
            missed.append(kind)
    tell(f"{PAIRS} copies of {len(kinds)} kinds, {PAIRS - len(missed)} flagged")
    assert missed == []


def test_two_hundred_recurring_invoices_are_all_let_through(tell):
    """Rent, subscriptions, leases: one supplier, one amount, every week, month, quarter or year."""
    dice, stopped = random.Random(2), []
    rounds = 0
    while rounds < PAIRS:
        memory, gap = Memory(), dice.choice([7, 14, 28, 30, 31, 91, 365])
        first = some_invoice(dice, "1")
        for turn in range(5):
            fields = {"number": f"{2026 + turn}-{turn + 1:04}", "issue_date": first.issue_date + timedelta(gap * turn)}
            met = memory.take_in(first.model_copy(update=fields), f"file-{turn}", fields["issue_date"])
            rounds += turn > 0
            if met:
                stopped.append((gap, met))
    tell(f"{rounds} recurring invoices, {len(stopped)} flagged")
    assert stopped == []


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def flags_of(invoice, party, account):
    ids = {"counterparty_id": party.counterparty_id, "account_id": account.account_id if account else None}
    reasons = (MatchReason.IBAN, MatchReason.VAT_NUMBER) if account else (MatchReason.VAT_NUMBER,)
    match = MatchOutcome(kind=MatchKind.FOUND, candidates=(Candidate(score=1, reasons=reasons, **ids),), **ids)
    made = draft(a_job(), invoice, match, party, account, now=NOW, today=NOW.date())
    return {one.code for one in made.flags if one.blocks}


def test_a_hundred_known_suppliers_with_a_new_account_are_all_flagged(tell):
    dice = random.Random(3)
    flagged = sum(
        FlagCode.IBAN_CHANGED in flags_of(an_invoice(iban=a_german_iban(dice)), a_counterparty(), None)
        for _ in range(ACCOUNTS)
    )
    tell(f"{ACCOUNTS} changed accounts, {flagged} flagged")
    assert flagged == ACCOUNTS


def test_a_hundred_accounts_written_otherwise_raise_no_flag(tell):
    dice, flagged = random.Random(4), 0
    for _ in range(ACCOUNTS):
        iban, party = a_german_iban(dice), a_counterparty()
        written = dice.choice([iban.printed, iban.lower(), "-".join(iban), f" {iban[:4]}.{iban[4:]} "])
        flagged += bool(flags_of(an_invoice(iban=Iban(written)), party, an_account(party, iban=iban)))
    tell(f"{ACCOUNTS} accounts in another spelling, {flagged} flagged")
    assert flagged == 0


# ── amounts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_amounts_come_back_exactly_from_table_and_wire(tell):
    dice, currencies = random.Random(5), sorted(CURRENCIES)
    for _ in range(AMOUNTS):
        amount = Money.of_minor_units(dice.randrange(1, 10 ** dice.randrange(1, 12)), dice.choice(currencies))
        assert plain(encode(amount)) == amount
        wire = translate.transfer(a_draft(amount=amount)).amount
        sent = requests.AmountIn(amount_minor=wire.amount_minor, currency=wire.currency)
        assert editing._amount(sent) == amount
        assert Money(amount=Decimal(wire.amount), currency=wire.currency) == amount
    tell(f"{AMOUNTS} amounts, all exact")


def test_ten_thousand_amounts_come_back_exactly_from_payment_files(tell):
    """In files of a hundred, as a bank reads them; each file's control sum is that of its amounts."""
    dice, currencies, per_file = random.Random(7), sorted(CURRENCIES), 100
    debtor = Debtor(name="Acme", iban=Iban("AT611904300234573201"))
    creditor = Creditor(name="Muster", iban=a_german_iban(dice))
    for _ in range(AMOUNTS // per_file):
        made = [
            a_draft(
                amount=Money.of_minor_units(dice.randrange(1, 10 ** dice.randrange(1, 12)), dice.choice(currencies)),
                creditor=creditor,
            )
            for _ in range(per_file)
        ]
        root = fromstring(pain001(payment_order(made, debtor, created_at=NOW)))
        told = {
            entry.findtext(f"{_IN}PmtId/{_IN}InstrId"): entry.find(f"{_IN}Amt/{_IN}InstdAmt")
            for entry in root.iter(f"{_IN}CdtTrfTxInf")
        }
        assert len(told) == per_file
        for one in made:
            amount = told[one.transfer_id.hex]
            assert Money(amount=Decimal(amount.text), currency=amount.get("Ccy")) == one.amount
            assert amount.text == f"{one.amount.amount:f}"
        total = root.findtext(f"{_IN}CstmrCdtTrfInitn/{_IN}GrpHdr/{_IN}CtrlSum")
        assert Decimal(total) == sum(one.amount.amount for one in made)
    tell(f"{AMOUNTS} amounts through {AMOUNTS // per_file} payment files, all exact")


# ── four eyes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PEOPLE = [life.Actor(name, is_person=True) for name in ("alice", "bob", "carol")] + [
    life.Actor("robot", is_person=False)
]
BLOCKING = (FlagCode.IBAN_CHANGED, FlagCode.POSSIBLE_DUPLICATE)
STEPS = {
    "edit": lambda one, who, at: life.edited(one, who, {"customer_id": str(at)}, at=at),
    "finalize": lambda one, who, at: life.finalized(one, who, NobodyToAsk().verify(one.creditor, at=at), at=at),
    "clear one": lambda one, who, at: life.cleared(one, BLOCKING[0], who, "looked into it", at=at),
    "clear other": lambda one, who, at: life.cleared(one, BLOCKING[1], who, "looked into it", at=at),
    "approve": lambda one, who, at: life.approved(one, who, at=at),
    "reject": lambda one, who, at: life.rejected(one, who, "not so", at=at),
    "discard": lambda one, who, at: life.discarded(one, who, at=at),
    "export": lambda one, who, at: life.exported(one, UUID(int=1), at=at),
}


@settings(max_examples=500)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(PEOPLE)), max_size=30))
def test_whatever_is_tried_nothing_is_approved_that_one_person_alone_has_made(tried):
    transfer = a_draft(created_by="alice", flags=tuple(flag(code, "iban") for code in BLOCKING))
    versions = [transfer]
    for minute, (name, who) in enumerate(tried):
        with suppress(PaydraftError):
            transfer = STEPS[name](transfer, who, after(minutes=minute))
            versions.append(transfer)
    assert [one.version for one in versions] == list(range(1, len(versions) + 1))
    passed = [one for one in versions if one.status in (TransferStatus.APPROVED, TransferStatus.EXPORTED)]
    for one in passed:
        first_hands = {one.created_by, *one.editors, one.submitted_by}
        assert one.approved_by not in first_hands
        assert one.approved_by != "robot"
        for blocking in one.flags:
            assert blocking.cleared is not None
            assert blocking.cleared.by not in first_hands | {"robot"}
            assert blocking.cleared.at > one.submitted_at
    for earlier, later in itertools.pairwise(versions):
        assert (earlier.status, later.status) not in {
            (TransferStatus.EXPORTED, TransferStatus.EXPORTED),
            (TransferStatus.DRAFT, TransferStatus.APPROVED),
        }
        assert earlier.status is not TransferStatus.EXPORTED
        if (earlier.status, later.status) == (TransferStatus.APPROVED, TransferStatus.DRAFT):
            assert later.approved_by is None
            assert not any(flag.cleared for flag in later.flags)


# ── misread characters ────────────────────────────────────────────────────────────────────────────────────────────────

RESULTS = 1_000
CONFUSIONS = {
    "0": "OD8",
    "1": "I7",
    "2": "Z7",
    "3": "8",
    "4": "A",
    "5": "S6",
    "6": "G85",
    "7": "1",
    "8": "B3",
    "9": "g4",
}


def confused(text, times, dice):
    """The text with so many digits taken for what looks like them."""
    for _ in range(times):
        places = [place for place, char in enumerate(text) if char in CONFUSIONS]
        place = dice.choice(places)
        text = text[:place] + dice.choice(CONFUSIONS[text[place]]) + text[place + 1 :]
    return text


def misread(invoice, dice):
    """What a reader that was fooled by one or two characters of IBAN or total hands on: a value only if it is one.

    Two confusions pass every check of an IBAN once in a thousand times: here in a third of all.
    """
    times, kind = dice.choice([1, 2]), dice.randrange(3)
    if kind == 0:
        return invoice.model_copy(update={"iban": a_german_iban(dice)})
    if kind == 1:
        return invoice.model_copy(update={"iban": Iban.parse(confused(invoice.iban, times, dice))})
    text = confused(str(invoice.total), times, dice)
    return invoice.model_copy(update={"total": Decimal(text) if text.replace(".", "").isdigit() else None})


def test_of_a_thousand_misread_invoices_none_is_drafted_wrong_without_a_flag(tell):
    dice, wrong_accounts, wrong_amounts, unflagged = random.Random(6), 0, 0, []
    for number in range(RESULTS):
        party = a_counterparty(legal_name="Muster GmbH")
        account = an_account(party, iban=a_german_iban(dice))
        net = Decimal(dice.randrange(100, 10**7)).scaleb(-2)
        tax = (net * Decimal("0.19")).quantize(Decimal("0.01"))
        vat_number = party.vat_number if number % 2 else None
        seller = Party(name="Muster GmbH", vat_number=vat_number)
        invoice = an_invoice(iban=account.iban, seller=seller, subtotal=net, tax=tax, total=net + tax)
        read = misread(invoice, dice)
        directory = Directory(
            by_iban=((party, account),) if read.iban == account.iban else (),
            by_vat=(party,) if vat_number else (),
        )
        matched = match(read, directory)
        paid = account if matched.account_id else None
        found = party if matched.counterparty_id else None
        made = draft(a_job(), read, matched, found, paid, now=NOW, today=NOW.date())
        if isinstance(made, NoDraft):
            continue
        is_wrong = made.creditor.iban not in (None, account.iban)
        wrong_accounts += is_wrong
        is_off = abs(made.amount.amount - invoice.total) > SUM_TOLERANCE
        wrong_amounts += is_off
        if (is_wrong or is_off) and not made.flags:
            unflagged.append(made)
    figures = f"{wrong_accounts} wrong accounts, {wrong_amounts} wrong amounts, {len(unflagged)} unflagged"
    tell(f"{RESULTS} misread invoices: {figures}")
    assert unflagged == []
    assert min(wrong_accounts, wrong_amounts) > 100  # else it shows nothing
