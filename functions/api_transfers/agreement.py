"""Nobody asks for the approval of another payment than he sees: what he says of it must be as the draft says."""

from api_transfers import requests, translate
from paydraft.model.request_errors import InvalidFieldsError
from paydraft.model.transfer import DraftTransfer


def require_agreement(wanted: requests.FinalizeRequest, before: DraftTransfer) -> None:
    """Raises InvalidFieldsError for what was said and is not so."""
    shown = translate.transfer(before)
    said = {
        "amount": wanted.amount and (wanted.amount.amount_minor, wanted.amount.currency),
        "destination": wanted.destination,
        "source": wanted.source and (wanted.source.counterparty_id, wanted.source.cp_account_id),
        "customer_id": wanted.customer_id,
    }
    so = {
        "amount": (shown.amount.amount_minor, shown.amount.currency),
        "destination": shown.destination,
        "source": (shown.source.counterparty_id, shown.source.cp_account_id),
        "customer_id": shown.customer_id,
    }
    differing = [name for name, value in said.items() if value is not None and value != so[name]]
    if differing:
        told = "differs from the draft; change the draft with PATCH first"
        fields = [{"loc": ["body", name], "msg": told, "type": "value_error"} for name in differing]
        raise InvalidFieldsError(details={"fields": fields})
