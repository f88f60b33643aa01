"""The names that account and reference schemes go by on paper, in whatever language the page is.

They are names of national schemes ("bankgiro", "sort code", "KID"), not words of a language: a Swedish bankgiro is
printed as such on an English invoice, too. So they stand here and not in the languages' files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from paydraft.extraction.labels.phrases import Found, Phrases
from paydraft.extraction.labels.vocabulary import Label
from paydraft.extraction.layout import Segment
from paydraft.extraction.relations import Hit, Labelled

_MAX_LABELLED = 600


class Scheme(StrEnum):
    """What a name announces."""

    SORT_CODE = "sort_code"
    ROUTING = "routing"
    TRANSIT = "transit"
    INSTITUTION = "institution"
    BSB = "bsb"
    IFSC = "ifsc"
    CLABE = "clabe"
    BLZ = "blz"
    REG_NR = "reg_nr"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    POST_ACCOUNT = "post_account"
    ACCOUNT = "account"
    VIITE = "viite"  # Finnish reference number
    OCR = "ocr"  # Swedish
    KID = "kid"  # Norwegian
    VIITENUMBER = "viitenumber"  # Estonian
    VARIABLE_SYMBOL = "variable_symbol"  # Czech, Slovak
    SKLIC = "sklic"  # Slovenian, Croatian


_NAMES = {
    Scheme.SORT_CODE: ("sort code", "sortcode", "bank sort code", "s c", "sort code no", "branch sort code"),
    Scheme.ROUTING: (
        "routing", "routing no", "routing number", "routing #", "aba", "aba no", "aba number", "aba routing number",
        "aba routing", "routing aba", "bank routing number", "routing transit number", "rtn", "ach routing",
        "ach routing number", "wire routing number", "aba rtn", "fedwire routing number", "routing number aba",
        "routing code",
    ),
    Scheme.TRANSIT: ("transit", "transit no", "transit number", "branch transit number", "branch transit", "transit #"),
    Scheme.INSTITUTION: ("institution", "institution no", "institution number", "bank code institution number"),
    Scheme.BSB: ("bsb", "bsb no", "bsb number", "bsb code", "bank bsb"),
    Scheme.IFSC: ("ifsc", "ifsc code", "ifs code", "rtgs neft ifsc code", "ifsc no", "bank ifsc", "rtgs ifsc code"),
    Scheme.CLABE: ("clabe", "clabe interbancaria", "cuenta clabe", "no clabe"),
    Scheme.BLZ: ("blz", "bankleitzahl"),
    Scheme.REG_NR: ("reg nr", "regnr", "reg no", "registreringsnr", "registreringsnummer", "bank reg nr", "reg"),
    Scheme.BANKGIRO: ("bankgiro", "bankgironr", "bankgironummer", "bankgiro nr", "bg", "bg nr", "till bankgiro",
                      "bankgirot"),
    Scheme.PLUSGIRO: ("plusgiro", "plusgironr", "plusgironummer", "plusgiro nr", "postgiro", "pg", "pg nr"),
    Scheme.POST_ACCOUNT: ("pc konto", "postkonto", "postcheckkonto", "pc", "ccp", "compte postal", "conto postale",
                          "compte de cheques postaux", "postfinance"),
    Scheme.ACCOUNT: (
        "account number", "account no", "account #", "account nr", "acct no", "acct number", "acct", "acct #", "acc no",
        "a c no", "a c number", "a c", "bank account", "bank account no", "bank account number", "account",
        "acc number", "current account no", "numero de compte", "no de compte", "compte", "numero de cuenta", "cuenta",
        "conta", "kontonummer", "kontonr", "konto nr", "konto", "kto nr", "kto", "kontonummer bank", "til konto",
        "bankkonto", "bankkontonummer", "bankkontonr", "bankkonto nr", "cislo uctu", "c uctu", "ucet", "cislo u",
        "bankovni spojeni", "bankove spojenie", "bankszamlaszam", "szamlaszam", "bankszamla", "ziro racun", "racun",
        "tekuci racun", "broj racuna", "nz account number", "beneficiary account number",
        "beneficiary a c no", "ach account",
        "checking account",
    ),
    Scheme.VIITE: ("viitenumero", "viite", "viitenro", "viitenumeromme", "maksuviite", "ref nr referensnummer",
                   "viitenumero referensnummer", "viitenro ref nr"),
    Scheme.OCR: ("ocr", "ocr nr", "ocr nummer", "ocrnummer", "ocr referens", "ocr referensnummer", "ocr referensnr",
                 "referensnummer ocr", "ocr no", "ocr number", "betalningsreferens ocr"),
    Scheme.KID: ("kid", "kid nr", "kid nummer", "kidnr", "kidnummer", "kid no", "kundeidentifikasjon kid",
                 "kundeidentifikasjon"),
    Scheme.VIITENUMBER: ("viitenumber", "viitenr"),
    Scheme.VARIABLE_SYMBOL: ("variabilni symbol", "variabilny symbol", "vs", "var symbol", "variable symbol",
                             "variabilni s", "var sym"),
    Scheme.SKLIC: ("sklic", "referenca", "sklicna stevilka", "sklic na stevilko", "poziv na broj",
                   "model i poziv na broj",
                   "poziv na broj primatelja", "poziv na broj odobrenja", "poziv na broj primaoca", "model in sklic",
                   "sklic prejemnika", "sklicem", "sklicu"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a scheme on the page, with where its value can stand."""

    scheme: Scheme
    hit: Hit


def named_schemes(labelled: Labelled) -> Iterator[Named]:
    """Every name of a scheme on the pages, in reading order."""
    for segment in labelled.layout.segments:
        found = _found(segment.text[:_MAX_LABELLED])
        for at, one in enumerate(found):
            until = found[at + 1].start if at + 1 < len(found) else len(segment.text)
            behind = segment.text[one.end : until]
            yield Named(one.kind, _hit(segment, one.start, one.end, until if _has_value(behind) else one.end))


def _hit(segment: Segment, start: int, end: int, until: int) -> Hit:
    first = not any(char.isalnum() for char in segment.text[:start])
    behind = segment.span(end, until) if until > end else None
    return Hit(Label.OTHER_NUMBER, segment.span(start, end), behind, first)


def _has_value(text: str) -> bool:
    return any(char.isdigit() for char in text)


@lru_cache(maxsize=4_096)
def _found(text: str) -> tuple[Found[Scheme], ...]:
    return tuple(_names().find(text))


@cache
def _names() -> Phrases[Scheme]:
    phrases: Phrases[Scheme] = Phrases()
    for scheme, names in _NAMES.items():
        for name in names:
            phrases.add(name, scheme, "")
    return phrases
