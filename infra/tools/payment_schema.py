"""The schema of ISO 20022 that payment files are held to, from a library of another make (sepaxml, never shipped)."""

from functools import cache
from importlib.resources import files

import xmlschema


@cache
def schema() -> xmlschema.XMLSchema:
    """That of pain.001.001.09."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))
