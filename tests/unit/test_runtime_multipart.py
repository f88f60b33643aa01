"""Forms with files: what clients send is taken as it is, and what could be read in two ways is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.request_errors import MalformedFormError, UnsupportedBodyError
from paydraft.runtime.multipart import FilePart, is_form, read_form

TYPE = {"content-type": "multipart/form-data; boundary=xyz"}


def event(body):
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def part(head, data, boundary=b"xyz"):
    return b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + data + b"\r\n"


def field(name, text):
    return part(f'Content-Disposition: form-data; name="{name}"'.encode(), text)


def file(data, filename='filename="a.pdf"', kind=b"\r\nContent-Type: application/pdf"):
    return part(f'Content-Disposition: form-data; name="file"; {filename}'.encode() + kind, data)


END = b"--xyz--\r\n"


def test_fields_and_files_come_as_they_were_sent():
    form = read_form(event(field("customer_id", b"c-1") + file(b"%PDF-1.7\r\n\0\xff\n") + END), TYPE)
    assert form.fields == {"customer_id": "c-1"}
    assert form.files == {"file": FilePart("a.pdf", "application/pdf", b"%PDF-1.7\r\n\0\xff\n")}


@given(st.binary(max_size=500))
def test_the_bytes_of_a_file_are_never_touched(data):
    if b"\r\n--xyz" not in b"\r\n" + data:
        assert read_form(event(file(data) + END), TYPE).files["file"].data == data


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="xyz"',
        "Multipart/Form-Data; charset=utf-8; Boundary=xyz",
        "multipart/form-data;boundary=xyz",
    ],
)
def test_the_boundary_is_found_however_it_is_written(content_type):
    assert is_form({"content-type": content_type})
    assert read_form(event(field("a", b"1") + END), {"content-type": content_type}).fields == {"a": "1"}


def test_what_stands_before_and_behind_the_form_is_ignored():
    body = b"hello\r\n" + field("a", b"1") + END + b"goodbye --xyz"
    assert read_form(event(body), TYPE).fields == {"a": "1"}


def test_a_body_that_the_gateway_took_for_text_is_read_too():
    body = (field("a", "Grüße".encode()) + END).decode()
    assert read_form({"body": body, "isBase64Encoded": False}, TYPE).fields == {"a": "Grüße"}


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ('filename="Rechnung für März.pdf"', "Rechnung für März.pdf"),
        ('filename="a\\"b.pdf"', 'a"b.pdf'),
        ('filename="a%22b.pdf"', 'a"b.pdf'),
        ("filename=plain.pdf", "plain.pdf"),
        ("filename*=UTF-8''Rechnung%20M%C3%BCller.pdf", "Rechnung Müller.pdf"),
        ("filename=\"Rechnung M_ller.pdf\"; filename*=utf-8'de'M%C3%BCller.pdf", "Müller.pdf"),
        ('FILENAME="semi;colon.pdf"', "semi;colon.pdf"),
        ('filename=""', ""),
    ],
)
def test_names_of_files_are_read_as_browsers_write_them(filename, name):
    assert read_form(event(file(b"x", filename) + END), TYPE).files["file"].name == name


@pytest.mark.parametrize(
    "body",
    [
        b"",
        field("a", b"1"),
        field("a", b"1") + field("a", b"2") + END,
        field("file", b"1") + file(b"2") + END,
        b"--xyz\r\nContent-Disposition: form-data; name=a\r\n" + END,
        part(b"Content-Disposition: form-data", b"1") + END,
        part(b'Content-Disposition: attachment; name="a"', b"1") + END,
        part(b'X: form-data; name="a"', b"1") + END,
        part(b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64', b"MQ==") + END,
        part(b'Content-Disposition: form-data; name="a"\r\nX: ' + b"y" * 5000, b"1") + END,
        field("a", b"\xff") + END,
        field("a", b"1" * 70_000) + END,
        b"".join(field(f"f{n}", b"1") for n in range(21)) + END,
    ],
)
def test_what_is_no_form_or_could_be_two_is_refused(body):
    with pytest.raises(MalformedFormError):
        read_form(event(body), TYPE)


def test_an_empty_form_is_a_form():
    assert read_form(event(b"--xyz--"), TYPE).fields == {}


def test_a_form_needs_a_boundary_its_type_and_no_compression():
    body = event(field("a", b"1") + END)
    with pytest.raises(MalformedFormError):
        read_form(body, {"content-type": "multipart/form-data"})
    with pytest.raises(MalformedFormError):
        read_form({"body": "*", "isBase64Encoded": True}, TYPE)
    with pytest.raises(UnsupportedBodyError):
        read_form(body, TYPE | {"content-encoding": "gzip"})
    with pytest.raises(UnsupportedBodyError):
        read_form(body, {"content-type": "application/json"})
    assert not is_form({})


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_a_refusal(body):
    for whole in (body, b"--xyz" + body, b"--xyz\r\n" + body + END):
        try:
            read_form(event(whole), TYPE)
        except MalformedFormError:
            continue
