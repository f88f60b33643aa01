"""Names under which documents are saved: harmless whatever was sent, and told by what the bytes are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.file_names import attachment, saved_as
from paydraft.model.media import EXTENSIONS, MediaType


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("Rechnung 42.pdf", MediaType.PDF, "Rechnung 42.pdf"),
        ("Rechnung 42.PDF", MediaType.PDF, "Rechnung 42.pdf"),
        ("scan.jpeg", MediaType.JPEG, "scan.jpeg"),
        ("scan", MediaType.PNG, "scan.png"),
        ("scan.png", MediaType.PDF, "scan.png.pdf"),
        ("invoice.exe", MediaType.PDF, "invoice.exe.pdf"),
        ("invoice.exe", None, "invoice.exe.bin"),
        ("../../etc/passwd", MediaType.PDF, "_.._etc_passwd.pdf"),
        ("C:\\Users\\me\\a.pdf", MediaType.PDF, "C__Users_me_a.pdf"),
        ("invoice\u202efdp.exe", MediaType.PDF, "invoicefdp.exe.pdf"),
        ('a"; filename=b.exe;.pdf', MediaType.PDF, "a__ filename=b.exe_.pdf"),
        ("a\r\nSet-Cookie: x.pdf", MediaType.PDF, "aSet-Cookie_ x.pdf"),
        (".pdf", MediaType.PDF, "pdf.pdf"),
        ("...", MediaType.PDF, "document.pdf"),
        (None, MediaType.TIFF, "document.tif"),
        ("", None, "document.bin"),
        ("Überweisung №7.pdf", MediaType.PDF, "Überweisung №7.pdf"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_harmless(name, media_type, expected):
    assert saved_as(name, media_type) == expected


@given(st.text(max_size=300) | st.none(), st.sampled_from([*MediaType, None]))
def test_every_name_is_safe_and_ends_as_its_type_does(name, media_type):
    saved = saved_as(name, media_type)
    assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|;%]', saved)
    assert not saved.startswith(".")
    assert 5 <= len(saved) <= 126
    assert saved.rpartition(".")[2] in (EXTENSIONS[media_type] if media_type else ("bin",))


@given(st.text(max_size=300) | st.none(), st.sampled_from([*MediaType, None]))
def test_the_header_is_one_line_of_ascii_with_one_name_in_each_form(name, media_type):
    header = attachment(saved_as(name, media_type))
    assert re.fullmatch(r"""attachment; filename="[^"\\\x00-\x1f\x7f-\uffff]+"; filename\*=UTF-8''[\w.~%-]+""", header)
    assert header.isascii()


def test_a_name_no_old_client_can_read_still_has_its_extension():
    assert attachment(saved_as("請求書.pdf", MediaType.PDF)) == (
        "attachment; filename=\"document.pdf\"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf"
    )
