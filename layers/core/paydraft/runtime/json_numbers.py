"""JSON for dialects whose amounts are numbers: a Decimal goes out with exactly its digits, never by way of a float.

A module of its own, so that functions whose amounts are text do not load simplejson.
"""

from decimal import Decimal
from typing import Annotated

import simplejson
from pydantic import WithJsonSchema

from paydraft.runtime.json_body import plain

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]  # a wire model's amount, as such a dialect has it


def to_json_numbers(value: object) -> str:
    """As `to_json` (runtime/json_body.py), and a Decimal as the number it is: Decimal("1190.00") as 1190.00."""
    return simplejson.dumps(value, default=plain, use_decimal=True, allow_nan=False, separators=(",", ":"))
