"""Amounts: Decimal with a currency, never float; ISO 4217 decides the number of decimals."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from paydraft.model.evidence import Frozen

# ISO 4217 active codes whose minor unit is not 1/100; every other code has two decimals.
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG BGN ANG
"""
CURRENCIES = frozenset(_CODES.split())


def decimals_of(currency: str) -> int:
    """The number of decimals of a currency's minor unit (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("not an ISO 4217 code")
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]


class Money(Frozen):
    """An exact amount in a currency, in major units: Money(amount=Decimal("1190.00"), currency="EUR")."""

    amount: Decimal
    currency: Currency

    @model_validator(mode="before")
    @classmethod
    def _refuse_float(cls, values: object) -> object:
        if isinstance(values, dict) and isinstance(values.get("amount"), float):
            raise ValueError(  # noqa: TRY004 - pydantic reports ValueError, not TypeError
                "an amount is a Decimal or a string, never a float"
            )
        return values

    @model_validator(mode="after")
    def _whole_minor_units(self) -> Self:
        exponent = decimals_of(self.currency)
        if not self.amount.is_finite() or self.amount.scaleb(exponent) % 1:
            raise ValueError(f"{self.currency} has {exponent} decimals")
        object.__setattr__(self, "amount", self.amount.quantize(Decimal(1).scaleb(-exponent)))
        return self

    @property
    def minor_units(self) -> int:
        """The amount as a whole number of the currency's smallest unit: 119000 for EUR 1190.00."""
        return int(self.amount.scaleb(decimals_of(self.currency)))

    @classmethod
    def of_minor_units(cls, units: int, currency: str) -> Self:
        """The reverse of `minor_units`."""
        return cls(amount=Decimal(units).scaleb(-decimals_of(currency)), currency=currency)
