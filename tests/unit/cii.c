/* Terms -> CII XML -> the same terms; escaping, order, and elements that are
 * written only when something is in them. */
#include "einvoice/cii.h"
#include "base/str.h"
#include "einvoice/parse.h"
#include "sample_xml.h"
#include "tap.h"

static const struct parse_limits limits = {1 << 20, 24};

static struct einvoice *parsed(struct arena *a, const char *xml)
{
    return parse_xml(a, (struct bytes){(const uint8_t *)xml, strlen(xml)},
                     &limits);
}

static const char *written(struct arena *a, const struct einvoice *e)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    cii_write(&b, e);
    return buf_cstr(&b);
}

static void round_trip(struct arena *a, const char *xml, const char *what)
{
    const struct einvoice *e = parsed(a, xml);
    const struct einvoice *again = parsed(a, written(a, e));
    tap_ok(again && again->syntax == EINVOICE_CII && !again->malformed,
           "%s: well-formed", what);
    size_t lost = 0;
    for (uint32_t i = 0; again && i < e->n_values; i++) {
        const struct einvoice_value *v = &e->values[i];
        const bool kept = str_eq(
            v->text, einvoice_text(again, (enum einvoice_term)v->term, v->at));
        if (!kept)
            printf("# lost: %s\n",
                   einvoice_info((enum einvoice_term)v->term)->id);
        lost += !kept;
    }
    tap_is_int(lost, 0, "%s: every term comes back", what);
    tap_ok(again && again->n_values == e->n_values &&
               memcmp(again->n, e->n, sizeof e->n) == 0,
           "%s: and nothing else", what);
}

static void form(struct arena *a)
{
    struct einvoice *e = einvoice_new(a, 16);
    e->syntax = EINVOICE_CII;
    einvoice_set(e, BT_1, 0, "A<B>&\"C\"");
    einvoice_set(e, BT_2, 0, "2026-01-15");
    einvoice_set(e, BT_27, 0, "Électricité d'ici");
    einvoice_set(e, BT_30, 0, "123456782");
    einvoice_set(e, BT_40, 0, "FR");
    einvoice_set(e, BT_37, 0, "C\x01l\xef\xbf\xbf\xef\xbf\xbe\x1f\xc3\xa9");
    const char *xml = written(a, e);
    tap_ok(strstr(xml, "<ram:CityName>Cl\xc3\xa9</ram:CityName>"),
           "characters that XML has not are left out");
    tap_ok(parsed(a, xml) && !parsed(a, xml)->malformed, "it is well-formed");
    tap_ok(strstr(xml, "<ram:ID>A&lt;B&gt;&amp;&quot;C&quot;</ram:ID>"),
           "signs of XML are escaped");
    tap_ok(strstr(xml, "<ram:IssueDateTime><udt:DateTimeString "
                       "format=\"102\">20260115</udt:DateTimeString>"
                       "</ram:IssueDateTime>"),
           "dates have format 102");
    tap_ok(strstr(xml, "schemeID=\"0002\">123456782<"), "a SIREN says so");
    tap_ok(strstr(xml, "<ram:ApplicableHeaderTradeDelivery/>"),
           "the delivery is there, even empty");
    tap_ok(!strstr(xml, "BuyerTradeParty") && !strstr(xml, "LineItem") &&
               !strstr(xml, "Period"),
           "what nothing is known of is not");
    einvoice_set(e, BT_72, 0, "2026-01-10");
    xml = written(a, e);
    tap_ok(strstr(xml, "<ram:ApplicableHeaderTradeDelivery>"
                       "<ram:ActualDeliverySupplyChainEvent>") &&
               !strstr(xml, "<ram:ApplicableHeaderTradeDelivery/>"),
           "a delivery date stands in it");
    const struct einvoice *again = parsed(a, xml);
    tap_is_str(again ? einvoice_text(again, BT_1, 0) : NULL, "A<B>&\"C\"",
               "and are read back");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    round_trip(a, XML_CII("FA-1", "180.00", "180.00"), "CII");
    round_trip(a, XML_UBL("Invoice", "380", "InvoiceLine", "InvoicedQuantity"),
               "UBL");
    form(a);
    arena_free(a);
    return tap_done();
}
