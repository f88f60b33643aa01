"""Documents in base64, and the keys of requests: any text is bytes, a key, or a typed refusal."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paydraft.model.media import MIN_DOCUMENT_BYTES
from paydraft.model.request_errors import InvalidIdempotencyKeyError, RequestError
from paydraft.runtime.idempotency import idempotency_key
from paydraft.runtime.inline_document import read_inline_document

DOCUMENTS = st.binary(min_size=MIN_DOCUMENT_BYTES, max_size=500)


@given(DOCUMENTS, st.sampled_from(["", "data:;base64,", "data:image/png;charset=utf-8;base64,"]), st.integers(1, 80))
def test_the_bytes_come_out_as_they_went_in(data, prefix, width):
    encoded = base64.b64encode(data).decode()
    wrapped = "\r\n".join(encoded[i : i + width] for i in range(0, len(encoded), width))
    assert read_inline_document(prefix + wrapped) == data


@given(st.text() | st.text(alphabet="ABab01+/=-_, \n"))
def test_any_text_is_a_document_or_a_typed_refusal(text):
    try:
        assert len(read_inline_document(text)) >= MIN_DOCUMENT_BYTES
    except RequestError as refused:
        assert refused.code in {"invalid_base64", "empty_document"}


@given(DOCUMENTS)
def test_a_missing_or_doubled_padding_is_no_base64(data):
    encoded = base64.b64encode(data).decode()
    for wrong in (encoded + "=", encoded[:-1], encoded + encoded[-4:] if encoded.endswith("=") else "="):
        with pytest.raises(RequestError):
            read_inline_document(wrong)


@given(st.lists(st.none() | st.text(max_size=300), max_size=3))
def test_headers_give_one_printable_key_none_or_a_refusal(headers):
    try:
        key = idempotency_key(*headers)
    except InvalidIdempotencyKeyError:
        return
    assert key is None or (key.isascii() and key.isprintable() and 1 <= len(key) <= 255)


def test_blanks_around_a_key_are_not_part_of_it():
    assert idempotency_key(" key-1 ", None) == idempotency_key("key-1", "key-1 ") == "key-1"
