"""Which currency: ISO codes outrank symbols, a symbol counts only beside a digit, and a shared one needs a hint."""

import re
from collections import Counter
from dataclasses import dataclass

from paydraft.model.money import CURRENCIES

# Symbols and names that stand for one currency only.
_ONE = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "₹": "INR", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF",
    "₺": "TRY", "₴": "UAH", "₽": "RUB", "r$": "BRL", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN",
    "₸": "KZT", "₾": "GEL", "₼": "AZN", "₡": "CRC", "₲": "PYG", "₵": "GHS", "₭": "LAK", "₮": "MNT", "৳": "BDT",
    "fr.": "CHF", "sfr": "CHF", "sfr.": "CHF", "лв": "BGN", "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
    "ca$": "CAD", "nz$": "NZD", "s$": "SGD", "hk$": "HKD", "mx$": "MXN", "nt$": "TWD", "rm": "MYR", "rp": "IDR",
}  # fmt: skip
# Symbols that several countries share: a printed ISO code of theirs decides, else what the text says of the country
# (its name, its tax, a national word), else the country of a printed IBAN, else the language where it has one country.
_SHARED = {
    "$": (
        ("USD", r"\bUSA\b|\bUnited States\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
        ("CAD", r"\bCanada\b|\b[HQP]ST\b|\bTPS\b|\bTVQ\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"),
        ("AUD", r"\bAustralia\b|\bABN\b|\bA\.B\.N\b|\b(?:NSW|VIC|QLD)\b|\bBSB\b"),
        ("NZD", r"\bNew Zealand\b|\bNZBN\b"),
        ("SGD", r"\bSingapore\b"),
        ("HKD", r"\bHong Kong\b"),
        ("MXN", r"\bM[ée]xico\b|\bRFC\b|\bCFDI\b"),
        ("TWD", r"\bTaiwan\b"), ("CLP", r"\bChile\b|\bRUT\b"), ("COP", r"\bColombia\b|\bNIT\b"),
        ("ARS", r"\bArgentina\b|\bCUIT\b"), ("UYU", r"\bUruguay\b"), ("JMD", r"\bJamaica\b"), ("BBD", r"\bBarbados\b"),
    ),
    "kr": (
        ("SEK", r"\bmoms\b.*\bSE\d|\bBankgiro\b|\bPlusgiro\b|\bSverige\b|\bSweden\b|\bSE\d{12}\b|\bF-skatt\b"),
        ("NOK", r"(?i:\bmva\b)|\bNorge\b|\bNorway\b|\bKID\b"),
        ("DKK", r"\bDanmark\b|\bDenmark\b|\bCVR\b"),
        ("ISK", r"\bÍsland\b|\bIceland\b|\bkennitala\b"),
    ),
    "rs": (
        ("INR", r"\bIndia\b|\b[CSI]?GST(?:IN)?\b|\bIFSC\b|\bPAN\b"),
        ("PKR", r"\bPakistan\b|\bNTN\b"),
        ("LKR", r"\bSri Lanka\b"),
        ("NPR", r"\bNepal\b"),
        ("MUR", r"\bMauritius\b"),
    ),
    "¥": (("JPY", r"\bJapan\b|円"), ("CNY", r"\bChina\b|元|人民币")),
    "£": (("EGP", r"\bEgypt\b"), ("LBP", r"\bLebanon\b"), ("GIP", r"\bGibraltar\b"), ("GBP", r"\bGB\d|\bUK\b|\bVAT\b")),
    "lei": (("MDL", r"\bMoldova\b"), ("RON", r"\bRom[âa]nia\b|\bCUI\b|\bCIF\b|\bRO\d{2}")),
    "₩": (("KRW", r"\bKorea\b"),),
}  # fmt: skip
_AT_HOME = {
    "kr": {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK"},
    "£": {"GB": "GBP", "GI": "GIP", "EG": "EGP", "LB": "LBP"},
    "lei": {"RO": "RON", "MD": "MDL"},
    "rs": {"PK": "PKR", "MU": "MUR"},
}
_SPOKEN = {"kr": {"sv": "SEK", "no": "NOK", "da": "DKK"}, "lei": {"ro": "RON"}}
# ... and what stands where nothing says otherwise, and the text is in a language of the country or in none we know.
_UNHINTED = {
    "$": ("USD", frozenset({"en", "es"})),
    "£": ("GBP", frozenset()),
    "lei": ("RON", frozenset()),
    "₩": ("KRW", frozenset()),
}
# ISO codes that are also words in capitals: they count beside an amount with decimals only.
_ALSO_WORDS = frozenset("ALL TOP TRY CUP PEN MOP SOS GEL BAM LAK ARS COP MAD SAR MUR BOB CHE".split())

MARK = (
    r"(?:[A-Z]{3}(?![A-Za-z])|(?:US|AU|CA|NZ|HK|MX|NT|[ACSR])\$|[€$£₹₺₴₽₪₩₫฿₱₦¥₸₾₼₡₲₵₭₮৳]"
    r"|(?:[Ee]uros?|EUROS?|zł|ZŁ|Kč|KČ|Ft|[Ll]ei|LEI|[Kk]r|KR|Rs|RM|Rp|S?Fr|SFR|лв)(?![^\W\d_])\.?)"
)
_IBAN = re.compile(r"\b([A-Z]{2})\d{2}(?: ?[A-Z0-9]{4}){2}")
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class CurrencyMark:
    """A currency as printed beside an amount: an ISO code, or a symbol and what it can stand for."""

    code: str | None
    symbol: str | None


def mark_of(printed: str | None, *, precise: bool) -> CurrencyMark | None:
    """What stands beside an amount; `precise` says that the amount has decimals. None if it is no currency."""
    if not printed:
        return None
    if printed in CURRENCIES and (precise or printed not in _ALSO_WORDS):
        return CurrencyMark(printed, None)
    symbol = printed.lower()
    for key in (symbol, symbol.rstrip(".")):
        if key in _ONE:
            return CurrencyMark(_ONE[key], key)
        if key in _SHARED:
            return CurrencyMark(None, key)
    return None


def meanings_of(symbol: str) -> tuple[str, ...]:
    """The currencies that a shared symbol can stand for."""
    return tuple(code for code, _ in _SHARED[symbol])


def currency_for(symbol: str, text: str, languages: tuple[str, ...] = ()) -> str | None:
    """What a shared symbol stands for in a document; None if its hints disagree or say nothing."""
    possible = meanings_of(symbol)
    printed = [code for code in codes_in(text) if code in possible]
    if len(printed) == 1:
        return printed[0]
    hinted = {code for code, hint in _SHARED[symbol] if (not printed or code in printed) and re.search(hint, text)}
    if len(hinted) == 1:
        return hinted.pop()
    at_home = {_AT_HOME.get(symbol, {}).get(country) for country in _IBAN.findall(text)} - {None}
    if len(at_home) == 1 and (not hinted or at_home <= hinted):
        return at_home.pop()
    if hinted or printed:
        return None
    if languages and languages[0] in _SPOKEN.get(symbol, {}):
        return _SPOKEN[symbol][languages[0]]
    code, spoken = _UNHINTED.get(symbol, (None, frozenset()))
    return code if not languages or not spoken or spoken & frozenset(languages) else None


def codes_in(text: str) -> Counter[str]:
    """How often each ISO code is printed, whatever stands beside it."""
    return Counter(code for code in _CODE.findall(text) if code in CURRENCIES and code not in _ALSO_WORDS)
