"""The numbers and addresses of the parties: VAT, tax and register numbers, e-mail, telephone, web site; and whose."""

from collections.abc import Iterator
from dataclasses import replace

from paydraft.extraction import candidates as sure
from paydraft.extraction.bank_names import bank_name_candidates
from paydraft.extraction.candidates import Candidate, as_alternative, seen
from paydraft.extraction.company_ids import is_fax, number_at, phone_alone, phone_at, register_numbers_in
from paydraft.extraction.folding import folded
from paydraft.extraction.internet import (
    agrees,
    emails_in,
    is_free_mail,
    is_nearly_free_mail,
    may_be_misread,
    owner_of,
    websites_in,
)
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment, Span
from paydraft.extraction.parties import Parties
from paydraft.extraction.party_lines import Side
from paydraft.extraction.party_marks import in_foot
from paydraft.extraction.relations import Hit, Labelled
from paydraft.extraction.tax_ids import (
    check_digits_hold,
    domestic_vat_number,
    gst_number,
    is_checked,
    vat_numbers_in,
)
from paydraft.model.page import Source

_UNASSIGNED = 0.86  # of the seller, as nobody else's block holds it
_NEAR = 0.88
_PHONE = 0.8
_LEGIBLE = 0.85  # the reader's confidence in a mail address at a known service
_PLAIN = 0.9  # at one that nothing else speaks for
_MISREAD_CHARACTERS = 2
_MISREAD = 0.55  # a mail address on pixels whose domain nothing else on the page confirms
MISPRINTED = 0.9  # a VAT number whose check digits fail, by a text layer: that is what stands there
MISREAD = sure.CONFLICTING  # the same on pixels
_SHORTEST_VAT = 10  # characters of a number that needs no label
_COMPANY_NUMBERS = (Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER, Label.TAX_NUMBER, Label.REGISTER_NUMBER)
# Where a language's documents print VAT numbers without a prefix.
_HOMES = {
    "de": ("DE", "AT", "CHE"), "fr": ("FR", "BE", "LU", "CHE"), "nl": ("NL", "BE"), "it": ("IT", "CHE"), "es": ("ES",),
    "pt": ("PT",), "pl": ("PL",), "cs": ("CZ", "SK"), "sk": ("SK",), "sv": ("SE", "FI"), "da": ("DK",), "no": ("NO",),
    "fi": ("FI",), "en": ("GB", "IE"), "hu": ("HU",), "ro": ("RO",), "hr": ("HR",), "sl": ("SI",), "el": ("GR",),
}  # fmt: skip

type _Found = tuple[str, str, Span, float]
type _Place = tuple[int, int]


def contact_candidates(labelled: Labelled, parties: Parties) -> list[Candidate]:
    """What is printed of the parties besides name and address, and the name of the bank."""
    return [*Contacts(labelled, parties).candidates(), *bank_name_candidates(labelled)]


class Contacts:
    """What is printed of each party besides name and address."""

    def __init__(self, labelled: Labelled, parties: Parties) -> None:
        """Looks numbers up by label, by check digits and by the block they stand in."""
        self._labelled = labelled
        self._lexicon = parties.lexicon
        self._parties = parties

    def candidates(self) -> list[Candidate]:
        """At most one of each kind a party; equally sure ones that differ leave the field open."""
        found: dict[str, list[Candidate]] = {}
        for name, value, span, confidence in self._found():
            found.setdefault(name, []).append(seen(name, value, span, confidence))
        return [_checked(_one(candidates)) for candidates in found.values()]

    def _found(self) -> Iterator[_Found]:
        yield from self._vat()
        yield from self._domestic_vat()
        yield from self._tax()
        yield from self._registers()
        for segment in self._labelled.layout.segments:
            yield from self._internet(segment)
        yield from self._phones()

    def _side(self, segment: Segment) -> Side | None:
        return self._parties.side_of(segment) or self._parties.side_near(segment)

    def _whose(self, segment: Segment) -> Side:
        return self._side(segment) or Side.SELLER

    def _sure(self, segment: Segment, confidence: float) -> float:
        return confidence if self._side(segment) is not None else min(confidence, _UNASSIGNED)

    def _vat(self) -> Iterator[_Found]:
        ours = {_place(hit.span.segment) for hit in self._labelled.of(Label.BUYER_VAT_NUMBER)}
        announced = self._announced()
        for segment in self._labelled.layout.segments:
            for number, start, end in vat_numbers_in(segment.text):
                place, side = _place(segment), self._side(segment)
                known = side is not None or (in_foot(segment) and is_checked(number) and check_digits_hold(number))
                if place not in announced and (not known or len(number) < _SHORTEST_VAT):
                    continue
                buyers = announced.get(place) in ours or place in ours
                whose = Side.BUYER if buyers else self._whose(segment)
                yield f"{whose}.vat_number", number, segment.span(start, end), self._sure(segment, sure.LABELLED)

    def _announced(self) -> dict[_Place, _Place]:
        """The segments in which a VAT number may stand, and the segment of their label."""
        places: dict[_Place, _Place] = {}
        for hit in self._labelled.of(*_COMPANY_NUMBERS):
            for _, span in self._labelled.regions(hit):
                places.setdefault(_place(span.segment), _place(hit.span.segment))
        return places

    def _domestic_vat(self) -> Iterator[_Found]:
        """Numbers without a prefix behind a label of their country's language, if their check digits agree."""
        for hit in self._labelled.of(*_COMPANY_NUMBERS):
            homes = self._homes(hit) if hit.label in (Label.VAT_NUMBER, Label.BUYER_VAT_NUMBER) else ()
            for _, span in self._labelled.regions(hit):
                read = gst_number(span.text) or domestic_vat_number(span.text, homes)
                if read is not None:
                    number, start, end = read
                    buyers = hit.label is Label.BUYER_VAT_NUMBER
                    whose = Side.BUYER if buyers else self._whose(span.segment)
                    yield f"{whose}.vat_number", number, span.within(start, end), self._sure(span.segment, _NEAR)
                    break

    def _homes(self, hit: Hit) -> tuple[str, ...]:
        """The countries whose numbers a label announces: those of the languages that know it."""
        spoken = self._lexicon.known.labels.languages(folded(hit.span.text))
        languages = [code for code in sorted(spoken) if not self._lexicon.languages or code in self._lexicon.languages]
        return tuple(dict.fromkeys(country for code in languages for country in _HOMES.get(code, ())))

    def _tax(self) -> Iterator[_Found]:
        for hit in self._labelled.of(Label.TAX_NUMBER):
            for _, span in self._labelled.regions(hit):
                where = number_at(span.text)
                if where is not None:
                    value = span.within(*where)
                    yield f"{self._whose(span.segment)}.tax_number", value.lines, value, self._sure(span.segment, _NEAR)
                    break

    def _registers(self) -> Iterator[_Found]:
        """Register numbers: behind their label, else where the register is named beside them."""
        for hit in self._labelled.of(Label.REGISTER_NUMBER):
            for _, span in self._labelled.regions(hit):
                where = number_at(span.text)
                if where is not None and not register_numbers_in(hit.span.segment.text):
                    value = span.within(*where)
                    yield f"{self._whose(span.segment)}.register_number", value.lines, value, _PHONE
                    break
        for segment in self._labelled.layout.segments:
            if any(map(str.isdigit, segment.text)):
                for start, end in register_numbers_in(segment.text)[:1]:
                    value = segment.span(start, end)
                    yield f"{self._whose(segment)}.register_number", value.lines, value, self._sure(segment, _NEAR)

    def _internet(self, segment: Segment) -> Iterator[_Found]:
        if "@" not in segment.text and "." not in segment.text:
            return
        side = self._side(segment)
        for span in emails_in(segment):
            yield f"{side or Side.SELLER}.email", span.text, span, self._sure_of_mail(span, side)
        if "@" not in segment.text or "www" in segment.text:
            for span in websites_in(segment):
                owned = self._is_partys(span, side or Side.SELLER)
                yield f"{side or Side.SELLER}.website", span.text, span, _NEAR if side or owned else 0.6

    def _sure_of_mail(self, span: Span, side: Side | None) -> float:
        """Pixels make "emall.com" of "email.com": a domain must be known, be printed twice, or be read well."""
        confidence = _NEAR if side is not None else sure.HEADED
        owner = owner_of(span.text)
        known = self._is_partys(span, side or Side.SELLER) or (
            owner is not None and self._parties.owners.count(owner) > 1
        )
        if span.segment.source is Source.OCR and may_be_misread(span.text):
            return _MISREAD
        if span.segment.source is Source.OCR and not known:
            legible = span.confidence >= (_LEGIBLE if is_free_mail(span.text) else _PLAIN)
            return confidence if legible and not is_nearly_free_mail(span.text) else _MISREAD
        return max(confidence, sure.WEAKLY_LABELLED) if known else confidence

    def _is_partys(self, span: Span, side: Side) -> bool:
        party, owner = self._parties.found.get(side), owner_of(span.text)
        return bool(party and owner and agrees(owner, party.key))

    def _phones(self) -> Iterator[_Found]:
        for hit in self._labelled.of(Label.CONTACT):
            if not is_fax(hit.span.text) and hit.behind is not None and (where := phone_at(hit.behind.text)):
                value = hit.behind.within(*where)
                yield f"{self._whose(hit.span.segment)}.phone", value.lines, value, self._sure(hit.span.segment, _PHONE)
            elif not is_fax(hit.span.text) and hit.behind is None:
                yield from self._phone_beside(hit)
        for segment in self._labelled.layout.segments:
            side = self._parties.side_of(segment)
            if side is not None and (where := phone_alone(segment.text)):
                value = segment.span(*where)
                yield f"{side}.phone", value.lines, value, _PHONE

    def _phone_beside(self, hit: Hit) -> Iterator[_Found]:
        right = self._labelled.layout.right_of(hit.span.segment)
        if right is not None and (where := phone_at(right.text)):
            value = right.span(*where)
            yield f"{self._whose(hit.span.segment)}.phone", value.lines, value, self._sure(hit.span.segment, _PHONE)


def _holds(one: Candidate) -> bool:
    return not one.field.endswith(".vat_number") or check_digits_hold(str(one.value))


def _misread(one: Candidate, best: Candidate) -> bool:
    """Whether a VAT number is the best one with a character or two misread: its digits fail, the best one's hold."""
    left, right = str(one.value), str(best.value)
    differing = sum(map(str.__ne__, left, right)) + abs(len(left) - len(right))
    return _holds(best) and not _holds(one) and differing <= _MISREAD_CHARACTERS


def _checked(one: Candidate) -> Candidate:
    """What the check digits say of a VAT number: wrong ones are the document's own, or on pixels a misreading.

    It moves no money: only a number that stands on file in the same characters finds a payee.
    """
    if not one.field.endswith(".vat_number") or not is_checked(str(one.value)):
        return one
    if check_digits_hold(str(one.value)):
        return replace(one, checks=(*one.checks, "check_digits"))
    if one.source is Source.OCR:
        return replace(one, confidence=min(one.confidence, MISREAD))
    return replace(one, confidence=min(one.confidence, MISPRINTED), checks=(*one.checks, "check_digits_wrong"))


def _place(segment: Segment) -> _Place:
    return segment.row, segment.position


def _one(candidates: list[Candidate]) -> Candidate:
    """The surest; several different ones that are equally sure leave the field open, but of telephones the first."""
    best = max(candidates, key=lambda one: (one.confidence, _holds(one)))
    others = {str(one.value): one for one in candidates if folded(str(one.value)) != folded(str(best.value))}
    rivals = {value for value, one in others.items() if one.confidence == best.confidence and not _misread(one, best)}
    alternatives = tuple(as_alternative(one) for one in others.values())
    open_ = bool(rivals) and not best.field.endswith((".phone", ".website", ".register_number"))
    confidence = sure.CONFLICTING if open_ else best.confidence
    return replace(best, confidence=confidence, alternatives=(*best.alternatives, *alternatives))
