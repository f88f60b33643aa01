"""A document as Corebanq's OCR routes are handed it: base64 in a JSON body, or a file of a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api_invoices_v2.schemas import OcrRequestV1, OcrRequestV2
from paydraft.model.job import Labels
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.runtime.inline_document import checked_size, read_inline_document
from paydraft.runtime.json_body import parse, read_json_object
from paydraft.runtime.multipart import is_form, read_form

_LONGEST_NAME = 255
_LONGEST_TYPE = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes, and what the client says of them."""

    data: bytes = field(repr=False)
    labels: Labels


def read_submission(event: Mapping[str, Any], headers: Mapping[str, str], model: type[OcrRequestV1]) -> Sent:
    """The document of a request, whatever its type.

    Raises:
        UnsupportedBodyError, MalformedBodyError, MalformedFormError, InvalidFieldsError, InvalidBase64Error,
        EmptyDocumentError, InlineDocumentTooLargeError.
    """
    if is_form(headers):
        return _of_form(event, headers, model)
    request = parse(model, read_json_object(event, headers))
    return Sent(read_inline_document(request.base64_file), _labels(request))


def _of_form(event: Mapping[str, Any], headers: Mapping[str, str], model: type[OcrRequestV1]) -> Sent:
    """A form has the fields of the JSON body, but for the document, which is the file named `file`."""
    form = read_form(event, headers)
    file = form.files.get("file")
    unknown = (form.files.keys() - {"file"}) | (form.fields.keys() & {"file", "base64_file"})
    wrong = [
        {"loc": ["body", name[:64]], "msg": "does not belong in this form", "type": "extra_forbidden"}
        for name in sorted(unknown)
    ]
    if file is None:
        wrong.append({"loc": ["body", "file"], "msg": "the document is missing", "type": "missing"})
    if file is None or wrong:
        raise InvalidFieldsError("files", details={"fields": wrong})
    request = parse(model, {**form.fields, "base64_file": ""})
    names = {"document_name": _name_of(file.name), "declared_type": (file.media_type or "")[:_LONGEST_TYPE] or None}
    return Sent(checked_size(file.data), _labels(request).model_copy(update=names))


def _labels(request: OcrRequestV1) -> Labels:
    return Labels(customer_id=request.customer_id) if isinstance(request, OcrRequestV2) else Labels()


def _name_of(sent: str) -> str | None:
    """The last part of a path: some clients send the whole one."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable()).strip()[:_LONGEST_NAME] or None
