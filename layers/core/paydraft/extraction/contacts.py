"""VAT and tax numbers and e-mail addresses, and which party they belong to."""

import re
from collections.abc import Iterator

from paydraft.extraction import candidates as sure
from paydraft.extraction.candidates import Candidate, as_alternative, seen
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Span
from paydraft.extraction.parties import Parties
from paydraft.extraction.party_lines import Side
from paydraft.extraction.relations import Labelled
from paydraft.extraction.tax_ids import vat_numbers_in

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,4}[A-Za-z]{2,12}(?![\w-])"
)
_TAX_NUMBER = re.compile(r"[\s:.]{0,4}(?P<value>\d[\d /.-]{6,18}\d)(?!\d)")
_MAX_READ = 400


def contact_candidates(labelled: Labelled, parties: Parties) -> list[Candidate]:
    """At most one VAT number, tax number and e-mail address a party."""
    found: dict[str, list[Candidate]] = {}
    for name, value, span, confidence in (*_vat(labelled, parties), *_tax(labelled), *_emails(labelled, parties)):
        found.setdefault(name, []).append(seen(name, value, span, confidence))
    return [_one(candidates) for candidates in found.values()]


def _one(candidates: list[Candidate]) -> Candidate:
    """The surest; several different ones that are equally sure leave the field open."""
    best = max(candidates, key=lambda one: one.confidence)
    rivals = {one.value for one in candidates if one.confidence == best.confidence} - {best.value}
    if not rivals:
        return best
    others = tuple(as_alternative(one) for one in candidates if one.value in rivals)
    return Candidate(
        best.field, best.value, best.raw, best.source, sure.CONFLICTING, area=best.area, alternatives=others
    )


type _Found = tuple[str, str, Span, float]


def _vat(labelled: Labelled, parties: Parties) -> Iterator[_Found]:
    ours = {(hit.span.segment.row, hit.span.segment.position) for hit in labelled.of(Label.BUYER_VAT_NUMBER)}
    announced = _announced(labelled)
    for segment in labelled.layout.segments:
        for number, start, end in vat_numbers_in(segment.text):
            side = parties.side_of(segment)
            place = (segment.row, segment.position)
            if place not in announced and (side is None or len(number) < 10):
                continue
            buyers = side is Side.BUYER or announced.get(place) in ours or place in ours
            confidence = sure.LABELLED if side is not None else 0.86
            yield f"{Side.BUYER if buyers else Side.SELLER}.vat_number", number, segment.span(start, end), confidence


def _announced(labelled: Labelled) -> dict[tuple[int, int], tuple[int, int]]:
    """The segments in which a VAT number may stand, and the segment of their label."""
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for hit in labelled.of(Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER):
        for _, span in labelled.regions(hit):
            place = (span.segment.row, span.segment.position)
            places.setdefault(place, (hit.span.segment.row, hit.span.segment.position))
    return places


def _tax(labelled: Labelled) -> Iterator[_Found]:
    for hit in labelled.of(Label.TAX_NUMBER):
        for _, span in labelled.regions(hit):
            match = _TAX_NUMBER.match(span.text[:_MAX_READ])
            if match:
                value = span.within(match.start("value"), match.end("value"))
                yield f"{Side.SELLER}.tax_number", value.text.strip(), value, 0.85
                break


def _emails(labelled: Labelled, parties: Parties) -> Iterator[_Found]:
    for segment in labelled.layout.segments:
        for match in _EMAIL.finditer(segment.text[:_MAX_READ]) if "@" in segment.text else ():
            side = parties.side_of(segment)
            confidence = 0.88 if side is not None else 0.75
            span = segment.span(match.start(), match.end())
            yield f"{side or Side.SELLER}.email", match.group(), span, confidence
