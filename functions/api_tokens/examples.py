"""What a request and its answer look like, for the published description. Data only; a test holds it to the models."""

from typing import Any

_ISSUED_ID = "01a1e3c2-5b80-7b47-8c2d-3e9f6a1b5d70"
_SUCCESSOR = "01a1f867-3c40-7e18-9a5b-7c4d2f8e6b13"
_ENTITY = "9d2b4c8f-5087-4738-b91d-7359fb2a8e11"

_ISSUED: dict[str, Any] = {
    "id": _ISSUED_ID,
    "subject": "warehouse-scanner",
    "kind": "service",
    "label": "Scanner in Bonn",
    "scopes": ["jobs:read", "jobs:write"],
    "entities": [_ENTITY],
    "last_four": "x7Qa",
    "state": "active",
    "created_at": "2026-11-17T08:00:00Z",
    "made_by": "01a1e3c2-5b80-7f99-b3a6-5d1c8e4f7a92",
    "expires_at": "2027-11-17T08:00:00Z",
    "revoked_at": None,
    "rotated_from": None,
    "rotated_to": None,
}
_NEXT = _ISSUED | {
    "id": _SUCCESSOR,
    "last_four": "9kTz",
    "created_at": "2026-11-20T10:00:00Z",
    "rotated_from": _ISSUED_ID,
}
# Secrets are told by their place alone: no example looks like one that could open a door.
_SHOWN_ONCE = "pd_prod_<49 letters and digits>"

# Operation → body.
REQUESTS: dict[str, dict[str, Any]] = {
    "createToken": {
        "subject": "warehouse-scanner",
        "kind": "service",
        "label": "Scanner in Bonn",
        "scopes": ["jobs:read", "jobs:write"],
        "entities": [_ENTITY],
        "expires_in_days": 365,
    },
    "rotateToken": {"overlap_hours": 24},
}
# Operation → answer.
ANSWERS: dict[str, dict[str, Any]] = {
    "listTokens": {"data": [_ISSUED], "has_more": False, "next_cursor": None},
    "createToken": _ISSUED | {"token": _SHOWN_ONCE},
    "revokeToken": _ISSUED | {"state": "revoked", "revoked_at": "2026-11-20T10:00:00Z"},
    "rotateToken": _NEXT | {"token": _SHOWN_ONCE},
}
