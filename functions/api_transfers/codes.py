"""A transfer as a code that a banking app scans, in the picture format that was asked for."""

from paydraft.model.transfer import DraftTransfer, TransferStatus
from paydraft.model.transfer_errors import FlagsNotClearedError, InvalidQueryError, TransferStateError
from paydraft.transfers.epc_qr import epc_png, epc_svg
from paydraft.transfers.life import blocking

PNG, SVG = "image/png", "image/svg+xml"
FORMATS = {"png": PNG, "svg": SVG}
_PAYABLE = (TransferStatus.DRAFT, TransferStatus.PENDING_APPROVAL, TransferStatus.APPROVED)
_DRAWN = {PNG: epc_png, SVG: epc_svg}


def media_type_of(wished: str | None, accept: str | None) -> str:
    """PNG or SVG: the `format` parameter, else the likelier of both in an Accept header, else PNG."""
    if wished is not None:
        if wished not in FORMATS:
            raise InvalidQueryError(details={"fields": ["format"]})
        return FORMATS[wished]
    return SVG if _quality(SVG, accept or "") > _quality(PNG, accept or "") else PNG


def require_scannable(transfer: DraftTransfer) -> None:
    """A code pays at once, past all that is still to be checked here: none while a blocking flag is open.

    Raises TransferStateError of what has left or was given up, and FlagsNotClearedError.
    """
    if transfer.status not in _PAYABLE:
        raise TransferStateError(transfer)
    if open_flags := blocking(transfer):
        raise FlagsNotClearedError(open_flags)


def drawn(transfer: DraftTransfer, media_type: str) -> bytes:
    """The picture; `epc_obstacle` must be None."""
    return _DRAWN[media_type](transfer)


def _quality(media_type: str, accept: str) -> float:
    """How much a media type is wanted, 0 to 1 (RFC 9110, 12.5.1); the most specific range decides."""
    ranges = {}
    for one in accept.lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        told = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
        ranges[name] = float(told) if _is_quality(told) else 0.0
    family = f"{media_type.partition('/')[0]}/*"
    return next((ranges[name] for name in (media_type, family, "*/*") if name in ranges), 0.0)


def _is_quality(text: str) -> bool:
    return text.replace(".", "", 1).isdigit() and text.isascii() and len(text) <= 5
