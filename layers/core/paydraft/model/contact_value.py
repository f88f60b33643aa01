"""Values of contacts, checked and brought into one form. Sources: RFC 5321 (lengths of addresses), ITU-T E.164.

Loose on purpose: whether mail arrives or somebody answers is not known here.
"""

import re

from paydraft.model.counterparty import ContactType

_EMAIL = re.compile(r"[^\s@<>\"',;:()\\\x00-\x1f]{1,64}@[^\s@<>\"',;:()\\\x00-\x1f]{1,180}\.[^\W\d_][\w-]{1,62}")
_WEBSITE = re.compile(
    r"(?:https?://)?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?::\d{2,5})?(?:/[^\s<>\"]{0,180})?", re.IGNORECASE
)
_PHONE = re.compile(r"(?:\+|00)?[0-9(][0-9 ()./-]{4,30}")
_OTHER = re.compile(r"[^\x00-\x1f]{1,200}")
_TRUNK_ZERO = re.compile(r"\(0\)")
# Calling codes that belong to one country; those that several share (1, 7, 44's islands apart) name none.
_REGIONS = dict(
    pair.split(":")
    for pair in """
    20:EG 27:ZA 30:GR 31:NL 32:BE 33:FR 34:ES 36:HU 39:IT 40:RO 41:CH 43:AT 44:GB 45:DK 46:SE 47:NO 48:PL 49:DE 51:PE
    52:MX 54:AR 55:BR 56:CL 57:CO 60:MY 61:AU 62:ID 63:PH 64:NZ 65:SG 66:TH 81:JP 82:KR 84:VN 86:CN 90:TR 91:IN 92:PK
    212:MA 213:DZ 216:TN 234:NG 254:KE 350:GI 351:PT 352:LU 353:IE 354:IS 355:AL 356:MT 357:CY 358:FI 359:BG 370:LT
    371:LV 372:EE 373:MD 374:AM 375:BY 376:AD 377:MC 378:SM 380:UA 381:RS 382:ME 383:XK 385:HR 386:SI 387:BA 389:MK
    420:CZ 421:SK 423:LI 852:HK 880:BD 886:TW 961:LB 962:JO 965:KW 966:SA 971:AE 972:IL 973:BH 974:QA 994:AZ 995:GE
    """.split()
)


def parsed_value(kind: ContactType, text: str) -> str | None:
    """The value of a contact of this type, without blanks around it; None if it can't be one."""
    value = text.strip()
    pattern = {ContactType.EMAIL: _EMAIL, ContactType.WEBSITE: _WEBSITE, ContactType.PHONE: _PHONE}.get(kind, _OTHER)
    return value if pattern.fullmatch(value) else None


def phone_metadata(value: str) -> dict[str, str]:
    """`country_number`, `number` and `region_code` of a phone number, as far as it tells them.

    "+49 (0)228 123-45" is 49, 22812345, DE. A number without its country's code has `number` alone.
    """
    digits = re.sub(r"\D", "", _TRUNK_ZERO.sub("", value))
    if not value.startswith(("+", "00")):
        return {"number": digits}
    digits = digits.removeprefix("00") if value.startswith("00") else digits
    if digits.startswith(("1", "7")):
        return {"country_number": digits[0], "number": digits[1:]}
    code = next((digits[:length] for length in (2, 3) if digits[:length] in _REGIONS), None)
    if code is None:
        return {"number": digits}
    return {"country_number": code, "number": digits[len(code) :], "region_code": _REGIONS[code]}
