"""The committed samples are what the generator draws, and they are what they pretend to be."""

import csv
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from infra.tools.sample_documents import oddities, qr
from infra.tools.sample_documents.bill import Bill
from infra.tools.sample_documents.catalogue import SAMPLES, Sample
from infra.tools.sample_documents.expected import SUPPLIER_COLUMNS, suppliers_csv, to_json
from paydraft.model.bank_account import Bic, Iban
from paydraft.model.media import MAX_PAGES, MediaType, sniff
from tests.golden.sameness import differences
from tests.golden.samples import BY_NAME, DOCUMENTS, GOLDEN, READABLE, Golden

PAYABLE = [sample for sample in SAMPLES if sample.bill]
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def text_of(name: str) -> str:
    with pypdfium2.PdfDocument(BY_NAME[name].data) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_committed_document_is_what_the_generator_draws(sample: Sample):
    golden = Golden(sample)

    assert differences(sample.draw(), golden.data, golden.document.suffix) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_committed_expectation_is_what_was_drawn(sample: Sample):
    stored = (GOLDEN / "expected" / sample.name).with_suffix(".json").read_text(encoding="utf-8")

    assert stored == to_json(sample)


def test_no_document_and_no_expectation_is_left_from_an_earlier_catalogue():
    names = {sample.name for sample in SAMPLES}

    assert {path.name for path in (GOLDEN / "documents").iterdir()} == names
    assert {path.stem for path in (GOLDEN / "expected").iterdir()} == {name.rsplit(".", 1)[0] for name in names}
    assert len(names) == len({name.rsplit(".", 1)[0] for name in names}), "an expectation is named by the stem"


def test_all_samples_together_stay_below_one_megabyte():
    sizes = [golden.document.stat().st_size for golden in DOCUMENTS]

    assert sum(sizes) < 1_000_000
    assert max(sizes) < 100_000


@pytest.mark.parametrize("golden", DOCUMENTS, ids=str)
def test_a_sample_is_of_the_type_its_name_says(golden: Golden):
    types = {
        ".pdf": MediaType.PDF,
        ".png": MediaType.PNG,
        ".jpg": MediaType.JPEG,
        ".tiff": MediaType.TIFF,
        ".webp": MediaType.WEBP,
        ".xml": MediaType.XML,
    }

    assert sniff(golden.data) is types[golden.document.suffix]


@pytest.mark.parametrize("golden", READABLE, ids=str)
def test_an_expectation_adds_up(golden: Golden):
    fields = golden.expected["fields"]

    if "tax" in fields:
        assert Decimal(fields["subtotal"]) + Decimal(fields["tax"]) == Decimal(fields["total"])
    assert not fields["iban"] or Iban.parse(fields["iban"]) == fields["iban"]
    assert set(golden.expected["may_be_empty"]) <= set(fields)


def test_one_supplier_is_on_file_and_the_buyer_is_the_tenant_itself():
    assert (GOLDEN / "suppliers.csv").read_text(encoding="utf-8") == suppliers_csv()
    with (GOLDEN / "suppliers.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    assert tuple(rows[0]) == SUPPLIER_COLUMNS
    assert [row["own"] for row in rows] == ["no", "yes"]
    assert {golden.expected["fields"]["buyer.name"] for golden in READABLE} == {rows[1]["legal_name"]}
    known = {golden.expected["fields"]["seller.name"] for golden in READABLE if golden.expected["match"] == "found"}
    assert known == {rows[0]["legal_name"]}
    assert all(Iban(row["iban"]) and Bic(row["bic"]) for row in rows)


@pytest.mark.parametrize("sample", PAYABLE, ids=lambda sample: sample.name)
def test_every_company_is_invented(sample: Sample):
    assert isinstance(sample.bill, Bill)
    for party in (sample.bill.seller, sample.bill.buyer):
        assert party.email.endswith(".example")


def test_the_e_invoice_inside_the_pdf_is_attached_as_the_standard_wants_it():
    with pikepdf.open(BytesIO(BY_NAME["de_factur_x.pdf"].data)) as pdf:
        (specification,) = pdf.Root.AF
        xml = ElementTree.fromstring(pdf.attachments["factur-x.xml"].get_file().read_bytes())
        assert specification.AFRelationship == pikepdf.Name.Alternative
        assert b"<fx:ConformanceLevel>EN 16931<" in pdf.Root.Metadata.read_bytes()

    nets = [
        Decimal(node.text) for node in xml.iterfind(f".//{RAM}IncludedSupplyChainTradeLineItem//{RAM}LineTotalAmount")
    ]
    total = {
        tag: Decimal(xml.find(f".//{RAM}{tag}").text)
        for tag in ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    }
    assert sum(nets) == total["TaxBasisTotalAmount"]
    assert total["TaxBasisTotalAmount"] + total["TaxTotalAmount"] == total["GrandTotalAmount"]


def test_the_bare_e_invoice_adds_up_and_names_its_profile():
    xml = ElementTree.fromstring(BY_NAME["de_xrechnung.xml"].data)
    amount = {
        tag: Decimal(xml.find(f".//{CBC}{tag}").text) for tag in ("TaxExclusiveAmount", "TaxAmount", "PayableAmount")
    }

    assert xml.find(f"{CBC}CustomizationID").text.endswith("xrechnung_3.0")
    assert amount["TaxExclusiveAmount"] + amount["TaxAmount"] == amount["PayableAmount"]


@pytest.mark.parametrize(
    ("name", "payload"), [("at_giro_code.pdf", qr.epc_payload), ("ch_qr_bill.pdf", qr.swiss_payload)]
)
def test_a_payment_code_can_be_scanned_from_the_page(name: str, payload):
    golden = BY_NAME[name]
    with pypdfium2.PdfDocument(golden.data) as pdf:
        picture = pdf[0].render(scale=150 / 72, grayscale=True).to_pil()

    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    assert code.text.replace("\r\n", "\n") == payload(golden.sample.bill).replace("\r\n", "\n")


def test_the_hidden_account_is_in_the_text_layer_and_nobody_sees_it():
    honest = next(sample for sample in SAMPLES if sample.name == "en_hidden_iban.pdf").bill
    text = text_of("en_hidden_iban.pdf").replace(" ", "")

    assert oddities.FALSE_IBAN in text
    assert honest.seller.iban in text
    assert b"3 Tr" in _contents("en_hidden_iban.pdf")


def test_the_lying_text_layer_names_only_the_forged_account():
    text = text_of("de_lying_text_layer.pdf").replace(" ", "")

    assert oddities.FALSE_IBAN in text
    assert BY_NAME["de_lying_text_layer.pdf"].expected["fields"]["iban"] not in text


def test_the_document_with_too_many_pages_has_one_too_many():
    with pypdfium2.PdfDocument(BY_NAME["too_many_pages.pdf"].data) as pdf:
        assert len(pdf) == MAX_PAGES + 1


def test_the_encrypted_document_opens_with_its_password_only():
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(BY_NAME["encrypted.pdf"].data)
    with pypdfium2.PdfDocument(BY_NAME["encrypted.pdf"].data, password=oddities.PASSWORD) as pdf:
        assert "FQ-00872" in pdf[0].get_textpage().get_text_bounded()


def test_other_bytes_with_the_same_content_are_the_same_document():
    stored = BY_NAME["de_column_header.pdf"].data
    repacked = BytesIO()
    with pikepdf.open(BytesIO(stored)) as pdf:
        pdf.save(repacked, recompress_flate=True)

    assert repacked.getvalue() != stored
    assert differences(repacked.getvalue(), stored, ".pdf") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("en_label_table.pdf", "en_hidden_iban.pdf"),
        ("en_photo.jpg", "nl_scan.png"),
        ("truncated.pdf", "de_column_header.pdf"),
    ],
)
def test_another_document_is_told_apart(one: str, other: str):
    first = BY_NAME[one]

    assert differences(first.data, BY_NAME[other].data, first.document.suffix) != []


def _contents(name: str) -> bytes:
    with pikepdf.open(BytesIO(BY_NAME[name].data)) as pdf:
        pdf.pages[0].contents_coalesce()
        return pdf.pages[0].Contents.read_bytes()
