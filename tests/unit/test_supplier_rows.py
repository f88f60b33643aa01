"""A supplier list's rows: read strictly, written so that no spreadsheet runs them, and the same both ways."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.contact_value import parsed_value, phone_metadata
from paydraft.model.counterparty import ContactType
from paydraft.model.counterparty_errors import SupplierListError
from paydraft.workflows.supplier_rows import COLUMNS, RowError, file_from, rows_of, written
from tests.builders import IBANS, NOW, TENANT, an_id

FULL = {
    "legal_name": "Muster, Söhne & Co. KG",
    "type": "business",
    "aliases": "Muster;Muster KG",
    "vat_number": "DE123456788",
    "tax_number": "12/345/67890",
    "customer_id": "c-1",
    "iban": IBANS[0],
    "bic": "COBADEFFXXX",
    "bank": "Bank",
    "other_ibans": f"{IBANS[1]};{IBANS[2]}",
    "email": "rechnung@muster.example",
    "phone": "+49 228 12345",
    "website": "https://muster.example",
    "street": "Weg 1",
    "postal_code": "53113",
    "city": "Bonn",
    "state": "NRW",
    "country": "DE",
    "own": "no",
}


def read(text):
    return [row for _, row in rows_of(text)]


def a_file(**row):
    return file_from({"legal_name": "Muster", **row}, TENANT, by="alice", now=NOW, new_id=an_id).settled()


def test_what_is_exported_is_read_as_it_was():
    file = a_file(**FULL)
    assert read("".join(written([file]))) == [FULL]
    assert set(FULL) == set(COLUMNS)


def test_inactive_counterparties_are_not_exported():
    file = a_file()
    gone = file.model_copy(update={"counterparty": file.counterparty.model_copy(update={"active": False})})
    assert read("".join(written([gone, file]))) == [
        dict.fromkeys(COLUMNS, "") | {"legal_name": "Muster", "type": "business", "own": "no"}
    ]


@pytest.mark.parametrize("name", ["=1+1", "+A", "-A", "@SUM(A1)", "'=1", "'A", "''A"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_with_an_apostrophe_and_read_without(name):
    text = "".join(written([a_file(legal_name=name)]))
    assert next(iter(csv.DictReader(io.StringIO(text))))["legal_name"] == f"'{name}"
    assert read(text)[0]["legal_name"] == name


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).map(str.strip).filter(bool).filter(str.isprintable)
)
def test_every_name_survives_the_way_out_and_in_and_no_cell_begins_as_a_formula(name):
    text = "".join(written([a_file(legal_name=name)]))
    [cells] = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert read(text)[0]["legal_name"] == name


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"legal_name": ""}, "legal_name"),
        ({"legal_name": "x" * 141}, "legal_name"),
        ({"city": "Bo\nnn"}, "city"),
        ({"type": "robot"}, "type"),
        ({"country": "de"}, "country"),
        ({"iban": "DE00370400440532013000"}, "IBAN"),
        ({"iban": IBANS[0], "other_ibans": IBANS[0]}, "twice"),
        ({"other_ibans": IBANS[0]}, "other_ibans"),
        ({"bic": "X"}, "BIC"),
        ({"email": "nobody"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"website": "not a site"}, "website"),
    ],
)
def test_a_wrong_row_says_which_value_is_wrong(row, word):
    with pytest.raises(RowError, match=word):
        a_file(**row)


@pytest.mark.parametrize(
    "text", ["", "name\nA\n", "legal_name;iban\nA;\n", "legal_name,legal_name\nA,B\n", 'legal_name\n"' + "x" * 200_000]
)
def test_what_is_no_such_list_is_refused(text):
    with pytest.raises(SupplierListError):
        list(rows_of(text))


def test_who_has_nothing_but_a_name_is_known_by_it():
    assert a_file().counterparty_id == a_file(legal_name="MUSTER").counterparty_id
    assert a_file().counterparty_id != a_file(postal_code="53113").counterparty_id
    assert a_file(vat_number="DE1").counterparty_id != a_file(vat_number="DE1").counterparty_id


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("+49 (0)228 123-45", {"country_number": "49", "number": "22812345", "region_code": "DE"}),
        ("0041 44 123 45 67", {"country_number": "41", "number": "441234567", "region_code": "CH"}),
        ("+420 123 456 789", {"country_number": "420", "number": "123456789", "region_code": "CZ"}),
        ("+1 212 555 0100", {"country_number": "1", "number": "2125550100"}),
        ("0228 12345", {"number": "022812345"}),
        ("+999 12345", {"number": "99912345"}),
    ],
)
def test_a_phone_number_tells_its_country_where_it_names_one(value, told):
    assert phone_metadata(value) == told


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (ContactType.EMAIL, " a.b+c@muster.example ", "a@b"),
        (ContactType.EMAIL, "ä@müller.de", "a b@muster.example"),
        (ContactType.WEBSITE, "muster.example/kontakt", "muster"),
        (ContactType.PHONE, "+49 228 1", "+"),
        (ContactType.OTHER, "Fax on request", ""),
    ],
)
def test_a_contacts_value_has_its_types_form(kind, good, bad):
    assert parsed_value(kind, good) == good.strip()
    assert parsed_value(kind, bad) is None
