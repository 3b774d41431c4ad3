/* CII, ZUGFeRD 1 and Order-X differ in the names of a dozen elements: with
 * those shortened to one name, they share one table. */
#include "einvoice/paths.h"
#include <string.h>
#include "base/str.h"

#define ALLOWANCE_OR_CHARGE BT_92 /* parse.c shifts it for a charge */

static const struct {
    const char *name, *alias;
} aliases[] = {
    {"ExchangedDocumentContext", "Context"},
    {"SpecifiedExchangedDocumentContext", "Context"},
    {"GuidelineSpecifiedDocumentContextParameter", "Guideline"},
    {"ExchangedDocument", "Document"},
    {"HeaderExchangedDocument", "Document"},
    {"SupplyChainTradeTransaction", "Trade"},
    {"SpecifiedSupplyChainTradeTransaction", "Trade"},
    {"ApplicableHeaderTradeAgreement", "Agreement"},
    {"ApplicableSupplyChainTradeAgreement", "Agreement"},
    {"SpecifiedLineTradeAgreement", "Agreement"},
    {"SpecifiedSupplyChainTradeAgreement", "Agreement"},
    {"ApplicableHeaderTradeDelivery", "Delivery"},
    {"ApplicableSupplyChainTradeDelivery", "Delivery"},
    {"SpecifiedLineTradeDelivery", "Delivery"},
    {"SpecifiedSupplyChainTradeDelivery", "Delivery"},
    {"ApplicableHeaderTradeSettlement", "Settlement"},
    {"ApplicableSupplyChainTradeSettlement", "Settlement"},
    {"SpecifiedLineTradeSettlement", "Settlement"},
    {"SpecifiedSupplyChainTradeSettlement", "Settlement"},
    {"SpecifiedTradeSettlementHeaderMonetarySummation", "Sum"},
    {"SpecifiedTradeSettlementMonetarySummation", "Sum"},
    {"SpecifiedTradeSettlementLineMonetarySummation", "Sum"},
    {"IncludedSupplyChainTradeLineItem", "Line"},
    {"ApplicableTradeTax", "Tax"},
    {"CategoryTradeTax", "Tax"},
    {"ApplicablePercent", "Rate"},
    {"RateApplicablePercent", "Rate"},
    {"SellerTradeParty", "Seller"},
    {"BuyerTradeParty", "Buyer"},
    {"PostalTradeAddress", "Address"},
    {"SpecifiedTaxRegistration", "TaxId"},
    {"SpecifiedLegalOrganization", "Legal"},
    {"NetPriceProductTradePrice", "Price"},
    {"RequestedQuantity", "BilledQuantity"},
    {"SpecifiedTradeAllowanceCharge", "Charge"},
    {"SpecifiedLogisticsServiceCharge", "Logistics"},
    {"BillingSpecifiedPeriod", "Period"},
    {"SpecifiedTradePaymentTerms", "Terms"},
    {"SpecifiedTradeSettlementPaymentMeans", "Means"},
};

static const struct paths_row cii[] = {
    {"Context/Guideline/ID", BT_24, PATHS_PLAIN, 0},
    {"Document/ID", BT_1, PATHS_PLAIN, 0},
    {"Document/TypeCode", BT_3, PATHS_PLAIN, 0},
    {"Document/IssueDateTime/DateTimeString", BT_2, PATHS_PLAIN, 0},
    {"Trade/Agreement/BuyerReference", BT_10, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/ID", BT_29, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/GlobalID", BT_29, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Name", BT_27, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Legal/ID", BT_30, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Address/LineOne", BT_35, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Address/CityName", BT_37, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Address/PostcodeCode", BT_38, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/Address/CountryID", BT_40, PATHS_PLAIN, 0},
    {"Trade/Agreement/Seller/TaxId/ID", BT_31, PATHS_VAT_ID, 0},
    {"Trade/Agreement/Buyer/Name", BT_44, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/Legal/ID", BT_47, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/Address/LineOne", BT_50, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/Address/CityName", BT_52, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/Address/PostcodeCode", BT_53, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/Address/CountryID", BT_55, PATHS_PLAIN, 0},
    {"Trade/Agreement/Buyer/TaxId/ID", BT_48, PATHS_VAT_ID, 0},
    {"Trade/Agreement/BuyerOrderReferencedDocument/IssuerAssignedID", BT_13,
     PATHS_PLAIN, 0},
    {"Trade/Agreement/ContractReferencedDocument/IssuerAssignedID", BT_12,
     PATHS_PLAIN, 0},
    {"Trade/Delivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/"
     "DateTimeString",
     BT_72, PATHS_PLAIN, 0},
    {"Trade/Settlement/PaymentReference", BT_83, PATHS_PLAIN, 0},
    {"Trade/Settlement/TaxCurrencyCode", BT_6, PATHS_PLAIN, 0},
    {"Trade/Settlement/InvoiceCurrencyCode", BT_5, PATHS_PLAIN, 0},
    {"Trade/Settlement/OrderCurrencyCode", BT_5, PATHS_PLAIN, 0},
    {"Trade/Settlement/Means/TypeCode", BT_81, PATHS_PLAIN, 0},
    {"Trade/Settlement/Means/PayeePartyCreditorFinancialAccount/IBANID", BT_84,
     PATHS_PLAIN, 0},
    {"Trade/Settlement/Tax/CalculatedAmount", BT_117, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Tax/ExemptionReason", BT_120, PATHS_PLAIN, 0},
    {"Trade/Settlement/Tax/ExemptionReasonCode", BT_121, PATHS_PLAIN, 0},
    {"Trade/Settlement/Tax/BasisAmount", BT_116, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Tax/CategoryCode", BT_118, PATHS_PLAIN, 0},
    {"Trade/Settlement/Tax/Rate", BT_119, PATHS_PLAIN, 0},
    {"Trade/Settlement/Period/StartDateTime/DateTimeString", BT_73, PATHS_PLAIN,
     0},
    {"Trade/Settlement/Period/EndDateTime/DateTimeString", BT_74, PATHS_PLAIN,
     0},
    {"Trade/Settlement/Charge/ActualAmount", ALLOWANCE_OR_CHARGE, PATHS_PLAIN,
     0},
    {"Trade/Settlement/Charge/Reason", BT_97, PATHS_PLAIN, 0},
    {"Trade/Settlement/Charge/ReasonCode", BT_98, PATHS_PLAIN, 0},
    {"Trade/Settlement/Charge/Tax/CategoryCode", BT_95, PATHS_PLAIN, 0},
    {"Trade/Settlement/Charge/Tax/Rate", BT_96, PATHS_PLAIN, 0},
    {"Trade/Settlement/Logistics/Description", BT_104, PATHS_PLAIN, 0},
    {"Trade/Settlement/Logistics/AppliedAmount", BT_99, PATHS_PLAIN, 0},
    {"Trade/Settlement/Logistics/AppliedTradeTax/CategoryCode", BT_102,
     PATHS_PLAIN, 0},
    {"Trade/Settlement/Logistics/AppliedTradeTax/Rate", BT_103, PATHS_PLAIN, 0},
    {"Trade/Settlement/Terms/Description", BT_20, PATHS_PLAIN, 0},
    {"Trade/Settlement/Terms/DueDateDateTime/DateTimeString", BT_9, PATHS_PLAIN,
     0},
    {"Trade/Settlement/Sum/LineTotalAmount", BT_106, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/ChargeTotalAmount", BT_108, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/AllowanceTotalAmount", BT_107, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/TaxBasisTotalAmount", BT_109, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/TaxTotalAmount", BT_110, PATHS_TOTAL_VAT, 0},
    {"Trade/Settlement/Sum/RoundingAmount", BT_114, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/GrandTotalAmount", BT_112, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/TotalPrepaidAmount", BT_113, PATHS_CURRENCY, 0},
    {"Trade/Settlement/Sum/DuePayableAmount", BT_115, PATHS_CURRENCY, 0},
    {"Trade/Line/AssociatedDocumentLineDocument/LineID", BT_126, PATHS_PLAIN,
     0},
    {"Trade/Line/SpecifiedTradeProduct/Name", BT_153, PATHS_PLAIN, 0},
    {"Trade/Line/Agreement/Price/ChargeAmount", BT_146, PATHS_PLAIN, 0},
    {"Trade/Line/Agreement/Price/BasisQuantity", BT_149, PATHS_PLAIN,
     BT_150 + 1},
    {"Trade/Line/Delivery/BilledQuantity", BT_129, PATHS_PLAIN, BT_130 + 1},
    {"Trade/Line/Settlement/Tax/CategoryCode", BT_151, PATHS_PLAIN, 0},
    {"Trade/Line/Settlement/Tax/Rate", BT_152, PATHS_PLAIN, 0},
    {"Trade/Line/Settlement/Period/StartDateTime/DateTimeString", BT_134,
     PATHS_PLAIN, 0},
    {"Trade/Line/Settlement/Period/EndDateTime/DateTimeString", BT_135,
     PATHS_PLAIN, 0},
    {"Trade/Line/Settlement/Sum/LineTotalAmount", BT_131, PATHS_PLAIN, 0},
    {NULL, BT_1, PATHS_PLAIN, 0},
};

static const struct paths_group cii_groups[] = {
    {"Trade/Settlement/Tax", PATHS_VAT},
    {"Trade/Settlement/Charge", PATHS_BOTH},
    {"Trade/Settlement/Logistics", PATHS_CHARGE},
    {"Trade/Line", PATHS_LINE},
    {NULL, PATHS_LINE},
};

#define SELLER "AccountingSupplierParty/Party/"
#define BUYER  "AccountingCustomerParty/Party/"

/* Invoice and CreditNote: what the one has not, the other does not meet. */
#define UBL_LINE(line)                                                        \
    {line "/ID", BT_126, PATHS_PLAIN, 0},                                     \
        {line "/InvoicedQuantity", BT_129, PATHS_PLAIN, BT_130 + 1},          \
        {line "/CreditedQuantity", BT_129, PATHS_PLAIN, BT_130 + 1},          \
        {line "/LineExtensionAmount", BT_131, PATHS_PLAIN, 0},                \
        {line "/InvoicePeriod/StartDate", BT_134, PATHS_PLAIN, 0},            \
        {line "/InvoicePeriod/EndDate", BT_135, PATHS_PLAIN, 0},              \
        {line "/Item/Name", BT_153, PATHS_PLAIN, 0},                          \
        {line "/Item/ClassifiedTaxCategory/ID", BT_151, PATHS_PLAIN, 0},      \
        {line "/Item/ClassifiedTaxCategory/Percent", BT_152, PATHS_PLAIN, 0}, \
        {line "/Price/PriceAmount", BT_146, PATHS_PLAIN, 0},                  \
    {                                                                         \
        line "/Price/BaseQuantity", BT_149, PATHS_PLAIN, BT_150 + 1           \
    }

static const struct paths_row ubl[] = {
    {"CustomizationID", BT_24, PATHS_PLAIN, 0},
    {"ID", BT_1, PATHS_PLAIN, 0},
    {"IssueDate", BT_2, PATHS_PLAIN, 0},
    {"DueDate", BT_9, PATHS_PLAIN, 0},
    {"InvoiceTypeCode", BT_3, PATHS_PLAIN, 0},
    {"CreditNoteTypeCode", BT_3, PATHS_PLAIN, 0},
    {"DocumentCurrencyCode", BT_5, PATHS_PLAIN, 0},
    {"TaxCurrencyCode", BT_6, PATHS_PLAIN, 0},
    {"BuyerReference", BT_10, PATHS_PLAIN, 0},
    {"InvoicePeriod/StartDate", BT_73, PATHS_PLAIN, 0},
    {"InvoicePeriod/EndDate", BT_74, PATHS_PLAIN, 0},
    {"OrderReference/ID", BT_13, PATHS_PLAIN, 0},
    {"ContractDocumentReference/ID", BT_12, PATHS_PLAIN, 0},
    {SELLER "PartyIdentification/ID", BT_29, PATHS_PLAIN, 0},
    {SELLER "PostalAddress/StreetName", BT_35, PATHS_PLAIN, 0},
    {SELLER "PostalAddress/CityName", BT_37, PATHS_PLAIN, 0},
    {SELLER "PostalAddress/PostalZone", BT_38, PATHS_PLAIN, 0},
    {SELLER "PostalAddress/Country/IdentificationCode", BT_40, PATHS_PLAIN, 0},
    {SELLER "PartyTaxScheme/CompanyID", BT_31, PATHS_VAT_ID, 0},
    {SELLER "PartyLegalEntity/RegistrationName", BT_27, PATHS_PLAIN, 0},
    {SELLER "PartyLegalEntity/CompanyID", BT_30, PATHS_PLAIN, 0},
    {BUYER "PostalAddress/StreetName", BT_50, PATHS_PLAIN, 0},
    {BUYER "PostalAddress/CityName", BT_52, PATHS_PLAIN, 0},
    {BUYER "PostalAddress/PostalZone", BT_53, PATHS_PLAIN, 0},
    {BUYER "PostalAddress/Country/IdentificationCode", BT_55, PATHS_PLAIN, 0},
    {BUYER "PartyTaxScheme/CompanyID", BT_48, PATHS_VAT_ID, 0},
    {BUYER "PartyLegalEntity/RegistrationName", BT_44, PATHS_PLAIN, 0},
    {BUYER "PartyLegalEntity/CompanyID", BT_47, PATHS_PLAIN, 0},
    {"Delivery/ActualDeliveryDate", BT_72, PATHS_PLAIN, 0},
    {"PaymentMeans/PaymentMeansCode", BT_81, PATHS_PLAIN, 0},
    {"PaymentMeans/PaymentDueDate", BT_9, PATHS_PLAIN, 0},
    {"PaymentMeans/PaymentID", BT_83, PATHS_PLAIN, 0},
    {"PaymentMeans/PayeeFinancialAccount/ID", BT_84, PATHS_PLAIN, 0},
    {"PaymentTerms/Note", BT_20, PATHS_PLAIN, 0},
    {"AllowanceCharge/AllowanceChargeReasonCode", BT_98, PATHS_PLAIN, 0},
    {"AllowanceCharge/AllowanceChargeReason", BT_97, PATHS_PLAIN, 0},
    {"AllowanceCharge/Amount", ALLOWANCE_OR_CHARGE, PATHS_PLAIN, 0},
    {"AllowanceCharge/TaxCategory/ID", BT_95, PATHS_PLAIN, 0},
    {"AllowanceCharge/TaxCategory/Percent", BT_96, PATHS_PLAIN, 0},
    {"TaxTotal/TaxAmount", BT_110, PATHS_TOTAL_VAT, 0},
    {"TaxTotal/TaxSubtotal/TaxableAmount", BT_116, PATHS_CURRENCY, 0},
    {"TaxTotal/TaxSubtotal/TaxAmount", BT_117, PATHS_CURRENCY, 0},
    {"TaxTotal/TaxSubtotal/TaxCategory/ID", BT_118, PATHS_PLAIN, 0},
    {"TaxTotal/TaxSubtotal/TaxCategory/Percent", BT_119, PATHS_PLAIN, 0},
    {"TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode", BT_121,
     PATHS_PLAIN, 0},
    {"TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason", BT_120, PATHS_PLAIN,
     0},
    {"LegalMonetaryTotal/LineExtensionAmount", BT_106, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/TaxExclusiveAmount", BT_109, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/TaxInclusiveAmount", BT_112, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/AllowanceTotalAmount", BT_107, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/ChargeTotalAmount", BT_108, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/PrepaidAmount", BT_113, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/PayableRoundingAmount", BT_114, PATHS_CURRENCY, 0},
    {"LegalMonetaryTotal/PayableAmount", BT_115, PATHS_CURRENCY, 0},
    UBL_LINE("InvoiceLine"),
    UBL_LINE("CreditNoteLine"),
    {NULL, BT_1, PATHS_PLAIN, 0},
};

static const struct paths_group ubl_groups[] = {
    {"TaxTotal/TaxSubtotal", PATHS_VAT},
    {"AllowanceCharge", PATHS_BOTH},
    {"InvoiceLine", PATHS_LINE},
    {"CreditNoteLine", PATHS_LINE},
    {NULL, PATHS_LINE},
};

static const struct paths syntaxes[] = {
    {EINVOICE_CII, "CrossIndustryInvoice",
     "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:", cii,
     cii_groups, true},
    {EINVOICE_ZUGFERD1, "CrossIndustryDocument",
     "urn:ferd:CrossIndustryDocument:invoice:", cii, cii_groups, true},
    {EINVOICE_ORDER, "SCRDMCCBDACIOMessageStructure",
     "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:", cii,
     cii_groups, true},
    {EINVOICE_UBL, "Invoice",
     "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", ubl, ubl_groups,
     false},
    {EINVOICE_UBL_CREDIT, "CreditNote",
     "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", ubl,
     ubl_groups, false},
};

const struct paths *paths_find(const char *space, const char *local)
{
    for (size_t i = 0; i < ARRAY_LEN(syntaxes); i++)
        if (str_eq(local, syntaxes[i].root) &&
            str_starts(space, syntaxes[i].space))
            return &syntaxes[i];
    return NULL;
}

const char *paths_alias(const char *local)
{
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcmp(aliases[i].name, local) == 0)
            return aliases[i].alias;
    return local;
}

const struct paths_row *paths_row(const struct paths *p, const char *path)
{
    for (const struct paths_row *r = p->rows; r->path; r++)
        if (strcmp(r->path, path) == 0)
            return r;
    return NULL;
}

const struct paths_group *paths_group(const struct paths *p, const char *path)
{
    for (const struct paths_group *g = p->groups; g->path; g++)
        if (strcmp(g->path, path) == 0)
            return g;
    return NULL;
}
