"""JSON inside other text."""

import json
from collections.abc import Iterator
from typing import Any


def json_objects(text: str) -> Iterator[Any]:
    """Every object printed in a text, in order; braces that are no JSON are passed over."""
    decoder, at = json.JSONDecoder(), 0
    while (begin := text.find("{", at)) >= 0:
        try:
            value, length = decoder.raw_decode(text[begin:])
        except ValueError:
            at = begin + 1
            continue
        at = begin + length
        yield value
