"""States and provinces as they are printed in addresses: the postal codes of these countries stand behind them."""

_US = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA PR RI SC SD TN TX UT VT VA WA WV WI WY AA AE AP GU VI"
)
_CANADA = "AB BC MB NB NL NS NT NU ON PE QC SK YT"
_AUSTRALIA = "ACT NSW NT QLD SA TAS VIC WA"
_LONG = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri"
    "|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming"
    "|Alberta|British Columbia|Manitoba|New Brunswick|Nova Scotia|Ontario|Quebec|Québec|Saskatchewan"
    "|New South Wales|Queensland|South Australia|Tasmania|Victoria|Western Australia"
    "|Andhra Pradesh|Assam|Bihar|Chhattisgarh|Delhi|Goa|Gujarat|Haryana|Himachal Pradesh|Jharkhand|Karnataka|Kerala"
    "|Madhya Pradesh|Maharashtra|Odisha|Punjab|Rajasthan|Tamil Nadu|Tamilnadu|Telangana|Uttar Pradesh|Uttarakhand"
    "|West Bengal"
)

SHORT_STATES = frozenset(f"{_US} {_CANADA} {_AUSTRALIA}".split())
LONG_STATES = frozenset(_LONG.casefold().split("|"))


def is_state(text: str) -> bool:
    """Whether a text is the name or the abbreviation of a state: "WA", "N.Y.", "Uttar Pradesh"."""
    return text.replace(".", "") in SHORT_STATES or text.casefold() in LONG_STATES
