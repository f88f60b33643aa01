"""What the counterparties' routes take. In a PATCH what is left out stays, and null takes away what may be absent."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints

from paydraft.runtime.corebanq import Wire

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Iban = Annotated[str, StringConstraints(min_length=1, max_length=42)]
Bic = Annotated[str, StringConstraints(min_length=1, max_length=15)]
Label = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Metadata = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=64)],
        Annotated[str, StringConstraints(max_length=500)],
    ],
    Field(max_length=20),
]
Aliases = Annotated[tuple[Name, ...], Field(max_length=20)]
# "individual" and "business"; "personal" is what older clients call an individual.
Kind = Literal["business", "individual", "personal"]
_FEW = 10  # parts of one request


class BankAccountInline(Wire):
    """An account that is made with its counterparty."""

    iban: Iban
    bic: Bic | None = None
    bank: Name | None = None
    intermediate_bic: Bic | None = None
    intermediate_bank: Name | None = None
    intermediate_route: Name | None = None
    is_primary: StrictBool | None = Field(
        None, description="left out, the first account of a counterparty is its primary one"
    )
    is_validated: StrictBool = False
    metadata: Metadata = Field(default_factory=dict)


class BankAccountIn(BankAccountInline):
    """Body of POST …/bank-accounts."""

    counterparty_id: UUID


class BankAccountPatch(Wire):
    """Body of PATCH …/bank-accounts/{id}. An IBAN stays what it is: deactivate the account, and add another."""

    bic: Bic | None = None
    bank: Name | None = None
    intermediate_bic: Bic | None = None
    intermediate_bank: Name | None = None
    intermediate_route: Name | None = None
    is_primary: StrictBool = False
    is_validated: StrictBool = False
    active: StrictBool = True
    metadata: Metadata = Field(default_factory=dict)


class ContactInline(Wire):
    """A contact that is made with its counterparty."""

    type: Literal["email", "phone", "website", "other"]
    value: Value
    validated: StrictBool = False
    preferred: StrictBool | None = Field(None, description="left out, the first of its type is preferred")
    metadata: Metadata = Field(default_factory=dict)


class ContactIn(ContactInline):
    """Body of POST …/contacts."""

    counterparty_id: UUID


class ContactPatch(Wire):
    """Body of PATCH …/contacts/{id}. Another value is not validated until somebody says so again."""

    value: Value = ""
    validated: StrictBool = False
    preferred: StrictBool = False
    active: StrictBool = True
    metadata: Metadata = Field(default_factory=dict)


class AddressInline(Wire):
    """An address that is made with its counterparty."""

    street: Name | None = None
    city: Name | None = None
    zip: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{1,16}$")] | None = None
    country: Country | None = None
    state: Name | None = None
    preferred_billing: StrictBool | None = Field(None, description="left out, the first address is preferred")
    metadata: Metadata = Field(default_factory=dict)


class AddressIn(AddressInline):
    """Body of POST …/addresses."""

    counterparty_id: UUID


class AddressPatch(Wire):
    """Body of PATCH …/addresses/{id}."""

    street: Name | None = None
    city: Name | None = None
    zip: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{1,16}$")] | None = None
    country: Country | None = None
    state: Name | None = None
    preferred_billing: StrictBool = False
    active: StrictBool = True
    metadata: Metadata = Field(default_factory=dict)


class CounterpartyIn(Wire):
    """Body of POST /v1/counterparties. `own_accounts` is read-only: a list that is not empty is refused."""

    legal_name: Name
    type: Kind = "business"
    aliases: Aliases = ()
    vat_number: Name | None = None
    tax_number: Name | None = None
    customer_id: Label | None = None
    own: StrictBool = False
    metadata: Metadata = Field(default_factory=dict)
    bank_accounts: Annotated[tuple[BankAccountInline, ...], Field(max_length=_FEW)] = ()
    contacts: Annotated[tuple[ContactInline, ...], Field(max_length=_FEW)] = ()
    addresses: Annotated[tuple[AddressInline, ...], Field(max_length=_FEW)] = ()
    own_accounts: Annotated[tuple[Any, ...], Field(max_length=0)] = ()


class CounterpartyPatch(Wire):
    """Body of PATCH /v1/counterparties/{id}. With `version` it is done only if that is the present one."""

    legal_name: Name = ""
    type: Kind = "business"
    aliases: Aliases = ()
    vat_number: Name | None = None
    tax_number: Name | None = None
    customer_id: Label | None = None
    metadata: Metadata = Field(default_factory=dict)
    version: int | None = Field(None, ge=1)
    own_accounts: Annotated[tuple[Any, ...], Field(max_length=0)] = ()


class ImportRequest(Wire):
    """Body of an import: the text of the CSV file, and the line to go on from."""

    csv: Annotated[str, StringConstraints(max_length=4_000_000)]
    from_line: int = Field(2, ge=2)
