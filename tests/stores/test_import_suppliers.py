"""A supplier list on its way onto the file: every row told, none twice, nothing changed that is there."""

import itertools
from datetime import timedelta

import pytest

from paydraft.model.counterparty import ContactType
from paydraft.model.counterparty_errors import SupplierListTooLongError
from paydraft.model.counterparty_file import FileAction
from paydraft.workflows.import_suppliers import MAX_ROWS, Outcome, import_list
from tests.builders import IBANS, NOW, TENANT, an_id

HEAD = "legal_name,vat_number,iban,email,phone,city\n"


_seconds = itertools.count()


def imported(counterparties, rows, **options):
    def clock():
        return NOW + timedelta(seconds=next(_seconds))

    return list(import_list(HEAD + rows, counterparties, TENANT, by="alice", clock=clock, new_id=an_id, **options))


def test_a_row_becomes_a_counterparty_with_its_parts_and_one_item_of_history(counterparties):
    [told] = imported(counterparties, f"Muster,DE1,{IBANS[0]},a@muster.example,+49 228 1,Bonn\n")
    assert (told.line, told.outcome, told.message) == (2, Outcome.ADDED, None)
    file = counterparties.file(TENANT, told.counterparty_id)
    assert [account.iban for account in file.accounts] == [IBANS[0]]
    assert {one.type: one.value for one in file.contacts} == {
        ContactType.EMAIL: "a@muster.example",
        ContactType.PHONE: "+49 228 1",
    }
    assert file.counterparty.email == "a@muster.example"
    assert file.counterparty.address.city == "Bonn"
    [entry] = counterparties.history(TENANT, told.counterparty_id)
    assert (entry.action, entry.by) == (FileAction.IMPORTED, "alice")


def test_the_same_list_again_changes_nothing(counterparties):
    rows = f"Muster,DE1,{IBANS[0]},,,\nOnly A Name,,,,,\n"
    first = imported(counterparties, rows)
    again = imported(counterparties, rows)
    assert [told.outcome for told in again] == [Outcome.ON_FILE] * 2
    assert [told.counterparty_id for told in again] == [told.counterparty_id for told in first]
    assert len(list(counterparties.files(TENANT))) == 2


def test_a_known_vat_number_with_an_iban_that_is_not_on_file_changes_nothing_and_is_told(counterparties):
    [first] = imported(counterparties, f"Muster,DE1,{IBANS[0]},,,\n")
    [told] = imported(counterparties, f"Muster,DE1,{IBANS[1]},,,\n")
    assert (told.outcome, told.counterparty_id) == (Outcome.DIFFERS, first.counterparty_id)
    assert "vat_number is on file, its iban is not" in told.message
    assert [one.iban for one in counterparties.accounts(TENANT, first.counterparty_id)] == [IBANS[0]]


def test_a_row_between_two_counterparties_is_a_persons_to_decide(counterparties):
    imported(counterparties, f"One,DE1,{IBANS[0]},,,\nTwo,DE2,{IBANS[1]},,,\n")
    [told] = imported(counterparties, f"One,DE1,{IBANS[1]},,,\n")
    assert (told.outcome, told.counterparty_id) == (Outcome.DIFFERS, None)


def test_wrong_rows_are_told_by_their_lines_and_stop_nobody(counterparties):
    told = imported(counterparties, f"One,,DE00,,,\nTwo,,{IBANS[0]},,,\nA, B,,,,,\nFour,,,nobody,,\n")
    assert [(one.line, one.outcome) for one in told] == [
        (2, Outcome.REFUSED),
        (3, Outcome.ADDED),
        (4, Outcome.REFUSED),
        (5, Outcome.REFUSED),
    ]


def test_a_list_is_taken_up_again_at_a_line(counterparties):
    told = imported(counterparties, "One,,,,,\nTwo,,,,,\nThree,,,,,\n", from_line=3)
    assert [one.line for one in told] == [3, 4]


def test_a_longer_list_is_refused_before_its_first_row(counterparties):
    with pytest.raises(SupplierListTooLongError):
        imported(counterparties, "A,,,,,\n" * (MAX_ROWS + 1))
    assert list(counterparties.files(TENANT)) == []


def test_ten_thousand_rows_are_all_told(counterparties):
    """Most are wrong here: what a right one costs is the table's business."""
    rows = "".join("Good,,,,,\n" if number == 9_999 else f"Supplier {number},,DE00,,,\n" for number in range(10_000))
    told = imported(counterparties, rows)
    assert [one.line for one in told] == list(range(2, 10_002))
    assert [one.outcome for one in told] == [Outcome.REFUSED] * 9_999 + [Outcome.ADDED]
