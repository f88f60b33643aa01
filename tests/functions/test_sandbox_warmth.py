"""What is loaded before the fork is all that a child needs: it may have become a user who can import nothing."""

import io
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from tests import hostile_files
from tests.paper import a_sheet, encoded, pixels
from tests.paper_heic import HEIC

# As the zygote and then its child: warm up, then read with every import refused.
SCRIPT = """
import json, sys
from pathlib import Path
from extract_document import child
from extract_document.document import Document
from extract_document.options import ReadOptions
from paydraft.model.hint import Hint, HintKind
from paydraft.model.template import Advice, Rule

class Refuse:
    @staticmethod
    def find_spec(name, path=None, target=None):
        imported.append(name)
        raise ImportError(name)

options = ReadOptions(engine=sys.argv[2])
advice = Advice(
    hints=[Hint(kind=HintKind.TEMPLATE, field=field, pattern=".+") for field in ("number", "due_date", "total")],
    rules=[Rule(field="seller.email", kind=kind) for kind in ("required", "email", "date")],
)
documents = {path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}
child.warm(options)
sys.meta_path.insert(0, Refuse)
for name, data in documents.items():
    imported = []
    document = Document(data, options)
    answer = child.guarded(document.first)
    if answer.invoice:
        assert child.guarded(lambda: document.advised(advice)).invoice
    print(json.dumps([name, answer.refusal.code if answer.refusal else "read", imported]))
"""


def documents() -> dict[str, bytes]:
    sheet = a_sheet()
    page = pixels(sheet)
    turn = cv2.getRotationMatrix2D((800, 1100), 3, 1)
    crooked = cv2.warpAffine(page, turn, page.shape[::-1], borderValue=255)
    document, with_xml = pikepdf.open(io.BytesIO(sheet)), io.BytesIO()
    document.attachments["factur-x.xml"] = b"<?xml version='1.0'?><Invoice xmlns='urn:x'><ID>4711</ID></Invoice>"
    document.save(with_xml)
    return {
        "pdf": sheet,
        "pdf with xml": with_xml.getvalue(),
        "xml": b"<?xml version='1.0'?><Invoice/>",
        "xml of windows": "<?xml version='1.0' encoding='windows-1252'?><Invoice>\xe4</Invoice>".encode("cp1252"),
        "xml in two bytes": "<?xml version='1.0' encoding='utf-16'?><Invoice/>".encode("utf-16"),
        "crooked": encoded(crooked, dpi=(200, 200)),
        "upside down": encoded(np.rot90(page, 2).copy()),
        "sixteen bits": encoded(page.astype(np.uint16) * 257),
        "heic": HEIC,
        "broken": b"%PDF-1.7",
        "broken png": encoded(page)[:500],
        "encrypted": hostile_files.an_encrypted_pdf(),
    } | {kind: encoded(page, kind) for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP")}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["tesserocr", "pytesseract"])
def test_a_child_imports_nothing_whatever_it_reads(engine: str, tmp_path: Path):
    for name, data in documents().items():
        (tmp_path / name).write_bytes(data)

    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), engine], stdout=subprocess.PIPE, text=True, check=True
    )

    outcomes = {name: (code, imported) for name, code, imported in map(json.loads, told.stdout.splitlines())}
    assert {name: imported for name, (_, imported) in outcomes.items() if imported} == {}
    assert [name for name, (code, _) in outcomes.items() if code == "internal_error"] == []
    assert {outcomes[name][0] for name in ("pdf", "pdf with xml", "crooked", "TIFF", "heic", "sixteen bits")} == {
        "read"
    }
