"""Which field of an invoice a template means: any usual spelling of one, and never another one."""

import pytest

from api_ocr_jobs.field_names import path_of
from api_ocr_jobs.translate import FIELDS as TOLD
from paydraft.model.template import FIELDS


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_a_field_is_known_by_its_own_path_in_every_case_and_with_every_sign(path):
    words = path.replace(".", " ").replace("_", " ")
    camel = "".join(word if not number else word.capitalize() for number, word in enumerate(words.split()))
    for name in (path, path.upper(), camel, path.replace("_", "-"), words.title()):
        assert path_of(name) == path


@pytest.mark.parametrize(("path", "told"), TOLD.items())
def test_a_field_is_known_by_the_name_that_results_have_for_it(path, told):
    assert TOLD[path_of(told)] == told
    assert path_of(f"extractedData.{told}") == path_of(told)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("invoiceNumber", "number"),
        ("Invoice No.", "number"),
        ("invoice_date", "issue_date"),
        ("vendorName", "seller.name"),
        ("customer.taxId", "buyer.vat_number"),
        ("grandTotal", "total"),
        ("lineItems", "line_items"),
        ("IBAN", "iban"),
    ],
)
def test_usual_names_are_known(name, path):
    assert path_of(name) == path


@pytest.mark.parametrize(
    "name", ["mood", "", ".", "invoice", "name", "address", "email", "total2", "évidence", "taxes.0"]
)
def test_a_name_that_could_mean_anything_means_nothing(name):
    assert path_of(name) is None
