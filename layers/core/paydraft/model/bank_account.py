"""IBAN, BIC and creditor references that are valid by construction.

Sources: ISO 13616 (IBAN), the SWIFT IBAN registry (length and structure per country), ISO 9362 (BIC), ISO 11649 (RF),
Swiss Implementation Guidelines QR-bill (QR reference, modulo 10 recursive). mod-97 detects a wrong character; it never
says which one, so nothing here corrects.
"""

import re
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

# Country: structure of the BBAN in the registry's notation (n digits, a capital letters, c capital letters and digits).
_REGISTRY = """
    AD:4n4n12c AE:3n16n AL:8n16c AT:5n11n AZ:4a20c BA:3n3n8n2n BE:3n7n2n BG:4a4n2n8c BH:4a14c BI:5n5n11n2n
    BR:8c5n10n1c1c BY:4c4n16c CH:5n12c CR:4n14n CY:3n5n16c CZ:4n6n10n DE:8n10n DJ:5n5n11n2n DK:4n9n1n DO:4c20n
    EE:2n14n EG:4n4n17n ES:4n4n1n1n10n FI:3n11n FK:2a12n FO:4n9n1n FR:5n5n11c2n GB:4a6n8n GE:2a16n GI:4a15c
    GL:4n9n1n GR:3n4n16c GT:4c20c HN:4a20n HR:7n10n HU:3n4n1n15n1n IE:4a6n8n IL:3n3n13n IQ:4a3n12n IS:4n2n6n10n
    IT:1a5n5n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c LI:5n12c LT:5n11n LU:3n13c LV:4a13c LY:3n3n15n
    MC:5n5n11c2n MD:2c18c ME:3n13n2n MK:3n10c2n MN:4n12n MR:5n5n11n2n MT:4a5n18c MU:4a2n2n12n3n3a NI:4a20n NL:4a10n
    NO:4n6n1n OM:3n16c PK:4a16c PL:8n16n PS:4a21c PT:4n4n11n2n QA:4a21c RO:4a16c RS:3n13n2n RU:9n5n15c SA:2n18c
    SC:4a2n2n16n3a SD:2n12n SE:3n16n1n SI:5n8n2n SK:4n6n10n SM:1a5n5n12c SO:4n3n12n ST:4n4n11n2n SV:4a20n TL:3n14n2n
    TN:2n3n13n2n TR:5n1n16c UA:6n19c VA:3n15n VG:4a16n XK:4n10n2n YE:4a4n18c
"""
_STRUCTURES = dict(pair.split(":") for pair in _REGISTRY.split())
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def _pattern(structure: str) -> re.Pattern[str]:
    parts = re.findall(r"(\d+)([nac])", structure)
    return re.compile("".join(f"{_CLASSES[kind]}{{{length}}}" for length, kind in parts))


_BBAN = {country: _pattern(structure) for country, structure in _STRUCTURES.items()}
IBAN_LENGTHS = {
    country: 4 + sum(int(n) for n in re.findall(r"\d+", structure)) for country, structure in _STRUCTURES.items()
}
_KINDS = {
    country: "aann" + "".join(kind * int(length) for length, kind in re.findall(r"(\d+)([nac])", structure))
    for country, structure in _STRUCTURES.items()
}
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_SEPARATORS = re.compile(r"[\s. \-]")
_QRR_TABLE = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def iban_kinds(country: str) -> str | None:
    """What stands at each place of a country's IBAN: n digit, a capital letter, c either; None without IBANs."""
    return _KINDS.get(country)


def mod97(text: str) -> int:
    """ISO 7064 modulo 97 of letters and digits (A = 10), as IBAN and RF use it: 1 means the check holds."""
    return int("".join(str(int(char, 36)) for char in text)) % 97


class _CheckedText(str):
    """A string type whose every value is valid; `parse` answers None for what is not, the constructor raises."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        value = cls._normalised(text)
        if value is None:
            raise ValueError(f"not a valid {cls.__name__}")
        return super().__new__(cls, value)

    @classmethod
    def _normalised(cls, text: str) -> str | None:
        raise NotImplementedError

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The value, or None if `text` is not one."""
        value = cls._normalised(text)
        return None if value is None else super().__new__(cls, value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(), serialization=core_schema.to_string_ser_schema()
        )


class Iban(_CheckedText):
    """An IBAN in electronic form (no spaces, capitals): known country, its length and structure, mod-97."""

    __slots__ = ()

    @classmethod
    def _normalised(cls, text: str) -> str | None:
        value = _SEPARATORS.sub("", text).upper()
        pattern = _BBAN.get(value[:2])
        if not value.isascii() or pattern is None or not value[2:4].isdigit() or not pattern.fullmatch(value[4:]):
            return None
        return value if mod97(value[4:] + value[:4]) == 1 else None

    @property
    def country(self) -> str:
        """ISO 3166 code of the account's country (XK for Kosovo)."""
        return self[:2]

    @property
    def is_qr_iban(self) -> bool:
        """A Swiss or Liechtenstein QR-IBAN (institution 30000 to 31999), payable with a QR reference only."""
        return self.country in ("CH", "LI") and 30000 <= int(self[4:9]) <= 31999

    @property
    def printed(self) -> str:
        """The paper form: groups of four."""
        return " ".join(self[i : i + 4] for i in range(0, len(self), 4))


class Bic(_CheckedText):
    """A BIC of 8 or 11 characters (ISO 9362); whether the bank exists is not known here."""

    __slots__ = ()

    @classmethod
    def _normalised(cls, text: str) -> str | None:
        value = _SEPARATORS.sub("", text).upper()
        return value if value.isascii() and _BIC.fullmatch(value) else None

    @property
    def country(self) -> str:
        """ISO 3166 code inside the BIC."""
        return self[4:6]


class CreditorReference(_CheckedText):
    """An ISO 11649 reference: RF, two check digits, up to 21 letters and digits."""

    __slots__ = ()

    @classmethod
    def _normalised(cls, text: str) -> str | None:
        value = _SEPARATORS.sub("", text).upper()
        if not (value.isascii() and re.fullmatch(r"RF\d\d[A-Z0-9]{1,21}", value)):
            return None
        return value if mod97(value[4:] + value[:4]) == 1 else None


class QrReference(_CheckedText):
    """A Swiss QR reference: 27 digits, the last one a modulo 10 recursive check."""

    __slots__ = ()

    @classmethod
    def _normalised(cls, text: str) -> str | None:
        value = _SEPARATORS.sub("", text)
        if not (value.isascii() and re.fullmatch(r"\d{27}", value)):
            return None
        carry = 0
        for digit in value[:-1]:
            carry = _QRR_TABLE[(carry + int(digit)) % 10]
        return value if (10 - carry) % 10 == int(value[-1]) else None
