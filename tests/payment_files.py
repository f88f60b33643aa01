"""Reading a payment file as a bank does: valid by the schema of ISO 20022, which a library of another make carries."""

from xml.etree.ElementTree import Element, fromstring

from infra.tools.payment_schema import schema
from paydraft.transfers.pain001 import NAMESPACE


def validated(data: bytes) -> Element:
    """The root of a file that its schema allows."""
    schema().validate(data.decode())
    return fromstring(data)


def texts(root: Element, path: str) -> list[str | None]:
    """The texts at a path of tags: texts(root, "Amt/InstdAmt")."""
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [found.text for found in root.iterfind(f".//{steps}")]
