"""Slovak PAY by square: base32hex of an LZMA stream of tab-separated fields behind a CRC-32.

Source: "PAY by square specifications" 1.1 (Slovenská banková asociácia). Two bytes of header, two of length, then LZMA
without a container (lc 3, lp 0, pb 2, dictionary 128 KiB).
"""

import lzma
import re
import zlib

from paydraft.extraction.candidates import Value
from paydraft.extraction.coded_payment import BrokenCodeError, CodedPayment, checked_iban, compact_date, read_amount
from paydraft.model.invoice import ReferenceKind
from paydraft.model.money import CURRENCIES

LOOKS_LIKE = re.compile(r"0[0-9A-V]{40,700}$")
_FILTERS = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 17, "lc": 3, "lp": 0, "pb": 2}]
_MOST_BYTES = 4_096
_HEAD = 4
_CRC = 4
# Fields of the first payment: its options, amount, currency, due date, symbols, reference, note, accounts.
_AMOUNT, _CURRENCY, _DUE, _SYMBOL, _REFERENCE, _NOTE, _ACCOUNTS, _IBAN, _BIC = 3, 4, 5, 6, 9, 10, 11, 12, 13


def pay_by_square(text: str) -> CodedPayment:
    """The first payment of the code; raises BrokenCodeError."""
    fields = _fields(text)
    if len(fields) <= _BIC or not fields[1].isdigit() or fields[1] == "0" or not fields[_ACCOUNTS].isdigit():
        raise BrokenCodeError("structure")
    if fields[_CURRENCY] not in CURRENCIES:
        raise BrokenCodeError("currency")
    due = compact_date(fields[_DUE])
    stated: dict[str, Value] = {"due_date": due} if due else {}
    symbol = fields[_SYMBOL] or fields[_REFERENCE]
    return CodedPayment(
        iban=checked_iban(fields[_IBAN]),
        bic=fields[_BIC] or None,
        currency=fields[_CURRENCY],
        amount=read_amount(fields[_AMOUNT]),
        reference=symbol or fields[_NOTE] or None,
        reference_kind=ReferenceKind.NATIONAL if symbol else ReferenceKind.TEXT,
        stated=stated,
    )


def _fields(text: str) -> list[str]:
    bits = "".join(f"{int(char, 32):05b}" for char in text)
    data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
    try:
        plain = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=_FILTERS).decompress(data[_HEAD:], _MOST_BYTES)
    except lzma.LZMAError:
        raise BrokenCodeError("compression") from None
    plain = plain[: int.from_bytes(data[2:_HEAD], "little")]
    if zlib.crc32(plain[_CRC:]) != int.from_bytes(plain[:_CRC], "little"):
        raise BrokenCodeError("checksum")
    return plain[_CRC:].decode("utf-8", "replace").split("\t")
