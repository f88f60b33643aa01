"""Which currency: ISO codes outrank symbols, a symbol counts only beside a digit, and a shared one needs a hint."""

import re
from collections import Counter
from dataclasses import dataclass

from paydraft.model.money import CURRENCIES

# Symbols and names that stand for one currency only.
_ONE = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "zl": "PLN", "kč": "CZK",
    "ft": "HUF", "lei": "RON", "₺": "TRY", "₴": "UAH", "₽": "RUB", "r$": "BRL", "₪": "ILS", "₩": "KRW", "₫": "VND",
    "฿": "THB", "₱": "PHP", "₦": "NGN", "fr.": "CHF", "sfr": "CHF", "sfr.": "CHF", "лв": "BGN", "us$": "USD",
    "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "s$": "SGD", "hk$": "HKD", "mx$": "MXN",
}  # fmt: skip
# Symbols that several countries share: hints in the text decide (country, tax, national word), else see below.
_SHARED = {
    "$": (
        ("CAD", r"\bCanada\b|\bHST\b|\bQST\b|\b(?:ON|QC|BC|AB)\s+[A-Z]\d[A-Z]\b"),
        ("AUD", r"\bAustralia\b|\bABN\b|\bA\.B\.N\b|\b(?:NSW|VIC|QLD)\b"),
        ("NZD", r"\bNew Zealand\b|\bNZBN\b"),
        ("SGD", r"\bSingapore\b"),
        ("HKD", r"\bHong Kong\b"),
        ("MXN", r"\bM[ée]xico\b|\bRFC\b|\bCFDI\b"),
    ),
    "kr": (
        ("SEK", r"\bmoms\b.*\bSE\d|\bBankgiro\b|\bSverige\b|\bSweden\b|\bSE\d{12}\b"),
        ("NOK", r"\bmva\b|\bNorge\b|\bNorway\b|\bKID\b"),
        ("DKK", r"\bDanmark\b|\bDenmark\b|\bCVR\b"),
    ),
    "rs": (
        ("INR", r"\bIndia\b|\bGSTIN\b|\bIFSC\b|\bPAN\b"),
        ("PKR", r"\bPakistan\b"),
        ("LKR", r"\bSri Lanka\b"),
        ("NPR", r"\bNepal\b"),
    ),
    "¥": (("JPY", r"\bJapan\b|円"), ("CNY", r"\bChina\b|元|人民币")),
}  # fmt: skip
# ... where the text is in a language of the country, or in none that we know.
_UNHINTED = {"$": ("USD", frozenset({"en", "es"}))}
# ISO codes that are also words in capitals: they count beside an amount with decimals only.
_ALSO_WORDS = frozenset("ALL TOP TRY CUP PEN MOP SOS GEL BAM LAK ARS COP MAD SAR MUR BOB CHE".split())

MARK = (
    r"(?:[A-Z]{3}(?![A-Za-z])|(?:US|AU|CA|NZ|HK|MX|[ACSR])\$|[€$£₹₺₴₽₪₩₫฿₱₦¥]"
    r"|(?:[Ee]uros?|EUROS?|zł|ZŁ|Kč|KČ|Ft|[Ll]ei|LEI|[Kk]r|KR|Rs|S?Fr|SFR|лв)(?![^\W\d_])\.?)"
)
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


def currency_for(symbol: str, text: str, languages: frozenset[str] = frozenset()) -> str | None:
    """What a shared symbol stands for in a document; None if its hints disagree or say nothing."""
    hinted = [code for code, hint in _SHARED[symbol] if re.search(hint, text)]
    if len(hinted) == 1:
        return hinted[0]
    code, spoken = _UNHINTED.get(symbol, (None, frozenset()))
    return code if not hinted and (not languages or languages & spoken) else None


def codes_in(text: str) -> Counter[str]:
    """How often each ISO code is printed, whatever stands beside it."""
    return Counter(code for code in _CODE.findall(text) if code in CURRENCIES and code not in _ALSO_WORDS)
