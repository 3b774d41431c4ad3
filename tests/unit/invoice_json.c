#include "base/auto.h"
#include "base/clock.h"
#include "invoice/invoice.h"
#include "tap.h"
#include <stdlib.h>

static void marks(void)
{
    struct line line = {.ev.repaired = true, .ev.conf = 600};
    struct vat_line vat = {.ev.unsure = true, .ev.conf = 900};
    struct invoice inv = {
        .lines = &line, .n_lines = 1, .vat = &vat, .n_vat = 1};
    AUTO_JSON j = invoice_to_json(&inv);
    AUTO_JSON rows = json_array();
    invoice_unsure_rows(rows, &inv, 600);
    char *text = json_dumps(j, JSON_COMPACT);
    tap_ok(strstr(text, "\"repaired\":true"), "a repaired row says so");
    free(text);
    tap_ok(json_array_size(rows) == 1, "one row is unsure");
    tap_is_str(json_string_value(json_array_get(rows, 0)), "vat[0]",
               "and named by its place");
    invoice_unsure_rows(rows, &inv, 601);
    tap_is_str(json_string_value(json_array_get(rows, 1)), "lines[0]",
               "so is one read with less confidence than asked");
}

int main(void)
{
    struct line line = {.component = COMP_CONSUMPTION, .energy = ENERGY_ELEC,
                        .label = "Heures Creuses", .registr = "HC",
                        .has_quantity = true, .quantity_milli = 158000,
                        .unit = UNIT_KWH, .has_price = true,
                        .price_micro = 141000, .has_amount = true,
                        .amount_cents = 2228, .has_rate = true,
                        .rate_bp = 550, .ev = {.conf = 970, .page = 2}};
    struct vat_line vat = {.rate_bp = 550,
                           .base_cents = 3654,
                           .amount_cents = 201,
                           .ev = {.conf = 900, .page = 2}};
    struct meter meter = {.registr = "HC", .start = 9011, .end = 9169,
                          .kind_end = READING_ESTIMATED, .unit = UNIT_KWH,
                          .has_consumption = true, .consumption = 158};
    struct invoice inv = {.lines = &line, .n_lines = 1, .vat = &vat,
                          .n_vat = 1, .meters = &meter, .n_meters = 1};
    inv.f[F_total_ttc] = (struct value){
        .present = true, .num = 26414, .ev = {.conf = 975, .page = 1}};
    inv.f[F_invoice_date] = (struct value){
        .present = true, .num = clock_days(2025, 9, 5),
        .ev = {.conf = 750, .page = 1}};
    inv.f[F_conversion] = (struct value){
        .present = true, .num = 11240, .ev = {.page = 1}};
    inv.f[F_total_ht] = (struct value){
        .present = true, .num = 22453, .ev = {.conf = 900, .derived = true}};
    inv.f[F_pdl] = (struct value){.present = true}; /* no text: left out */
    AUTO_JSON j = invoice_to_json(&inv);
    char *text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(12));
    printf("# %s\n", text);
    tap_ok(strstr(text, "\"total_ttc\":{\"value\":264.14,\"confidence\":0.975,"
                        "\"page\":1,\"box\":["),
           "money in euros, exact to the cent");
    tap_ok(strstr(text, "\"value\":\"2025-09-05\""), "ISO dates");
    tap_ok(strstr(text, "\"conversion\":{\"value\":11.24"), "thousandths");
    tap_ok(strstr(text, "\"value\":224.53,\"confidence\":0.9,\"derived\":true"),
           "derived values say so and have no place");
    tap_ok(!strstr(text, "\"pdl\""), "text without text is absent");
    tap_ok(strstr(text, "\"quantity\":158,\"unit\":\"kWh\","
                        "\"unit_price_ht\":0.141,\"vat_rate\":5.5,"
                        "\"amount_ht\":22.28"),
           "a line in human units");
    tap_ok(!strstr(text, "period_start"), "no period printed, none given");
    tap_ok(strstr(text, "\"rate\":5.5,\"base_ht\":36.54,\"amount\":2.01"),
           "a VAT row");
    tap_ok(strstr(text, "\"kind_end\":\"estime\",\"consumption\":158"),
           "a meter");
    free(text);
    marks();
    return tap_done();
}
