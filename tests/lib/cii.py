"""CII D16B as the standard orders it: what any file of ours must be. The
order of elements and what must be there are facts of UN/CEFACT's schema and of
EN 16931; a schema on this machine is asked as well (see xsd)."""
import os
import subprocess
import xml.etree.ElementTree as tree
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

BASE = "urn:un:unece:uncefact:data:standard:"
RSM = BASE + "CrossIndustryInvoice:100"
RAM = BASE + "ReusableAggregateBusinessInformationEntity:100"
UDT = BASE + "UnqualifiedDataType:100"

# Children in their order; ! must be there.
ADDRESS = "PostcodeCode LineOne CityName CountryID!"
PARTY = ("ID Name! SpecifiedLegalOrganization PostalTradeAddress! "
         "SpecifiedTaxRegistration")
PERIOD = "StartDateTime EndDateTime"
ORDER = {
    "CrossIndustryInvoice": "ExchangedDocumentContext! ExchangedDocument! "
                            "SupplyChainTradeTransaction!",
    "ExchangedDocumentContext": "GuidelineSpecifiedDocumentContextParameter!",
    "ExchangedDocument": "ID! TypeCode! IssueDateTime!",
    "SupplyChainTradeTransaction":
        "IncludedSupplyChainTradeLineItem! ApplicableHeaderTradeAgreement! "
        "ApplicableHeaderTradeDelivery! ApplicableHeaderTradeSettlement!",
    "IncludedSupplyChainTradeLineItem":
        "AssociatedDocumentLineDocument! SpecifiedTradeProduct! "
        "SpecifiedLineTradeAgreement! SpecifiedLineTradeDelivery! "
        "SpecifiedLineTradeSettlement!",
    "AssociatedDocumentLineDocument": "LineID!",
    "SpecifiedTradeProduct": "Name!",
    "SpecifiedLineTradeAgreement": "NetPriceProductTradePrice!",
    "NetPriceProductTradePrice": "ChargeAmount! BasisQuantity",
    "SpecifiedLineTradeDelivery": "BilledQuantity!",
    "SpecifiedLineTradeSettlement":
        "ApplicableTradeTax! BillingSpecifiedPeriod "
        "SpecifiedTradeSettlementLineMonetarySummation!",
    "SpecifiedTradeSettlementLineMonetarySummation": "LineTotalAmount!",
    "ApplicableHeaderTradeAgreement":
        "BuyerReference SellerTradeParty! BuyerTradeParty! "
        "BuyerOrderReferencedDocument ContractReferencedDocument",
    "SellerTradeParty": PARTY, "BuyerTradeParty": PARTY,
    "PostalTradeAddress": ADDRESS,
    "SpecifiedLegalOrganization": "ID!", "SpecifiedTaxRegistration": "ID!",
    "ApplicableHeaderTradeDelivery": "ActualDeliverySupplyChainEvent",
    "ApplicableHeaderTradeSettlement":
        "PaymentReference TaxCurrencyCode InvoiceCurrencyCode! "
        "SpecifiedTradeSettlementPaymentMeans ApplicableTradeTax! "
        "BillingSpecifiedPeriod SpecifiedTradeAllowanceCharge "
        "SpecifiedTradePaymentTerms "
        "SpecifiedTradeSettlementHeaderMonetarySummation!",
    "ApplicableTradeTax": "CalculatedAmount TypeCode! ExemptionReason "
                          "BasisAmount CategoryCode! ExemptionReasonCode "
                          "RateApplicablePercent",
    "BillingSpecifiedPeriod": PERIOD,
    "SpecifiedTradePaymentTerms": "Description DueDateDateTime",
    "SpecifiedTradeSettlementHeaderMonetarySummation":
        "LineTotalAmount! ChargeTotalAmount AllowanceTotalAmount "
        "TaxBasisTotalAmount! TaxTotalAmount RoundingAmount "
        "GrandTotalAmount! TotalPrepaidAmount DuePayableAmount!",
}
MANY = {"IncludedSupplyChainTradeLineItem", "ApplicableTradeTax",
        "SpecifiedTradeAllowanceCharge", "TaxTotalAmount",
        "SpecifiedTaxRegistration"}


def split(tag):
    space, _, name = tag[1:].partition("}")
    return space, name


def _order(element, name, out):
    rows = ORDER[name].split()
    names = [r.rstrip("!") for r in rows]
    got = [split(c.tag)[1] for c in element]
    for child in set(got):
        if child not in names:
            out.append(f"{name} holds {child}")
        elif got.count(child) > 1 and child not in MANY:
            out.append(f"{name} holds {child} more than once")
    at = [names.index(g) for g in got if g in names]
    if at != sorted(at):
        out.append(f"{name}: out of order: {got}")
    out += [f"{name} lacks {r[:-1]}" for r in rows
            if r.endswith("!") and r[:-1] not in got]


def _leaf(element, name, out):
    text = (element.text or "").strip()
    if not text:
        out.append(f"{name} is empty")
    if name == "DateTimeString" and (element.get("format") != "102" or
                                     len(text) != 8 or not text.isdigit()):
        out.append(f"a date is {text}, format {element.get('format')}")
    if name == "BilledQuantity" and not element.get("unitCode"):
        out.append("a quantity without unit")


def structure(element, out=None):
    """What contradicts the order, as texts."""
    out = [] if out is None else out
    space, name = split(element.tag)
    if name in ORDER:
        _order(element, name, out)
    elif len(element) == 0:
        _leaf(element, name, out)
    for child in element:
        wanted = (UDT if split(child.tag)[1] == "DateTimeString" else
                  RSM if name == "CrossIndustryInvoice" else RAM)
        if split(child.tag)[0] != wanted:
            out.append(f"{split(child.tag)[1]} is in {split(child.tag)[0]}")
        structure(child, out)
    return out


def _all(root, path):
    at = "/".join(f"{{{RAM}}}{step}" for step in path.split("/"))
    return root.findall(f".//{at}")


def _amount(root, name):
    at = "SpecifiedTradeSettlementHeaderMonetarySummation/" + name
    found = _all(root, at)
    return Decimal(found[0].text) if found else Decimal(0)


def arithmetic(root):
    """The rules BR-CO-10 to 17 that it breaks."""
    lines = sum(Decimal(e.text) for e in _all(
        root, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"))
    taxes = _all(root, "ApplicableHeaderTradeSettlement/ApplicableTradeTax")
    vat = [[Decimal(t.find(f"{{{RAM}}}{n}").text) for n in
            ("BasisAmount", "RateApplicablePercent", "CalculatedAmount")]
           for t in taxes]
    net, tax = _amount(root, "TaxBasisTotalAmount"), _amount(root, "TaxTotalAmount")
    gross = _amount(root, "GrandTotalAmount")
    kept = {
        "BR-CO-10": _amount(root, "LineTotalAmount") == lines,
        "BR-CO-13": net == lines,
        "BR-CO-14": tax == sum(v[2] for v in vat),
        "BR-CO-15": gross == net + tax,
        "BR-CO-16": _amount(root, "DuePayableAmount") ==
        gross - _amount(root, "TotalPrepaidAmount") + _amount(root, "RoundingAmount"),
        "BR-CO-17": all(abs((b * r / 100).quantize(
            Decimal("0.01"), ROUND_HALF_UP) - t) <= Decimal("0.01") for b, r, t in vat)}
    return [rule for rule, holds in kept.items() if not holds]


def problems(data):
    """Everything that keeps the bytes from being a valid invoice."""
    try:
        root = tree.fromstring(data)
    except tree.ParseError as e:
        return [f"not well-formed: {e}"]
    if root.tag != f"{{{RSM}}}CrossIndustryInvoice":
        return [f"the root is {root.tag}"]
    out = structure(root)
    guide = _all(root, "GuidelineSpecifiedDocumentContextParameter/ID")
    if [g.text for g in guide] != ["urn:cen.eu:en16931:2017"]:
        out.append("another guideline")
    return out or arithmetic(root)


def xsd():
    """UN/CEFACT's schema where it is: COMPTOIR_CII_XSD, or Debian's package
    tryton-modules-edocument-uncefact, whose tests hold it. None without."""
    at = ("/usr/lib/python3/dist-packages/trytond/modules/edocument_uncefact/"
          "tests/16B-CII/data/standard/CrossIndustryInvoice_100pD16B.xsd")
    file = Path(os.environ.get("COMPTOIR_CII_XSD", at))
    return file if file.is_file() else None


def schema_problems(data, file):
    done = subprocess.run(["xmllint", "--noout", "--schema", file, "-"],
                          input=data, capture_output=True)
    return "" if done.returncode == 0 else done.stderr.decode()
