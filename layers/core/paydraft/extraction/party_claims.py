"""Claims that name the same party, weighed: each further place that names it takes away half of what it could."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from paydraft.extraction.internet import agrees
from paydraft.extraction.names import has_legal_form, name_key
from paydraft.extraction.party_lines import FoundParty, Place, text_of

_RIVAL = 0.65  # a claim that can make the best one doubtful
_LEAD = 0.05  # that the best claim must have over a rival
_ALONE = 0.8  # factor of the doubt: no other name could be the seller
_MOST = 0.95
_FURTHER = 0.5  # share of its confidence that a further place adds
_DOMAIN = 0.5  # factor of the doubt: a domain is made of the name
_NOT_BARE = 0.6  # the doubt in a name that more than its place speaks for
_SHORTEST = 4  # letters of a name that can be the beginning or end of another
_SHORTEST_READ = 5  # letters of a name that can be misread and still be told
_ALIKE = 0.86  # share of letters in common of two readings of one name


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that name the same party, the surest first."""

    claims: tuple[FoundParty, ...]
    score: float

    @property
    def party(self) -> FoundParty:
        """The claim with the fullest name, which most others spell alike, with the address of the surest."""
        address = next((one.address for one in self.claims if one.address), ())
        spelt = [one.key for one in self.claims]
        best = max(
            self.claims,
            key=lambda one: (
                has_legal_form(one.text),
                spelt.count(one.key) > 1,
                one.place is Place.LABEL,
                spelt.count(one.key),
                one.confidence,
                len(one.key),
            ),
        )
        return replace(best, address=address, confidence=self.score)

    def without_rival(self) -> "Group":
        """The group where no other name comes into question."""
        return replace(self, score=round(1 - (1 - self.score) * _ALONE, 3))

    def is_doubted_by(self, other: "Group") -> bool:
        """Whether another name could be the party as well: as sure, or another name at the same address.

        What a label says is doubted by another label only, or by a second name at its address.
        """
        within = any(alike(name_key(line), self.party.key) for line in other.party.block.lines)
        if other.score < _RIVAL or within:
            return False
        labelled = self.claims[0].place is Place.LABEL and other.claims[0].place is not Place.LABEL
        one, two = self.party.address, other.party.address
        same_place = bool(one) and [text_of(span) for span in one] == [text_of(span) for span in two]
        return same_place or (not labelled and other.score >= self.score - _LEAD)


def grouped(claims: Sequence[FoundParty], owners: Collection[str]) -> list[Group]:
    """Claims by the name they make, the best group first; `owners` are the names in the domains of the page."""
    groups: list[list[FoundParty]] = []
    for claim in sorted(claims, key=lambda claim: -claim.confidence):
        group = next((group for group in groups if any(alike(claim.key, one.key) for one in group)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    return sorted((Group(tuple(group), _score(group, owners)) for group in groups), key=lambda group: -group.score)


def _score(group: Sequence[FoundParty], owners: Collection[str]) -> float:
    """How sure all claims of one name are together; a place that says the same twice says it once."""
    doubt, used = 1.0, set[tuple[int, int] | Place]()
    for claim in sorted(group, key=lambda claim: -claim.confidence):
        if not used & {claim.place, *claim.block.segments}:
            doubt *= 1 - claim.confidence * (_FURTHER if used else 1.0)
        used |= {claim.place, *claim.block.segments}
    if doubt <= _NOT_BARE and any(agrees(owner, claim.key) for owner in owners for claim in group):
        doubt *= _DOMAIN
    return round(min(_MOST, 1 - doubt), 3)


def alike(one: str, other: str) -> bool:
    """Whether two names are one party's: equal, the beginning or end of the other, or two readings of one print."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _SHORTEST and (longer.startswith(f"{shorter} ") or longer.endswith(f" {shorter}")):
        return True
    return len(shorter) >= _SHORTEST_READ and SequenceMatcher(None, one, other).ratio() >= _ALIKE
