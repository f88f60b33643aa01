"""QR codes are always looked for; the slow kind that Croatian slips print only where the words tell of one."""

import numpy as np
import pytest
import zxingcpp

from extract_document import barcodes
from extract_document.raster import Raster
from paydraft.model.page import Box, Source, Word

SLIP = "HRVHUB30\nEUR\n000000000012355\nIvo\nUlica 1\nZagreb\nTvrtka\nTrg 2\nZagreb\nHR1210010051863000160\nHR00\n117\n"
QR, PDF417 = zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.PDF417


def a_raster(kind: zxingcpp.BarcodeFormat) -> Raster:
    image = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(SLIP, kind), scale=3)
    return Raster(np.pad(np.array(image), 60, constant_values=255), 200)


def words(*texts: str) -> list[Word]:
    return [Word(text, Box(0, 0, 10, 10), 1.0, Source.TEXT) for text in texts]


@pytest.mark.parametrize("text", ["HR1210010051863000160", "HR12", "HR01"])
def test_a_slip_is_read_where_a_croatian_account_is_printed(text: str):
    (code,) = barcodes.read(a_raster(PDF417), 2, words("IBAN:", text))
    assert (code.text, code.page) == (SLIP, 2)
    assert code.box.x0 == pytest.approx(60 * 72 / 200, abs=4)


def test_elsewhere_only_qr_codes_are_looked_for():
    assert barcodes.read(a_raster(PDF417), 1, words("IBAN", "DE89370400440532013000", "HRB", "4711")) == ()
    assert [code.text for code in barcodes.read(a_raster(QR), 1)] == [SLIP]
