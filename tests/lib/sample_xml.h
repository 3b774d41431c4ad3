/* Small electronic invoices written for the tests: one sum in three syntaxes.
 * Two lines (100.00 and 50.00, VAT 20 %) of a fictional seller. */
#pragma once

#define XML_CII_SPACES                                                         \
    "xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:"    \
    "100\" xmlns:ram=\"urn:un:unece:uncefact:data:standard:"                   \
    "ReusableAggregateBusinessInformationEntity:100\" "                        \
    "xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:"     \
    "100\""
#define XML_CII_LINE(id, name, amount)                                         \
    "<ram:IncludedSupplyChainTradeLineItem>"                                   \
    "<ram:AssociatedDocumentLineDocument><ram:LineID>" id "</ram:LineID>"      \
    "</ram:AssociatedDocumentLineDocument>"                                    \
    "<ram:SpecifiedTradeProduct><ram:Name>" name "</ram:Name>"                 \
    "</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement>"            \
    "<ram:NetPriceProductTradePrice><ram:ChargeAmount>" amount                 \
    "</ram:ChargeAmount></ram:NetPriceProductTradePrice>"                      \
    "</ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"       \
    "<ram:BilledQuantity unitCode=\"C62\">1</ram:BilledQuantity>"              \
    "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>"      \
    "<ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>"                 \
    "<ram:CategoryCode>S</ram:CategoryCode>"                                   \
    "<ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>"             \
    "</ram:ApplicableTradeTax>"                                                \
    "<ram:SpecifiedTradeSettlementLineMonetarySummation>"                      \
    "<ram:LineTotalAmount>" amount "</ram:LineTotalAmount>"                    \
    "</ram:SpecifiedTradeSettlementLineMonetarySummation>"                     \
    "</ram:SpecifiedLineTradeSettlement>"                                      \
    "</ram:IncludedSupplyChainTradeLineItem>"

/* number, gross and the two amounts due can be changed by the test. */
#define XML_CII(number, gross, due)                                            \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsm:CrossIndustryInvoice "   \
    XML_CII_SPACES "><rsm:ExchangedDocumentContext>"                           \
    "<ram:GuidelineSpecifiedDocumentContextParameter>"                         \
    "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>"                                 \
    "</ram:GuidelineSpecifiedDocumentContextParameter>"                        \
    "</rsm:ExchangedDocumentContext><rsm:ExchangedDocument>"                   \
    "<ram:ID>" number "</ram:ID><ram:TypeCode>380</ram:TypeCode>"              \
    "<ram:IssueDateTime><udt:DateTimeString format=\"102\">20260115"           \
    "</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>"        \
    "<rsm:SupplyChainTradeTransaction>"                                        \
    XML_CII_LINE("1", "Abonnement", "100.00")                                  \
    XML_CII_LINE("2", "Services &amp; frais", "50.00")                         \
    "<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>"               \
    "<ram:Name>Lumio Exemple</ram:Name><ram:PostalTradeAddress>"               \
    "<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"               \
    "<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"FC\">12/34</ram:ID>"     \
    "</ram:SpecifiedTaxRegistration><ram:SpecifiedTaxRegistration>"            \
    "<ram:ID schemeID=\"VA\">FR32123456789</ram:ID>"                           \
    "</ram:SpecifiedTaxRegistration></ram:SellerTradeParty>"                   \
    "<ram:BuyerTradeParty><ram:Name>Camille Essai</ram:Name>"                  \
    "<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID>"                \
    "</ram:PostalTradeAddress></ram:BuyerTradeParty>"                          \
    "</ram:ApplicableHeaderTradeAgreement>"                                    \
    "<ram:ApplicableHeaderTradeDelivery/>"                                     \
    "<ram:ApplicableHeaderTradeSettlement>"                                    \
    "<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode>"                           \
    "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"                   \
    "<ram:ApplicableTradeTax><ram:CalculatedAmount>30.00"                      \
    "</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"                  \
    "<ram:BasisAmount>150.00</ram:BasisAmount>"                                \
    "<ram:CategoryCode>S</ram:CategoryCode>"                                   \
    "<ram:RateApplicablePercent>20</ram:RateApplicablePercent>"                \
    "</ram:ApplicableTradeTax><ram:SpecifiedTradePaymentTerms>"                \
    "<ram:DueDateDateTime><udt:DateTimeString format=\"102\">20260205"         \
    "</udt:DateTimeString></ram:DueDateDateTime>"                              \
    "</ram:SpecifiedTradePaymentTerms>"                                        \
    "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"                    \
    "<ram:LineTotalAmount>150.00</ram:LineTotalAmount>"                        \
    "<ram:TaxBasisTotalAmount>150.00</ram:TaxBasisTotalAmount>"                \
    "<ram:TaxTotalAmount currencyID=\"USD\">33.00</ram:TaxTotalAmount>"        \
    "<ram:TaxTotalAmount currencyID=\"EUR\">30.00</ram:TaxTotalAmount>"        \
    "<ram:GrandTotalAmount>" gross "</ram:GrandTotalAmount>"                   \
    "<ram:DuePayableAmount>" due "</ram:DuePayableAmount>"                     \
    "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"                   \
    "</ram:ApplicableHeaderTradeSettlement>"                                   \
    "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"

#define XML_UBL_SPACES(root)                                                   \
    "xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:" root "-2\" "       \
    "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:"                \
    "CommonAggregateComponents-2\" xmlns:cbc=\"urn:oasis:names:"               \
    "specification:ubl:schema:xsd:CommonBasicComponents-2\""
#define XML_UBL_CHARGE(is, amount)                                             \
    "<cac:AllowanceCharge><cbc:ChargeIndicator>" is "</cbc:ChargeIndicator>"   \
    "<cbc:AllowanceChargeReason>Motif</cbc:AllowanceChargeReason>"             \
    "<cbc:Amount currencyID=\"EUR\">" amount "</cbc:Amount>"                   \
    "</cac:AllowanceCharge>"
#define XML_UBL(root, type, line, quantity)                                    \
    "<" root " " XML_UBL_SPACES(root) "><cbc:CustomizationID>"                 \
    "urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>U-7</cbc:ID>"        \
    "<cbc:IssueDate>2026-01-15+01:00</cbc:IssueDate>"                          \
    "<cbc:DueDate>2026-02-05</cbc:DueDate>"                                    \
    "<cbc:" root "TypeCode>" type "</cbc:" root "TypeCode>"                    \
    "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"                 \
    "<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme>"             \
    "<cbc:CompanyID>FR32123456789</cbc:CompanyID></cac:PartyTaxScheme>"        \
    "<cac:PartyTaxScheme><cbc:CompanyID>1234</cbc:CompanyID>"                  \
    "</cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>"        \
    "Lumio Exemple</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"  \
    "</cac:AccountingSupplierParty>" XML_UBL_CHARGE("false", "20.00")          \
    XML_UBL_CHARGE("true", "5.00")                                             \
    "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">27.00</cbc:TaxAmount>"    \
    "<cac:TaxSubtotal><cbc:TaxableAmount currencyID=\"EUR\">135.00"            \
    "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">27.00"              \
    "</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>20"       \
    "</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"        \
    "<cac:LegalMonetaryTotal>"                                                 \
    "<cbc:LineExtensionAmount>150.00</cbc:LineExtensionAmount>"                \
    "<cbc:TaxExclusiveAmount>135.00</cbc:TaxExclusiveAmount>"                  \
    "<cbc:TaxInclusiveAmount>162.00</cbc:TaxInclusiveAmount>"                  \
    "<cbc:AllowanceTotalAmount>20.00</cbc:AllowanceTotalAmount>"               \
    "<cbc:ChargeTotalAmount>5.00</cbc:ChargeTotalAmount>"                      \
    "<cbc:PrepaidAmount>62.00</cbc:PrepaidAmount>"                             \
    "<cbc:PayableAmount>100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>"   \
    "<cac:" line "><cbc:ID>1</cbc:ID><cbc:" quantity " unitCode=\"KWH\">1000"  \
    "</cbc:" quantity "><cbc:LineExtensionAmount>150.00"                       \
    "</cbc:LineExtensionAmount><cac:Item><cbc:Name>Energie</cbc:Name>"         \
    "</cac:Item><cac:Price><cbc:PriceAmount>0.15</cbc:PriceAmount>"            \
    "</cac:Price></cac:" line "></" root ">"
