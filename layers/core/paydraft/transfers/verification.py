"""Verification of Payee: asking the payee's bank whether name and IBAN belong together (Regulation (EU) 2024/886).

We are no payment service provider and ask nobody ourselves; a deployment that can ask brings a verifier of its own.
Whatever it answers is kept on the draft for the person who approves: it is one more fact, never a promise of safety.
"""

from datetime import datetime
from typing import Protocol

from paydraft.model.transfer import Creditor, Verification, VerificationResult


class PayeeVerifier(Protocol):
    """A way to ask. It answers, whatever happens: a question that can't be asked is `not_possible`."""

    def verify(self, creditor: Creditor, *, at: datetime) -> Verification:
        """What the bank says of this name and IBAN at this moment."""
        ...


class NobodyToAsk:
    """The default: no verification is possible."""

    def verify(self, creditor: Creditor, *, at: datetime) -> Verification:
        """`not_possible`, of every payee."""
        return Verification(result=VerificationResult.NOT_POSSIBLE, provider="none", checked_at=at)
