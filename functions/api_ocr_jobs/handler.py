"""Repzo's dialect: jobs are made of an address, started by a call of their own, and read when they have ended.

A route parses, calls one workflow or query, and translates. Time and chance are read here and passed on.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from api_ocr_jobs.errors import ANSWERS
from paydraft.runtime.access import Carrier
from paydraft.runtime.http import Api

SERVICE = "api_ocr_jobs"
api = Api(SERVICE, ANSWERS, carriers=(Carrier.API_KEY,))


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) and its answer."""
    return api.resolve(event, context)
