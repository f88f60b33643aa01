"""Bank accounts on the page: IBANs whose check digits hold, whose they are, and the BIC beside them.

A debtor's account is never the creditor's: the words around an IBAN decide whose it is. Where a page shows
several creditor accounts the first stays, with the others as alternatives and a finding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, alternative, blurred, seen
from paydraft.extraction.labels.vocabulary import Label, Lexicon, Statement
from paydraft.extraction.layout import Layout, Row, Segment, Span
from paydraft.extraction.relations import Labelled, Relation
from paydraft.model.bank_account import IBAN_LENGTHS, Bic, Iban
from paydraft.model.evidence import Finding, Severity
from paydraft.model.page import Source

_MAX_READ = 800  # characters of a segment searched
_START = re.compile(r"(?<![A-Za-z0-9])(?:IBAN[:\s]{0,3})?(?=[A-Z]{2}[0-9OIl]{2}(?:[ \-.]{0,2}[A-Za-z0-9|]){8})")
_LABELLED_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\s?\d{2}")
_SKIPPED = frozenset(" -.\u00a0")
_ZEROES, _ONES = frozenset("OoQ"), frozenset("Il|")
_BIC = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])")
# Territories whose banks use another country's code in the BIC.
_BIC_COUNTRIES = {"GB": {"GB", "GG", "JE", "IM"}, "FR": {"FR", "MC", "GP", "MQ", "RE", "PF", "NC"}, "MC": {"MC", "FR"}}


@dataclass(frozen=True, slots=True)
class FoundIban:
    """A valid IBAN on the page and whose it seems to be."""

    iban: Iban
    span: Span
    labelled: bool
    debtor: bool


def ibans_in(segment: Segment) -> Iterator[tuple[Iban, Span]]:
    """Every valid IBAN of a segment. OCR's O and l count as 0 and 1 where the country has a digit."""
    text, end = segment.text[:_MAX_READ], 0
    for match in _START.finditer(text):
        if match.end() < end:
            continue
        taken = _take(text, match.end(), tolerant=segment.source is Source.OCR)
        if taken:
            iban, end = taken
            yield iban, segment.span(match.end(), end)


def _take(text: str, start: int, *, tolerant: bool) -> tuple[Iban, int] | None:
    """The IBAN that begins here and where it ends, if it is valid and ends with a word."""
    length = IBAN_LENGTHS.get(text[start : start + 2])
    if length is None:
        return None
    chars: list[str] = []
    position = start
    while position < len(text) and len(chars) < length:
        char = text[position]
        if char.isascii() and (char.isalnum() or (tolerant and char == "|")):
            chars.append(char)
        elif char not in _SKIPPED:
            return None
        position += 1
    if len(chars) < length or (position < len(text) and text[position].isalnum()):
        return None
    iban = Iban.parse("".join(chars)) or (Iban.parse(_digits_of("".join(chars))) if tolerant else None)
    return (iban, position) if iban else None


def _digits_of(text: str) -> str:
    """OCR's letters as the digits they look like, behind the country code; the check digits then decide."""
    digits = ("0" if char in _ZEROES else "1" if char in _ONES else char for char in text[2:])
    return text[:2] + "".join(digits)


def ibans_of(labelled: Labelled, lexicon: Lexicon) -> list[FoundIban]:
    """Every IBAN of a document in reading order, each once a place."""
    found = [
        FoundIban(iban, span, _announced(labelled, span), _debtors(labelled, lexicon, span))
        for segment in labelled.layout.segments
        for iban, span in ibans_in(segment)
    ]
    return found + [
        one for one in _broken_over_rows(labelled, lexicon) if one.iban not in {other.iban for other in found}
    ]


def _broken_over_rows(labelled: Labelled, lexicon: Lexicon) -> Iterator[FoundIban]:
    """An IBAN that a narrow column breaks into two rows, behind its label."""
    for hit in labelled.of(Label.IBAN):
        for relation, span in labelled.regions(hit):
            start = _LABELLED_START.search(span.text)
            below = next(labelled.layout.below(span.within(0, len(span.text))), None) if start else None
            if start is None or below is None or (relation is Relation.BELOW and below.segment is span.segment):
                continue
            text = f"{span.text[start.start() :]} {below.text}"
            taken = _take(text, 0, tolerant=span.segment.source is Source.OCR)
            if taken:
                yield FoundIban(taken[0], span, labelled=True, debtor=_debtors(labelled, lexicon, span))


def _announced(labelled: Labelled, span: Span) -> bool:
    return any(
        region.segment is span.segment and region.start <= span.start < region.end
        for hit in labelled.of(Label.IBAN)
        for _, region in labelled.regions(hit)
    )


def _debtors(labelled: Labelled, lexicon: Lexicon, span: Span) -> bool:
    """Whether the words around an IBAN make it the account that will be debited."""
    around = " ".join(row.text for row in _rows_around(labelled.layout, span))
    if any(found.kind is Statement.DIRECT_DEBIT for found in lexicon.statements(around)):
        return True
    near = span.segment.row
    return any(
        hit.span.segment.sheet is span.segment.sheet
        and near - 1 <= hit.span.segment.row <= near
        and hit.span.segment.box.x0 <= span.box.x1
        for hit in labelled.of(Label.DEBTOR_ACCOUNT)
    )


def _rows_around(layout: Layout, span: Span) -> Iterator[Row]:
    row = span.segment.row
    for near in layout.rows[max(0, row - 2) : row + 2]:
        if near.sheet is span.segment.sheet and abs(near.box.y0 - span.box.y0) < 4 * span.segment.height:
            yield near


def payment_candidates(labelled: Labelled, found: list[FoundIban]) -> tuple[list[Candidate], list[Finding]]:
    """IBAN and BIC of the creditor, and what a person should know about them."""
    findings: list[Finding] = []
    creditors = [one for one in found if not one.debtor]
    places: dict[Iban, FoundIban] = {}
    for one in sorted(creditors, key=lambda one: not one.labelled):
        places.setdefault(one.iban, one)
    ranked = list(places.values())
    out: list[Candidate] = []
    if ranked:
        best, others = ranked[0], ranked[1:]
        confidence = sure.CHECKED if not others else sure.WEAKLY_LABELLED
        rivals = tuple(alternative(one.iban, one.span, confidence / 2) for one in others)
        out.append(seen("iban", best.iban, best.span, confidence, checks=("mod97",), alternatives=rivals))
        if others:
            findings.append(_finding("several_accounts", Severity.WARNING, "The document names several bank accounts."))
    elif not found and _unreadable(labelled):
        findings.append(_finding("iban_unreadable", Severity.WARNING, "An IBAN is printed, but its check digits fail."))
    debtors = frozenset(
        near for one in found if one.debtor for near in range(one.span.segment.row - 1, one.span.segment.row + 2)
    )
    bic = _bic(labelled, ranked[0] if ranked else None, debtors)
    return ([*out, bic] if bic else out), findings


def _finding(code: str, severity: Severity, message: str) -> Finding:
    return Finding(code=code, severity=severity, message=message, field="iban")


def _unreadable(labelled: Labelled) -> bool:
    """Whether something like an IBAN stands behind a label but is none."""
    for hit in labelled.of(Label.IBAN):
        for _, span in labelled.regions(hit):
            start = _LABELLED_START.search(span.text)
            if start and len(re.sub(r"\W", "", span.text[start.start() :])) >= 15:
                return True
    return False


def _bic(labelled: Labelled, account: FoundIban | None, debtors: frozenset[int]) -> Candidate | None:
    """The labelled BIC whose country agrees with the IBAN's; of several the one printed next to the IBAN."""
    read: dict[str, tuple[Bic, Span]] = {}
    iban = account.iban if account else None
    for hit in labelled.of(Label.BIC):
        for _, span in labelled.regions(hit):
            one = _first_bic(span)
            if one is None:
                continue
            bic, where = one
            fits = iban is None or bic.country in _BIC_COUNTRIES.get(iban.country, {iban.country})
            if fits and where.segment.row not in debtors:
                read.setdefault(bic.removesuffix("XXX"), (bic, where))
            break
    if account is not None and len(read) > 1:
        beside = [one for one in read.values() if abs(one[1].segment.row - account.span.segment.row) <= 2]
        read = {beside[0][0]: beside[0]} if len(beside) == 1 else read
    if not read:
        return None
    bic, where = next(iter(read.values()))
    others = tuple(alternative(one, span, sure.CONFLICTING) for one, span in list(read.values())[1:])
    confidence = sure.CONFLICTING if others or blurred(where, bic[6:]) else sure.LABELLED
    return seen("bic", bic, where, confidence, checks=("country_of_iban",) if iban else (), alternatives=others)


def _first_bic(span: Span) -> tuple[Bic, Span] | None:
    for match in _BIC.finditer(span.text[:60]):
        bic = Bic.parse(match.group())
        if bic and bic.country in IBAN_LENGTHS.keys() | {"US", "CA", "AU", "NZ", "JP", "SG", "HK", "IN", "CN", "ZA"}:
            return bic, span.within(match.start(), match.end())
    return None
