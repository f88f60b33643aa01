"""Whether the IBAN and the amounts of a PDF's text layer are what its reader sees.

A text layer can carry characters that nobody sees (white, invisible, under a picture) or that look like others (a font
with a false mapping). So the spot of each such value is rendered alone and recognised: what is seen either confirms
the value, contradicts it, or is too blurred to tell. A contradicted value is taken out: it must not be drafted.
Where a page prints several accounts each is looked at: the one that is seen stays, the hidden one is a finding.
"""

import re
from difflib import SequenceMatcher
from enum import Enum, auto
from itertools import islice

import numpy as np

from extract_document import rasterize, text_layer
from extract_document.engines.engine import Layout, recognise
from extract_document.options import ReadOptions
from paydraft.model.bank_account import IBAN_LENGTHS, Iban
from paydraft.model.evidence import Alternative, Evidence, Finding, Severity
from paydraft.model.invoice import AccountRole, Invoice
from paydraft.model.page import Box, Source

CHECK = "pixels"
_FIELDS = ("iban", "total", "amount_due")
_MOST_ACCOUNTS = 6  # looked at on one document; each look takes 13 ms
_LOOKS = ((300, 4.0), (400, 7.0))  # dpi and margin (points) of the first and the second look
_LEAST_CONTRAST = 40  # grey levels between ink and paper; less is no ink for a person either
_BLURRED = 0.75  # share of the characters found in order: above it, a misread copy of the value
_FOLDED = str.maketrans("OQILZSBG|", "001125861")  # what recognition confuses; two different numbers stay different
_AMOUNT = re.compile(r"\d[\d.,'’ ]*[.,]\d{2}(?!\d)")


class Verdict(Enum):
    """What the pixels say."""

    CONFIRMED = auto()
    CONTRADICTED = auto()
    UNCLEAR = auto()


def crosschecked(invoice: Invoice, pdf: bytes, options: ReadOptions) -> Invoice:
    """The invoice with the check "pixels" on what was confirmed, and without the values that were contradicted.

    Values of another source, and those that agree with a QR code (which is pixels), are left as they are.
    """
    accounts = _rival_accounts(invoice)
    doubtful = [path for path in _FIELDS if _needs_look(invoice, path)]
    if not doubtful and not accounts:
        return invoice
    with rasterize.opened(pdf) as document:
        verdicts = {
            path: _verdict(document, "iban", invoice.evidence[path], iban, options) for path, iban in accounts.items()
        }
        hidden = {accounts[path] for path, verdict in verdicts.items() if verdict is Verdict.CONTRADICTED}
        seen = {accounts[path]: path for path, verdict in verdicts.items() if verdict is Verdict.CONFIRMED}
        if hidden - seen.keys():
            invoice = _without_hidden(invoice, hidden - seen.keys(), seen)
        for path in doubtful:
            evidence = _needs_look(invoice, path)
            if evidence is not None and CHECK not in evidence.checks:
                verdict = _verdict(document, path, evidence, str(getattr(invoice, path)), options)
                invoice = _with_verdict(invoice, path, evidence, verdict)
    return invoice


def _rival_accounts(invoice: Invoice) -> dict[str, str]:
    """The paths and IBANs of accounts in the text layer that could be paid, where there are several."""
    found = {
        f"accounts.{place}": str(account.iban)
        for place, account in enumerate(invoice.accounts)
        if account.iban
        and account.role is not AccountRole.DEBTOR
        and _in_text(invoice.evidence.get(f"accounts.{place}"))
    }
    return dict(islice(found.items(), _MOST_ACCOUNTS)) if len(set(found.values())) > 1 else {}


def _without_hidden(invoice: Invoice, hidden: set[str], seen: dict[str, str]) -> Invoice:
    """Hidden accounts are taken out. If the payee's was one of them, the only one that is seen takes its place."""
    kept = [place for place, account in enumerate(invoice.accounts) if str(account.iban) not in hidden]
    evidence = {path: entry for path, entry in invoice.evidence.items() if not path.startswith("accounts.")}
    evidence |= {f"accounts.{new}": invoice.evidence[f"accounts.{old}"] for new, old in enumerate(kept)}
    changed = invoice.model_copy(
        update={"accounts": tuple(invoice.accounts[place] for place in kept), "evidence": evidence}
    )
    if invoice.iban is not None and str(invoice.iban) not in hidden:
        return changed.model_copy(update={"findings": (*changed.findings, _conflict("iban"))})
    before = invoice.evidence.get("iban")
    emptied = _without(changed, "iban", before) if before and invoice.iban else changed
    if invoice.iban is None or len(seen) != 1:
        return emptied
    ((iban, path),) = seen.items()
    spot = invoice.evidence[path]
    proof = spot.model_copy(
        update={"checks": (*spot.checks, CHECK), "alternatives": emptied.evidence["iban"].alternatives}
    )
    return emptied.model_copy(update={"iban": Iban(iban), "evidence": {**emptied.evidence, "iban": proof}})


def _in_text(evidence: Evidence | None) -> bool:
    return evidence is not None and evidence.source is Source.TEXT and evidence.area is not None


def _needs_look(invoice: Invoice, path: str) -> Evidence | None:
    evidence = invoice.evidence.get(path)
    if evidence is None or getattr(invoice, path) is None or "agrees:qr" in evidence.checks:
        return None
    return evidence if _in_text(evidence) else None


def _verdict(document: rasterize.Pdf, path: str, evidence: Evidence, value: str, options: ReadOptions) -> Verdict:
    """One look that finds the value confirms it; two looks that find the same other thing contradict it."""
    others = []
    for dpi, margin in _LOOKS:
        seen = _look(document, evidence, dpi, margin, options)
        against = _against_iban(value, seen) if path == "iban" else _against_amount(evidence.raw, seen)
        if against is None:
            return Verdict.CONFIRMED
        others.append(against)
    return Verdict.CONTRADICTED if set.intersection(*others) else Verdict.UNCLEAR


def _look(document: rasterize.Pdf, evidence: Evidence, dpi: int, margin: float, options: ReadOptions) -> str:
    """What is read from the pixels of the evidence's spot; "" if it shows no ink."""
    area = evidence.area
    if area is None:
        return ""
    page = rasterize.page_of(document, area.page - 1)
    text_layer.stand_upright(page)  # areas are those of the page as it was read
    box = Box(area.x0 - margin, area.y0 - margin, area.x1 + margin, area.y1 + margin)
    pixels = rasterize.crop(page, box, dpi)
    page.close()
    if int(pixels.max()) - int(pixels.min()) < _LEAST_CONTRAST:
        return ""
    framed = np.pad(pixels, 20, constant_values=255)
    return " ".join(word.text for word in recognise(framed, dpi, options, Layout.BLOCK))


def _against_iban(value: str, seen: str) -> set[str] | None:
    """None if `seen` has the IBAN; else what it has instead: nothing (""), another IBAN, other text; {} if blurred."""
    text = re.sub(r"[^A-Z0-9|]", "", seen.upper())
    if value.translate(_FOLDED) in text.translate(_FOLDED):
        return None
    found = (Iban.parse(text[at : at + IBAN_LENGTHS.get(text[at : at + 2], 0)]) for at in range(len(text)))
    others = {str(iban) for iban in found if iban}
    return others or (set() if _likeness(value, text) > _BLURRED else {"other text" if text else ""})


def _against_amount(raw: str, seen: str) -> set[str] | None:
    """None if `seen` has the digits of the amount; else the amounts it has instead; empty if none can be read."""
    amounts = {re.sub(r"\D", "", amount) for amount in _AMOUNT.findall(seen)}
    expected = re.sub(r"\D", "", raw)
    if expected in amounts or expected in re.sub(r"\D", "", seen):
        return None
    return amounts if seen else {""}


def _likeness(expected: str, text: str) -> float:
    blocks = SequenceMatcher(None, expected, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(expected)


def _with_verdict(invoice: Invoice, path: str, evidence: Evidence, verdict: Verdict) -> Invoice:
    match verdict:
        case Verdict.CONFIRMED:
            checked = evidence.model_copy(update={"checks": (*evidence.checks, CHECK)})
            return invoice.model_copy(update={"evidence": {**invoice.evidence, path: checked}})
        case Verdict.CONTRADICTED:
            return _without(invoice, path, evidence)
        case _:
            return invoice


def _without(invoice: Invoice, path: str, evidence: Evidence) -> Invoice:
    """The value becomes an alternative of an empty field, for the person who decides."""
    refused = Alternative(
        value=str(getattr(invoice, path)), raw=evidence.raw, source=evidence.source, confidence=evidence.confidence
    )
    emptied = evidence.model_copy(update={"confidence": 0.0, "alternatives": (refused, *evidence.alternatives)})
    evidence_now = {**invoice.evidence, path: emptied}
    changes = {path: None, "evidence": evidence_now, "findings": (*invoice.findings, _conflict(path))}
    return invoice.model_copy(update=changes)


def _conflict(path: str) -> Finding:
    return Finding(
        code="payment_data_conflict",
        severity=Severity.ERROR,
        message="The text inside the file and what the page shows are not the same here.",
        field=path,
    )
