"""What an e-invoice states is taken in both syntaxes, validated, and never trusted blindly."""

from datetime import date
from decimal import Decimal

import pytest

from paydraft.extraction.einvoice import einvoice_candidates
from paydraft.extraction.extract import extract
from paydraft.model.invoice import DocumentType, TaxLine
from paydraft.model.media import MediaType
from paydraft.model.page import Attachment, Reading, Source
from tests.typeset import read

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:r" xmlns:ram="urn:a" xmlns:udt="urn:u">
 <rsm:ExchangedDocument><ram:ID>471102</ram:ID><ram:TypeCode>{type}</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260305</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:SpecifiedTradeProduct><ram:Name>Trennblätter A4</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>5.00</ram:ChargeAmount>
    </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="H87">20</ram:BilledQuantity>
    </ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Lieferant GmbH</ram:Name>
    <ram:PostalTradeAddress><ram:PostcodeCode>80333</ram:PostcodeCode><ram:LineOne>Lieferantenstraße 20</ram:LineOne>
     <ram:CityName>München</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration>
   </ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Kunden AG
     Mitte</ram:Name></ram:BuyerTradeParty>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement>
   <ram:PaymentReference>RF18539007547034</ram:PaymentReference>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>{means}</ram:TypeCode>
    <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
    <ram:PayeeSpecifiedCreditorFinancialInstitution><ram:BICID>COBADEFFXXX</ram:BICID></ram:PayeeSpecifiedCreditorFinancialInstitution>
   </ram:SpecifiedTradeSettlementPaymentMeans>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>19.00</ram:CalculatedAmount><ram:BasisAmount>100.00</ram:BasisAmount>
    <ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260404</udt:DateTimeString>
    </ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{total}</ram:DuePayableAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""
IBAN = "DE89370400440532013000"

UBL = """<?xml version="1.0"?>
<Invoice xmlns="urn:i" xmlns:cac="urn:cac" xmlns:cbc="urn:cbc">
 <cbc:ID>INV-8</cbc:ID><cbc:IssueDate>2026-03-20</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Trade name</cbc:Name></cac:PartyName>
  <cac:PostalAddress><cbc:StreetName>Weena 664</cbc:StreetName><cbc:CityName>Rotterdam</cbc:CityName>
   <cbc:PostalZone>3012 CN</cbc:PostalZone>
   <cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>NL810433941B01</cbc:CompanyID></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Legal name B.V.</cbc:RegistrationName></cac:PartyLegalEntity>
  <cac:Contact><cbc:ElectronicMail>office@seller.example</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingSupplierParty>
 <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-04-04</cbc:PaymentDueDate><cbc:PaymentID>4711</cbc:PaymentID>
  <cac:PayeeFinancialAccount><cbc:ID>NL91ABNA0417164300</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount>100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount>121.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount>121.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>"""


def cii(*, type="380", means="58", iban=IBAN, total="119.00") -> str:  # noqa: A002
    return CII.format(type=type, means=means, iban=iban, total=total)


def test_a_cii_invoice_gives_its_business_terms():
    invoice = read("", xml=cii())
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("471102", date(2026, 3, 5), date(2026, 4, 4))
    assert (invoice.iban, invoice.bic, invoice.currency) == (IBAN, "COBADEFFXXX", "EUR")
    assert (invoice.subtotal, invoice.tax, invoice.total) == (Decimal("100.00"), Decimal("19.00"), Decimal("119.00"))
    assert (invoice.reference, invoice.reference_kind) == ("RF18539007547034", "rf")
    assert (invoice.seller.name, invoice.buyer.name) == ("Lieferant GmbH", "Kunden AG Mitte")
    assert (invoice.seller.vat_number, invoice.seller.tax_number) == ("DE123456789", "201/113/40209")
    assert invoice.seller.address.city == "München"
    assert invoice.taxes == (TaxLine(rate=Decimal("19.00"), net=Decimal("100.00"), tax=Decimal("19.00")),)
    (line,) = invoice.line_items
    assert (line.description, line.quantity, line.unit_price, line.net) == ("Trennblätter A4", 20, 5, 100)
    assert {proof.source for proof in invoice.evidence.values()} == {Source.XML}


def test_the_older_names_of_zugferd_1_are_the_same_terms():
    older = (
        cii()
        .replace("CrossIndustryInvoice", "CrossIndustryDocument")
        .replace("ExchangedDocument", "HeaderExchangedDocument")
    )
    older = older.replace("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    older = older.replace("ApplicableHeaderTrade", "ApplicableSupplyChainTrade")
    older = older.replace(
        "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"
    )
    assert read("", xml=older).total == Decimal("119.00")
    assert read("", xml=older).iban == IBAN


def test_a_ubl_invoice_gives_its_business_terms():
    invoice = extract(Reading(MediaType.XML, (), attachments=(Attachment("xrechnung.xml", UBL.encode()),)))
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("INV-8", date(2026, 3, 20), date(2026, 4, 4))
    assert (invoice.iban, invoice.total, invoice.tax) == ("NL91ABNA0417164300", Decimal("121.00"), Decimal("21.00"))
    assert (invoice.seller.name, invoice.seller.vat_number) == ("Legal name B.V.", "NL810433941B01")
    assert (invoice.seller.email, invoice.seller.address.postal_code) == ("office@seller.example", "3012 CN")
    assert invoice.document_type is DocumentType.INVOICE


@pytest.mark.parametrize(
    ("type_code", "means", "kind"),
    [
        ("380", "58", DocumentType.INVOICE),
        ("381", "58", DocumentType.CREDIT_NOTE),
        ("380", "59", DocumentType.DIRECT_DEBIT),
    ],
)
def test_codes_tell_the_type(type_code: str, means: str, kind: DocumentType):
    assert read("", xml=cii(type=type_code, means=means)).document_type is kind


def test_an_account_that_fails_its_check_is_not_given():
    assert read("", xml=cii(iban="DE88370400440532013000")).iban is None


def test_sums_that_do_not_hold_are_less_certain_than_the_page():
    page = "Nettobetrag    58,00\nMwSt 19%    11,02\nBruttosumme    69,02 EUR"
    invoice = read(page, xml=cii(total="69.02"))
    assert (invoice.subtotal, invoice.tax) == (Decimal("58.00"), Decimal("11.02"))


def test_where_the_page_contradicts_the_total_its_parts_are_open_too():
    invoice = read("Nettobetrag    58,00\nMwSt 19%    11,02\nBruttosumme    69,02 EUR", xml=cii())
    assert (invoice.total, invoice.subtotal, invoice.tax) == (None, None, None)


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><Invoice>&a;</Invoice>",
        b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'><Invoice/>",
        b"<Invoice><ID>broken",
        b"<?xml version='1.0' encoding='no-such'?><Invoice/>",
        b"<a>" * 100_000,
        b"<Invoice>" + b" " * 5_000_001 + b"</Invoice>",
    ],
)
def test_a_damaged_or_hostile_file_is_a_finding_and_nothing_else(data: bytes):
    candidates, findings = einvoice_candidates((Attachment("factur-x.xml", data),))
    assert candidates == []
    assert [finding.code for finding in findings] == ["einvoice_unreadable"]


def test_other_attachments_are_ignored():
    assert einvoice_candidates(
        (Attachment("a.xml", b"<html/>"), Attachment("b.csv", b"1;2"), Attachment("c", b""))
    ) == ([], [])


@pytest.mark.parametrize("total", ["1E+999999", "NaN", "12,50", "Infinity", "9" * 40])
def test_what_is_no_plain_decimal_is_no_amount(total: str):
    assert read("", xml=cii(total=total)).total is None


def added(xml: str, before: str, more: str) -> str:
    """The document with `more` put before an element of it."""
    assert before in xml
    return xml.replace(before, more + before, 1)


SETTLEMENT_SUMS = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"


def test_charges_for_carriage_are_shipping_and_others_are_not():
    charge = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{}</udt:Indicator>"
        "</ram:ChargeIndicator><ram:ActualAmount>{}</ram:ActualAmount><ram:{}>{}</ram:{}>"
        "</ram:SpecifiedTradeAllowanceCharge>"
    )
    more = (
        charge.format("true", "5.80", "Reason", "Versandkosten", "Reason")
        + charge.format("true", "2.00", "ReasonCode", "FC", "ReasonCode")
        + charge.format("true", "9.00", "Reason", "Mindermenge", "Reason")
        + charge.format("false", "3.00", "Reason", "Versandrabatt", "Reason")
    )
    assert read("", xml=added(cii(), SETTLEMENT_SUMS, more)).shipping == Decimal("7.80")


def test_the_date_of_a_discount_is_not_the_due_date():
    discount = (
        "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString>20260315</udt:DateTimeString>"
        "</ram:DueDateDateTime><ram:ApplicableTradePaymentDiscountTerms/></ram:SpecifiedTradePaymentTerms>"
    )
    instalment = discount.replace("<ram:ApplicableTradePaymentDiscountTerms/>", "")
    assert read("", xml=added(cii(), SETTLEMENT_SUMS, discount)).due_date == date(2026, 4, 4)
    assert read("", xml=added(cii(), SETTLEMENT_SUMS, instalment)).due_date is None


def test_several_means_of_payment_keep_their_accounts():
    means = (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>59</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>"
        "<ram:IBANID>NL91ABNA0417164300</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>"
        "</ram:SpecifiedTradeSettlementPaymentMeans>"
    )
    invoice = read("", xml=added(cii(), "<ram:ApplicableTradeTax>", means))
    assert invoice.document_type is DocumentType.INVOICE, "it can be transferred, too"
    assert invoice.iban == IBAN
    assert [other.value for other in invoice.evidence["iban"].alternatives] == ["NL91ABNA0417164300"]
    assert [finding.code for finding in invoice.findings] == ["several_accounts"]


def test_a_payee_who_is_not_the_seller_is_a_finding():
    payee = "<ram:PayeeTradeParty><ram:Name>{}</ram:Name></ram:PayeeTradeParty>"
    other, same = payee.format("Alpha Factoring AG"), payee.format("LIEFERANT GmbH")
    codes = [[one.code for one in read("", xml=added(cii(), SETTLEMENT_SUMS, more)).findings] for more in (other, same)]
    assert codes == [["claim_assigned"], []]


def test_a_line_has_its_unit_its_discount_and_the_price_of_one():
    discount = (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>"
        "</ram:ChargeIndicator><ram:ActualAmount>1.50</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"
    )
    price = "<ram:ChargeAmount>9.90</ram:ChargeAmount><ram:BasisQuantity>100</ram:BasisQuantity>"
    xml = cii().replace("<ram:ChargeAmount>5.00</ram:ChargeAmount>", price)
    (item,) = read("", xml=added(xml, "<ram:SpecifiedTradeSettlementLineMonetarySummation>", discount)).line_items
    assert (item.unit, item.unit_price, item.discount, item.net) == ("pcs", Decimal("0.099"), Decimal("1.50"), 100)


def test_lines_that_only_group_others_are_no_items():
    group = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>GROUP"
        "</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument><ram:SpecifiedLineTradeSettlement>"
        "<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )
    assert len(read("", xml=added(cii(), "<ram:IncludedSupplyChainTradeLineItem>", group)).line_items) == 1


def test_of_taxes_in_two_currencies_the_invoices_own_counts():
    other = '<ram:TaxTotalAmount currencyID="PLN">81.70</ram:TaxTotalAmount>'
    xml = added(cii(), '<ram:TaxTotalAmount currencyID="EUR">', other)
    assert read("", xml=xml).tax == Decimal("19.00")


def test_an_invoice_in_an_envelope_and_a_ubl_credit_note_are_read():
    inner = UBL.split("?>", 1)[1].strip()
    note = inner.replace("<Invoice ", "<CreditNote ").replace("</Invoice>", "</CreditNote>")
    note = note.replace("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "")
    assert (
        read("", xml=f"<s:StandardBusinessDocument xmlns:s='urn:s'>{inner}</s:StandardBusinessDocument>").number
        == "INV-8"
    )
    assert read("", xml=note).document_type is DocumentType.CREDIT_NOTE


def test_an_account_in_another_form_is_no_broken_iban():
    xml = UBL.replace("NL91ABNA0417164300", "5050-1055")
    page = f"Bank details\nIBAN: {IBAN}"
    assert read(page, xml=xml).iban == IBAN
    assert [finding.code for finding in read(page, xml=xml).findings] == []


@pytest.mark.parametrize("order", ["NA", "N/A", "-"])
def test_no_order_is_no_order_number(order: str):
    xml = added(
        UBL, "<cac:AccountingSupplierParty>", f"<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>"
    )
    assert read("", xml=xml).purchase_order is None


def test_of_several_files_the_one_with_the_standards_name_is_read():
    other, ours = UBL.replace("INV-8", "INV-9"), UBL
    pair = (Attachment("copy.xml", other.encode()), Attachment("factur-x.xml", ours.encode()))
    candidates, findings = einvoice_candidates(pair)
    assert [one.value for one in candidates if one.field == "number"] == ["INV-8"]
    assert [finding.code for finding in findings] == ["several_invoices"]
    assert einvoice_candidates((pair[1], Attachment("again.xml", ours.encode())))[1] == []


def test_a_damaged_file_beside_a_sound_one_does_no_harm():
    pair = (Attachment("a.xml", b"<broken"), Attachment("b.xml", UBL.encode("utf-16")))
    candidates, findings = einvoice_candidates(pair)
    assert findings == []
    assert any(one.field == "total" for one in candidates)
