"""`paydraft extract`: one line a file, whatever the file is."""

import json
import sys
from pathlib import Path

import pytest

from extract_document import tessdata
from extract_document.options import Limits, ReadOptions
from infra.cli import main
from infra.cli.field_names import named_fields
from infra.cli.readers import read_all
from paydraft.model.invoice import Address, Invoice, LineItem, Party

DOCUMENTS = Path("tests/golden/documents").resolve()
PDF, XML = DOCUMENTS / "de_factur_x.pdf", DOCUMENTS / "de_xrechnung.xml"


@pytest.fixture
def run(monkeypatch, capsys):
    def _run(*arguments):
        monkeypatch.setattr(sys, "argv", ["paydraft", "extract", *map(str, arguments)])
        try:
            code = main.main()
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return _run


def lines(output):
    return [json.loads(line) for line in output.splitlines()]


def test_every_file_has_a_line_in_the_order_named_and_a_broken_one_says_why(run, tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and then nothing that follows")
    code, output, problem = run("--jsonl", "--workers", 2, PDF, broken, XML)
    first, second, third = lines(output)
    assert (code, problem) == (1, "")
    assert [first["id"], second["id"], third["id"]] == ["de_factur_x", "broken", "de_xrechnung"]
    assert second["fields"] == {}
    assert second["error"]["code"] == "unreadable_document"
    assert first["fields"]["currency"] == third["fields"]["currency"] == "EUR"
    assert first["confidence"]["iban"] > 0.9
    assert first["cpu_ms"] > 0


def test_a_folder_stands_for_its_documents_and_other_files_in_it_are_left_alone(run, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "invoice").write_bytes(XML.read_bytes())
    (tmp_path / "scan.PDF").write_bytes(b"cut off")
    (tmp_path / "list.csv").write_text("a,b\n")
    code, output, _ = run("--jsonl", "--workers", 1, tmp_path)
    assert code == 1
    assert [one["id"] for one in lines(output)] == ["invoice", "scan"]


def test_without_xml_and_codes_only_the_page_is_read(run):
    _, output, _ = run("--jsonl", "--no-xml", "--no-qr", "--workers", 1, XML, DOCUMENTS / "ch_qr_bill.pdf")
    bare, bill = lines(output)
    assert "total" not in bare["fields"]
    assert bill["fields"]["iban"] == "CH2531999000812345678"


@pytest.mark.parametrize("wrong", [(), ("nowhere.pdf",), ("empty",)])
def test_a_command_that_names_no_document_is_told_so_in_one_line(run, tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    code, output, problem = run("--jsonl", *wrong)
    assert (code, output) == (2, "")
    assert problem


def test_a_person_gets_names_and_values(run):
    code, output, _ = run("--workers", 1, PDF)
    assert code == 0
    assert "invoice_number" in output
    assert not output.startswith("{")


def test_a_document_that_takes_too_long_costs_its_own_line_only(tmp_path):
    quick = tmp_path / "quick.pdf"
    quick.write_bytes(b"cut off, and no document")
    files = [DOCUMENTS / "en_photo.jpg", quick, DOCUMENTS / "en_photo.jpg", quick]
    options = ReadOptions(tessdata=tessdata.find())
    reads = list(read_all(files, options, Limits(seconds=0.2), workers=2))
    assert [read.file for read in reads] == files
    codes = [read.answer.refusal.code for read in reads]
    assert codes == ["unsafe_document", "unsupported_media", "unsafe_document", "unsupported_media"]


def test_values_are_spelled_for_a_machine_and_what_is_unknown_is_left_out():
    seller = Party(name="A", address=Address(street="Weg 1", postal_code="8400", city="Winterthur"), vat_number="CH1")
    lines = (LineItem(description="Work", quantity=2, unit_price="1.50", net="3.00"),)
    invoice = Invoice(number="7", issue_date="2026-11-02", total="1E+3", seller=seller, line_items=lines)
    assert named_fields(invoice) == {
        "invoice_number": "7",
        "issue_date": "2026-11-02",
        "total": "1000",
        "seller": {"name": "A", "address": "Weg 1, 8400 Winterthur", "vat": "CH1"},
        "line_items": [{"description": "Work", "quantity": "2", "unit_price": "1.50", "line_total": "3.00"}],
    }
