"""Where EN 16931 keeps its business terms (BT) in the two XML syntaxes; names without namespaces, `|` for spellings.

CII: ZUGFeRD 1 (CrossIndustryDocument), ZUGFeRD 2, Factur-X, XRechnung (CrossIndustryInvoice).
UBL 2.1: Invoice, CreditNote.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """The paths of one XML syntax; "" where it has no such term."""

    texts: dict[str, str]
    preferred_names: dict[str, str]
    dates: dict[str, str]
    terms: str
    term_date: str
    due_date: str
    amounts: dict[str, str]
    codes: dict[str, str]
    addresses: dict[str, str]
    address: dict[str, str]
    tax_ids: dict[str, str]
    taxes: tuple[str, dict[str, str]]
    lines: tuple[str, dict[str, str]]
    allowances: str
    logistics: str


_DOCUMENT = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = f"{_TRADE}/ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_MEANS = f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
_SUMS = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_CONTACT = "DefinedTradeContact"

TEXTS_CII = {
    "number": f"{_DOCUMENT}/ID",  # BT-1
    "purchase_order": f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID|ID",  # BT-13
    "seller.name": f"{_AGREEMENT}/SellerTradeParty/Name",  # BT-27
    "buyer.name": f"{_AGREEMENT}/BuyerTradeParty/Name",  # BT-44
    "seller.register_number": f"{_AGREEMENT}/SellerTradeParty/SpecifiedLegalOrganization/ID",  # BT-30
    "seller.phone": f"{_AGREEMENT}/SellerTradeParty/{_CONTACT}/TelephoneUniversalCommunication/CompleteNumber",  # BT-42
    "seller.email": f"{_AGREEMENT}/SellerTradeParty/{_CONTACT}/EmailURIUniversalCommunication/URIID|CompleteNumber",
    "buyer.email": f"{_AGREEMENT}/BuyerTradeParty/{_CONTACT}/EmailURIUniversalCommunication/URIID|CompleteNumber",
    "reference": f"{_SETTLEMENT}/PaymentReference",  # BT-83
}
DATES_CII = {
    "issue_date": f"{_DOCUMENT}/IssueDateTime/DateTimeString",  # BT-2
    "delivery_date": f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",  # BT-72
}
AMOUNTS_CII = {
    "discount": f"{_SUMS}/AllowanceTotalAmount",  # BT-107
    "subtotal": f"{_SUMS}/TaxBasisTotalAmount",  # BT-109
    "tax": f"{_SUMS}/TaxTotalAmount",  # BT-110
    "total": f"{_SUMS}/GrandTotalAmount",  # BT-112
    "amount_paid": f"{_SUMS}/TotalPrepaidAmount",  # BT-113
    "rounding": f"{_SUMS}/RoundingAmount",  # BT-114
    "amount_due": f"{_SUMS}/DuePayableAmount",  # BT-115
}
CODES_CII = {
    "type": f"{_DOCUMENT}/TypeCode",  # BT-3
    "currency": f"{_SETTLEMENT}/InvoiceCurrencyCode",  # BT-5
    "means": f"{_MEANS}/TypeCode",  # BT-81
    "payee": f"{_SETTLEMENT}/PayeeTradeParty/Name",  # BT-59
    "iban": f"{_MEANS}/PayeePartyCreditorFinancialAccount/IBANID",  # BT-84
    "bic": f"{_MEANS}/PayeeSpecifiedCreditorFinancialInstitution/BICID",  # BT-86
}
ADDRESSES_CII = {
    "seller": f"{_AGREEMENT}/SellerTradeParty/PostalTradeAddress",
    "buyer": f"{_AGREEMENT}/BuyerTradeParty/PostalTradeAddress",
}
ADDRESS_CII = {
    "street": "LineOne|StreetName",
    "more": "LineTwo",
    "postal_code": "PostcodeCode",
    "city": "CityName",
    "state": "CountrySubDivisionName",
    "country": "CountryID",
}
TAX_IDS_CII = {
    "seller": f"{_AGREEMENT}/SellerTradeParty/SpecifiedTaxRegistration/ID",  # BT-31, BT-32
    "buyer": f"{_AGREEMENT}/BuyerTradeParty/SpecifiedTaxRegistration/ID",  # BT-48
}
TAXES_CII = (
    f"{_SETTLEMENT}/ApplicableTradeTax",
    {"rate": "RateApplicablePercent|ApplicablePercent", "net": "BasisAmount", "tax": "CalculatedAmount"},
)
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_PRICE = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement/NetPriceProductTradePrice"
_LINE_SUMS = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
LINES_CII = (
    f"{_TRADE}/IncludedSupplyChainTradeLineItem",
    {
        "description": "SpecifiedTradeProduct/Name",  # BT-153
        "more": "SpecifiedTradeProduct/Description",  # BT-154
        "status": "AssociatedDocumentLineDocument/LineStatusReasonCode",
        "quantity": "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery/BilledQuantity",  # BT-129
        "unit_price": f"{_LINE_PRICE}/ChargeAmount",  # BT-146
        "basis": f"{_LINE_PRICE}/BasisQuantity",  # BT-149
        "allowances": f"{_LINE_SETTLEMENT}/SpecifiedTradeAllowanceCharge",  # BG-27, BG-28
        "tax_rate": f"{_LINE_SETTLEMENT}/ApplicableTradeTax/RateApplicablePercent|ApplicablePercent",  # BT-152
        "net": f"{_LINE_SETTLEMENT}/{_LINE_SUMS}/LineTotalAmount",  # BT-131
    },
)

_SELLER, _BUYER = "AccountingSupplierParty/Party", "AccountingCustomerParty/Party"
TEXTS_UBL = {
    "number": "ID",
    "purchase_order": "OrderReference/ID",
    "seller.name": f"{_SELLER}/PartyName/Name",
    "buyer.name": f"{_BUYER}/PartyName/Name",
    "seller.register_number": f"{_SELLER}/PartyLegalEntity/CompanyID",
    "seller.phone": f"{_SELLER}/Contact/Telephone",
    "seller.email": f"{_SELLER}/Contact/ElectronicMail",
    "buyer.email": f"{_BUYER}/Contact/ElectronicMail",
    "reference": "PaymentMeans/PaymentID",
}
# The legal name is the party's name; the trade name (PartyName) stands in where it is missing.
LEGAL_NAMES_UBL = {
    "seller.name": f"{_SELLER}/PartyLegalEntity/RegistrationName",
    "buyer.name": f"{_BUYER}/PartyLegalEntity/RegistrationName",
}
DATES_UBL = {
    "issue_date": "IssueDate",
    "delivery_date": "Delivery/ActualDeliveryDate",
}
AMOUNTS_UBL = {
    "discount": "LegalMonetaryTotal/AllowanceTotalAmount",
    "subtotal": "LegalMonetaryTotal/TaxExclusiveAmount",
    "tax": "TaxTotal/TaxAmount",
    "total": "LegalMonetaryTotal/TaxInclusiveAmount",
    "amount_paid": "LegalMonetaryTotal/PrepaidAmount",
    "rounding": "LegalMonetaryTotal/PayableRoundingAmount",
    "amount_due": "LegalMonetaryTotal/PayableAmount",
}
CODES_UBL = {
    "type": "InvoiceTypeCode|CreditNoteTypeCode",
    "currency": "DocumentCurrencyCode",
    "means": "PaymentMeans/PaymentMeansCode",
    "payee": "PayeeParty/PartyName/Name",
    "iban": "PaymentMeans/PayeeFinancialAccount/ID",
    "bic": "PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID",
}
ADDRESSES_UBL = {"seller": f"{_SELLER}/PostalAddress", "buyer": f"{_BUYER}/PostalAddress"}
ADDRESS_UBL = {
    "street": "StreetName",
    "more": "AdditionalStreetName",
    "postal_code": "PostalZone",
    "city": "CityName",
    "state": "CountrySubentity",
    "country": "Country/IdentificationCode",
}
TAX_IDS_UBL = {"seller": f"{_SELLER}/PartyTaxScheme/CompanyID", "buyer": f"{_BUYER}/PartyTaxScheme/CompanyID"}
TAXES_UBL = (
    "TaxTotal/TaxSubtotal",
    {"rate": "TaxCategory/Percent", "net": "TaxableAmount", "tax": "TaxAmount"},
)
LINES_UBL = (
    "InvoiceLine|CreditNoteLine",
    {
        "description": "Item/Name",
        "more": "Item/Description",
        "status": "LineStatusReasonCode",
        "quantity": "InvoicedQuantity|CreditedQuantity",
        "unit_price": "Price/PriceAmount",
        "basis": "Price/BaseQuantity",
        "allowances": "AllowanceCharge",
        "tax_rate": "Item/ClassifiedTaxCategory/Percent",
        "net": "LineExtensionAmount",
    },
)

CII = Syntax(
    TEXTS_CII, {}, DATES_CII, f"{_SETTLEMENT}/SpecifiedTradePaymentTerms", "DueDateDateTime/DateTimeString", "",
    AMOUNTS_CII, CODES_CII, ADDRESSES_CII, ADDRESS_CII, TAX_IDS_CII, TAXES_CII, LINES_CII,
    f"{_SETTLEMENT}/SpecifiedTradeAllowanceCharge", f"{_SETTLEMENT}/SpecifiedLogisticsServiceCharge/AppliedAmount",
)  # fmt: skip
UBL = Syntax(
    TEXTS_UBL, LEGAL_NAMES_UBL, DATES_UBL, "PaymentMeans", "PaymentDueDate", "DueDate", AMOUNTS_UBL, CODES_UBL,
    ADDRESSES_UBL, ADDRESS_UBL, TAX_IDS_UBL, TAXES_UBL, LINES_UBL, "AllowanceCharge", "",
)  # fmt: skip
SYNTAX_OF = {"CrossIndustryDocument": CII, "CrossIndustryInvoice": CII, "Invoice": UBL, "CreditNote": UBL}
# Names that the standards give to the file in a PDF.
STANDARD_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
