"""Accounts without an IBAN, by the names of their schemes: sort code, routing number, BSB, bankgiro and the like.

A number is taken behind, right of or below its name, in the form of its scheme; where the scheme has check digits they
must hold. A routing number without an account number beside it is no account.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paydraft.extraction.layout import Span
from paydraft.extraction.relations import Labelled
from paydraft.extraction.scheme_labels import Named, Scheme
from paydraft.model.domestic_account import AccountScheme, DomesticAccount

_LEAD = r"[\s:.#°º()\-–]*(?:(?:no|nr|number|code|only)\b[\s:.#]*)?"
_FORMS = {
    Scheme.SORT_CODE: r"\d{2}[-–. ]?\d{2}[-–. ]?\d{2}",
    Scheme.ROUTING: r"\d{4}[- ]?\d{4}[- ]?\d|\d{3} \d{3} \d{3}",
    Scheme.TRANSIT: r"\d{5}",
    Scheme.INSTITUTION: r"\d{3}",
    Scheme.BSB: r"\d{3}[-– ]?\d{3}",
    Scheme.IFSC: r"[A-Z]{4}0[A-Z0-9]{6}",
    Scheme.CLABE: r"(?:\d ?){17}\d",
    Scheme.BLZ: r"[1-8]\d{2} ?\d{3} ?\d{2}",
    Scheme.REG_NR: r"\d{4}",
    Scheme.BANKGIRO: r"\d{3,4}-\d{4}|\d{7,8}",
    Scheme.PLUSGIRO: r"\d[\d ]{0,8}-\d",
    Scheme.POST_ACCOUNT: r"\d{2}-\d{1,6}-\d",
    Scheme.ACCOUNT: r"[\dXx*](?:[ .\-]?[\dXx*]){2,25}(?: ?/ ?\d{4})?",
}
_BEHIND = {scheme: re.compile(f"{_LEAD}(?P<value>{form})(?![\\w])") for scheme, form in _FORMS.items()}
_WITH_ROUTING = {
    Scheme.SORT_CODE: AccountScheme.GB,
    Scheme.ROUTING: AccountScheme.US,
    Scheme.BSB: AccountScheme.AU,
    Scheme.IFSC: AccountScheme.IN,
    Scheme.BLZ: AccountScheme.DE,
    Scheme.REG_NR: AccountScheme.DK,
}
_ALONE = {
    Scheme.CLABE: AccountScheme.MX,
    Scheme.BANKGIRO: AccountScheme.SE_BANKGIRO,
    Scheme.PLUSGIRO: AccountScheme.SE_PLUSGIRO,
    Scheme.POST_ACCOUNT: AccountScheme.CH,
}
# Behind the word "account": numbers that say by their own form and check digits what they are.
_BY_FORM = (
    (re.compile(r"\d{4}[. ]?\d{2}[. ]?\d{5}"), AccountScheme.NO),
    (re.compile(r"\d{8}-\d{8}(?:-\d{8})?"), AccountScheme.HU),
    (re.compile(r"\d{2}-\d{4}-\d{7}-\d{2,3}"), AccountScheme.NZ),
    (re.compile(r"(?:\d{3}-\d{1,13}-\d{2}|\d{18})"), AccountScheme.RS),
)
_CZECH = re.compile(r"(?P<number>(?:\d{1,6}-)?\d{2,10}) ?/ ?(?P<routing>\d{4})")
# A form that needs no name.
_FIK = re.compile(r"\+(?P<routing>01|04|15|71|73|75)<(?P<id>\d{0,16})\+(?P<number>\d{8})<")
_NEAR_ROWS = 4


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """A domestic account and where its number stands."""

    account: DomesticAccount
    span: Span


@dataclass(frozen=True, slots=True)
class _Part:
    """One number of an account."""

    scheme: Scheme
    text: str
    span: Span


def domestic_accounts(labelled: Labelled, named: Iterable[Named]) -> list[FoundAccount]:
    """Every account of the pages that is not an IBAN, each once."""
    parts = [part for one in named if one.scheme in _FORMS and (part := _part(labelled, one))]
    numbers = [part for part in parts if part.scheme is Scheme.ACCOUNT]
    found = [*_routed(parts, numbers), *_alone(parts), *_by_form(numbers), *_slips(labelled)]
    unique: dict[DomesticAccount, FoundAccount] = {}
    for one in found:
        unique.setdefault(one.account, one)
    return list(unique.values())


def _part(labelled: Labelled, named: Named) -> _Part | None:
    for _, span in labelled.regions(named.hit):
        match = _BEHIND[named.scheme].match(span.text[:80])
        if match is not None:
            value = span.within(match.start("value"), match.end("value"))
            return _Part(named.scheme, match["value"], value)
    return None


def _routed(parts: list[_Part], numbers: list[_Part]) -> Iterator[FoundAccount]:
    """Accounts of two numbers: the routing number and the nearest account number."""
    for part in (*parts, *_canadian(parts)):
        scheme = AccountScheme.CA if part.scheme is Scheme.TRANSIT else _WITH_ROUTING.get(part.scheme)
        if scheme is None or (scheme is AccountScheme.CA and len(part.text) < 8):
            continue
        for text, span in (*_behind_routing(part), *((one.text, one.span) for one in _nearest(part, numbers))):
            account = DomesticAccount.parse(scheme, text, part.text)
            if account is not None:
                yield FoundAccount(account, span)
                break


def _canadian(parts: list[_Part]) -> Iterator[_Part]:
    """Institution and transit as one routing number, where both are printed."""
    for part in parts:
        if part.scheme is Scheme.TRANSIT:
            institutions = [one for one in parts if one.scheme is Scheme.INSTITUTION]
            for one in _nearest(part, institutions)[:1]:
                yield _Part(Scheme.TRANSIT, one.text + part.text, part.span)


def _behind_routing(part: _Part) -> Iterator[tuple[str, Span]]:
    """The account number directly behind the routing number: sort code / account: 20-45-77 12345678."""
    rest = Span(part.span.segment, part.span.end, len(part.span.segment.text))
    match = re.match(r"[\s/,;]+(?P<value>\d{6,12})(?!\d)", rest.text)
    if match:
        yield match["value"], rest.within(match.start("value"), match.end("value"))


def _nearest(part: _Part, others: list[_Part]) -> list[_Part]:
    """The other numbers in the neighbourhood, nearest first."""
    here = part.span.segment
    near = [
        one
        for one in others
        if one.span.segment.sheet is here.sheet and abs(one.span.segment.row - here.row) <= _NEAR_ROWS
    ]
    return sorted(near, key=lambda one: (abs(one.span.segment.row - here.row), abs(one.span.box.x0 - part.span.box.x0)))


def _alone(parts: list[_Part]) -> Iterator[FoundAccount]:
    for part in parts:
        scheme = _ALONE.get(part.scheme)
        if scheme is not None and (account := DomesticAccount.parse(scheme, part.text)):
            yield FoundAccount(account, part.span)


def _by_form(numbers: list[_Part]) -> Iterator[FoundAccount]:
    for part in numbers:
        czech = _CZECH.fullmatch(part.text)
        readings = [DomesticAccount.parse(AccountScheme.CZ, *czech.groups())] if czech else []
        for form, scheme in _BY_FORM:
            if form.fullmatch(part.text):
                readings.append(DomesticAccount.parse(scheme, _padded(part.text, scheme)))
        yield from (FoundAccount(account, part.span) for account in readings if account is not None)


def _padded(number: str, scheme: AccountScheme) -> str:
    """A Serbian account's middle part filled up to its 13 digits."""
    bank, middle, check = number.split("-") if scheme is AccountScheme.RS and "-" in number else ("", number, "")
    return bank + middle.zfill(13) + check if bank else number


def _slips(labelled: Labelled) -> Iterator[FoundAccount]:
    """Creditor numbers in the code line of a Danish payment slip."""
    for segment in labelled.layout.segments:
        for match in _FIK.finditer(segment.text[:400]) if "<" in segment.text else ():
            account = DomesticAccount.parse(AccountScheme.DK_FIK, match["number"], match["routing"])
            if account is not None:
                yield FoundAccount(account, segment.span(match.start(), match.end()))
